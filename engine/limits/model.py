"""What may be used in a day (UTC), what was, and whether there is room for more. Pure.

What stands open at once and how long an answer may be are limits too, but not of a day: nothing resets them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, Literal, cast, get_args

from pydantic import Field

from engine.inbound import MESSAGE_CHARS
from engine.interviews import Frozen

Measure = Literal["interviews", "answers", "tokens", "cost_micros", "audio_s"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
Whose = Literal["person", "workspace"]

DAY_S = 86_400
MOST = 1_000_000_000_000
"""No limit is higher: what is to be more is to be none."""

Limit = Annotated[int, Field(ge=0, le=MOST)] | None


class PersonLimits(Frozen):
    """What each person may use; `None`: as much as they like. Cost is in millionths of a dollar."""

    interviews: Limit = None
    answers: Limit = None
    tokens: Limit = None
    cost_micros: Limit = None
    audio_minutes: Limit = None
    open: Limit = None
    answer_chars: Annotated[int, Field(ge=100, le=MESSAGE_CHARS)] | None = None


class WorkspaceLimits(Frozen):
    """What everybody in a workspace together may use, likewise."""

    interviews: Limit = None
    answers: Limit = None
    tokens: Limit = None
    cost_micros: Limit = None
    audio_minutes: Limit = None
    open: Limit = None


class Limits(Frozen):
    """What holds in a workspace. By default there are no limits."""

    person: PersonLimits = PersonLimits()
    workspace: WorkspaceLimits = WorkspaceLimits()

    def of_a_day(self, whose: Whose, measure: Measure) -> int | None:
        """The most of a measure that may be used in a day."""
        limits = self.person if whose == "person" else self.workspace
        match measure:
            case "interviews":
                return limits.interviews
            case "answers":
                return limits.answers
            case "tokens":
                return limits.tokens
            case "cost_micros":
                return limits.cost_micros
            case "audio_s":
                return None if limits.audio_minutes is None else limits.audio_minutes * 60

    def by_name(self) -> dict[str, int | None]:
        """Every limit under its full name: `person.tokens`."""
        found: dict[str, int | None] = {}
        for whose, limits in (("person", self.person), ("workspace", self.workspace)):
            values = cast("dict[str, int | None]", limits.model_dump())  # every field is a limit
            found |= {f"{whose}.{name}": value for name, value in values.items()}
        return found

    def limits_any(self, *measures: Measure) -> bool:
        """Whether there is a limit on one of these, for anybody."""
        return any(self.of_a_day(whose, each) is not None for whose in WHOSE for each in measures)

    def lifted(self, times: int | None) -> Limits:
        """What a person may use on a day on which they may use so many times as much; `None`: without end."""

        def more(limit: int | None) -> int | None:
            return None if limit is None or times is None else min(MOST, limit * times)

        person = self.person
        update: Mapping[str, int | None] = {
            "interviews": more(person.interviews),
            "answers": more(person.answers),
            "tokens": more(person.tokens),
            "cost_micros": more(person.cost_micros),
            "audio_minutes": more(person.audio_minutes),
            "open": more(person.open),
        }
        return self.model_copy(update={"person": person.model_copy(update=update)})


NO_LIMITS = Limits()
WHOSE: tuple[Whose, ...] = get_args(Whose)


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of each measure. Never negative."""

    interviews: int = 0
    answers: int = 0
    tokens: int = 0
    cost_micros: int = 0
    audio_s: int = 0

    def __add__(self, other: Amounts) -> Amounts:
        return Amounts(*(self.of(each) + other.of(each) for each in MEASURES))

    def __bool__(self) -> bool:
        return any(self.of(each) for each in MEASURES)

    def of(self, measure: Measure) -> int:
        match measure:
            case "interviews":
                return self.interviews
            case "answers":
                return self.answers
            case "tokens":
                return self.tokens
            case "cost_micros":
                return self.cost_micros
            case "audio_s":
                return self.audio_s

    def as_row(self) -> dict[str, int]:
        """By name, in the order of `MEASURES`."""
        return {each.name: self.of(measure) for each, measure in zip(fields(self), MEASURES, strict=True)}


NOTHING = Amounts()


@dataclass(frozen=True, slots=True)
class Used:
    """What a person and their workspace have used today, reservations included, and what stands open."""

    person: Amounts = NOTHING
    workspace: Amounts = NOTHING
    person_open: int = 0
    workspace_open: int = 0

    def of(self, whose: Whose) -> Amounts:
        return self.person if whose == "person" else self.workspace


@dataclass(frozen=True, slots=True)
class Refusal:
    """There is no room: `most` is the limit that stands in the way. `open`: of what stands open, not of the day."""

    whose: Whose
    measure: Measure
    most: int
    open: bool = False


def decide(limits: Limits, used: Used, wanted: Amounts) -> Refusal | None:
    """Whether there is room for all that is wanted. What is not wanted is not asked about."""
    for whose in WHOSE:
        if wanted.interviews:
            most = limits.person.open if whose == "person" else limits.workspace.open
            opened = used.person_open if whose == "person" else used.workspace_open
            if most is not None and opened + wanted.interviews > most:
                return Refusal(whose, "interviews", most, open=True)
        for measure in MEASURES:
            more, most = wanted.of(measure), limits.of_a_day(whose, measure)
            if more and most is not None and used.of(whose).of(measure) + more > most:
                return Refusal(whose, measure, most)
    return None


def day_of(now: float) -> int:
    """The number of the day (UTC) since the epoch."""
    return int(now // DAY_S)


def ends_at(day: int) -> float:
    """When a day is over, in epoch seconds: the limits of the day reset then."""
    return float((day + 1) * DAY_S)
