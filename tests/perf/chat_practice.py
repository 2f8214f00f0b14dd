"""Rehearse for many people at once, whole but for its models, its database and the parsing of what people do.

What is shown is told by the engine itself: its reader, its cadence, its settled cards.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from types import TracebackType
from typing import Protocol, Self

from adapters.library.bank import load_bank
from adapters.library.prompts import load_prompts
from engine.events import Event, Settled
from engine.inbound import Action, Begin, Pressed, Wrote
from engine.interviewer import Interviewer
from engine.keys import ThreadKey
from engine.performing import Performer
from engine.ports import Chunk, Completion, Request, Source, TokenCount, Usage
from engine.preferences import Preferences
from engine.reception import Reception
from tests.kit.interviews import setup
from tests.kit.memory import MemoryPrompts, MemoryStore
from tests.kit.verdicts import ANSWER
from tests.perf.chat_pace import Clock
from tests.perf.chat_sight import Answer
from tests.perf.chat_text import LONG, stream

QUESTIONS = 20


class Shows(Protocol):
    """What is used of a platform's delivery."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def emit(self, event: Event) -> None: ...


class Practice:
    """An async context manager around many interviews, shown by a platform's real delivery, which it enters and leaves.

    Without a delivery the engine talks to nobody, for its share of the cost.
    """

    def __init__(self, delivery: Shows | None, store: MemoryStore, *, chars: int = LONG) -> None:
        self._now = asyncio.get_running_loop().time
        self._ids = count(1)
        self._store = store
        self._writer = Writer(chars)
        self._settled: dict[tuple[ThreadKey, str], asyncio.Event] = {}
        self._delivery = delivery
        prompts = load_prompts()
        self._pins = {prompt.task: prompt.ref for prompt in prompts}
        self._performer = Performer(
            provider=self._writer,
            prompts=MemoryPrompts(prompts),
            bank=load_bank(),
            now=self._now,
            draw=lambda: 0.25,
            marker=lambda: f"{next(self._ids):032x}",
            pseudonym=str,
        )
        interviewer = Interviewer(store=self._store, performer=self._performer, emit=self._emit, now=self._now)
        self._reception = Reception(
            store=self._store, attend=interviewer.attend, tell=lambda key, text: None, now=self._now
        )

    async def __aenter__(self) -> Self:
        if self._delivery is not None:
            await self._delivery.__aenter__()
        await self._performer.__aenter__()
        await self._reception.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._reception.__aexit__(kind, error, trace)
        await self._performer.__aexit__(kind, error, trace)
        if self._delivery is not None:
            await self._delivery.__aexit__(kind, error, trace)

    async def begin(self, key: ThreadKey) -> None:
        """Start an interview and wait for its first question to be told."""
        given = setup(type_source="bank", questions=QUESTIONS, quiet_s=60.0, prompts=self._pins)
        await self._reception.deliver(Begin(id="begin", key=key, at=self._now(), setup=given))
        await self._until(key, "q1")

    async def answer(self, key: ThreadKey, round_: int = 0) -> Answer:
        """Answer the open question (the `round_`-th, from 0), and wait until the feedback has been told."""
        id_ = f"{next(self._ids)}"
        wrote = Wrote(id=f"w{id_}", key=key, at=self._now(), message=f"{key.channel}:{id_}", text=ANSWER)
        self._writer.rounds[str(key)] = round_
        await self._reception.deliver(wrote)
        sent = self._now()
        await self.press(key, "done")
        await self._until(key, f"f{round_ + 1}.1")
        return Answer(key.channel, round_, sent, self._writer.began.pop(str(key)), buttons=True)

    async def go_on(self, key: ThreadKey, round_: int) -> None:
        """Press Next, and wait for the question of this round."""
        await self.press(key, "next")
        await self._until(key, f"q{round_ + 1}")

    async def press(self, key: ThreadKey, action: Action) -> None:
        await self._reception.deliver(Pressed(id=f"p{next(self._ids)}", key=key, at=self._now(), action=action))

    def _emit(self, event: Event) -> None:
        if self._delivery is not None:
            self._delivery.emit(event)
        if isinstance(event, Settled):
            self._event(event.key, event.post).set()

    async def _until(self, key: ThreadKey, post: str) -> None:
        await self._event(key, post).wait()

    def _event(self, key: ThreadKey, post: str) -> asyncio.Event:
        return self._settled.setdefault((key, post), asyncio.Event())


class Writer:
    """A model that reviews at its pace and is asked for nothing else. `began` says when the first chunk came."""

    name = "writer"
    model = "gpt-perf"

    def __init__(self, chars: int) -> None:
        self._chars = chars
        self.rounds: dict[str, int] = {}
        self.began: dict[str, float] = {}

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[AsyncIterator[Chunk]]:
        yield self._chunks(request)

    async def _chunks(self, request: Request) -> AsyncIterator[Chunk]:
        source = Source(self.name, self.model)
        clock = Clock(stream(self.rounds[request.user], self._chars).pieces)
        self.began[request.user] = clock.first_chunk
        async for piece in clock:
            yield Chunk(piece, source)
        yield Chunk("", source, usage=Usage(1_000, 0, 600))

    async def complete(self, request: Request) -> Completion:
        raise NotImplementedError("questions come from the bank")

    def count_tokens(self, text: str) -> TokenCount:
        return TokenCount(len(text) // 4, len(text), "estimate")


async def no_preferences(key: ThreadKey) -> Preferences:
    del key
    return Preferences()
