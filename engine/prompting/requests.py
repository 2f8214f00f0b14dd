"""From material to a request: what a prompt is filled with, what shape the answer has, and how a task is asked.

Everything here is pure; the marker is drawn by the caller. The names of the values are those of `offered.py`; the shape
of a review is the business of `engine/feedback/verdict.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import assert_never

from pydantic import ConfigDict, TypeAdapter, ValidationError

from engine.errors import PromptError
from engine.feedback.verdict import accepts, schema_for, sections_for
from engine.feedback.visible import visible
from engine.interviews import level_name
from engine.material import (
    FOLLOW_UP_SECTIONS,
    QUESTION_SECTIONS,
    REPORT_SECTIONS,
    FollowUpMaterial,
    Material,
    ModelAnswerMaterial,
    PastTurn,
    QuestionMaterial,
    ReportMaterial,
    ReviewMaterial,
)
from engine.ports import Deadlines, Purpose, Request, Sampling, Task
from engine.prompting.context import bounded, remembered, utf8_bound
from engine.prompting.offered import MARKER
from engine.prompting.prompt import Prompt, Value
from engine.prompting.wording import anchors, format_name, language_name, numbers
from engine.schemas import TEXT, Schema, record, texts

INPUT_TOKENS = 24_000
"""What a prompt may cost by default, by an upper bound. Only the memory of earlier turns gives way to it."""

Values = dict[str, Value | None]
_DRAWS = 8
# However long an interview gets, its lists stay within what the shipped prompts declare.
_SEEDS, _LINES, _LINE_CHARS = 5, 24, 600
_TEXTS: TypeAdapter[str | list[str]] = TypeAdapter(str | list[str], config=ConfigDict(strict=True))


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a task is asked, whatever it is about."""

    purpose: Purpose
    sampling: Sampling
    max_output_tokens: int
    deadlines: Deadlines


# Output limits hold a reasoning model's thinking too, and languages that cost two or three tokens a word.
_MANNERS: Mapping[Task, _Manner] = {
    "question": _Manner("conversation", "questions", 4_000, Deadlines(15, 15, 60)),
    "follow_up": _Manner("conversation", "questions", 3_000, Deadlines(15, 15, 60)),
    "review": _Manner("scoring", "scoring", 8_000, Deadlines(20, 15, 120)),
    "model_answer": _Manner("conversation", "questions", 4_000, Deadlines(15, 15, 90)),
    "report": _Manner("conversation", "questions", 4_000, Deadlines(20, 15, 90)),
}


def build_request(
    prompt: Prompt,
    material: Material,
    *,
    user: str,
    marker: Callable[[], str],
    ref: str = "",
    count: Callable[[str], int] = utf8_bound,
    budget: int = INPUT_TOKENS,
) -> Request:
    """What to ask a model for, made from a prompt version and a material of the same task.

    `user` is already hashed; `ref` is the prompt's, where it is known. `marker` draws 128 random bits as text, again
    while its draw occurs in what it is to fence. `count` is an upper bound of tokens. Raises `PromptError` when the
    prompt does not fit the material.
    """
    if prompt.task != material.task:
        raise PromptError(prompt.ref, f"is no prompt for {material.task}")
    values = {name: value for name, value in _offered(material).items() if name in prompt.variables}
    fresh = _fresh(prompt, marker, values)
    if MARKER in prompt.variables:
        values[MARKER] = fresh
    if isinstance(material, QuestionMaterial | ReviewMaterial | ReportMaterial) and "past" in prompt.variables:
        values["past"] = _memory(prompt, values, fresh, material.past, count, budget)
    manner = _MANNERS[prompt.task]
    sections, schema = _shape(material)
    return Request(
        purpose=manner.purpose,
        task=prompt.task,
        messages=prompt.render(values, marker=fresh),
        sections=sections,
        schema=schema,
        accepts=accepts(material.criteria) if isinstance(material, ReviewMaterial) else _accepts_text,
        sampling=manner.sampling,
        max_output_tokens=manner.max_output_tokens,
        deadlines=manner.deadlines,
        user=user,
        prompt=ref or prompt.ref,
        material=material,
    )


