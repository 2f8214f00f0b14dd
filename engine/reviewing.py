"""One review, from the request to the fact: streamed, shown while it grows, repaired once, and never papered over.

The candidate sees each section settle as it comes. What no model delivered is said to be missing, with the reason. When
only the offline coach could answer although models are configured, the review is provisional and the full one stays
owed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from engine.errors import AllDown, Declined, ModelError, Rejected
from engine.events import Emit, Grew, Opened
from engine.facts import Fact, Postponed, Reviewed
from engine.feedback.gate import gate
from engine.feedback.model import Feedback
from engine.feedback.reader import FeedbackReader
from engine.ports import LLMProvider, Request
from engine.session import Session, Turn
from engine.steps import Review

log = logging.getLogger(__name__)

GROWTH_S = 0.1
"""How often a section that only grew is told; a section that settled is told at once."""

LONG_CHARS = 4_000
"""An answer from this length on is looked through in a thread."""

OWED_FIRST_S, OWED_MOST_S = 20.0, 900.0
"""How long an owed review waits before it is tried again, first and at most."""


class Reviewer:
    """Streams reviews from one provider. `now` is epoch seconds."""

    def __init__(self, *, provider: LLMProvider, now: Callable[[], float]) -> None:
        self._provider = provider
        self._now = now

    async def review(self, step: Review, session: Session, request: Request, emit: Emit) -> tuple[Fact, ...]:
        """`Reviewed`, or `Postponed` for an owed review that no model could write yet."""
        turn = session.turns[step.turn - 1]
        reader = await _reader(session, turn)
        if (sentence := gate(turn.question.text, turn.attempt.text)) is not None:
            reader.decline(sentence)
            declined = reader.finish(prompt=request.prompt, took_ms=0).model_copy(update={"headline": sentence})
            return (self._reviewed(step, declined),)
        if step.again:
            return await self._owed(step, turn, reader, request)
        post = f"f{step.turn}.{step.attempt}"
        emit(Opened(key=session.key, session=session.id, post=post, card=reader.card()))

        def show() -> None:
            emit(Grew(key=session.key, session=session.id, post=post, card=reader.card()))

        return (await self._read(step, reader, request, show),)

    async def _owed(self, step: Review, turn: Turn, reader: FeedbackReader, request: Request) -> tuple[Fact, ...]:
        try:
            return (await self._read(step, reader, request.for_models_only(), lambda: None),)
        except ModelError as error:
            wait_s = min(OWED_MOST_S, OWED_FIRST_S * (1 << min(turn.attempt.postponements, 10)))
            if isinstance(error, AllDown):
                wait_s = max(wait_s, error.retry_after_s)
            log.info("full review still owed", extra={"turn": step.turn, "retry_in_s": wait_s, "error": str(error)})
            return (Postponed(at=self._now(), turn=step.turn, until=self._now() + wait_s),)

    async def _read(self, step: Review, reader: FeedbackReader, request: Request, show: Callable[[], None]) -> Reviewed:
        """Stream the review and, where sections are missing, ask for those once more."""
        began = self._now()
        first_section_ms = 0
        failure: ModelError | None = None
        asked: Request | None = request
        shown_at, settled = began, 0
        while asked is not None:
            failure = None
            try:
                async with self._provider.stream(asked) as chunks:
                    async for chunk in chunks:
                        grew, count = reader.feed(chunk), len(reader.settled)
                        if count > settled:
                            first_section_ms = first_section_ms or self._ms_since(began)
                        elif not grew or (count == settled and self._now() - shown_at < GROWTH_S):
                            continue
                        shown_at, settled = self._now(), count
                        show()
            except ModelError as error:
                failure = error
            asked = reader.repair_request(request)
        if failure is not None and step.again:
            raise failure
        feedback = reader.finish(
            prompt=request.prompt,
            took_ms=self._ms_since(began),
            first_section_ms=first_section_ms,
            failure=failure,
        )
        stood_in = any(origin.fallback for origin in feedback.origins.values())
        broke_off = bool(feedback.missing) and failure is not None and not isinstance(failure, Declined | Rejected)
        return self._reviewed(step, feedback, provisional=stood_in or broke_off)

    def _reviewed(self, step: Review, feedback: Feedback, *, provisional: bool = False) -> Reviewed:
        return Reviewed(
            at=self._now(),
            turn=step.turn,
            attempt=step.attempt,
            revision=step.revision,
            feedback=feedback,
            provisional=provisional,
        )

    def _ms_since(self, began: float) -> int:
        return round((self._now() - began) * 1000)


async def _reader(session: Session, turn: Turn) -> FeedbackReader:
    """A reader that has looked through a very long answer already, in a thread."""
    reader = FeedbackReader(session, turn)
    if len(turn.attempt.text) >= LONG_CHARS:
        await asyncio.to_thread(reader.look)
    return reader
