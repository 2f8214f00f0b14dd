"""What a rollout has shown so far, in words: go on waiting, promote, hold, or roll back, and why.

A winner is only named when the evidence of satisfaction says so; before that, the answer is how many more interviews it
takes. Guardrails come first: a candidate that people like and that breaks every tenth review is not better.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import Literal

from engine.experiments import BASIS_POINTS
from engine.trials.evidence import Evidence, Side, of_rate, staged
from engine.trials.figures import Figures, Rate, figures, share_text
from engine.trials.guardrails import Alarm, Guardrail, Limits, guardrails, hard_stops, shares_alarm
from engine.trials.observing import Observation
from engine.trials.rollout import Rollout, percent
from engine.trials.sequential import units_needed

Advice = Literal["wait", "promote", "hold", "roll back"]
SUPPOSED = 0.75
"""The share of satisfied people that is reckoned with until there are `_KNOWN_FROM` ratings."""
_KNOWN_FROM = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """`words` is one to three sentences. `winner` is named only when `promote` or `roll back` rests on satisfaction.

    `more_sessions` is about how many more interviews are needed, `None` where that cannot be said or does not matter.
    """

    advice: Advice
    words: str
    winner: Literal["candidate", "control"] | None = None
    more_sessions: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All there is to say about a rollout. Figures count every interview, evidence every person once in a stage."""

    rollout: Rollout
    control: Figures
    candidate: Figures
    satisfaction: Evidence
    guardrails: Sequence[Guardrail]
    alarms: Sequence[Alarm]
    verdict: Verdict


def compare(
    rollout: Rollout, observations: Sequence[Observation], *, now: float, limits: Limits | None = None
) -> Comparison:
    """The two sides of a rollout. `observations` are those of this rollout, oldest first; `now` is epoch seconds."""
    limits = limits or Limits()
    sides = [[each for each in observations if each.candidate is side] for side in (False, True)]
    control, candidate = (figures(side, now=now) for side in sides)
    satisfaction = of_rate(staged(rollout, observations, _satisfied), limits.alpha)
    watched = guardrails(rollout, observations, limits, now=now)
    alarms = hard_stops(sides[True], candidate, limits)
    if (shares := shares_alarm(rollout, observations, limits)) is not None:
        alarms.append(shares)
    alarms += [each.alarm for each in watched if each.alarm]
    verdict = _verdict(rollout, satisfaction, (control, candidate), alarms, limits, now)
    return Comparison(rollout, control, candidate, satisfaction, watched, alarms, verdict)


def _satisfied(each: Observation) -> float | None:
    return None if each.satisfied is None else float(each.satisfied)


def _verdict(
    rollout: Rollout,
    satisfaction: Evidence,
    sides: tuple[Figures, Figures],
    alarms: Sequence[Alarm],
    limits: Limits,
    now: float,
) -> Verdict:
    if alarms:
        worst = next((alarm for alarm in alarms if alarm.advice == "roll back"), alarms[0])
        rest = [alarm.words for alarm in alarms if alarm is not worst]
        return Verdict(worst.advice, " ".join([f"{worst.advice.capitalize()}.", worst.words, *rest[:1]]))
    responses = _responses(sides)
    if satisfaction.shows(limits.alpha) and satisfaction.difference:
        better = satisfaction.difference > 0
        said = f"People are {'more' if better else 'less'} satisfied with the candidate: {_compared(satisfaction)}."
        if better:
            return Verdict("promote", f"{said} {responses}", "candidate")
        return Verdict("roll back", f"{said} {responses}", "control")
    more = _more_sessions(rollout, satisfaction, sides, limits)
    old = rollout.open and now - rollout.opened_at >= limits.longest_s
    waited = f" It has been open for {(now - rollout.opened_at) / 86_400:.0f} days; better hold it." if old else ""
    return Verdict(
        "hold" if old else "wait", f"{_undecided(satisfaction, more, limits)}{waited} {responses}", None, more
    )


def _undecided(satisfaction: Evidence, more: int | None, limits: Limits) -> str:
    where = satisfaction.interval
    if where is not None and -limits.worth < where.low and where.high < limits.worth:
        return f"No difference worth having: {_compared(satisfaction)}."
    so_far = f"{satisfaction.units} rated so far" + (f": {_compared(satisfaction)}" if where else "")
    if more is None:
        return f"Not enough data ({so_far}), and none to come at this share."
    return f"Not enough data: about {more:,} more sessions until {limits.worth * 100:.0f} points would show ({so_far})."


def _compared(evidence: Evidence) -> str:
    told = f"{_share(evidence.candidate)} against {_share(evidence.control)}"
    if (where := evidence.interval) is None:
        return told
    return f"{told}, a difference between {where.low * 100:+.0f} and {where.high * 100:+.0f} points"


def _share(side: Side) -> str:
    return f"{share_text(side.mean)} of {side.units}" if side.mean is not None else "nobody"


def _responses(sides: tuple[Figures, Figures]) -> str:
    """How many rated at all; where the sides differ much in that, those who rated may not stand for the others."""
    control, candidate = (side.rated for side in sides)
    return f"Rated: {_of(candidate)} of the interviews with the candidate, {_of(control)} of the others."


def _of(rate: Rate) -> str:
    return "none" if rate.share is None else share_text(rate.share)


def _more_sessions(
    rollout: Rollout, satisfaction: Evidence, sides: tuple[Figures, Figures], limits: Limits
) -> int | None:
    """About how many more interviews until a difference worth having shows, at this share and this rate of ratings."""
    units, sessions = satisfaction.units, sum(side.sessions for side in sides)
    hits = sum(side.units * side.mean for side in (satisfaction.control, satisfaction.candidate) if side.mean)
    level = min(max(hits / units, 0.05), 0.95) if units >= _KNOWN_FROM else SUPPOSED
    share = rollout.stage.share_bp / BASIS_POINTS
    needed = units_needed(limits.worth, level * (1 - level), share, limits.alpha)
    if needed == inf:
        return None
    missing = max(needed - units, needed / 10)
    return rounded(missing * sessions / units if units else missing)


def rounded(count: float) -> int:
    """Up, to two digits: nobody should take it for exact."""
    whole = ceil(count)
    step = int(f"1{'0' * (len(str(whole)) - 2)}")
    return ceil(whole / step) * step


def described(rollout: Rollout) -> str:
    """Where a rollout stands, in a few words."""
    if not rollout.open:
        return f"closed: {rollout.close_reason.rstrip('.')}"
    return f"on hold at {percent(rollout.reached_bp)}" if rollout.held else f"at {percent(rollout.stage.share_bp)}"
