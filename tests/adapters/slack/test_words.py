"""A wish for an interview is understood however it is abbreviated, and an answer is never taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.library.types import load_types
from adapters.slack.words import only_emoji, plain, spoken
from adapters.surface.wishes import nearest, type_named, wish

TYPES = load_types()


@pytest.mark.parametrize(
    ("said", "type_id", "role", "level"),
    [
        ("start system-design senior", "system-design", "senior", None),
        ("sys design 3", "system-design", None, 3),
        ("SD staff", "system-design", "staff", None),
        ("behav", "behavioral", None, None),
        ("a behavioral interview, please", "behavioral", None, None),
        ("Start a coding interview at junior level", "coding", "junior", None),
        ("mixed expert", "mixed", None, 5),
        ("design", "system-design", None, None),
        ("start", "", None, None),
        ("new mock interview", "", None, None),
    ],
)
def test_a_wish_is_understood(said: str, type_id: str, role: str | None, level: int | None) -> None:
    understood = wish(said, TYPES)
    assert understood.whole
    assert (understood.type_id, understood.role, understood.level) == (type_id, role, level)


@pytest.mark.parametrize(
    "said",
    [
        "I would start with the read path and cache it",
        "We had a senior engineer leave",
        "hello",
        "senior",
        "3",
        "my design was a queue",
        "coding it took two weeks",
        "",
    ],
)
def test_an_answer_is_no_wish(said: str) -> None:
    assert not wish(said, TYPES).whole


def test_how_many_questions_are_wished_for_is_understood() -> None:
    assert wish("Start a mixed interview with 3 questions", TYPES).questions == 3
    assert (wish("sd 2 7", TYPES).level, wish("sd 2 7", TYPES).questions) == (2, 7)
    assert wish("coding 12", TYPES).questions == 12


def test_an_ambiguous_name_names_nothing() -> None:
    types = {id: TYPES[id] for id in ("coding", "mixed")} | {
        "code-review": TYPES["coding"].model_copy(update={"id": "code-review", "title": "Code review"})
    }
    assert type_named("co", types) == ""
    assert type_named("cod", types) == ""
    assert type_named("code rev", types) == "code-review"


def test_the_nearest_word_is_found() -> None:
    assert nearest("progres", ["progress", "history"]) == "progress"
    assert nearest("xyzzy", ["progress", "history"]) == ""


@pytest.mark.parametrize("text", [":tada:", ":tada: :wave::skin-tone-2:!", "🎉", "👍🏽 👍"])
def test_emoji_alone_are_known(text: str) -> None:
    assert only_emoji(text)


@pytest.mark.parametrize("text", ["", "...", "done :tada:", "10:30:20", "a → b", "n:m:1"])
def test_words_are_no_emoji(text: str) -> None:
    assert not only_emoji(text)


def test_a_thumb_is_a_word() -> None:
    assert spoken(" :+1: ") == "👍"
    assert spoken(":thumbsdown::skin-tone-3:") == "👎"
    assert spoken("good :+1:") == "good :+1:"


@given(st.text(max_size=80))
def test_any_text_becomes_plain_and_can_be_read_as_a_wish(text: str) -> None:
    shown = plain(text)
    only_emoji(shown)
    spoken(shown)
    wish(shown, TYPES)


@given(st.text(st.characters(exclude_characters="<>&"), max_size=40))
def test_what_holds_no_markup_stays_as_it_is(text: str) -> None:
    assert plain(text) == text


@given(st.text(max_size=40))
def test_escaping_is_undone(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert plain(escaped) == text
