"""Work that goes on after a chat platform was answered: owned, retried while the database is away, awaited at the end.

Platforms want an answer within three seconds. What a person did is in the mailbox by then, or, when the database is
slower than that, in a task of this process which does not rest before it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeVar

from engine.errors import StoreError

log = logging.getLogger(__name__)

ANSWER_WITHIN_S = 2.0
"""A platform gives three seconds; the rest is for the way there and back."""
RETRY_FIRST_S, RETRY_MOST_S = 0.2, 15.0
DRAIN_S = 5.0

T = TypeVar("T")


class Owned:
    """The tasks. `drain` at the end; what then is still not done is given up, and said in the log."""

    def __init__(self, *, within_s: float = ANSWER_WITHIN_S) -> None:
        self._within_s = within_s
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def count(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[object, object, None], what: str) -> asyncio.Task[None]:
        """Begin something and go on; what goes wrong is logged."""
        task = asyncio.create_task(work, name=what)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def within(self, work: Coroutine[object, object, None], what: str) -> None:
        """Wait for it as long as the platform waits; then it goes on by itself. Raises what it raises until then."""
        task = asyncio.create_task(work, name=what)
        self._tasks.add(task)
        done: set[asyncio.Task[None]] = set()
        try:
            done, _ = await asyncio.wait({task}, timeout=self._within_s)
        finally:
            if done:
                self._tasks.discard(task)
            else:
                log.info("answered before it was done", extra={"what": what})
                task.add_done_callback(self._done)
        if done:
            task.result()

    async def drain(self, most_s: float = DRAIN_S) -> None:
        """Wait until all is done, but not for ever."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=most_s)
        left = list(self._tasks)
        for task in left:
            log.warning("left undone", extra={"what": task.get_name()})
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("went wrong after the platform was answered", exc_info=error, extra={"what": task.get_name()})


async def stored(write: Callable[[], Awaitable[T]]) -> T:
    """Do something that is kept once however often it is done, until it is kept."""
    pause_s = 0.0
    while True:
        try:
            return await write()
        except StoreError as error:
            pause_s = min(RETRY_MOST_S, pause_s * 2 or RETRY_FIRST_S)
            log.warning("not stored yet", extra={"error": str(error), "retry_in_s": pause_s})
            await asyncio.sleep(pause_s)
