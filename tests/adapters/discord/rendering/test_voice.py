"""A transcript is shown whole and read back as it was, from the message alone."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.names import read_voice, read_voice_form
from adapters.discord.render import TRANSCRIPT_FILE, Page, edited_transcript, transcript_of, voice_form, voice_page
from adapters.markdown import plain
from tests.adapters.discord.rendering.reading import OWNER, contents, pressable, taken
from tests.adapters.discord.rendering.test_words import TEXTS
from tests.kit.cards import words
from tests.kit.cardview import kinds, tree
from tests.kit.cardview.markdown import ACTING
from tests.wire.discord.components import numbered
from tests.wire.discord.validate import validate_modal

MESSAGE = "1171156220708565043"
SPOKEN = TEXTS | words(20_000)
some = settings(max_examples=25, deadline=None)


@given(SPOKEN)
@some
def test_what_was_heard_is_read_back_from_the_message_alone(spoken: str) -> None:
    page = voice_page(spoken, OWNER, MESSAGE, engine="ear")
    assert list(taken(page)) == []
    read = transcript_of(numbered(list(page.components)))
    if page.files:
        assert [file.name for file in page.files] == [TRANSCRIPT_FILE]
        assert read is None
        assert page.files[0].content.decode() == plain(spoken).strip()
    else:
        assert (read or "") == plain(spoken).strip()


@given(SPOKEN)
@some
def test_nothing_that_was_said_can_act(spoken: str) -> None:
    assert all(ACTING.isdisjoint(kinds(tree(content))) for content in contents([voice_page(spoken, OWNER, MESSAGE)]))


@given(SPOKEN)
@some
def test_a_form_to_change_it_holds_all_of_it(spoken: str) -> None:
    form = voice_form(spoken, OWNER, MESSAGE)
    assert validate_modal(form) == []
    assert edited_transcript(typed(form)).split() == plain(spoken).split()
    assert read_voice_form(str(form["custom_id"])) == (OWNER, MESSAGE)


def typed(form: Any) -> dict[str, str]:
    """What a person sends who changes nothing."""
    return {each["component"]["custom_id"]: each["component"].get("value", "") for each in form["components"]}


def acts(page: Page) -> list[str]:
    return [read[0] for read in map(read_voice, pressable([page])) if read]


@given(st.integers(1, 8))
@settings(max_examples=8, deadline=None)
def test_the_longest_transcript_that_fields_hold_is_all_in_them(times: int) -> None:
    spoken = ("so the cache answers " * 200)[: 2_500 * times]
    assert edited_transcript(typed(voice_form(spoken, OWNER, MESSAGE))) == spoken.strip()


def test_each_button_names_the_recording() -> None:
    pressed = [read_voice(each) for each in pressable([voice_page("So.", OWNER, MESSAGE)])]
    assert pressed == [(act, OWNER, MESSAGE) for act in ("use", "edit", "again", "discard")]


def test_where_nothing_was_heard_there_is_nothing_to_use() -> None:
    page = voice_page(" \n", OWNER, MESSAGE)
    assert acts(page) == ["again", "discard"]
    assert transcript_of(page.components) is None


def test_a_transcript_that_no_form_holds_is_not_offered_for_editing() -> None:
    page = voice_page("word " * 5_000, OWNER, MESSAGE)
    assert acts(page) == ["use", "again", "discard"]


def test_other_messages_hold_no_transcript() -> None:
    assert transcript_of([]) is None
    assert transcript_of([{"type": 10, "id": 3, "content": "hello"}, "odd", None]) is None
