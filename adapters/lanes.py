"""What was done in one place is acted upon in the order in which it was done: a press after the words before it."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary


class Lanes:
    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, place: str) -> asyncio.Lock:
        """To be held while something is acted upon; whoever came first is let in first."""
        return self._locks.setdefault(place, asyncio.Lock())
