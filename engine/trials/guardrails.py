"""What a candidate must not make worse, whatever people think of it.

Hard stops need no statistics: some things are bad enough the first time. The other guardrails compare the sides by
evidence that holds at every look, share one α among them, and only speak when the candidate is worse by a margin. How
they weigh against satisfaction is `verdict.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Literal

from engine.trials.evidence import Evidence, Reading, of_mean, of_rate, of_shares, staged
from engine.trials.figures import Figures, share_text
from engine.trials.observing import Observation
from engine.trials.rollout import Rollout

Kind = Literal["rate", "log mean", "mean"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How sure a verdict must be, and how much worse is too much.

    `alpha` is the chance of a false winner and, apart, of a false alarm of all guardrails together; `worth` the
    smallest difference in satisfaction that is worth waiting for. Ratios are candidate over control.
    """

    alpha: float = 0.05
    shares_alpha: float = 0.001
    worth: float = 0.10
    took_ratio: float = 1.10
    tokens_ratio: float = 1.25
    rate_margin: float = 0.02
    score_margin: float = 0.05
    unreadable_in_a_row: int = 3
    p95_ms: float = 60_000.0
    p95_from_reviews: int = 20
    session_micros: float | None = None
    longest_s: float = 28 * 86_400.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that speaks against going on. `words` is a sentence."""

    advice: Literal["hold", "roll back"]
    words: str


@dataclass(frozen=True, slots=True)
class Guardrail:
    """One figure that is watched. `worse` is how much worse the candidate is, in the figure's own measure."""

    name: str
    evidence: Evidence
    alarm: Alarm | None


def hard_stops(candidate: Sequence[Observation], figures: Figures, limits: Limits) -> list[Alarm]:
    """What ends a trial at once. `candidate` are the interviews on the candidate's side."""
    alarms: list[Alarm] = []
    turns = sorted((turn for each in candidate for turn in each.measured), key=lambda turn: turn.at)
    last = turns[-limits.unreadable_in_a_row :]
    if len(last) == limits.unreadable_in_a_row and not any(turn.schema_ok for turn in last):
        alarms.append(Alarm("roll back", f"The last {len(last)} reviews could not be read."))
    took = figures.took_ms
    if took and took.n >= limits.p95_from_reviews and took.p95 > limits.p95_ms:
        slow = f"One review in twenty takes longer than {took.p95 / 1000:.0f} s"
        alarms.append(Alarm("roll back", f"{slow}; {limits.p95_ms / 1000:.0f} s is the limit."))
    cost = figures.cost_micros
    if cost and limits.session_micros is not None and cost.mean > limits.session_micros:
        most = limits.session_micros / 1_000_000
        alarms.append(Alarm("roll back", f"An interview costs ${cost.mean / 1_000_000:.3f}; ${most:.3f} is the limit."))
    return alarms


def guardrails(rollout: Rollout, observations: Sequence[Observation], limits: Limits, *, now: float) -> list[Guardrail]:
    """Every figure that is watched, with its evidence."""
    watched = _watched(limits, now)
    alpha = limits.alpha / len(watched)
    found: list[Guardrail] = []
    for each in watched:
        stages = staged(rollout, observations, each.reading)
        evidence = (of_rate if each.kind == "rate" else of_mean)(stages, alpha)
        found.append(Guardrail(each.name, evidence, each.alarm(evidence) if _breached(each, evidence, alpha) else None))
    return found


def shares_alarm(rollout: Rollout, observations: Sequence[Observation], limits: Limits) -> Alarm | None:
    """Set off when people do not fall to the sides as planned: then no comparison means what it says."""
    stages = staged(rollout, observations, lambda _: 1.0)
    if of_shares(stages) < -log(limits.shares_alpha):
        return None
    control, candidate = sum(len(stage.control) for stage in stages), sum(len(stage.candidate) for stage in stages)
    planned = sum(stage.share * (len(stage.control) + len(stage.candidate)) for stage in stages)
    return Alarm(
        "hold",
        f"{candidate} of {control + candidate} people got the candidate, where {planned:.0f} were to be expected.",
    )


@dataclass(frozen=True, slots=True)
class _Watched:
    """A figure, and by how much it may be worse on the candidate's side."""

    name: str
    kind: Kind
    reading: Reading
    margin: float
    more_is_worse: bool
    says: Callable[[Evidence], str]
    either_way: bool = False

    def alarm(self, evidence: Evidence) -> Alarm:
        return Alarm("hold" if self.either_way else "roll back", self.says(evidence))


def _breached(watched: _Watched, evidence: Evidence, alpha: float) -> bool:
    sign = 1 if watched.more_is_worse else -1
    if watched.kind == "rate":
        difference = evidence.difference
        return difference is not None and evidence.shows(alpha) and sign * difference >= watched.margin
    if (where := evidence.interval) is None:
        return False
    worse = where.low if watched.more_is_worse else -where.high
    other = -where.high if watched.more_is_worse else where.low
    return worse > watched.margin or (watched.either_way and other > watched.margin)


def _watched(limits: Limits, now: float) -> list[_Watched]:
    rate = limits.rate_margin
    return [
        _Watched("unreadable", "rate", _unreadable, rate, True, _points("reviews that cannot be read")),
        _Watched("absent", "rate", _absent, rate, True, _points("reviews with parts that never came")),
        _Watched("finished", "rate", lambda each: _number(each.completed(now)), rate, False,
                 _points("interviews held to their end")),
        _Watched("time", "log mean", _log_took, log(limits.took_ratio), True, _times("Reviews take", "as long")),
        _Watched("tokens", "log mean", _log_tokens, log(limits.tokens_ratio), True,
                 _times("Reviews need", "as many tokens")),
        _Watched("scores", "mean", _score, limits.score_margin, True, _scores, either_way=True),
    ]  # fmt: skip


def _number(value: bool | None) -> float | None:
    return None if value is None else float(value)


def _unreadable(each: Observation) -> float | None:
    return float(any(not turn.schema_ok for turn in each.measured)) if each.measured else None


def _absent(each: Observation) -> float | None:
    return float(any(turn.trouble == "absent" for turn in each.measured)) if each.measured else None


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _log_took(each: Observation) -> float | None:
    return _mean([log(turn.took_ms) for turn in each.measured if turn.took_ms > 0])


def _log_tokens(each: Observation) -> float | None:
    return _mean([log(turn.tokens) for turn in each.measured if turn.tokens > 0])


def _score(each: Observation) -> float | None:
    return _mean([turn.score for turn in each.measured if turn.score is not None])


def _points(what: str) -> Callable[[Evidence], str]:
    def say(evidence: Evidence) -> str:
        before, after = evidence.control.mean or 0.0, evidence.candidate.mean or 0.0
        sides = f"{share_text(after)} with the candidate, {share_text(before)} without"
        return f"{what.capitalize()}: {sides} ({evidence.units} people)."

    return say


def _times(subject: str, measure: str) -> Callable[[Evidence], str]:
    def say(evidence: Evidence) -> str:
        ratio = f"{exp(evidence.difference or 0.0):.2f}"
        return f"{subject} {ratio} times {measure} with the candidate ({evidence.units} people)."

    return say


def _scores(evidence: Evidence) -> str:
    difference = evidence.difference or 0.0
    moved = f"{abs(difference):.2f} {'higher' if difference > 0 else 'lower'}"
    return f"Scores are {moved} with the candidate ({evidence.units} people); see first whether it still judges well."
