"""Pages beside the cards: however long their words are, and however Slack counts them, one message holds each."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.slack.render import (
    Look,
    Page,
    help_page,
    history_pages,
    notice_page,
    progress_pages,
    root_page,
    voice_page,
)
from adapters.slack.render.page import chars
from tests.adapters.slack.rendering.reading import read
from tests.kit.cards import letters, words
from tests.kit.samples import report, session
from tests.wire.slack.blocks import validate_message

ROOM_CHARS = 13_200
"""What one message holds, counted as Slack does: `&` is five characters, `<` and `>` are four."""

AMPLE = st.builds(lambda sign, n: sign * n, st.sampled_from(("&", "<", "&<>", "a &", "🦜", "x")), st.integers(0, 9_000))
LONG = words(9_000) | AMPLE
LOOKS = st.builds(Look, charts=st.booleans(), tables=st.booleans())
some = settings(max_examples=15, deadline=None)


def held(pages: Iterable[Page]) -> bool:
    """Whether Slack takes them."""
    return all(
        validate_message(list(page.blocks)) == []
        and sum(map(chars, page.blocks)) <= ROOM_CHARS
        and 0 < len(page.text) <= 3_000
        for page in pages
    )


@given(LONG, st.booleans())
@some
def test_a_notice(sentence: str, error: bool) -> None:
    page = notice_page(sentence or "So.", error=error)
    assert held([page])
    assert letters(sentence) in read([page]) or "…" in str(page.blocks)


@given(LONG, LONG.map(lambda text: text[:80]))
@some
def test_a_transcript(spoken: str, engine: str) -> None:
    assert held([voice_page(spoken, "U024BE7LH", "F024BE7LH", "1700000000.000100", engine=engine)])


@given(LONG.map(lambda text: text[:80] or "x"), LONG.map(lambda text: text[:200]), st.booleans())
@some
def test_the_message_an_interview_hangs_from(title: str, focus: str, over: bool) -> None:
    assert held([root_page(title, "senior", 20, focus=focus, report=report() if over else None)])


@given(LONG.map(lambda text: text[:80] or "x"), st.sampled_from((0, 1, 2, 25, 120)), LOOKS)
@example("&" * 80, 120, Look())
@example("<" * 80, 120, Look(charts=False, tables=False))
@some
def test_lists_and_progress(title: str, n: int, look: Look) -> None:
    base = session(1, score=0.5)
    kind = base.setup.type.model_copy(update={"title": title})
    trends = tuple(each.model_copy(update={"title": title[:60]}) for each in report().criteria)
    changes = {
        "setup": base.setup.model_copy(update={"type": kind}),
        "report": report().model_copy(update={"criteria": trends}),
    }
    mine = [base.model_copy(update=changes)] * n
    assert held(history_pages(mine))
    assert held(progress_pages(mine, look))


def test_help() -> None:
    assert held([help_page()])
