"""The cheap look before the costly patterns finds all that they would."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.feedback.suspicion import _ORDERS, _SIGNS, _may_instruct
from engine.feedback.visible import Folded


@pytest.mark.parametrize("pattern", [_SIGNS, *_ORDERS])
def test_the_quick_look_never_misses_what_the_patterns_would_find(pattern: re.Pattern[str]) -> None:
    @settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
    @given(st.from_regex(pattern))
    def holds(text: str) -> None:
        assert _may_instruct(text)

    holds()


def test_the_quick_look_lets_ordinary_words_pass() -> None:
    assert not _may_instruct("we put a cache before the database and it was fast.")


@given(st.text(st.characters(max_codepoint=127), max_size=80))
def test_ascii_is_folded_at_once_as_it_is_letter_by_letter(text: str) -> None:
    letter_by_letter = Folded(text + "\u4e00").folded.removesuffix("\u4e00")
    assert Folded(text).folded == letter_by_letter
