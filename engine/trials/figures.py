"""The figures of a prompt version: counted anew from its interviews whenever somebody asks, never kept as averages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from engine.trials.observing import Observation


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of `n`."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        """0 to 1; `None` of nothing."""
        return self.hits / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How `n` values lie. `p95`: the smallest that is not exceeded by 95 % of them."""

    n: int
    mean: float
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One version, or one side of a rollout. Times and schema failures are per review, the rest per interview.

    `took_ms`, `first_section_ms`, `tokens`, `cost_micros` and `score` are `None` while nothing was measured. `finished`
    counts interviews that ended, `satisfied` those that were rated, and `rated` how many of all were.
    """

    sessions: int
    people: int
    reviews: int
    took_ms: Spread | None
    first_section_ms: Spread | None
    tokens: Spread | None
    cost_micros: Spread | None
    score: Spread | None
    unreadable: Rate
    repaired: Rate
    absent: Rate
    stood_in: Rate
    finished: Rate
    satisfied: Rate
    rated: Rate


def figures(observations: Sequence[Observation], *, now: float) -> Figures:
    """The figures of these interviews, all of which count, however many one person held."""
    turns = [turn for each in observations for turn in each.turns]
    at_work = [turn for each in observations for turn in each.measured]
    measured = [each for each in observations if each.measured]
    ended = [completed for each in observations if (completed := each.completed(now)) is not None]
    opinions = [satisfied for each in observations if (satisfied := each.satisfied) is not None]
    return Figures(
        sessions=len(observations),
        people=len({each.person for each in observations}),
        reviews=len(at_work),
        took_ms=spread(turn.took_ms for turn in at_work),
        first_section_ms=spread(turn.first_section_ms for turn in at_work if turn.first_section_ms),
        tokens=spread(sum(turn.tokens for turn in each.measured) for each in measured),
        cost_micros=spread(sum(turn.cost_micros for turn in each.measured) for each in measured),
        score=spread(turn.score for turn in at_work if turn.score is not None),
        unreadable=_rate(not turn.schema_ok for turn in at_work),
        repaired=_rate(turn.repaired for turn in at_work),
        absent=_rate(turn.trouble == "absent" for turn in at_work),
        stood_in=_rate(turn.trouble == "fallback" for turn in turns),
        finished=_rate(ended),
        satisfied=_rate(opinions),
        rated=Rate(len(opinions), len(observations)),
    )


def by_version(observations: Iterable[Observation], *, now: float) -> dict[str, Figures]:
    """The figures of each version, in the order in which they were first used."""
    versions: dict[str, list[Observation]] = {}
    for each in observations:
        versions.setdefault(each.ref, []).append(each)
    return {ref: figures(mine, now=now) for ref, mine in versions.items()}


def spread(values: Iterable[float]) -> Spread | None:
    """Mean, median and 95th percentile (nearest rank); `None` of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    p95 = ordered[-(-95 * len(ordered) // 100) - 1]
    return Spread(len(ordered), fmean(ordered), median(ordered), p95)


def share_text(share: float) -> str:
    """A share of 0 to 1 in whole percent."""
    return f"{share * 100:.0f} %"


def _rate(hits: Iterable[bool]) -> Rate:
    known = list(hits)
    return Rate(sum(known), len(known))
