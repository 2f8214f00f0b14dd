"""Reviews of answers to questions of the shipped bank."""

from __future__ import annotations

from typing import Any

from adapters.library.bank import load_bank, sample_answers
from adapters.library.types import load_types
from adapters.llm.offline.review import review
from engine.interviews import Format, Question
from engine.material import ReviewMaterial

BANK = load_bank()
SAMPLES = sample_answers()
TYPES = {kind.format: kind for kind in load_types().values()}
SCORED = ("communication_clarity", "problem_solving", "completeness")


def question(id: str) -> Question:
    found = BANK.get(id)
    assert found is not None
    return found


def material(id: str, answer: str, **changes: Any) -> ReviewMaterial:
    """What the coach is told about an answer to this question."""
    asked = question(id)
    bar = TYPES[asked.format].roles["mid"]
    fields: dict[str, Any] = {
        "format": asked.format,
        "level": asked.level,
        "role": "mid",
        "expects": bar.expects,
        "meets": bar.meets,
        "language": "en",
        "topic": asked.topic,
        "question": asked.text,
        "minutes": asked.minutes,
        "key_points": asked.key_points,
        "cues": asked.cues,
        "criteria": TYPES[asked.format].criteria,
        "answer": answer,
    }
    return ReviewMaterial(**(fields | changes))


def reviewed(id: str, answer: str, **changes: Any) -> dict[str, Any]:
    """All sections of the review."""
    return dict(review(material(id, answer, **changes)))


def levels(id: str, answer: str, **changes: Any) -> dict[str, int | None]:
    """The levels of the criteria that may have one."""
    sections = reviewed(id, answer, **changes)
    return {name: sections[name]["level"] for name in SCORED}


def mean(of: dict[str, int | None]) -> float | None:
    known = [level for level in of.values() if level is not None]
    return sum(known) / len(known) if known else None


def sampled(format: Format) -> list[str]:
    return [id for id in SAMPLES if question(id).format == format]
