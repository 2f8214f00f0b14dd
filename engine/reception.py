"""Who attends to which thread, and when: woken by mail, by the clock, and once at the start for what was left undone.

Every thread has at most one task here; the store's lease keeps other machines out. A thread that cannot be attended to
(a full disk, a bug) is tried again with growing pauses and its candidate is told once; the others go on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from types import TracebackType
from typing import Self

from engine.errors import LeaseLost, RehearseError, VersionConflict
from engine.inbound import Inbound
from engine.keys import ThreadKey
from engine.ports import Store

log = logging.getLogger(__name__)

SWEEP_EVERY_S = 2.0
RETRY_FIRST_S, RETRY_MOST_S = 1.0, 60.0

Tell = Callable[[ThreadKey, str], None]


class Reception:
    """An async context manager; leaving it stops attending at once, and what was under way is resumed at the next
    start.

    `attend(key)` returns when nothing is left to do now. `tell(key, sentence)` reaches the candidate. `now` is epoch
    seconds. Threads of the platforms `without` are left to a process that can show them.
    """

    def __init__(
        self,
        *,
        store: Store,
        attend: Callable[[ThreadKey], Awaitable[None]],
        tell: Tell,
        now: Callable[[], float],
        without: Collection[str] = frozenset(),
    ) -> None:
        self._store = store
        self._attend = attend
        self._tell = tell
        self._now = now
        self._without = without
        self._tasks: dict[ThreadKey, asyncio.Task[None]] = {}
        self._rung: set[ThreadKey] = set()
        self._sweeper: asyncio.Task[None] | None = None
        self._closing = False

    async def __aenter__(self) -> Self:
        self._sweeper = asyncio.create_task(self._sweep(), name="sweep")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        tasks = [*self._tasks.values(), *([self._sweeper] if self._sweeper else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def attending(self) -> int:
        """How many threads are being attended to."""
        return len(self._tasks)

    async def deliver(self, inbound: Inbound) -> bool:
        """Put something into its mailbox, durably, and see that it is attended to; `False` for a duplicate."""
        fresh = await self._store.deliver(inbound)
        self.wake(inbound.key)  # a duplicate too: the first delivery may have died before it woke anybody
        return fresh

    def wake(self, key: ThreadKey) -> None:
        """See that somebody attends to this thread."""
        if self._closing:
            return
        if key in self._tasks:
            self._rung.add(key)
            return
        task = asyncio.create_task(self._keep_attending(key), name=f"attend {key}")
        self._tasks[key] = task
        task.add_done_callback(lambda _: self._tasks.pop(key, None))

    async def _keep_attending(self, key: ThreadKey) -> None:
        pause_s = 0.0
        while True:
            self._rung.discard(key)
            try:
                await self._attend(key)
                # Whoever rang while the lease was given up found this task still here; a look is cheaper than a lease.
                if key not in self._rung or key not in await self._due():
                    return
                pause_s = 0.0
            except (LeaseLost, VersionConflict) as error:
                log.info("another attendant has the session", extra={"key": str(key), "error": str(error)})
                return
            except Exception as error:
                log.exception("attending failed", extra={"key": str(key), "retry_in_s": pause_s or RETRY_FIRST_S})
                if not pause_s:
                    hint = error.hint if isinstance(error, RehearseError) else RehearseError.hint
                    self._tell(key, hint)
                pause_s = min(RETRY_MOST_S, pause_s * 2 or RETRY_FIRST_S)
                await asyncio.sleep(pause_s)

    async def _due(self) -> Sequence[ThreadKey]:
        return await self._store.due(self._now(), without=self._without)

    async def _sweep(self) -> None:
        while True:
            try:
                for key in await self._due():
                    if key not in self._tasks:
                        self.wake(key)
            except RehearseError as error:
                log.warning("sweep failed", extra={"error": str(error)})
            await asyncio.sleep(SWEEP_EVERY_S)
