"""What was written while nobody listened: asked for, whenever a session with the gateway begins or goes on.

Discord replays what it kept for a short while only, and to the same session; messages that came meanwhile are read from
the channel of every interview that waits for some. All since the newest question are read, not only those after the
last one that is known, for one in between may be missing: what is known already does nothing, and what was edited
meanwhile counts as edited. Deletions cannot be seen so.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

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

AT_ONCE, PAUSE_S = 2, 0.1
"""So that what is shown meanwhile has the most of what Discord allows."""
THREADS_MOST = 2_000
EPOCH_S = 1_420_070_400
"""What Discord's ids are counted from."""
CLOCKS_S = 2.0
"""So far may its clock and ours be apart."""
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
        self._waiting: list[ThreadKey] = []
        self._first: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    async def caught_up(self, channel: str) -> None:
        """Wait until what came before in this channel is known, so that the parts of an answer stay in order."""
        try:
            async with asyncio.timeout(WAIT_MOST_S):
                if self._listing is not None:
                    await self._listing.wait()
                if (behind := self._behind.get(channel)) is not None:
                    self._read_first(channel)
                    await behind.wait()
        except TimeoutError:
            log.warning("did not wait any longer for what came before")

    async def catch_up(self) -> None:
        """Read on in every channel that an open interview stands in, a few at a time."""
        listing = self._listing = asyncio.Event()
        async with self._turn:
            try:
                keys = await stored(lambda: self._store.open_threads(PLATFORM, limit=THREADS_MOST))
                self._waiting = [key for key in keys if not by_forms(key)]
                self._behind = {channel_of(key): asyncio.Event() for key in self._waiting}
            finally:
                listing.set()
            try:
                await asyncio.gather(*(self._next() for _ in range(AT_ONCE)))
                while self._first:
                    await asyncio.wait(self._first)
            finally:
                for task in self._first:
                    task.cancel()
                for event in self._behind.values():
                    event.set()
                self._behind, self._waiting = {}, []

    def _read_first(self, channel: str) -> None:
        """Before the others: somebody is writing there. Whoever waits for it may stop waiting; it goes on."""
        for key in [key for key in self._waiting if channel_of(key) == channel]:
            self._waiting.remove(key)
            task = asyncio.create_task(self._read(key), name=f"read first {key}")
            self._first.add(task)
            task.add_done_callback(self._first.discard)

    async def _next(self) -> None:
        while self._waiting:
            await self._read(self._waiting.pop(0))
            await asyncio.sleep(PAUSE_S)

    async def _read(self, key: ThreadKey) -> None:
        """Read on in one conversation, after which nobody waits for it any more, whatever came of it."""
        known = self._behind[channel_of(key)]
        try:
            session = await stored(lambda: self._store.session(key))
            handles = await stored(lambda: self._store.handles(key))
            if session is None:
                return
            channel = handles.get("place") or channel_of(key)
            if thread := handles.get("thread"):
                self._threads.watch(thread.rpartition("/")[2], key)
            after, count = asked_at(session), 0
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
        finally:
            known.set()

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


def asked_at(session: Session) -> int:
    """The id of a message just before the newest question: whatever came after it may be missing, in part or whole."""
    turn = session.turn
    at_s = (turn.asked_at if turn is not None else session.began_at) - CLOCKS_S
    return max(0, int((at_s - EPOCH_S) * 1_000)) << 22
