"""What was written while nobody listened: asked for, whenever a session with the gateway begins or goes on.

Discord replays what it kept for a short while only, and to the same session; messages that came meanwhile are read from
the channel of every interview that waits for some. The id of a message says when it was written, so what is asked for
begins where the open answer does: what is known already does nothing, and what was edited meanwhile counts as edited.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Protocol

from adapters.discord.delivery.handle import Handle
from adapters.discord.names import PLATFORM, by_forms, channel_of
from adapters.discord.parse import edited, said
from adapters.discord.payloads import Message
from adapters.discord.replies import MESSAGES_MOST, DiscordRefused, DiscordUnreachable, Replies
from adapters.discord.seen import Changed, Said
from adapters.discord.threads import Threads
from adapters.owned import stored
from engine.keys import ThreadKey
from engine.session import Session

log = logging.getLogger(__name__)

AT_ONCE = 4
EPOCH_S = 1_420_070_400
PAGES_MOST = 20
WAIT_MOST_S = 20.0
"""So long what is said now waits for what was said before."""


class OpenThreads(Protocol):
    """The part of the store that knows which interviews wait for somebody."""

    async def open_threads(self, platform: str, limit: int = 10_000) -> Sequence[ThreadKey]: ...

    async def session(self, key: ThreadKey) -> Session | None: ...

    async def handles(self, key: ThreadKey) -> Mapping[str, str]: ...


class Missed:
    """`act` does what somebody did, once however often it is told. `typed`: what is written in threads can be read."""

    def __init__(
        self, store: OpenThreads, replies: Replies, act: Callable[[Said | Changed], Awaitable[None]],
        threads: Threads, *, typed: bool,
    ) -> None:  # fmt: skip
        self._store = store
        self._replies = replies
        self._act = act
        self._threads = threads
        self._typed = typed
        self._listing: asyncio.Event | None = None
        self._behind: dict[str, asyncio.Event] = {}
        self._turn = asyncio.Lock()

    async def caught_up(self, channel: str) -> None:
        """Wait until what came before in this channel is known, so that the parts of an answer stay in order."""
        try:
            async with asyncio.timeout(WAIT_MOST_S):
                if self._listing is not None:
                    await self._listing.wait()
                if (behind := self._behind.get(channel)) is not None:
                    await behind.wait()
        except TimeoutError:
            log.warning("did not wait any longer for what came before")

    async def catch_up(self) -> None:
        """Read on in every channel that an open interview stands in, a few at a time."""
        listing = self._listing = asyncio.Event()
        waiting: list[ThreadKey] = []
        async with self._turn:
            try:
                keys = await stored(lambda: self._store.open_threads(PLATFORM))
                waiting = [key for key in keys if not by_forms(key)]
                self._behind = {channel_of(key): asyncio.Event() for key in waiting}
            finally:
                listing.set()
            try:
                await asyncio.gather(*(self._next(waiting) for _ in range(min(AT_ONCE, len(waiting)))))
            finally:
                for event in self._behind.values():
                    event.set()
                self._behind = {}

    async def _next(self, waiting: list[ThreadKey]) -> None:
        while waiting:
            key = waiting.pop(0)
            await self._read(key)
            self._behind[channel_of(key)].set()

    async def _read(self, key: ThreadKey) -> None:
        try:
            session = await stored(lambda: self._store.session(key))
            handles = await stored(lambda: self._store.handles(key))
            if session is None:
                return
            channel = handles.get("place") or channel_of(key)
            if thread := handles.get("thread"):
                self._threads.watch(thread, key)
            after, count = last_seen(session, handles), 0
            for _ in range(PAGES_MOST):
                found = await self._replies.messages(channel, after)
                for raw in found:
                    message = Message.model_validate({"channel_id": channel, **raw})
                    after = max(after, int(message.id))
                    count += await self._one(message, key)
                if len(found) < MESSAGES_MOST:
                    break
            if count:
                log.info("read on after a gap", extra={"session": str(key), "messages": count})
        except (DiscordRefused, DiscordUnreachable, ValueError) as error:
            # The person has left, or the thread is gone; what they write there cannot be read.
            log.warning("could not read on after a gap", extra={"session": str(key), "error": str(error)[:200]})

    async def _one(self, message: Message, key: ThreadKey) -> int:
        if message.guild_id and not self._typed:
            return 0
        seen, changed = said(message), edited(message)
        if seen is None or seen.place.user != key.user:
            return 0
        await self._act(seen)
        if changed is not None:
            await self._act(changed)
        return 1


def last_seen(session: Session, handles: Mapping[str, str]) -> int:
    """The message after which to read on: the newest that is known, or what precedes the answer that is open."""
    began = (int(session.began_at - EPOCH_S) * 1_000) << 22
    known = max([began, *_ids(handles), *_parts(session)])
    turn = session.turn
    answering = turn is not None and turn.attempt.feedback is None
    opening = min(_message_ids([part.message for part in turn.attempt.parts]), default=known) if turn else known
    return min(known, opening - 1) if answering else known


def _ids(handles: Mapping[str, str]) -> Iterator[int]:
    for name, handle in handles.items():
        if "/" in name:
            yield from (int(id) for id in Handle.parse(handle).ids if id.isdecimal())


def _parts(session: Session) -> Iterator[int]:
    messages = [part.message for turn in session.turns for attempt in turn.attempts for part in attempt.parts]
    yield from _message_ids(messages)


def _message_ids(messages: Sequence[str]) -> Iterator[int]:
    for message in messages:
        id = message.split(":")[1] if message.count(":") else ""
        if id.isdecimal():
            yield int(id)
