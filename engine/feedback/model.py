"""Feedback as it is kept: per criterion the evidence, the advice and a level, and who wrote it.

A level runs from 1 to 5; `None` means "not scored" and always comes with a reason. It is not zero and is skipped in
every average. Totals are computed here, from weights; no model is ever asked for one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from engine.interviews import Frozen

Confidence = Literal["low", "medium", "high"]

OFFLINE = "offline"
"""The name of the provider that needs no model: its words are always labelled as what they are."""


def level_score(level: float | None) -> float | None:
    """A level 1–5 as a score 0–1."""
    return None if level is None else (level - 1) / 4


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of what there is; `None` when there is nothing."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


class Origin(Frozen):
    """Who wrote a section, with what."""

    provider: str
    model: str
    fallback: bool = False

    @property
    def label(self) -> str:
        """What a candidate may read about who wrote this."""
        return "offline checklist" if self.provider == OFFLINE else self.model


class CriterionFeedback(Frozen):
    """One criterion's part. `quotes` are literal parts of the answer; `reason` says why there is no level."""

    criterion: str
    quotes: tuple[str, ...] = ()
    assessment: str = ""
    fix: str = ""
    level: int | None = Field(default=None, ge=1, le=5)
    reason: str = ""
    origin: Origin | None = None

    @property
    def score(self) -> float | None:
        return level_score(self.level)


class ChecklistItem(Frozen):
    """One key point of the question, and the sentence of the answer that covers it, if any."""

    point: str
    quote: str = ""

    @property
    def found(self) -> bool:
        return bool(self.quote)


class Feedback(Frozen):
    """The review of one answer.

    `summary` is one sentence: all that later prompts remember of this turn once it is old. `engine` is what a person
    may read about who judged ("gpt-6-luna", "offline checklist"). `missing` maps a section that could not be had to the
    reason.
    """

    headline: str = ""
    criteria: tuple[CriterionFeedback, ...] = ()
    rewrite: str = ""
    additional_notes: str = ""
    next_drill: str = ""
    summary: str = ""
    checklist: tuple[ChecklistItem, ...] = ()
    missing: Mapping[str, str] = Field(default_factory=dict[str, str])
    engine: str = ""
    confidence: Confidence = "medium"
    origins: Mapping[str, Origin] = Field(default_factory=dict[str, Origin])
    prompt: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = 0
    took_ms: int = 0
    first_section_ms: int = 0
    repaired: bool = False

    def score(self, weights: Mapping[str, int]) -> float | None:
        """The weighted mean of the scored criteria, 0–1; `None` when none was scored."""
        pairs = [(item.score, weights.get(item.criterion, 0)) for item in self.criteria]
        known = [(score, weight) for score, weight in pairs if score is not None and weight > 0]
        total = sum(weight for _, weight in known)
        return sum(score * weight for score, weight in known) / total if total else None
