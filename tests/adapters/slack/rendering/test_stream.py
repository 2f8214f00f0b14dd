"""What is streamed is only ever added to, ends as the whole review, and acts no more than a page does."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack.render import STREAM_BYTES, settled_sections, stream_bytes, stream_text
from engine.events import FeedbackCard, ModelAnswerCard
from engine.feedback.cards import settled_card
from engine.feedback.inert import inert
from engine.feedback.reader import FeedbackReader
from engine.feedback.verdict import schema_for
from engine.ports import Chunk, Request
from tests.kit.cards import HOSTILE, feedback, letters, said_in, words
from tests.kit.interviews import CRITERIA, setup
from tests.kit.samples import growing, settled
from tests.kit.verdicts import ANSWER, SOURCE, part, reader, verdict

QUOTES = ("I reverted it within ten minutes", "told support at once", "I should have asked for a second reviewer")
PROSE = st.lists(
    st.sampled_from((*HOSTILE, "I reverted it", "312 invoices", "3 000", "http ://x", "@ here", "[a [b](http://c) d]",
                     "<https:x", "profile", "(see", "x]", "x](", "-", "=", "+ 1", "plain words that go on")),
    min_size=1, max_size=7,
).map(" ".join)  # fmt: skip
some = settings(max_examples=25, deadline=None)


@st.composite
def verdicts(draw: st.DrawFn) -> dict[str, object]:
    """Reviews in the order of their schema, some sections without a usable level."""

    def criterion() -> dict[str, object]:
        quotes = draw(st.lists(st.sampled_from((*QUOTES, "never said")), max_size=3))
        level = draw(st.sampled_from((1, 2, 3, 4, 5, None, 9)))
        return part(quotes=quotes, assessment=draw(PROSE), fix=draw(PROSE | st.just("")), level=level)

    return verdict(
        headline=draw(PROSE), rewrite=draw(PROSE | st.just("")), additional_notes=draw(PROSE | st.just("")),
        next_drill=draw(PROSE), **{name: criterion() for name in CRITERIA},
    )  # fmt: skip


def cards(to: FeedbackReader, review: dict[str, object], cuts: random.Random) -> Iterator[FeedbackCard]:
    """Every card on the way, the review coming in pieces; what has no usable level is asked for once more."""
    text = json.dumps(review, ensure_ascii=cuts.random() < 0.5)
    while text:
        size = cuts.choice((5, 40, 90, 200))
        to.feed(Chunk(text[:size], SOURCE))
        text = text[size:]
        yield to.card()
    request = Request(purpose="scoring", task="review", messages=(), schema=schema_for(setup().type.criteria))
    if to.repair_request(request) is not None:
        spoilt = (name for name in to.missing() if name in CRITERIA)
        again: dict[str, object] = {name: cast("dict[str, object]", review[name]) | {"level": 3} for name in spoilt}
        yield from cards(to, again, cuts)


def whole(to: FeedbackReader) -> FeedbackCard:
    done = to.finish(prompt="p", took_ms=1)
    session = to._session
    attempt = session.turns[0].attempt.model_copy(update={"feedback": done})
    turn = session.turns[0].model_copy(update={"attempts": (attempt,)})
    return settled_card(session.model_copy(update={"turns": (turn,)}), turn, 1)


@given(verdicts(), st.randoms(use_true_random=False))
@some
def test_the_text_of_every_card_begins_with_that_of_the_card_before(
    review: dict[str, object], cuts: random.Random
) -> None:
    to, before = reader(ANSWER), ""
    for card in [*cards(to, review, cuts), whole(to)]:
        text = stream_text(card)
        assert text.startswith(before)
        before = text


@given(verdicts(), st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_a_section_called_settled_says_the_same_to_the_end_but_for_its_fix(
    review: dict[str, object], cuts: random.Random
) -> None:
    to = reader(ANSWER)
    seen = [(card, settled_sections(card)) for card in cards(to, review, cuts)]
    last = whole(to)
    for card, indexes in seen:
        for index in indexes:
            then, now = card.sections[index], last.sections[index]
            assert then.model_copy(update={"fix": ""}) == now.model_copy(update={"fix": ""})


@given(words(), st.randoms(use_true_random=False))
@some
def test_a_model_answer_is_only_added_to_while_it_grows(text: str, cuts: random.Random) -> None:
    before = ""
    for end in sorted(cuts.randrange(len(text) + 1) for _ in range(12)):
        now = stream_text(ModelAnswerCard(turn=1, text=inert(text[:end])), whole=False)
        assert now.startswith(before)
        before = now
    assert stream_text(ModelAnswerCard(turn=1, text=inert(text))).startswith(before)


@given(feedback(settled=True, most=1_200))
@some
def test_a_settled_review_is_streamed_in_full(card: FeedbackCard) -> None:
    found = letters(stream_text(card))
    bare = card.model_copy(update={"checklist": (), "notes": (), "engine": ""})  # these stand in the ending's blocks
    for said in said_in(bare):
        assert letters(said) in found


@given(feedback())
@some
def test_nothing_in_a_stream_links_mentions_or_is_html(card: FeedbackCard) -> None:
    text = stream_text(card)
    assert not re.search(r"<[@!#a-zA-Z/]|\]\(|@[^\W_]|\w://", text)


def test_a_stream_has_no_level_of_a_section_that_is_open() -> None:
    text = stream_text(growing())
    assert text.count("of 5") == 2
    assert text.endswith("One alternative is missing: random ids would need no counter at")


def test_the_fixes_come_after_all_sections_and_the_notes_last() -> None:
    text = stream_text(settled())
    order = ["**Completeness**", "**To work on**", "**Said better**", "**Next drill**"]
    places = [text.index(name) for name in order]
    assert places == sorted(places)


def test_an_ordinary_review_fits_into_one_stream() -> None:
    assert stream_bytes(stream_text(settled())) < STREAM_BYTES / 2
    assert stream_bytes("é") == 2


def test_code_of_a_model_answer_stays_code_and_is_always_closed() -> None:
    text = "Like this:\n\n```python\nx = a[0] * b\n```\n\nDone."
    shown = stream_text(ModelAnswerCard(turn=1, text=text))
    assert "```python\nx = a[0] * b\n```" in shown
    half = stream_text(ModelAnswerCard(turn=1, text=text[: text.index("b\n")]))
    assert half.endswith("x = a[0] * \n```")
