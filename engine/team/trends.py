"""The scores of one type of interview, criterion by criterion and week by week, each with how many answers it rests on.

Weeks begin on Monday, UTC, and are those in which the interviews began. A week of a criterion is shown where at least
three people were scored in it; what the whole period's mean may rest on says `crowd.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.team.crowd import enough, parted, people
from engine.team.outcome import CriterionScore, Held
from engine.team.overview import DAY_S, Use, use

WEEK_S = 7 * DAY_S
MONDAY_S = 4 * DAY_S
"""The first Monday of the epoch, which began on a Thursday."""


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a criterion, by its Monday. `score` is `None`, and `n` 0, where there is nothing or too few to show."""

    monday: float
    score: float | None
    n: int
    too_few: bool


@dataclass(frozen=True, slots=True)
class Trend:
    """A criterion over the period: its mean, how many answers and people that rests on, and its weeks."""

    criterion: str
    title: str
    score: float | None
    n: int
    people: int
    weeks: tuple[Week, ...]


@dataclass(frozen=True, slots=True)
class TypeTrends:
    """One type. `use` is `None`, and there are no trends, where fewer than three people used it."""

    type_id: str
    title: str
    use: Use | None
    trends: tuple[Trend, ...] = ()


def week_of(at: float) -> float:
    """The Monday of the week a time is in."""
    return (at - MONDAY_S) // WEEK_S * WEEK_S + MONDAY_S


def type_trends(held: Sequence[Held], type_id: str, *, since: float, now: float) -> TypeTrends | None:
    """The trends of a type, in the order of its newest rubric; `None` where nobody held such an interview."""
    mine = [each for each in held if each.outcome.type_id == type_id]
    if not mine:
        return None
    newest = max(mine, key=lambda each: each.outcome.began_at).outcome
    if not enough(mine):
        return TypeTrends(type_id, newest.title, None)
    first, last = week_of(since), week_of(now)
    mondays = [first + n * WEEK_S for n in range(round((last - first) / WEEK_S) + 1)]
    # What a week hides must not be reckoned from the period's mean.
    counted = parted(mine, lambda each: week_of(each.outcome.began_at)).total
    whole = use(mine, now=now)
    score = use(counted, now=now)
    trends = tuple(_trend(mine, each.criterion, each.title, mondays) for each in newest.criteria)
    return TypeTrends(type_id, newest.title, replace(whole, score=score.score, scored=score.scored), trends)


def _trend(held: Sequence[Held], criterion: str, title: str, mondays: Sequence[float]) -> Trend:
    scored = [each for each in held if _score(each, criterion) is not None]
    weeks = parted(scored, lambda each: week_of(each.outcome.began_at))
    score, n = _mean(weeks.total, criterion)
    points: list[Week] = []
    for monday in mondays:
        mean, answers = _mean(weeks.shown.get(monday, ()), criterion)
        points.append(Week(monday, mean, answers, monday in weeks.hidden))
    return Trend(criterion, title, score, n, people(weeks.total), tuple(points))


def _score(held: Held, criterion: str) -> CriterionScore | None:
    found = (c for c in held.outcome.criteria if c.criterion == criterion and c.score is not None and c.n > 0)
    return next(found, None)


def _mean(held: Sequence[Held], criterion: str) -> tuple[float | None, int]:
    """Every answer counts the same."""
    found = [score for each in held if (score := _score(each, criterion)) is not None]
    n = sum(score.n for score in found)
    return (sum((score.score or 0.0) * score.n for score in found) / n if n else None), n
