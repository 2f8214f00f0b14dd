"""What was done in one place is acted upon in the order in which it was done: a press after the words before it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Lanes:
    """`before` waits for what was done in a place before and is still on its way by another way."""

    def __init__(self, before: Callable[[str], Awaitable[None]] | None = None) -> None:
        self.before = before
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, place: str) -> asyncio.Lock:
        """To be held while something is acted upon; whoever came first is let in first."""
        return self._locks.setdefault(place, asyncio.Lock())

    @asynccontextmanager
    async def after(self, place: str) -> AsyncGenerator[None]:
        """As `of`, once `before` has said that there is nothing left to wait for."""
        if self.before is not None:
            await self.before(place)
        async with self.of(place):
            yield
