"""How long the event loop was held up: a task that wants to wake every millisecond and notes by how much it is late."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

TICK_S = 0.001


class Stalls:
    """An async context manager; `longest_ms` is the longest hold-up inside it."""

    def __init__(self) -> None:
        self.longest_ms = 0.0
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Stalls:
        self._task = asyncio.create_task(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _watch(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK_S)
            late_ms = (time.perf_counter() - before - TICK_S) * 1000
            self.longest_ms = max(self.longest_ms, late_ms)
