"""The way from the engine's events to Slack's messages.

`emit` only notes the newest snapshot of a post and wakes the governor of its workspace; whatever waits for Slack or for
the store is done by tasks that `Delivery` owns. What a failure means is known in `writing.py`, what is shown where in
`thread.py` and `post.py`.
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

from adapters.slack.delivery.memory import Handles
from adapters.slack.delivery.scope import Scope
from adapters.slack.delivery.thread import Thread
from adapters.slack.names import PLATFORM
from adapters.slack.workspaces import Workspaces
from engine.events import Event, Grew, Notice, Opened, Settled
from engine.keys import ThreadKey
from engine.preferences import Preferences
from engine.session import Session

log = logging.getLogger(__name__)

DRAIN_S = 5.0
LOADING_S = 2.0
"""How much of that it may take to learn what stands in threads that something was told of a moment before."""
KEPT_THREADS = 256
"""Threads that are quiet and still remembered; a forgotten one is read from the store again."""
CLOSED_S = 60.0
"""How long a workspace whose token was refused is left alone."""


class DeliveryStore(Handles, Protocol):
    """The part of `engine.ports.Store` that a delivery uses."""

    async def behind(self, platform: str, limit: int = 1_000) -> Sequence[ThreadKey]: ...


class Delivery:
    """Shows what the engine tells in Slack. An async context manager; leaving it writes finals for at most 5 s.

    `now` is epoch seconds, `clock` monotonic (the running loop's unless given). The clients of `workspaces` must not
    retry by themselves.
    """

    def __init__(
        self,
        *,
        store: DeliveryStore,
        sessions: Callable[[ThreadKey], Awaitable[Session | None]],
        workspaces: Workspaces,
        preferences: Callable[[ThreadKey], Awaitable[Preferences]],
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] | None = None,
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._workspaces = workspaces
        self._preferences = preferences
        self._now = now
        self._clock = clock or (lambda: asyncio.get_running_loop().time())
        self._scopes: dict[str, Scope] = {}
        self._threads: OrderedDict[ThreadKey, Thread] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        scopes = list(self._scopes.values())
        try:
            if not await self._drain(scopes):
                log.warning("not everything was shown before the end; it is when the program starts again")
        finally:
            for thread in self._threads.values():
                thread.close()
            tasks = [task for task in self._tasks if task is not asyncio.current_task()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, *(scope.governor.aclose() for scope in scopes), return_exceptions=True)
            self._threads.clear()
            self._scopes.clear()

    async def _drain(self, scopes: Sequence[Scope]) -> bool:
        ends, loaded = self._clock() + DRAIN_S, True
        try:
            async with asyncio.timeout(LOADING_S):
                # What was told a moment ago is shown once it is known what stands there already.
                for thread in [thread for thread in self._threads.values() if not thread.scope.closed_until]:
                    await thread.loaded()
        except TimeoutError:
            loaded = False
        for thread in self._threads.values():
            for post in thread.posts.values():
                if not post.settled:
                    post.let_go(now=self._clock())
        done = await asyncio.gather(*(scope.governor.drain(max(0.0, ends - self._clock())) for scope in scopes))
        return loaded and all(done)

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

    async def catch_up(self, team: str = "") -> None:
        """Show whatever was recorded and never shown, and end streams whose process died; of one workspace or of all.

        Call it at the start, and after a workspace installed the app again. Returns when it is known what is missing;
        it is written as the limits allow.
        """
        for key in await self._store.behind(PLATFORM):
            if team in ("", key.workspace):
                if team and (scope := self._scopes.get(team)) is not None:
                    scope.closed_until = 0.0
                thread = self._thread(key)
                if thread is not None:
                    await thread.catch_up()

    def stopped_by_person(self, team: str, channel: str, ts: Sequence[str]) -> None:
        """Somebody pressed Slack's own Stop: these streams are closed already."""
        stopped = frozenset(ts)
        for thread in self._threads.values():
            if thread.team == team and thread.channel == channel:
                thread.stopped(stopped)

    @property
    def idle(self) -> bool:
        """Everything that was told has been shown, and the store knows."""
        return all(thread.idle for thread in self._threads.values())

    def _thread(self, key: ThreadKey) -> Thread | None:
        thread = self._threads.get(key)
        if thread is None:
            scope = self._scope(key.workspace)
            if scope.closed_until:
                return None
            thread = self._threads[key] = Thread(
                key,
                scope,
                store=self._store,
                sessions=self._sessions,
                preferences=self._preferences,
                spawn=self._spawn,
                lost=self._lost,
                now=self._clock,
                clock=self._now,
            )
            self._make_room(key)
        self._threads.move_to_end(key)
        return thread

    def _make_room(self, newest: ThreadKey) -> None:
        surplus = len(self._threads) - KEPT_THREADS
        if surplus > 0:
            idle = (key for key, thread in self._threads.items() if thread.idle and key != newest)
            for key in [*islice(idle, surplus)]:
                self._threads.pop(key).close()

    def _scope(self, team: str) -> Scope:
        scope = self._scopes.get(team)
        if scope is None or (scope.closed_until and scope.closed_until <= self._clock()):
            scope = self._scopes[team] = Scope(team, lambda: self._workspaces.client(team), self._clock)
        return scope

    def _lost(self, scope: Scope, error: str) -> None:
        """Nothing is lost by this: it is in the history, and is shown once the workspace has the app again."""
        if scope.closed_until:
            return
        scope.closed_until = self._clock() + CLOSED_S
        log.warning("no more writes to this workspace", extra={"team": scope.team, "error": error})
        for key in [key for key, thread in self._threads.items() if thread.scope is scope]:
            self._threads.pop(key).close()
        self._spawn(self._workspaces.lost(scope.team, error))

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("showing a thread failed in an unforeseen way", exc_info=error)
