"""The shape of a review: order, strictness, and what is good enough to keep."""

from __future__ import annotations

from typing import Any

import pytest

from engine.feedback.verdict import accepts, read_criterion, read_text, schema_for, sections_for
from engine.schemas import narrowed
from tests.kit.interviews import CRITERIA, interview_type
from tests.kit.verdicts import part, verdict

RUBRIC = interview_type().criteria
ACCEPTS = accepts(RUBRIC)


def test_sections_stand_in_the_order_of_the_coaching() -> None:
    assert sections_for(RUBRIC) == tuple(verdict())
    assert sections_for(RUBRIC)[0] == "headline"
    assert sections_for(RUBRIC)[-1] == "summary"


def test_the_schema_is_in_the_form_every_provider_takes() -> None:
    schema: dict[str, Any] = schema_for(RUBRIC)
    assert list(schema["properties"]) == schema["required"] == list(sections_for(RUBRIC))
    assert schema["additionalProperties"] is False
    section = schema["properties"]["completeness"]
    assert list(section["properties"]) == section["required"] == ["quotes", "assessment", "fix", "level"]
    assert section["additionalProperties"] is False
    assert section["properties"]["level"]["type"] == ["integer", "null"]


def test_a_narrowed_schema_keeps_the_order() -> None:
    schema: dict[str, Any] = narrowed(schema_for(RUBRIC), ["summary", "headline", "unknown"])
    assert list(schema["properties"]) == schema["required"] == ["headline", "summary"]


def test_a_whole_review_is_accepted() -> None:
    assert all(ACCEPTS(name, value) for name, value in verdict(completeness=part(level=None)).items())


@pytest.mark.parametrize("level", [0, 6, 42, -1, 3.5, 4.0, "4", True, False, float("nan"), [4], {}])
def test_no_other_level_is_accepted(level: object) -> None:
    assert not ACCEPTS("completeness", part(level=level))
    read = read_criterion(part(level=level))
    assert read is not None
    assert (read.level, read.usable_level) == (None, False)


@pytest.mark.parametrize("value", ["", "  ", None, 3, [], {}, part()])
def test_a_text_must_be_text_with_something_in_it(value: object) -> None:
    assert not ACCEPTS("headline", value)
    assert ACCEPTS("rewrite", value) == isinstance(value, str)


@pytest.mark.parametrize(
    "value", [None, 3, "x", [], {}, part(extra=1), part(quotes="x"), part(quotes=[None]), part(fix=1)]
)
def test_a_criterion_is_read_strictly(value: object) -> None:
    assert read_criterion(value) is None
    assert not any(ACCEPTS(name, value) for name in CRITERIA)


def test_more_than_three_quotes_are_three() -> None:
    read = read_criterion(part(quotes=["a", "b", "c", "d"], assessment=" x ", fix=" y "))
    assert read is not None
    assert (read.quotes, read.assessment, read.fix) == (("a", "b", "c"), "x", "y")
    assert read_text(" x ") == "x"
