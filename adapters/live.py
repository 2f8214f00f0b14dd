"""The hub between the engine's `emit` and the surfaces of this process: a terminal, a browser page.

`emit` never blocks and never waits for anybody. Per thread the newest snapshot of every post is kept, numbered, so
that whoever comes late or lost a connection catches up at once; what has settled is durable anyway and can be rebuilt
from the session (`engine/conversation.py`). All of it happens on one event loop, without a lock and without polling.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from dataclasses import dataclass, field
from typing import Self
from weakref import WeakSet

from engine.events import Event, Grew, Notice, Settled
from engine.keys import ThreadKey

KEPT_THREADS = 256
"""More threads than one machine's owner has open; the longest idle one without a watcher is forgotten first."""

KEPT_NOTICES = 8
"""Notices are for the moment they are said in; a late watcher is told the last few."""

Numbered = tuple[int, Event]


class Live:
    """What goes on in every thread just now. Sequence numbers rise by one per event over all threads, from 1."""

    def __init__(self, *, threads: int = KEPT_THREADS) -> None:
        self._limit = threads
        self._threads: OrderedDict[ThreadKey, _Thread] = OrderedDict()
        self._sequence = 0

    @property
    def sequence(self) -> int:
        """The number of the newest event of all; 0 before the first."""
        return self._sequence

    def emit(self, event: Event) -> None:
        """Tell every watcher of the event's thread. Synchronous: this is the engine's `emit`."""
        thread = self._thread(event.key)
        self._sequence += 1
        thread.keep(self._sequence, event)
        for watcher in thread.watchers:
            watcher.push(self._sequence, event)

    def watch(self, key: ThreadKey, after: int = 0) -> AsyncIterator[Numbered]:
        """Everything newer than `after`, then what comes, for ever; cancel or drop the iterator to stop.

        It begins with the newest snapshot per post. A watcher slower than the events gets only the newest `Grew` of
        each post, but every `Opened`, `Settled` and `Notice`. It listens from this call on, not from the first step,
        and nothing is lost when a step is cancelled.
        """
        thread = self._thread(key)
        watcher = _Watcher(thread)
        for sequence, event in thread.newer(after):
            watcher.push(sequence, event)
        thread.watchers.add(watcher)
        return watcher

    def covers(self, key: ThreadKey, after: int) -> bool:
        """Whether `watch(key, after)` misses nothing: `False` once the thread was forgotten since, or never known."""
        thread = self._threads.get(key)
        return thread is not None and thread.known_from <= after <= self._sequence

    def drafts(self, key: ThreadKey, session: str) -> tuple[Numbered, ...]:
        """The newest snapshots of the posts of an interview that have not settled, oldest first."""
        thread = self._threads.get(key)
        if thread is None:
            return ()
        return tuple(
            (number, event)
            for number, event in thread.newer(0)
            if event.session == session and not isinstance(event, Settled | Notice)
        )

    def forget(self, key: ThreadKey) -> None:
        """Drop all that is kept of a thread; who watches it goes on hearing what comes."""
        if (thread := self._threads.get(key)) is not None:
            thread.clear(self._sequence)

    def _thread(self, key: ThreadKey) -> _Thread:
        thread = self._threads.get(key)
        if thread is None:
            thread = self._threads[key] = _Thread(self._sequence)
            self._make_room()
        self._threads.move_to_end(key)
        return thread

    def _make_room(self) -> None:
        surplus = len(self._threads) - self._limit
        newest = next(reversed(self._threads))
        idle = [key for key, thread in self._threads.items() if not thread.watchers and key != newest]
        for key in idle[: max(surplus, 0)]:
            del self._threads[key]


class _Thread:
    """What is kept of one thread. `known_from` is the number after which nothing is missing."""

    def __init__(self, known_from: int) -> None:
        self.known_from = known_from
        self.watchers: WeakSet[_Watcher] = WeakSet()
        self._posts: dict[Hashable, Numbered] = {}
        self._notices: list[Numbered] = []

    def keep(self, sequence: int, event: Event) -> None:
        if isinstance(event, Notice):
            self._notices = [*self._notices[1 - KEPT_NOTICES :], (sequence, event)]
        else:
            self._posts[(event.session, event.post)] = (sequence, event)

    def newer(self, after: int) -> list[Numbered]:
        """In order of their numbers, which are unique."""
        kept = [*self._posts.values(), *self._notices]
        return sorted((each for each in kept if each[0] > after), key=_number)

    def clear(self, sequence: int) -> None:
        self.known_from = sequence
        self._posts.clear()
        self._notices.clear()


@dataclass(eq=False)
class _Watcher(AsyncIterator[Numbered]):
    """One reader's own queue. Held weakly by its thread, so a reader that went away needs no farewell."""

    thread: _Thread
    _waiting: dict[Hashable, Numbered] = field(default_factory=dict[Hashable, Numbered])
    _filled: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, sequence: int, event: Event) -> None:
        if isinstance(event, Grew | Settled):
            # A dict keeps its order: taking the old entry out first puts the newer snapshot in its own place.
            self._waiting.pop((event.session, event.post), None)
        growing = isinstance(event, Grew)
        self._waiting[(event.session, event.post) if growing else sequence] = (sequence, event)
        self._filled.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Numbered:
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        return self._waiting.pop(next(iter(self._waiting)))


def _number(each: Numbered) -> int:
    return each[0]
