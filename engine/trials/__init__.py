"""Trying a prompt version on a share of the interviews: rollouts, what they showed, and what follows from it."""

from engine.trials.figures import Figures, Rate, Spread, by_version, figures
from engine.trials.guardrails import Limits
from engine.trials.observing import Observation, TurnMetric, turn_metric
from engine.trials.rollout import Assignment, Rollout, Stage, assigned, percent
from engine.trials.verdict import Comparison, Verdict, compare, described

__all__ = [
    "Assignment",
    "Comparison",
    "Figures",
    "Limits",
    "Observation",
    "Rate",
    "Rollout",
    "Spread",
    "Stage",
    "TurnMetric",
    "Verdict",
    "assigned",
    "by_version",
    "compare",
    "described",
    "figures",
    "percent",
    "turn_metric",
]
