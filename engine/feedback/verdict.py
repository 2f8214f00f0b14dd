"""What a model is asked to say about an answer, and how a section of it is read.

The order is the coaching: evidence before judgement, the level last, the overall number never. A section is read
strictly into a value or refused whole; only a level may be refused by itself. Whether the evidence is really in the
answer is checked in `evidence.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.interviews import Criterion
from engine.schemas import LEVEL, TEXT, Schema, record, texts

QUOTES = 3
BEFORE, AFTER = ("headline",), ("rewrite", "additional_notes", "next_drill", "summary")
MAY_BE_EMPTY = frozenset({"rewrite", "additional_notes"})


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """One criterion as the model gave it. `level` is 1–5, or `None`: `usable_level` says whether that was meant."""

    quotes: tuple[str, ...]
    assessment: str
    fix: str
    level: int | None
    usable_level: bool = True


def sections_for(criteria: Sequence[Criterion]) -> tuple[str, ...]:
    """The sections of a review, in the order they are written."""
    return (*BEFORE, *(criterion.id for criterion in criteria), *AFTER)


def schema_for(criteria: Sequence[Criterion]) -> dict[str, object]:
    """The JSON Schema of a review."""
    part: Schema = record({"quotes": texts(QUOTES), "assessment": TEXT, "fix": TEXT, "level": LEVEL})
    ids = {criterion.id for criterion in criteria}
    return record({name: part if name in ids else TEXT for name in sections_for(criteria)})


def accepts(criteria: Sequence[Criterion]) -> Callable[[str, object], bool]:
    """The judge of complete sections, for `Request.accepts`."""
    ids = frozenset(criterion.id for criterion in criteria)
    return lambda name, value: acceptable(name, value, criterion=name in ids)


def acceptable(name: str, value: object, *, criterion: bool) -> bool:
    """A section that can be kept as it is: nothing missing, nothing more, a level that is one."""
    if not criterion:
        text = read_text(value)
        return text is not None and (bool(text) or name in MAY_BE_EMPTY)
    verdict = read_criterion(value)
    return verdict is not None and verdict.usable_level and bool(verdict.assessment)


def read_text(value: object) -> str | None:
    """A section of text; `None` when it is none."""
    return value.strip() if isinstance(value, str) else None


def read_criterion(value: object) -> CriterionVerdict | None:
    """A criterion's section; `None` when it has not exactly the keys asked for, or one of them is of another type."""
    try:
        part = _Part.model_validate(value)
    except ValidationError:
        return None
    level, usable = _level(part.level)
    return CriterionVerdict(tuple(part.quotes[:QUOTES]), part.assessment.strip(), part.fix.strip(), level, usable)


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    quotes: list[str]
    assessment: str
    fix: str
    level: object


def _level(value: object) -> tuple[int | None, bool]:
    """`true` is an `int` to Python and 4.0 equals 4; neither is a level."""
    if value is None:
        return None, True
    if type(value) is int and 1 <= value <= 5:
        return value, True
    return None, False
