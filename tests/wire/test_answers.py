"""Made-up answers keep to what was asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.feedback.evidence import Evidence
from engine.feedback.verdict import schema_for, sections_for
from tests.kit.interviews import interview_type
from tests.wire.answers import plausible, quotes

ANSWER = (
    "First I would measure which queries are slow, because guessing wastes a week.\n"
    "Then I would put a cache in front of the reads and watch the hit rate.\n"
    "- add an index\n"
    "> quoted from the book\n"
)
FENCED = (
    "The question was:\n[begin question 9f3a]\nHow would you make it faster?\n[end question 9f3a]\n"
    f"[begin answer 9f3a]\n{ANSWER}\n[end answer 9f3a]"
)


@pytest.mark.parametrize("said", [ANSWER, FENCED])
def test_quotes_are_the_candidates_own_words(said: str) -> None:
    claimed = quotes(said, 3)
    assert claimed
    assert all(quote in ANSWER for quote in claimed)


@pytest.mark.parametrize("said", [ANSWER, FENCED])
def test_a_review_passes_the_engines_own_quote_check(said: str) -> None:
    criteria = interview_type().criteria
    verdict: dict[str, Any] = json.loads(plausible(schema_for(criteria), said))
    assert tuple(verdict) == sections_for(criteria)
    evidence = Evidence(ANSWER)
    for criterion in criteria:
        claimed = verdict[criterion.id]["quotes"]
        assert claimed
        assert len(evidence.quotes(claimed)) == len(claimed)
        assert 1 <= verdict[criterion.id]["level"] <= 5


def test_nothing_said_gives_nothing_to_quote() -> None:
    assert quotes("", 3) == []
    assert quotes("[begin answer 1]\n\n[end answer 1]", 3) == []


def test_every_part_of_a_schema_is_kept_to() -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "$defs": {"note": {"type": "object", "properties": {"text": {"type": "string", "maxLength": 10}}}},
        "properties": {
            "kind": {"enum": ["a", "b", None]},
            "fixed": {"const": "always"},
            "note": {"$ref": "#/$defs/note"},
            "maybe": {"type": ["integer", "null"], "minimum": 1, "maximum": 2},
            "either": {"anyOf": [{"type": "null"}, {"type": "boolean"}]},
            "nothing": {"type": "null"},
            "many": {"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 3},
            "share": {"type": "number", "minimum": 0, "maximum": 1},
            "padded": {"type": "string", "minLength": 500},
            "quote": {"type": "string"},
            "question": {"type": "string"},
        },
    }
    got: dict[str, Any] = json.loads(plausible(schema, ANSWER))
    assert list(got) == list(schema["properties"])
    assert got["kind"] in ("a", "b")
    assert got["fixed"] == "always"
    assert 0 < len(got["note"]["text"]) <= 10
    assert got["maybe"] in (1, 2)
    assert isinstance(got["either"], bool)
    assert got["nothing"] is None
    assert len(got["many"]) == 3
    assert 0 <= got["share"] <= 1
    assert len(got["padded"]) >= 500
    assert got["quote"] in ANSWER
    assert got["question"].endswith("?") or "?" in got["question"]


def test_the_same_request_gets_the_same_answer() -> None:
    assert plausible(None, ANSWER) == plausible(None, ANSWER)
    assert plausible(None, ANSWER) != plausible(None, "Something else.")
