"""Whatever a card says, its pages are within Slack's limits, say all of it, and nothing in them can act."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.names import read_menu, read_press
from adapters.slack.render import Look, card_pages, closing_pages, section_page, stream_ending
from adapters.slack.render.page import chars
from engine.events import AnswerCard, Card, FeedbackCard, ModelAnswerCard, QuestionCard, SectionView
from tests.adapters.slack.rendering.reading import blocks_of, mrkdwn_of, read, types_of
from tests.kit.blockview.samples import OWNER
from tests.kit.cards import CARDS, MODEL_ANSWERS, feedback, letters, questions, said_in, said_in_section, sections
from tests.kit.samples import question, settled
from tests.wire.slack.blocks import validate_message

LOOKS = st.builds(Look, charts=st.booleans(), tables=st.booleans(), feedback_buttons=st.booleans())
ACTING = {"user", "usergroup", "channel", "broadcast", "link", "emoji", "date", "markdown"}
some = settings(max_examples=20, deadline=None)
ENGINE_CHARS = 1_200
"""The longest text the engine lets a model write about a criterion."""


@given(CARDS, LOOKS)
@some
def test_every_page_of_any_card_is_one_that_slack_takes(card: Card, look: Look) -> None:
    pages = card_pages(card, OWNER, look)
    assert pages
    for page in pages:
        assert validate_message(list(page.blocks)) == []
        assert sum(map(chars, page.blocks)) <= 13_200
        assert 0 < len(page.text) <= 3_000


@given(CARDS)
@some
def test_no_word_of_a_card_is_lost(card: Card) -> None:
    found = read(card_pages(card, OWNER))
    for said in said_in(card):
        assert letters(said) in found


@given(CARDS, LOOKS)
@some
def test_nothing_that_a_person_or_a_model_wrote_can_act(card: Card, look: Look) -> None:
    for page in card_pages(card, OWNER, look):
        assert ACTING.isdisjoint(types_of(page.blocks))
        for text in (page.text, *mrkdwn_of(page.blocks)):
            assert "<" not in text
            assert "@here" not in text
            assert "@everyone" not in text


@given(CARDS)
@settings(max_examples=25, deadline=None)
def test_the_same_card_makes_the_same_pages(card: Card) -> None:
    assert card_pages(card, OWNER) == card_pages(card.model_copy(deep=True), OWNER)


@given(sections("settled", most=ENGINE_CHARS))
@some
def test_a_settled_section_stands_alone_with_all_it_says(section: SectionView) -> None:
    card = FeedbackCard(turn=1, attempt=1, sections=(section,))
    page = section_page(card, 0)
    assert validate_message(list(page.blocks)) == []
    for said in said_in_section(section):
        assert letters(said) in read([page])


def test_what_one_message_cannot_hold_of_a_section_stands_in_the_closing_pages() -> None:
    section = settled().sections[0].model_copy(update={"assessment": "acorn " * 2_400, "anchor": "the end of it"})
    card = settled().model_copy(update={"sections": (section,)})
    alone = read([section_page(card, 0)]).count("acorn")
    assert alone < 2_400
    below = read(closing_pages(card, OWNER, Look(), frozenset({0})))
    assert alone + below.count("acorn") == 2_400
    assert "theendofit" in below


@given(feedback(settled=True, most=ENGINE_CHARS))
@some
def test_sections_and_closing_pages_say_together_what_the_whole_card_says(card: FeedbackCard) -> None:
    shown = frozenset(index for index, each in enumerate(card.sections) if each.state == "settled")
    pages = [*(section_page(card, index) for index in shown), *closing_pages(card, OWNER, Look(), shown)]
    found = read(pages)
    for said in said_in(card):
        assert letters(said) in found
    assert all(validate_message(list(page.blocks)) == [] for page in pages)


@given(feedback(settled=True) | MODEL_ANSWERS, LOOKS)
@some
def test_what_ends_a_stream_is_at_most_fifty_valid_blocks(card: FeedbackCard | ModelAnswerCard, look: Look) -> None:
    assert validate_message(list(stream_ending(card, OWNER, look))) == []


def test_an_answer_has_no_page_because_it_stands_there_already() -> None:
    assert card_pages(AnswerCard(turn=1, attempt=1, text="So."), OWNER) == ()


@given(questions())
@some
def test_the_buttons_of_an_open_question_do_not_come_and_go(card: QuestionCard) -> None:
    found = [block for page in card_pages(card, OWNER) for block in blocks_of(page) if block["type"] == "actions"]
    pressed = [pressing(element) for block in found for element in block["elements"]]
    if not card.actions or not card.text.strip("\n"):
        assert not card.actions or not card.text or found
    elif "resume" in card.actions:
        assert pressed == [["resume"], ["stop"]]
    else:
        assert pressed == [["done"], ["hint"], ["skip"], ["repeat", "easier", "harder", "pause", "stop"]]


def test_every_button_says_by_itself_what_it_does_whose_it_is_and_to_which_turn() -> None:
    pages = [*card_pages(settled(), OWNER), *card_pages(question(), OWNER)]
    blocks = [block for page in pages for block in blocks_of(page) if block["type"] in ("actions", "context_actions")]
    assert [pressing(element) for block in blocks for element in block["elements"]] == [
        ["next"], ["retry"], ["model_answer"], ["stop"], ["helpful", "unhelpful"],
        ["done"], ["hint"], ["skip"], ["repeat", "easier", "harder", "pause", "stop"],
    ]  # fmt: skip


def pressing(element: Any) -> list[str]:
    """The actions an element stands for."""
    if element["type"] == "button":
        found = [read_press(element["action_id"], element["value"])]
    elif element["type"] == "overflow":
        found = [read_menu(option["value"]) for option in element["options"]]
    else:
        found = [read_menu(element[key]["value"]) for key in ("positive_button", "negative_button")]
    assert all(each is not None and each[1] == OWNER and each[2] > 0 for each in found)
    return [each[0] for each in found if each]


@pytest.mark.parametrize("native", [True, False])
def test_thumbs_are_plain_buttons_where_slack_has_no_feedback_buttons(native: bool) -> None:
    blocks = card_pages(settled(), OWNER, Look(feedback_buttons=native))[-1].blocks
    assert blocks[-1]["type"] == ("context_actions" if native else "actions")


def test_a_settled_review_says_how_it_compares_in_words_and_figures() -> None:
    blocks = blocks_of(card_pages(settled(), OWNER)[0])
    assert "".join(run["text"] for run in blocks[1]["elements"][0]["elements"]) == (
        "■■■■■■□□□□ 0.57 of 1 · bar for the role 0.75 · ▲ up 0.13 from 0.44"
    )


def test_a_growing_review_shows_no_figure_of_a_section_that_is_open() -> None:
    card = settled()
    first = card.sections[0].model_copy(update={"state": "growing", "level": None, "score": None, "meets": None})
    growing = card.model_copy(update={"state": "growing", "sections": (first,), "score": None, "actions": ()})
    assert "of 5" not in str(card_pages(growing, OWNER)[0].blocks)
