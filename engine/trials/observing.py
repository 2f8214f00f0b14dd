"""What one interview showed about the prompt versions it was pinned to: the raw material of every figure.

A `TurnMetric` is read off a `Reviewed` fact when that is recorded; an `Observation` is an interview with all of them,
its ratings and how it ended, as the store gives it back. Nothing here is averaged: that is `figures.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.facts import Reviewed
from engine.feedback.reader import UNUSABLE

Trouble = Literal["fallback", "absent"]
GIVEN_UP_S = 86_400.0
"""An interview that nothing happened in for a day is counted as given up."""


@dataclass(frozen=True, slots=True)
class TurnMetric:
    """What one review took. `schema_ok`: every part of it could be read, if need be after one repair.

    `trouble` is "fallback" where the offline coach stood in, so that the version was not at work, and "absent" where
    parts of the review never came. Cost is in millionths of a dollar, 0 where nobody reckoned it.
    """

    turn: int
    ref: str
    provider: str
    model: str
    took_ms: int
    first_section_ms: int
    input_tokens: int
    output_tokens: int
    schema_ok: bool
    repaired: bool
    trouble: Trouble | None
    score: float | None
    at: float
    cost_micros: int = 0

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


def turn_metric(fact: Reviewed, weights: Mapping[str, int]) -> TurnMetric | None:
    """The metric of a review; `None` when no version was asked: the answer was not fit to be reviewed."""
    feedback = fact.feedback
    origins = list(feedback.origins.values())
    if not feedback.prompt or (feedback.headline and not origins):
        return None
    lost = set(feedback.missing.values())
    stood_in = any(origin.fallback for origin in origins)
    return TurnMetric(
        turn=fact.turn,
        ref=feedback.prompt,
        provider=origins[-1].provider if origins else "",
        model=origins[-1].model if origins else "",
        took_ms=feedback.took_ms,
        first_section_ms=feedback.first_section_ms,
        input_tokens=feedback.input_tokens,
        output_tokens=feedback.output_tokens,
        schema_ok=UNUSABLE not in lost,
        repaired=feedback.repaired,
        trouble="fallback" if stood_in else "absent" if lost - {UNUSABLE} else None,
        score=feedback.score(weights),
        at=fact.at,
        cost_micros=feedback.cost_micros,
    )


@dataclass(frozen=True, slots=True)
class Observation:
    """One interview under a version. `rollout` and `stage` are `None` where no rollout was open when it began.

    `ratings` are thumbs, 1 or −1, by turn. `changed_at` is when something last happened in it.
    """

    session: str
    person: str
    ref: str
    at: float
    rollout: int | None = None
    stage: int | None = None
    candidate: bool = False
    turns: tuple[TurnMetric, ...] = ()
    ratings: Mapping[int, int] = field(default_factory=dict[int, int])
    over: bool = False
    stopped: bool = False
    changed_at: float = 0.0

    @property
    def measured(self) -> tuple[TurnMetric, ...]:
        """The reviews in which the version itself was at work."""
        return tuple(turn for turn in self.turns if turn.trouble != "fallback")

    @property
    def satisfied(self) -> bool | None:
        """More thumbs up than down; `None` while there are none."""
        return sum(self.ratings.values()) > 0 if self.ratings else None

    def completed(self, now: float) -> bool | None:
        """Held to its planned end; `False` when it was stopped or given up, `None` while it goes on."""
        if self.over or self.stopped:
            return not self.stopped
        return False if now - self.changed_at >= GIVEN_UP_S else None
