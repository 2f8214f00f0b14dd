"""Which answers are given to a judge, and the kind word the others get."""

from __future__ import annotations

import pytest

from engine.feedback.gate import ECHO, EMPTY, HOLLOW, UNKNOWN, gate
from engine.inbound import MESSAGE_CHARS
from tests.kit.verdicts import ANSWER

QUESTION = "What does a database index cost, and when does it help you?"


@pytest.mark.parametrize(
    "answer", ["", "   ", "\n" * 50, "...", "?!", "—", "\u200b\u200b", "\u202e", "aaaaaaaa", "a a a a a", "👍"]
)
def test_no_words(answer: str) -> None:
    assert gate(QUESTION, answer) == EMPTY


@pytest.mark.parametrize(
    "answer",
    [
        "I don't know", "I don’t know.", "i do not know", "idk", "No idea", "no clue, sorry", "I'm not sure", "Pass",
        "I have no idea about that", "Sorry, I really don't know the answer", "dunno", "I can't remember",
        "Honestly, no idea!",
    ],
)  # fmt: skip
def test_not_knowing(answer: str) -> None:
    assert gate(QUESTION, answer) == UNKNOWN


@pytest.mark.parametrize(
    "answer", ["Thought process:", "Solution", "Let's solve this problem step by step.", "解", "Answer:"]
)
def test_a_heading_without_an_answer(answer: str) -> None:
    assert gate(QUESTION, answer) == HOLLOW


@pytest.mark.parametrize("answer", [QUESTION, "when does a database index help, and what does it cost you"])
def test_the_question_again(answer: str) -> None:
    assert gate(QUESTION, answer) == ECHO


def test_too_long() -> None:
    assert "40,001" in (gate(QUESTION, "x" * (MESSAGE_CHARS + 1)) or "")


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER, "O(n)", "No", "pineapple", "不", "a", "Pass by reference, and then compare.",
        "I don't know the exact figure, but writes slow down.", "Nothing would change, because the writes are batched.",
        "An index costs you writes and disk; it helps selective reads.",
    ],
)  # fmt: skip
def test_everything_else_is_reviewed(answer: str) -> None:
    assert gate(QUESTION, answer) is None
