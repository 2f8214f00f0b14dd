"""Reviews as a model may write them, and a reader to feed them to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from engine.feedback.model import Feedback
from engine.feedback.reader import FeedbackReader
from engine.interviews import Setup
from engine.ports import Chunk, Source
from engine.session import Part
from tests.kit.interviews import CRITERIA, setup
from tests.kit.talk import Talk

ANSWER = (
    "Last spring I shipped a change that put the wrong due date on 312 invoices for 40 customers. I reverted it within "
    "ten minutes and told support at once. Afterwards I added a test over all time zones, and since then it has caught "
    "two similar mistakes. I should have asked for a second reviewer before the release went out."
)
SOURCE = Source("openai", "gpt-test")


def part(**changes: Any) -> dict[str, Any]:
    """A criterion's section: level 4 with a quote from `ANSWER`."""
    quote = "I reverted it within ten minutes"
    return {"quotes": [quote], "assessment": "Clear.", "fix": "Name the cost.", "level": 4} | changes


def verdict(**changes: Any) -> dict[str, Any]:
    """A whole review of `ANSWER`, in the order of its schema."""
    whole = {
        "headline": "A concrete story with a result.",
        **{name: part() for name in CRITERIA},
        "rewrite": "I reverted it [after how long?].",
        "additional_notes": "",
        "next_drill": "Tell it again in ninety seconds.",
        "summary": "Told of an invoice mistake, its repair and the test added since.",
    }
    return whole | changes


def reader(answer: str = ANSWER, *, setup_: Setup | None = None, strict: bool = False, **asked: Any) -> FeedbackReader:
    """A reader for the first turn of an interview, answered with `answer`."""
    talk = Talk(setup_ or setup())
    talk.ask(**asked)
    session = talk.live
    if answer:
        turn = session.turns[0]
        from_them = turn.attempt.model_copy(update={"parts": (Part(message="m1", text=answer),), "revision": 1})
        turn = turn.model_copy(update={"attempts": (from_them,)})
        session = session.model_copy(update={"turns": (turn,)})
    return FeedbackReader(session, session.turns[0], strict=strict)


def feed(
    to: FeedbackReader, text: str | dict[str, Any], *, pieces: Iterable[str] = (), source: Source = SOURCE
) -> None:
    """Give the reader a whole answer, in one piece unless `pieces` says otherwise."""
    for piece in pieces or (text if isinstance(text, str) else json.dumps(text),):
        to.feed(Chunk(piece, source))


def read(text: str | dict[str, Any], answer: str = ANSWER, /, **how: Any) -> Feedback:
    """What is kept of a review."""
    to = reader(answer, **how)
    feed(to, text)
    return to.finish(prompt="review@000000000000", took_ms=1)