def _offered(material: Material) -> Values:
    match material:
        case QuestionMaterial():
            return {
                "format": format_name(material.format),
                "type_title": visible(material.type_title),
                "level": material.level,
                "level_name": level_name(material.level),
                "role": material.role,
                "expects": material.expects or None,
                "language": language_name(material.language),
                "seeds": [seed.text for seed in material.seeds[:_SEEDS]] or None,
                "focus": visible(material.focus).strip() or None,
                "asked": _lines(tuple(turn.question for turn in material.past)),
                "past": None,
            }
        case FollowUpMaterial():
            return {
                "format": format_name(material.format),
                "level": material.level,
                "level_name": level_name(material.level),
                "role": material.role,
                "language": language_name(material.language),
                "question": visible(material.question),
                "answer": _said(material.answer),
                "key_points": _lines(material.key_points),
                "uncovered": _lines(material.uncovered),
                "candidates": _lines(material.candidates),
                "asked": _lines(material.asked_before),
            }
        case ReviewMaterial():
            return {
                "format": format_name(material.format),
                "level": material.level,
                "level_name": level_name(material.level),
                "role": material.role,
                "expects": material.expects or None,
                "meets": material.meets,
                "language": language_name(material.language),
                "minutes": material.minutes,
                "criteria": anchors(material.criteria),
                "topic": visible(material.topic),
                "question": visible(material.question),
                "key_points": _lines(material.key_points),
                "answer": _said(material.answer),
                "past": None,
            }
        case ModelAnswerMaterial():
            return {
                "format": format_name(material.format),
                "level": material.level,
                "level_name": level_name(material.level),
                "role": material.role,
                "language": language_name(material.language),
                "question": visible(material.question),
                "key_points": _lines(material.key_points),
            }
        case ReportMaterial():
            return {
                "type_title": visible(material.type_title),
                "role": material.role,
                "language": language_name(material.language),
                "numbers": numbers(material.numbers),
                "past": None,
                "fixes": _lines(material.fixes),
                "drills": _lines(material.drills),
            }
        case _:
            assert_never(material)


def _shape(material: Material) -> tuple[tuple[str, ...], Mapping[str, object] | None]:
    match material:
        case QuestionMaterial():
            shape: dict[str, Schema] = {"topic": TEXT, "question": TEXT, "key_points": texts(7), "hints": texts(3)}
            return QUESTION_SECTIONS, record(shape)
        case FollowUpMaterial():
            return FOLLOW_UP_SECTIONS, record({"question": TEXT, "key_points": texts(5), "hints": texts(2)})
        case ReviewMaterial():
            return sections_for(material.criteria), schema_for(material.criteria)
        case ModelAnswerMaterial():
            return (), None
        case ReportMaterial():
            return REPORT_SECTIONS, record({"summary": TEXT, "fixes": texts(3), "drill": TEXT})
        case _:
            assert_never(material)


def _accepts_text(name: str, value: object) -> bool:
    """A section of a question or a report is good when it is text, or a list of texts, with something in it."""
    del name
    try:
        read = _TEXTS.validate_python(value)
    except ValidationError:
        return False
    return bool(read.strip()) if isinstance(read, str) else True


def _fresh(prompt: Prompt, marker: Callable[[], str], values: Values) -> str:
    """A marker that stands nowhere in what it fences."""
    words = "\n".join(str(value) for value in values.values()).casefold()
    for _ in range(_DRAWS):
        if (drawn := marker()) and drawn.casefold() not in words:
            return drawn
    raise PromptError(prompt.ref, "no marker could be drawn that the answer does not contain")


def _memory(
    prompt: Prompt, values: Values, marker: str, past: tuple[PastTurn, ...], count: Callable[[str], int], budget: int
) -> str | None:
    """As much of the earlier turns as the budget leaves room for."""
    if not past:
        return None
    bare = [turn.text for turn in prompt.render({**values, "past": "-"}, marker=marker)]
    chars = prompt.variables["past"].max_len
    tokens = cache(count)

    def fits(text: str) -> bool:
        # Most interviews fit by their bytes alone, which costs next to nothing to know.
        by_bytes = sum(map(utf8_bound, (*bare, text))) <= budget
        return len(text) <= chars and (by_bytes or sum(map(tokens, (*bare, text))) <= budget)

    return remembered(past, fits) or None


def _said(answer: str) -> str:
    """The answer as a model reads it; never empty, so that one made of invisible characters breaks nothing."""
    shown = visible(answer)
    return bounded(shown) if shown.strip() else "(nothing that can be seen)"


def _lines(texts: tuple[str, ...]) -> list[str] | None:
    """The last lines of a list that may have grown long, each cut to a sensible length."""
    return [visible(text)[:_LINE_CHARS] for text in texts[-_LINES:]] or None
