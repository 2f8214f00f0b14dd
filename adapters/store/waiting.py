"""Two ways of waiting: for a bell that a delivery rings, and for work that must not stop half-way."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


class Bells:
    """One bell per thread, for those who wait in this process."""

    def __init__(self) -> None:
        self._listening: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def listen(self, key: str, rung: asyncio.Event) -> Generator[None]:
        """Let `rung` be set whenever the thread's bell rings."""
        self._listening[key].add(rung)
        try:
            yield
        finally:
            self._listening[key].discard(rung)
            if not self._listening[key]:
                del self._listening[key]

    @contextmanager
    def delivery(self, key: str) -> Generator[None]:
        """A delivery is under way; it rings when it has ended, however it did."""
        self._under_way[key] += 1
        try:
            yield
        finally:
            self._under_way[key] -= 1
            if not self._under_way[key]:
                del self._under_way[key]
            for rung in self._listening.get(key, ()):
                rung.set()

    def expects(self, key: str) -> bool:
        """Whether a delivery is under way."""
        return key in self._under_way


async def to_the_end(work: Coroutine[object, object, T]) -> T:
    """What `work` returns. Cancellation arrives only after it has ended, so nobody has to guess what was written."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # seen: whoever cancelled does not want to hear of it
        raise cancelled
    return task.result()
