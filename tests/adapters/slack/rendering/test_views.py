"""Home, forms, lists: valid with everything and with nothing, and each press to be understood by itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.names import HOME_RESUME, HOME_START, SHOW_REPORT, go_id
from adapters.slack.render import (
    PROMPTS,
    Look,
    forget_form,
    help_page,
    history_pages,
    history_view,
    home_view,
    progress_pages,
    root_page,
    score_form,
    start_form,
)
from adapters.slack.render.forms import LEVEL, QUESTION, QUESTIONS, ROLE, TYPE
from adapters.slack.render.help import COMMANDS
from adapters.slack.render.inputs import FIELD
from adapters.surface.wording import WORDS
from engine.interviews import InterviewType
from engine.keys import ThreadKey
from engine.preferences import Preferences
from engine.receive import command
from tests.adapters.slack.rendering.reading import blocks_of, mrkdwn_of, texts_of
from tests.kit.admin_panels import MENU
from tests.kit.cards import letters, short, words
from tests.kit.interviews import interview_type
from tests.kit.samples import TYPES, report, session, sessions
from tests.wire.slack.blocks import validate_message, validate_view

KINDS = st.builds(
    lambda title, about, n: interview_type(id=f"type{n}", title=title, description=about),
    short(80), words(1_000), st.integers(0, 99),
)  # fmt: skip
MANY = st.lists(KINDS, min_size=1, max_size=30).map(lambda kinds: {kind.id: kind for kind in kinds})
some = settings(max_examples=15, deadline=None)


def elements(view: Any) -> list[dict[str, Any]]:
    found = [view] if isinstance(view, dict) and "action_id" in view else []
    for inside in view.values() if isinstance(view, dict) else view if isinstance(view, list) else ():
        found += elements(inside)
    return found


@given(
    MANY,
    st.integers(0, 40),
    st.booleans(),
    st.builds(Preferences, live=st.booleans(), language=st.sampled_from(("", "de", "xx"))),
)
@some
def test_a_home_tab_is_valid_for_newcomers_regulars_and_admins(
    types: dict[str, InterviewType], count: int, admin: bool, preferences: Preferences
) -> None:
    mine = [session(n, score=None if n % 3 == 0 else n / 40) for n in range(count)]
    view = home_view(types, mine, preferences, admin=("admin", MENU) if admin else None)
    assert validate_view(view) == []
    assert len(blocks_of(view)) <= 100
    for text in mrkdwn_of(view):
        assert "<" not in text.replace("<!date^", "")


def test_a_newcomer_is_told_what_happens_and_offered_a_first_step() -> None:
    view = home_view(TYPES, [], Preferences())
    assert "Welcome! Choose an interview and press *Start*" in str(view)
    starts = [each for each in elements(view) if each["action_id"].startswith(HOME_START)]
    assert [each.get("value") for each in starts] == [*TYPES, None]
    assert "Progress" not in str(view)


def test_a_home_tab_lets_one_go_on_and_look_back() -> None:
    view = home_view(TYPES, sessions(), Preferences())
    resume = [each["value"] for each in elements(view) if each["action_id"] == HOME_RESUME]
    assert [ThreadKey.parse(value) for value in resume] == [sessions()[0].key]
    reports = [each["value"] for each in elements(view) if each["action_id"] == SHOW_REPORT]
    assert reports == [each.id for each in sessions()[1:]]
    assert "0.38  ▄ ▄ ▅ ▅ ▆  " in "".join(texts_of(view))


def test_only_admins_see_the_interview_types_to_edit() -> None:
    for admin in (True, False):
        view = home_view(TYPES, [], Preferences(), admin=("admin", MENU) if admin else None)
        seen = {each["action_id"] for each in elements(view)}
        edits = {go_id(f"types/{id}") for id in TYPES}
        assert seen & edits == (edits if admin else set())
        assert (go_id("limits") in seen) == (go_id("people") in seen) == admin


@given(MANY, words(200), st.sampled_from(("", "senior", "mid", "nonsense")))
@some
def test_a_start_form_is_valid_however_it_is_filled_in(types: dict[str, InterviewType], focus: str, role: str) -> None:
    view = start_form(types, type_id=next(iter(types)), role=role, questions=3, level=2, focus=focus, metadata="{}")
    assert validate_view(view) == []
    filled = {block["block_id"]: block["element"] for block in blocks_of(view)}
    assert all(element["action_id"] == FIELD for element in filled.values())
    assert filled[QUESTIONS]["initial_value"] == "3"
    assert filled[LEVEL]["initial_option"]["value"] == "2"
    assert filled[ROLE]["initial_option"]["value"] == "mid"
    assert filled[TYPE]["initial_option"]["value"] == next(iter(types))


def test_a_start_form_chooses_the_role_that_was_wished_for() -> None:
    filled = {block["block_id"]: block["element"] for block in blocks_of(start_form(TYPES, role="staff"))}
    assert filled[ROLE]["initial_option"]["value"] == "staff"
    assert "initial_option" not in filled[LEVEL]


@given(words(40_000))
@some
def test_a_score_form_shows_the_whole_message(answer: str) -> None:
    view = score_form(TYPES, answer, question="Why?" * 600)
    assert validate_view(view) == []
    assert letters(answer) in letters("".join(texts_of(view["blocks"])))
    assert blocks_of(view)[-3]["block_id"] == QUESTION


def test_deleting_everything_is_asked_for_twice() -> None:
    view = forget_form("{}")
    assert validate_view(view) == []
    assert blocks_of(view)[-1]["optional"] is False
    assert "Delete everything" in str(view["submit"])


@pytest.mark.parametrize("look", [Look(), Look(charts=False), Look(charts=False, tables=False)])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 60])
def test_lists_and_progress_are_valid_for_any_number_of_interviews(count: int, look: Look) -> None:
    mine = [session(n, "coding" if n % 2 else "behavioral", score=(n % 10) / 10) for n in range(count, 0, -1)]
    for page in (*history_pages(mine), *progress_pages(mine, look)):
        assert validate_message(list(page.blocks)) == []
        assert page.text
    assert validate_view(history_view(mine)) == []
    drawn = [page for page in progress_pages(mine, look) if page.files]
    assert bool(drawn) == (count > 1 and not look.charts)


def test_progress_is_told_in_a_sentence_and_by_criterion() -> None:
    mine = [session(2, score=0.66), session(1, score=0.38)]
    said = list(texts_of([*progress_pages(mine, Look())[0].blocks]))
    assert "2 interviews, 8 answers. From 0.38 to 0.66 of 1; the best was 0.66." in said
    assert "At first" in said


def test_a_root_message_ends_with_the_score() -> None:
    begun, over = root_page("System design", "senior", 4, focus="caching"), root_page("X", "mid", 1, report=report())
    assert validate_message(list(begun.blocks)) == validate_message(list(over.blocks)) == []
    assert "Mock interview · System design · Senior · 4 questions" in "".join(texts_of(begun.blocks))
    assert "".join(texts_of(over.blocks)).endswith("Over · ■■■■■■■□□□ 0.66 of 1")


def test_help_names_every_word_and_command() -> None:
    page = help_page()
    assert validate_message(list(page.blocks)) == []
    said = list(texts_of(page.blocks))
    for listed, _ in WORDS:
        assert listed in said
        assert all(command(word) for word in listed.split(", "))
    assert all(f"/interview {word}".rstrip() in said for word, _ in COMMANDS)


def test_there_are_at_most_four_suggestions_and_each_says_what_it_sends() -> None:
    assert len(PROMPTS) <= 4
    assert all(prompt.title and prompt.message for prompt in PROMPTS)
