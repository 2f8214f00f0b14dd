"""Pages and cuts: nothing is lost or said twice however a text is divided."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.delivery.handle import Handle
from adapters.slack.delivery.layout import PLAIN_CHARS, Said, cuts_of, halves, pages_of, plain_pages, room
from adapters.slack.delivery.plan import Append, Create, Draft, Start, Stop, Update, next_op
from adapters.slack.render import STREAM_BYTES, Look, Page, card_pages, stream_text
from engine.events import ModelAnswerCard
from tests.kit.paced import review
from tests.wire.slack.blocks import validate_message

LOOK = Look()


@given(st.text(max_size=400), st.integers(1, 200))
def test_there_is_room_for_whole_characters_only(text: str, most: int) -> None:
    end = room(text, most)
    assert 0 <= end <= len(text)
    assert len(text[:end].encode("utf-8", "replace")) <= max(most, 4)
    assert end > 0 or not text


@given(st.text(alphabet="ab é\n🎈", max_size=40), st.integers(1, 700))
def test_a_long_stream_is_cut_into_messages_that_fit_and_make_the_whole(part: str, times: int) -> None:
    text = part * times
    cuts = cuts_of(text, ())
    parts = [text[start:end] for start, end in zip(cuts, (*cuts[1:], len(text)), strict=True)]
    assert "".join(parts) == text
    assert all(len(each.encode()) <= STREAM_BYTES for each in parts)
    assert cuts_of(text + "more", cuts)[: len(cuts)] == cuts


@given(st.integers(0, 600), st.booleans())
def test_every_page_of_a_review_is_one_that_slack_takes(tokens: int, settled: bool) -> None:
    card = review(600 if settled else tokens, settled=settled)
    whole = Handle(sink="sections", groups=((0, 1), (2,)) if settled else ())
    for handle in (Handle(sink="edits"), Handle(sink="stream", cuts=(0,)), whole):
        for page in pages_of(card, handle, "U1", LOOK, whole=settled):
            assert validate_message(list(page.blocks)) == []


def test_without_blocks_all_of_it_is_still_said() -> None:
    card = review(600, settled=True)
    pages = plain_pages(card, card_pages(card, "U1", LOOK))
    text = "".join(page.text for page in pages)
    assert all(f"w{n}" in text for n in range(600))
    assert all(len(page.text) <= PLAIN_CHARS and not page.blocks for page in pages)


def test_halving_ends_when_there_is_nothing_to_divide() -> None:
    page = card_pages(review(600, settled=True), "U1", LOOK)[0]
    first, second = halves(page)
    assert (*first.blocks, *second.blocks) == page.blocks
    assert halves(Page((), "x")) == (Page((), "x"),)


def test_a_sentence_of_ours_cannot_mention_anybody() -> None:
    (page,) = pages_of(Said("<@U1> and <!channel> & @here"), Handle(), "U1", LOOK, whole=True)
    assert "<" not in page.text
    assert "@here" not in page.text


def test_a_stream_begins_goes_on_and_ends() -> None:
    first, then = review(130), review(250)
    start = next_op(Draft(first, settled=False), Handle(sink="stream"), None, "U1", LOOK)
    assert isinstance(start, Start)
    live = Handle(sink="stream").with_message("1.1", "", live=True).model_copy(update={"cuts": (0,)})
    more = next_op(Draft(then, settled=False), live, start.text, "U1", LOOK)
    assert isinstance(more, Append)
    assert start.text + more.text == stream_text(then)
    end = next_op(Draft(review(600, settled=True), settled=True), live, start.text + more.text, "U1", LOOK)
    assert isinstance(end, Stop)
    assert start.text + more.text + end.text == stream_text(review(600, settled=True))
    assert end.ending


def test_a_stream_that_cannot_be_stopped_yet_gets_its_last_words() -> None:
    card = review(600, settled=True)
    live = Handle(sink="stream", cuts=(0,)).with_message("1.1", "", live=True)
    text = stream_text(card)
    words = next_op(Draft(card, settled=True, stoppable=False), live, text[:100], "U1", LOOK)
    assert words == Append(text[100:])
    assert isinstance(next_op(Draft(card, settled=True, stoppable=False), live, text, "U1", LOOK), Stop)


def test_what_stands_there_is_not_written_again() -> None:
    card = ModelAnswerCard(turn=1, text="Like this.", engine="a model")
    create = next_op(Draft(card, settled=True), Handle(sink="whole"), None, "U1", LOOK)
    assert isinstance(create, Create)
    shown = Handle(sink="whole").with_message("1.1", create.digest)
    assert next_op(Draft(card, settled=True), shown, None, "U1", LOOK) is None
    other = card.model_copy(update={"text": "Or like that."})
    assert isinstance(next_op(Draft(other, settled=True), shown, None, "U1", LOOK), Update)
