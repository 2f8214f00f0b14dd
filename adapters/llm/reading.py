"""Reading one streamed answer: bytes in, chunks out, under three deadlines, to its terminal event or an error.

Each API brings a `Fold` that knows its events; this file knows time and endings. It holds the rules no SDK keeps:

* A body that ends without the API's terminal event is `Truncated`, however cleanly it ended.
* Only content counts as progress. Keep-alive comments and reasoning events reset nothing.
* Text that came before an error is handed over before the error is raised, so that finished sections survive.
* All events of one network read become one chunk: at 60 tokens a second that changes nothing, in a burst it saves most.

Opening and closing the connection, and naming its failures, is left to each SDK's file.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Protocol, TypeVar

from adapters.llm.sse import Event, EventTooLong, Splitter
from engine.errors import Garbled, ModelError, Stage, TimedOut, Truncated
from engine.ports import Chunk, Completion, Deadlines, Request, Source, Usage

MAX_ANSWER_CHARS = 1_000_000
"""More than this is a runaway model; the longest answer we ask for is a few thousand characters."""

USAGE_GRACE_S = 2.0
"""How long to wait for the token counts once the text is known to be whole."""

DRAIN_S = 0.05
"""How long to wait for the end of the body after its last event: a connection read to the end can be used again."""

OPENING_BYTES = 64_000
"""How much of a body is kept until its first event, to read the error in one that is not an event stream."""

T = TypeVar("T")


class Fold(Protocol):
    """The state of one answer while its events are folded in."""

    complete: bool
    """The model has ended the text; at most token counts can follow."""
    closed: bool
    """Nothing can follow."""
    failure: ModelError | None
    """Why the text is not what was asked for; raised after what there is of it was handed over."""
    usage: Usage | None

    def add(self, event: Event) -> str:
        """Fold one event in; the text it adds. Raises `ValueError` for data that is not what the API promises."""
        ...

    def body_error(self, body: bytes) -> ModelError | None:
        """The error in a body that is not an event stream, where there is one to read."""
        ...


class Watch:
    """The three deadlines of one call, counted from its making."""

    def __init__(self, deadlines: Deadlines, source: Source) -> None:
        self._deadlines = deadlines
        self._source = source
        self._clock = asyncio.get_running_loop().time
        started = self._clock()
        self._total_at = started + deadlines.total_s
        self._due_at = started + deadlines.first_s
        self._stage: Stage = "first"

    def began_waiting(self) -> None:
        """Start the gap anew: the reader asks for content now, and its own slowness is not the model's."""
        if self._stage == "gap":
            self._due_at = self._clock() + self._deadlines.gap_s

    def saw_content(self) -> None:
        """From now on the gap counts, not the first word."""
        self._stage = "gap"

    def allow_at_most(self, seconds: float) -> None:
        """Shorten what is left of this wait."""
        self._due_at = min(self._due_at, self._clock() + seconds)

    async def within(self, answer: Awaitable[T]) -> T:
        """Await under whichever deadline comes first. Raises `TimedOut`."""
        late: Stage = self._stage if self._due_at <= self._total_at else "total"
        limit = asyncio.timeout_at(min(self._due_at, self._total_at))
        try:
            async with limit:
                return await answer
        except TimeoutError as error:
            if limit.expired():
                raise TimedOut(self._source.provider, self._source.model, stage=late) from error
            raise


async def chunks(body: AsyncIterator[bytes], fold: Fold, watch: Watch, source: Source) -> AsyncGenerator[Chunk]:
    """The chunks of one answer, the last with `usage`. `body` raises nothing but `ModelError`; its maker closes it."""
    splitter = Splitter()
    opening = bytearray()
    chars, events_seen, over = 0, False, False
    broken: ModelError | None = None
    while not over:
        if fold.complete:
            watch.allow_at_most(USAGE_GRACE_S)
        try:
            read = await watch.within(anext(body, None))
        except ModelError:
            if fold.complete:
                break  # only token counts could have followed
            raise
        events, too_long = _split(splitter, read, source)
        events_seen = events_seen or bool(events)
        if read and not events_seen and len(opening) < OPENING_BYTES:
            opening += read
        text, garbled = _add_all(fold, events, source, cut=read is None)
        broken = garbled or too_long
        over = read is None or fold.closed or broken is not None
        if text:
            chars += len(text)
            if chars > MAX_ANSWER_CHARS:
                raise Garbled(source.provider, source.model, f"an answer of over {MAX_ANSWER_CHARS} characters")
            watch.saw_content()
            yield Chunk(text, source)
            watch.began_waiting()
    failure = broken or fold.failure or _bad_end(fold, chars, bytes(opening) if splitter.stray else b"", source)
    if failure is None or fold.usage is not None:
        yield Chunk("", source, usage=fold.usage or Usage())
    if failure is not None:
        raise failure
    with suppress(ModelError, TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            while await anext(body, None) is not None:
                pass


async def whole(stream: AbstractAsyncContextManager[AsyncIterator[Chunk]], request: Request) -> Completion:
    """A stream read to its end. The port's `complete` needs no second way to ask for the same thing."""
    texts: list[str] = []
    source, usage = Source("", ""), Usage()
    async with stream as answer:
        async for chunk in answer:
            texts.append(chunk.text)
            source, usage = chunk.source, chunk.usage or usage
    return Completion("".join(texts), source, usage, dict.fromkeys(request.sections or ("",), source))


def _split(splitter: Splitter, read: bytes | None, source: Source) -> tuple[list[Event], ModelError | None]:
    try:
        return (splitter.close() if read is None else splitter.feed(read)), None
    except EventTooLong as error:
        return [], Garbled(source.provider, source.model, str(error))


def _add_all(fold: Fold, events: Iterable[Event], source: Source, *, cut: bool) -> tuple[str, ModelError | None]:
    texts: list[str] = []
    for event in events:
        try:
            texts.append(fold.add(event))
        except ValueError as error:
            # What stands in the buffer at the end of the body may be half an event: then it is cut, not garbled.
            bad = None if cut else Garbled(source.provider, source.model, f"not the promised event: {error}"[:300])
            return "".join(texts), bad
        if fold.closed:
            break
    return "".join(texts), None


def _bad_end(fold: Fold, chars: int, stray: bytes, source: Source) -> ModelError | None:
    if not fold.complete:
        if stray and not chars:
            error = fold.body_error(stray)
            return error or Garbled(source.provider, source.model, "the body is not an event stream")
        return Truncated(source.provider, source.model, f"after {chars} characters")
    return None if chars else Garbled(source.provider, source.model, "an empty answer")
