"""The figures of a prompt version: counted anew from its interviews whenever somebody asks, never kept as averages.

The ranges beside them describe: 95 % of such ranges hold the true figure, if one looks once. They are no rule to stop
by; that is `verdict.py`'s. A person who answers often says much the same each time, so that a range rests on fewer
values than were counted (`distinct`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median

from engine.trials.observing import Observation, TurnMetric
from engine.trials.ranges import Range, distinct, of_mean, of_quantile, of_rate


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of `n`. `within`: where the share lies, 0 to 1."""

    hits: int
    n: int
    within: Range | None = field(default=None, compare=False)

    @property
    def share(self) -> float | None:
        """0 to 1; `None` of nothing."""
        return self.hits / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How `n` values lie. `p95`: the smallest that is not exceeded by 95 % of them.

    Where each lies is `None` where there are too few values to say.
    """

    n: int
    mean: float
    median: float
    p95: float
    mean_within: Range | None = field(default=None, compare=False)
    median_within: Range | None = field(default=None, compare=False)
    p95_within: Range | None = field(default=None, compare=False)


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
    people = _by_person(observations)
    at_work = {person: [turn for each in mine for turn in each.measured] for person, mine in people.items()}
    measured = {person: [each.measured for each in mine if each.measured] for person, mine in people.items()}
    costs = {person: [sum(turn.cost_micros for turn in turns) for turns in mine] for person, mine in measured.items()}

    def per_review(value: Callable[[TurnMetric], float | None]) -> list[list[float]]:
        return [[known for turn in turns if (known := value(turn)) is not None] for turns in at_work.values()]

    def per_interview(value: Callable[[Observation], bool | None]) -> list[list[float]]:
        return [[known for each in mine if (known := value(each)) is not None] for mine in people.values()]

    return Figures(
        sessions=len(observations),
        people=len(people),
        reviews=sum(map(len, at_work.values())),
        took_ms=spread(*per_review(lambda turn: turn.took_ms)),
        first_section_ms=spread(*per_review(lambda turn: turn.first_section_ms or None)),
        tokens=spread(*[[sum(turn.tokens for turn in turns) for turns in mine] for mine in measured.values()]),
        cost_micros=spread(*costs.values()) if any(map(any, costs.values())) else None,
        score=spread(*per_review(lambda turn: turn.score)),
        unreadable=rate(*per_review(lambda turn: not turn.schema_ok)),
        repaired=rate(*per_review(lambda turn: turn.repaired)),
        absent=rate(*per_review(lambda turn: turn.trouble == "absent")),
        stood_in=rate(
            *[[turn.trouble == "fallback" for each in mine for turn in each.turns] for mine in people.values()]
        ),
        finished=rate(*per_interview(lambda each: each.completed(now))),
        satisfied=rate(*per_interview(lambda each: each.satisfied)),
        rated=rate(*per_interview(lambda each: each.satisfied is not None)),
    )


def by_version(observations: Iterable[Observation], *, now: float) -> dict[str, Figures]:
    """The figures of each version, in the order in which they were first used."""
    versions: dict[str, list[Observation]] = {}
    for each in observations:
        versions.setdefault(each.ref, []).append(each)
    return {ref: figures(mine, now=now) for ref, mine in versions.items()}


def spread(*people: Iterable[float]) -> Spread | None:
    """Mean, median and 95th percentile (nearest rank) of everybody's values together; `None` of nothing."""
    groups = [list(values) for values in people]
    ordered = sorted(value for values in groups for value in values)
    if not ordered:
        return None
    told, mean = distinct(groups), fmean(ordered)
    return Spread(
        n=len(ordered),
        mean=mean,
        median=median(ordered),
        p95=ordered[-(-95 * len(ordered) // 100) - 1],
        mean_within=of_mean(ordered, told),
        median_within=of_quantile(ordered, 0.5, told),
        p95_within=of_quantile(ordered, 0.95, told),
    )


def rate(*people: Iterable[float]) -> Rate:
    """The share of ones among everybody's zeros and ones."""
    groups = [list(values) for values in people]
    n, hits = sum(map(len, groups)), round(sum(map(sum, groups)))
    return Rate(hits, n, of_rate(hits, n, distinct(groups)) if n else None)


def share_text(share: float) -> str:
    """A share of 0 to 1 in whole percent."""
    return f"{share * 100:.0f} %"


def _by_person(observations: Sequence[Observation]) -> Mapping[str, list[Observation]]:
    people: dict[str, list[Observation]] = {}
    for each in observations:
        people.setdefault(each.person, []).append(each)
    return people
