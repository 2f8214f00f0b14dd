"""Whatever a card says, its pages are within Discord's limits, say all of it, and nothing in them can act."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord.names import read_form, read_menu, read_press, read_why
from adapters.discord.render import Page, answer_pages, card_pages, why_pages
from adapters.discord.render.feedback import FILE
from adapters.discord.render.page import MOST_PAGES, TO_COME
from engine.events import AnswerCard, Card, FeedbackCard, QuestionCard, ReportCard, SectionView
from tests.adapters.discord.rendering.reading import (
    CARDS,
    FEEDBACK,
    OWNER,
    components,
    contents,
    pressable,
    proper,
    read,
    taken,
)
from tests.kit import cards
from tests.kit.cards import letters, said_in, said_in_section, sections, words
from tests.kit.cardview import kinds, tree
from tests.kit.cardview.markdown import ACTING
from tests.kit.samples import growing, question, report, settled

some = settings(max_examples=25, deadline=None)


@given(CARDS, st.booleans())
@some
def test_every_page_of_any_card_is_one_that_discord_takes(card: Card, live: bool) -> None:
    pages = card_pages(card, OWNER, live=live)
    assert 1 <= len(pages) <= MOST_PAGES
    assert [problem for page in pages for problem in taken(page)] == []


@given(sections("settled"))
@some
def test_every_reason_is_one_that_discord_takes(view: SectionView) -> None:
    pages = why_pages(view)
    assert [problem for page in pages for problem in taken(page)] == []
    for said in (view.anchor, view.next_anchor, *view.quotes, view.reason):
        assert letters(said) in read(pages)


@given(CARDS)
@some
def test_no_word_of_a_card_is_lost(card: Card) -> None:
    found = read(card_pages(card, OWNER))
    behind = ""
    if isinstance(card, FeedbackCard):
        behind = "".join(read(why_pages(view)) for view in card.sections if view.state == "settled")
    if TO_COME in "".join(contents(card_pages(card, OWNER))):
        return  # it still grows; the whole of it comes with what is settled
    for said in said_in(card):
        assert letters(said) in found or letters(said) in behind or _of_an_open_section(card, said)


def _of_an_open_section(card: Card, said: str) -> bool:
    """Quotes may still be found wanting while a section is written, so they come with its level."""
    open_ones = [view for view in card.sections if view.state == "growing"] if isinstance(card, FeedbackCard) else []
    return any(said in (*view.quotes, view.reason, view.anchor, view.next_anchor) for view in open_ones)


@given(CARDS)
@some
def test_nothing_that_a_person_or_a_model_wrote_can_act(card: Card) -> None:
    for content in contents(card_pages(card, OWNER)):
        assert ACTING.isdisjoint(kinds(tree(content)))
        assert "@everyone" not in content
        assert "@here" not in content


@given(CARDS)
@settings(max_examples=25, deadline=None)
def test_the_same_card_makes_the_same_pages(card: Card) -> None:
    assert card_pages(card, OWNER) == card_pages(card.model_copy(deep=True), OWNER)


@given(FEEDBACK)
@some
def test_buttons_are_never_dropped_and_stand_on_the_last_page(card: FeedbackCard) -> None:
    *earlier, last = card_pages(card, OWNER)
    wanted = {*card.actions, *(("stop",) if "next" in card.actions else ())}
    assert {read[0] for read in map(read_press, pressable([last])) if read} == wanted
    assert not any(map(read_press, pressable(earlier)))


@given(FEEDBACK)
@some
def test_what_three_cards_do_not_hold_is_in_a_file_with_all_of_it(card: FeedbackCard) -> None:
    pages = card_pages(card, OWNER)
    files = [file for page in pages for file in page.files]
    if files:
        assert [file.name for file in files] == [FILE]
        assert files == list(pages[-1].files)
        whole = letters(files[0].text)
        for view in card.sections:
            for said in said_in_section(view):
                assert letters(said) in whole
        assert all(letters(said) in whole for said in said_in(card))


@pytest.mark.parametrize("times", [1, 60, 100, 140, 160, 180, 220, 300])
def test_a_chart_goes_with_the_page_that_shows_it(times: int) -> None:
    card = ReportCard(
        title="System design", report=report().model_copy(update={"summary": "So the cache holds. " * times})
    )
    pages = card_pages(card, OWNER)
    assert [problem for page in pages for problem in taken(page)] == []
    attached = [file.name for page in pages for file in page.files]
    assert "report.png" in attached or times > 200


def eight_criteria() -> FeedbackCard:
    card = settled()
    more = tuple(
        view.model_copy(update={"criterion": f"{view.criterion}_{n}"}) for n in (1, 2) for view in card.sections
    )
    return card.model_copy(update={"sections": more, "actions": ("next", "retry", "hint", *card.actions[2:])})


def test_eight_criteria_with_all_buttons_fit_on_one_card_when_they_are_short() -> None:
    card = eight_criteria()
    short = tuple(view.model_copy(update={"assessment": "Clear and short.", "fix": ""}) for view in card.sections)
    (page,) = card_pages(card.model_copy(update={"sections": short}), OWNER)
    assert list(taken(page)) == []
    assert len(components([page])) <= 40
    assert [read[3] for read in map(read_why, pressable([page])) if read] == [view.criterion for view in short]


def test_a_longer_review_goes_on_on_a_second_card() -> None:
    card = eight_criteria()
    longer = tuple(view.model_copy(update={"fix": f"{view.assessment} " * 3}) for view in card.sections)
    pages = card_pages(card.model_copy(update={"sections": longer}), OWNER)
    assert len(pages) == 2
    assert contents(pages[1:])[0] == "-# Feedback, attempt 2, part 2"
    assert pages[1].files == ()


def test_a_settled_review_says_how_it_compares_in_words_and_figures() -> None:
    assert contents(card_pages(settled(), OWNER))[0] == (
        "### Feedback, attempt 2\n■■■■■■□□□□ **0.57 of 1** · bar for the role 0.75 · ▲ up 0.13 from 0.44"
    )


def test_the_edge_of_a_card_follows_the_score_and_only_repeats_it() -> None:
    def edge(**changes: object) -> object:
        return card_pages(settled().model_copy(update=changes), OWNER)[0].components[0]["accent_color"]

    assert edge(score=0.75) == edge(score=1.0) != edge(score=0.57) != edge(score=0.2)
    assert edge(score=None) == card_pages(growing(), OWNER)[0].components[0]["accent_color"]


def test_a_growing_review_shows_no_figure_of_a_section_that_is_open_and_no_button() -> None:
    first = settled().sections[0].model_copy(update={"state": "growing"})
    card = growing().model_copy(update={"sections": (first,)})
    assert "of 5" not in "".join(contents(card_pages(card, OWNER)))
    assert pressable(card_pages(card, OWNER)) == []


@given(cards.feedback(settled=False).map(proper))
@some
def test_whoever_wants_no_live_updates_sees_one_page_that_does_not_change(card: FeedbackCard) -> None:
    same = card.model_copy(update={"headline": "More.", "sections": (), "status": "Nearly there"})
    assert card_pages(card, OWNER, live=False) == card_pages(same, OWNER, live=False)


def test_an_answer_has_no_page_because_it_stands_there_already() -> None:
    assert card_pages(AnswerCard(turn=1, attempt=1, text="So."), OWNER) == ()


@given(words())
@some
def test_an_answer_that_came_by_form_is_shown_whole(answer: str) -> None:
    pages = answer_pages(answer)
    assert [problem for page in pages for problem in taken(page)] == []
    assert letters(answer) in read(pages)


def offered(pages: tuple[Page, ...]) -> list[object]:
    """The buttons of a question in order: an action, "form", or the actions of a menu."""
    found: list[object] = []
    for part in components(pages):
        if part["type"] == 2:
            pressed = read_press(part["custom_id"])
            found.append(pressed[0] if pressed else "form" if read_form(part["custom_id"]) else part["custom_id"])
        elif part["type"] == 3:
            chosen = [read_menu(part["custom_id"], option["value"]) for option in part["options"]]
            found.append([each[0] for each in chosen if each])
    return found


@given(cards.questions())
@some
def test_the_buttons_of_an_open_question_do_not_come_and_go(card: QuestionCard) -> None:
    found = offered(card_pages(card, OWNER))
    if not card.actions or not card.text:
        assert found == []
    elif "resume" in card.actions:
        assert found == ["resume", "stop"]
    else:
        assert found == ["done", "hint", "skip", "form", ["repeat", "easier", "harder", "pause", "stop"]]


def test_every_button_says_by_itself_what_it_does_whose_it_is_and_to_which_turn() -> None:
    assert offered(card_pages(question(), OWNER))[:4] == ["done", "hint", "skip", "form"]
    pressed = [read_press(each) for each in pressable(card_pages(settled(), OWNER)) if read_press(each)]
    assert pressed == [
        ("next", OWNER, 2), ("retry", OWNER, 2), ("model_answer", OWNER, 2), ("stop", OWNER, 2),
        ("helpful", OWNER, 2), ("unhelpful", OWNER, 2),
    ]  # fmt: skip


def test_a_page_pings_nobody_and_replaces_what_was_attached_before() -> None:
    body = card_pages(question(), OWNER)[0].body(ephemeral=True)
    assert body["allowed_mentions"] == {"parse": []}
    assert body["attachments"] == []
    assert body["flags"] == 1 << 15 | 1 << 6
