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
        self._last: dict[str, asyncio.Future[None]] = {}

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

    @asynccontextmanager
    async def in_line(self, place: str) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
        """Take a place in the line now; what is given waits until those who came before have left it.

        For whoever has something to say first, which takes longer for one than for another.
        """
        before, mine = self._last.get(place), asyncio.get_running_loop().create_future()
        self._last[place] = mine

        def leave(_: object = None) -> None:
            mine.set_result(None)
            if self._last.get(place) is mine:
                del self._last[place]

        async def turn() -> None:
            if before is not None:
                await asyncio.wait((before,))

        try:
            yield turn
        finally:
            if before is None or before.done():
                leave()
            else:
                before.add_done_callback(leave)  # whoever comes next still waits for those before
