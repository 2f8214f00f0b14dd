"""Every custom id is short enough and is read back as what it was built from; nothing else is read as one of ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import adapters.discord.names as names
from adapters.discord.names import CUSTOM_ID_CHARS, Picked
from engine.inbound import Action
from engine.interviews import ROLE_LEVELS
from engine.keys import session_id

SNOWFLAKES = st.integers(10**16, 2**63 - 1).map(str)
TURNS = st.integers(0, 99)
SLUGS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,59}", fullmatch=True)
ACTIONS = st.sampled_from(get_args(Action))
CHANNELS = SNOWFLAKES | SNOWFLAKES.map(lambda channel: f"forms:{channel}")
PICKED = st.builds(Picked, SLUGS, st.sampled_from(ROLE_LEVELS), st.integers(0, 5), st.integers(0, 20))
READERS = (
    names.read_press, names.read_form, names.read_answer, names.read_why, names.read_voice, names.read_voice_form,
    names.read_score_form, names.read_pick, names.read_place, names.read_forget, names.read_report, names.read_resume,
    names.read_panel,
)  # fmt: skip


def same(custom_id: str, read: Callable[[str], object], expected: object) -> None:
    """It fits, is read back by its own reader, and by no other."""
    assert len(custom_id) <= CUSTOM_ID_CHARS
    assert read(custom_id) == expected
    assert [reader for reader in READERS if reader(custom_id) is not None] == [read]


@given(ACTIONS, SNOWFLAKES, TURNS)
def test_buttons_and_menus_say_what_whose_and_on_which_turn(action: Action, owner: str, turn: int) -> None:
    same(names.press_id(action, owner, turn), names.read_press, (action, owner, turn))
    menu = names.menu_id(owner, turn)
    assert len(menu) <= CUSTOM_ID_CHARS
    assert names.read_menu(menu, action) == (action, owner, turn)
    assert names.read_menu(menu, "delete") is None


@given(SNOWFLAKES, CHANNELS, TURNS)
def test_forms_say_what_they_answer(owner: str, channel: str, turn: int) -> None:
    same(names.form_id(owner, turn), names.read_form, (owner, turn))
    same(names.answer_id(owner, channel, turn), names.read_answer, (owner, channel, turn))


@given(SNOWFLAKES, TURNS, st.integers(1, 99), SLUGS)
def test_why_says_of_which_attempt_and_criterion(owner: str, turn: int, attempt: int, criterion: str) -> None:
    expected = (owner, turn, attempt, criterion)
    same(names.why_id(owner, turn, attempt, criterion), names.read_why, expected)


@given(st.sampled_from(get_args(names.VoiceAct)), SNOWFLAKES, SNOWFLAKES)
def test_what_is_done_to_a_transcript_names_the_recording(act: names.VoiceAct, owner: str, message: str) -> None:
    same(names.voice_id(act, owner, message), names.read_voice, (act, owner, message))
    same(names.voice_form_id(owner, message), names.read_voice_form, (owner, message))


@given(PICKED, st.sampled_from(get_args(names.PickAct)), st.sampled_from(get_args(names.PlaceAct)))
def test_what_was_picked_is_carried_along(picked: Picked, act: names.PickAct, place: names.PlaceAct) -> None:
    same(names.pick_id(act, picked), names.read_pick, (act, picked))
    same(names.place_id(place, picked), names.read_place, (place, picked))


@given(SNOWFLAKES, SNOWFLAKES, st.booleans(), st.integers(1, 999))
def test_an_interview_of_the_history_is_named_whole(channel: str, user: str, forms: bool, number: int) -> None:
    key = names.thread_key(channel, user, forms=forms)
    same(names.resume_id(key), names.read_resume, key)
    same(names.report_id(session_id(key, number)), names.read_report, session_id(key, number))
    assert names.by_forms(key) is forms
    assert names.channel_of(key) == channel
    assert names.thread_key(key.channel, user, forms=forms) == key


@given(SNOWFLAKES, SNOWFLAKES, st.sampled_from(get_args(names.Sure)))
def test_scoring_and_deleting_are_read_back(channel: str, message: str, sure: names.Sure) -> None:
    same(names.score_form_id(channel, message), names.read_score_form, (channel, message))
    same(names.forget_id(sure, message), names.read_forget, (sure, message))


@given(st.text(max_size=100) | st.from_regex(r"rh(:[a-z0-9]{0,9}){0,6}", fullmatch=True))
def test_nothing_else_is_taken_for_one_of_ours_or_breaks_a_reader(custom_id: str) -> None:
    for reader in READERS:
        reader(custom_id)
    names.read_menu(custom_id, "done")


@pytest.mark.parametrize(
    "custom_id",
    [
        "", "rh", "rh:p:done:1", "rh:p:delete:1:2", "rh:p:done::2", "rh:p:done:1:x", "rh:p:done:1:²", "rh:form:1:",
        "rh:m:answer:1::2", "rh:why:1:2:3:", "rh:v:eat:1:2", "rh:pick:go:Bad Slug:mid:0:4", "rh:pick:go:a:boss:0:4",
        "rh:pick:go:a:mid:9:4", "rh:place:moon:a:mid:0:4", "rh:forget:maybe:1", "rh:report:", "rh:resume:a/b",
    ],
)  # fmt: skip
def test_what_is_broken_is_none_of_ours(custom_id: str) -> None:
    assert [reader for reader in READERS if reader(custom_id) is not None] == []


@given(st.text(max_size=80), st.just("") | SNOWFLAKES, st.integers(0, 99), st.integers(0, 99), st.booleans())
def test_what_leads_through_panels_holds_any_path(path: str, guild: str, page: int, nth: int, beside: bool) -> None:
    shown = page if not beside else 0
    found = names.Led(path, guild, shown or 1, beside)
    same(names.panel_id(path, guild=guild, page=shown, nth=nth % 9, beside=beside), names.read_panel, found)


def test_what_was_chosen_in_a_menu_goes_behind_the_path() -> None:
    assert names.Led("types/default", "7").then("backend") == names.Led("types/default/backend", "7")
    assert names.Led("").then("types") == names.Led("types")
