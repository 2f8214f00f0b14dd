"""The picker, forms and lists around an interview: within the limits, and each part knows what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import adapters.discord.names as names
from adapters.discord.names import Picked, thread_key
from adapters.discord.render import (
    Page,
    answer_form,
    focus_of,
    forget_page,
    help_page,
    history_pages,
    intro_page,
    notice_page,
    progress_pages,
    refused_page,
    score_form,
    scored_pages,
    settings_page,
    settled_pick,
    start_form,
    start_page,
)
from adapters.discord.render.lists import ROWS
from adapters.markdown import plain
from engine.interviews import GIVEN_CHARS, ROLE_LEVELS
from engine.preferences import Preferences
from tests.adapters.discord.rendering.reading import OWNER, components, contents, pressable, read, taken
from tests.adapters.discord.rendering.test_words import TEXTS
from tests.kit.cards import letters, words
from tests.kit.cardview import kinds, shown, tree
from tests.kit.cardview.markdown import ACTING
from tests.kit.cardview.samples import CHANNEL, MESSAGE, sessions
from tests.kit.samples import KIND, TYPES, report, session
from tests.wire.discord.components import numbered
from tests.wire.discord.validate import validate_modal

PICKED = st.builds(
    Picked, st.sampled_from([*TYPES, "gone"]), st.sampled_from(ROLE_LEVELS), st.integers(0, 5), st.integers(0, 20)
)
some = settings(max_examples=25, deadline=None)


def many_types(n: int) -> dict[str, Any]:
    return {f"type-{k}": KIND.model_copy(update={"id": f"type-{k}", "title": f"Type *{k}* <@{k}>"}) for k in range(n)}


def fields_of(form: Any) -> list[dict[str, Any]]:
    """What is in a modal."""
    return form["components"]


def inert(pages: Iterable[Page]) -> bool:
    return all(ACTING.isdisjoint(kinds(tree(content))) for content in contents(pages))


@given(PICKED)
@some
def test_every_part_of_the_picker_knows_all_that_was_picked(picked: Picked) -> None:
    page = start_page(TYPES, picked)
    chosen = settled_pick(TYPES, picked)
    assert list(taken(page)) == []
    assert [names.read_pick(each) for each in pressable([page])] == [
        (act, chosen) for act in ("type", "role", "go", "form")
    ]
    assert chosen.type_id in TYPES
    assert chosen.role in TYPES[chosen.type_id].roles
    if picked.type_id in TYPES and picked.role in TYPES[picked.type_id].roles:
        assert chosen == picked


@given(PICKED, TEXTS)
@some
def test_the_form_to_start_is_filled_in_with_what_was_picked(picked: Picked, focus: str) -> None:
    form = start_form(TYPES, picked, focus=focus)
    assert validate_modal(form) == []
    chosen = settled_pick(TYPES, picked)
    picks = {each["component"]["custom_id"]: default(each["component"]) for each in fields_of(form)}
    assert picks[names.TYPE] == chosen.type_id
    assert picks[names.ROLE] == chosen.role
    assert picks[names.LEVEL] == str(chosen.level)
    assert picks[names.QUESTIONS] == str(chosen.questions or TYPES[chosen.type_id].questions)


def default(component: dict[str, Any]) -> object:
    return next((each["value"] for each in component.get("options", []) if each.get("default")), None)


def test_with_more_types_than_a_menu_holds_the_chosen_one_is_in_it_and_the_others_can_be_found() -> None:
    types = many_types(60)
    page = start_page(types, Picked("type-59"))
    assert list(taken(page)) == []
    menu = next(each for each in components([page]) if each["type"] == 3)
    assert default(menu) == "type-59"
    assert "/interview start" in "".join(contents([page]))
    assert validate_modal(start_form(types, Picked("type-59"))) == []
    assert inert([page])


@given(PICKED, TEXTS.map(lambda text: text[:200]), st.booleans())
@some
def test_a_refused_direct_message_says_who_can_read_what_and_keeps_the_choice(
    picked: Picked, focus: str, threads: bool
) -> None:
    page = refused_page(picked, threads=threads, focus=focus)
    assert list(taken(page)) == []
    places = [names.read_place(each) for each in pressable([page]) if names.read_place(each)]
    assert places == [(act, picked) for act in ("thread", "here") if threads or act == "here"]
    assert ("moderators of this server can read it" in "".join(contents([page]))) is threads
    assert focus_of(numbered(list(page.components))).split() == plain(focus).split()
    assert inert([page])


@given(words(2_000) | TEXTS, st.integers(0, 99))
@some
def test_the_form_to_answer_in_says_what_it_answers(question: str, turn: int) -> None:
    form = answer_form(OWNER, f"forms:{CHANNEL}", turn, question=question)
    assert validate_modal(form) == []
    assert names.read_answer(str(form["custom_id"])) == (OWNER, f"forms:{CHANNEL}", turn)
    fields = {each["component"]["custom_id"]: each["component"] for each in fields_of(form) if each["type"] == 18}
    assert fields[names.ANSWER]["max_length"] == 4_000
    assert fields[names.FILES]["type"] == 19
    shown_in_it = "".join(each["content"] for each in fields_of(form) if each["type"] == 10)
    assert ACTING.isdisjoint(kinds(tree(shown_in_it)))


def test_the_form_to_answer_in_shows_the_question() -> None:
    form = answer_form(OWNER, CHANNEL, 1, question="How does *one* cache?")
    assert shown(tree(fields_of(form)[0]["content"])) == "How does *one* cache?"
    long = answer_form(OWNER, CHANNEL, 1, question="How? " * 400)
    assert "stands in the chat" in fields_of(long)[0]["content"]


@given(TEXTS.filter(str.strip), words(GIVEN_CHARS))
@some
def test_a_message_to_score_comes_back_with_the_form(answer: str, question: str) -> None:
    form = score_form(TYPES, answer, CHANNEL, MESSAGE, question=question, type_id="coding", role="senior")
    assert validate_modal(form) == []
    assert names.read_score_form(str(form["custom_id"])) == (CHANNEL, MESSAGE)
    values = {each["component"]["custom_id"]: each["component"].get("value") for each in fields_of(form)}
    assert values[names.ANSWER] == answer
    pages = scored_pages(answer, question)
    assert [problem for page in pages for problem in taken(page)] == []
    assert letters(answer) in read(pages)
    assert letters(question) in read(pages)
    assert inert(pages)


def test_a_history_has_one_thing_to_do_about_each_interview() -> None:
    pages = history_pages(sessions())
    assert [problem for page in pages for problem in taken(page)] == []
    ids = pressable(pages)
    assert names.read_resume(ids[0]) == thread_key(CHANNEL, OWNER)
    assert [names.read_report(each) for each in ids[1:6]] == [each.id for each in sessions()[1:]]
    assert ids[6:] == [names.START, names.PROGRESS]


@pytest.mark.parametrize("n", [0, 1, ROWS, ROWS + 30])
def test_a_history_of_any_length_is_taken_and_says_when_it_is_not_all(n: int) -> None:
    key = thread_key(f"forms:{CHANNEL}", OWNER)
    past = [session(k, score=0.5, key=key).model_copy(update={"number": n - k}) for k in range(n)]
    pages = history_pages(past)
    assert len(pages) <= 3
    assert [problem for page in pages for problem in taken(page)] == []
    assert (f"{ROWS} newest of {n}" in "".join(contents(pages))) is (n > ROWS)
    assert len([each for each in pressable(pages) if names.read_report(each)]) == min(n, ROWS)


def test_of_two_open_interviews_in_one_place_only_the_newest_can_be_gone_on_with() -> None:
    pages = history_pages([session(2), session(2).model_copy(update={"number": 2})])
    assert [problem for page in pages for problem in taken(page)] == []
    assert len([each for each in pressable(pages) if names.read_resume(each)]) == 1


@pytest.mark.parametrize("n", [0, 1, 2, 40])
def test_progress_shows_every_score_as_a_figure_beside_the_picture(n: int) -> None:
    past = [session(k + 1, score=0.5 + k / 100) for k in reversed(range(n))]
    pages = progress_pages(past)
    assert [problem for page in pages for problem in taken(page)] == []
    assert [file.name for page in pages for file in page.files] == (["progress.png"] if n > 1 else [])
    if n > 1:
        assert all(f"**{0.5 + k / 100:.2f}**" in "".join(contents(pages)) for k in range(n))
        assert pages[-1].files[0].content.startswith(b"\x89PNG")


@pytest.mark.parametrize("place", ["direct", "thread", "forms"])
@pytest.mark.parametrize("over", [False, True])
def test_the_first_card_says_how_to_answer_or_how_it_ended(place: Any, over: bool) -> None:
    page = intro_page("A <@1> *type*", "senior", 1, focus="# x", place=place, report=report() if over else None)
    assert list(taken(page)) == []
    assert inert([page])
    said = "".join(contents([page]))
    assert ("0.66 of 1" in said) is over
    assert "1 question" in said
    if place == "thread" and not over:
        assert "moderators of this server can read it" in said


def test_a_thread_whose_messages_are_not_read_says_so() -> None:
    assert "I cannot read" in "".join(contents([intro_page("T", "mid", 4, place="thread", typed=False)]))


def test_settings_show_how_they_stand_and_offer_the_other_way() -> None:
    for preferences, toggle, chosen in (
        (Preferences(), names.LIVE_OFF, names.OWN),
        (Preferences(live=False, language="de"), names.LIVE_ON, "de"),
        (Preferences(language="tlh"), names.LIVE_OFF, "tlh"),
    ):
        page = settings_page(preferences)
        assert list(taken(page)) == []
        assert pressable([page]) == [toggle, names.LANGUAGE, names.EXPORT, names.FORGET]
        menu = next(each for each in components([page]) if each["type"] == 3)
        assert default(menu) == chosen


def test_deleting_is_asked_about_first() -> None:
    page = forget_page(OWNER)
    assert list(taken(page)) == []
    assert [names.read_forget(each) for each in pressable([page])[:2]] == [("yes", OWNER), ("no", OWNER)]


def test_help_is_taken() -> None:
    assert list(taken(help_page())) == []


@given(TEXTS | words(8_000), st.booleans())
@some
def test_a_notice_is_taken_however_long_it_is(text: str, error: bool) -> None:
    page = notice_page(f"So: {text}", error=error)
    assert list(taken(page)) == []
    assert inert([page])
    assert letters(text) in read([page]) or "".join(contents([page])).endswith("…")
