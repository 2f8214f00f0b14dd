"""The way from the engine's events to Discord's messages.

`emit` only notes the newest snapshot of a post and wakes the governor; whatever waits for Discord or for the store is
done by tasks that `Delivery` owns. What a failure means is known in `writing.py`, what is shown where in `thread.py`
and `post.py`, and how a message is reached in `hooks.py`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from itertools import islice
from types import TracebackType
from typing import Protocol, Self, assert_never

from adapters.discord.delivery.hooks import Hook, Hooks
from adapters.discord.delivery.memory import Handles
from adapters.discord.delivery.rest import Rest
from adapters.discord.delivery.scope import Scope
from adapters.discord.delivery.thread import Thread
from adapters.discord.names import PLATFORM
from engine.events import Event, Grew, Notice, Opened, Settled
from engine.keys import ThreadKey
from engine.preferences import Preferences
from engine.session import Session

log = logging.getLogger(__name__)

DRAIN_S = 5.0
KEPT_THREADS, KEPT_HOOKS = 256, 8_192
"""Conversations that are quiet and still remembered, and those whose interactions are; what is forgotten of the former
is read from the store again."""


class DeliveryStore(Handles, Protocol):
    """The part of `engine.ports.Store` that a delivery uses."""

    async def behind(self, platform: str, limit: int = 1_000) -> Sequence[ThreadKey]: ...


class Delivery:
    """Shows what the engine tells in Discord. An async context manager; leaving it writes finals for at most 5 s.

    `rest` is closed on leaving. `now` is epoch seconds, `clock` monotonic (the running loop's unless given).

    `dm_refused` and `lost` may be set until the first event comes: the one is told that a person's direct messages are
    closed in mid-interview, which goes on as soon as they do anything or `move` says where; the other that the bot's
    token was refused, after which nothing is written any more and everything stays in the history.
    """

    def __init__(
        self,
        *,
        store: DeliveryStore,
        sessions: Callable[[ThreadKey], Awaitable[Session | None]],
        preferences: Callable[[ThreadKey], Awaitable[Preferences]],
        rest: Rest,
        dm_refused: Callable[[ThreadKey], Coroutine[object, object, None]] | None = None,
        lost: Callable[[str], None] | None = None,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self.dm_refused = dm_refused
        self.lost = lost
        self._store = store
        self._sessions = sessions
        self._preferences = preferences
        self._rest = rest
        self._now = now
        self._clock = clock or (lambda: asyncio.get_running_loop().time())
        self._scope: Scope | None = None
        self._threads: OrderedDict[ThreadKey, Thread] = OrderedDict()
        self._hooks: OrderedDict[ThreadKey, Hooks] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._scope = Scope(self._rest, self._clock)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        scope, self._scope = self._scope, None
        if scope is None:
            return
        try:
            if not await self._drain(scope):
                log.warning("not everything was shown before the end; it is when the program starts again")
        finally:
            for thread in self._threads.values():
                thread.close()
            tasks = [task for task in self._tasks if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, scope.governor.aclose(), return_exceptions=True)
            self._threads.clear()
            await self._rest.aclose()

    async def _drain(self, scope: Scope) -> bool:
        ends = self._clock() + DRAIN_S
        try:
            async with asyncio.timeout(DRAIN_S):
                # What was told a moment ago is shown once it is known what stands there already.
                for thread in self._threads.values():
                    await thread.loaded()
        except TimeoutError:
            return False
        return scope.closed or await scope.governor.drain(max(0.0, ends - self._clock()))

    def emit(self, event: Event) -> None:
        """Note what is to be shown. Synchronous, and never blocks: this is the engine's `emit`."""
        thread = self._thread(event.key)
        if thread is None:
            return
        number = int(event.session.rpartition("#")[2] or 0)
        match event:
            case Opened():
                thread.opened(number, event.post, event.card)
            case Grew():
                thread.show(number, event.post, event.card, settled=False)
            case Settled():
                thread.show(number, event.post, event.card, settled=True)
            case Notice():
                thread.say(number, event.text, error=event.error)
            case _:
                assert_never(event)

    def interaction(self, key: ThreadKey, token: str, application_id: str, at: float, *, message: str = "") -> None:
        """Note an interaction in this conversation, which pays for messages for a quarter of an hour.

        Call it once the interaction was acknowledged, with `at` in epoch seconds: after a deferred update of the
        message whose button was pressed (`message` then is its id, and "" otherwise), or when its own answer has been
        given, as the first message after a deferred answer would become that answer.
        """
        thread = self._thread(key)
        if thread is not None:
            thread.interaction(Hook(application_id, token, at, message))

    def move(self, key: ThreadKey, channel: str) -> None:
        """From now on, show this interview in another channel: what is not shown yet, and all that comes."""
        thread = self._thread(key)
        if thread is not None:
            thread.move(channel)

    async def catch_up(self) -> None:
        """Show whatever was recorded and never shown.

        Call it at the start. Returns when it is known what is missing; it is written as the limits allow.
        """
        for key in await self._store.behind(PLATFORM):
            thread = self._thread(key)
            if thread is not None:
                await thread.catch_up()

    @property
    def idle(self) -> bool:
        """Everything that was told has been shown, and the store knows."""
        return all(thread.idle for thread in self._threads.values())

    def _thread(self, key: ThreadKey) -> Thread | None:
        thread = self._threads.get(key)
        if thread is None:
            scope = self._scope
            if scope is None or scope.closed:
                return None
            thread = self._threads[key] = Thread(
                key,
                scope,
                store=self._store,
                sessions=self._sessions,
                preferences=self._preferences,
                spawn=self._spawn,
                lost=self._token_lost,
                dm_refused=self._tell_refused,
                hooks=self._hooks_of(key),
                now=self._clock,
                epoch=self._now,
            )
            self._make_room(key)
        self._threads.move_to_end(key)
        return thread

    def _hooks_of(self, key: ThreadKey) -> Hooks:
        hooks = self._hooks.setdefault(key, Hooks(self._now))
        self._hooks.move_to_end(key)
        if len(self._hooks) > KEPT_HOOKS:
            self._hooks.popitem(last=False)
        return hooks

    def _make_room(self, newest: ThreadKey) -> None:
        surplus = len(self._threads) - KEPT_THREADS
        if surplus > 0:
            idle = (key for key, thread in self._threads.items() if thread.idle and key != newest)
            for key in [*islice(idle, surplus)]:
                self._threads.pop(key).close()

    def _tell_refused(self, key: ThreadKey) -> None:
        if self.dm_refused is not None:
            self._spawn(self.dm_refused(key))

    def _token_lost(self, error: str) -> None:
        """Nothing is lost by this: it is in the history, and is shown when the program starts with a good token."""
        scope = self._scope
        if scope is None or scope.closed:
            return
        scope.closed = True
        log.error("Discord refuses the bot's token: nothing more is written", extra={"error": error})
        for thread in self._threads.values():
            thread.close()
        self._threads.clear()
        if self.lost is not None:
            self.lost(error)

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("showing a conversation failed in an unforeseen way", exc_info=error)
