"""A memory of bounded size for what need not be asked or done twice."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """The last few things known, each for as long as it is good (for ever by default)."""

    def __init__(self, most: int, *, for_s: float = float("inf"), now: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._for_s = for_s
        self._now = now
        self._known: OrderedDict[K, tuple[float, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        since, value = self._known.get(key, (0.0, None))
        return value if value is not None and self._now() - since <= self._for_s else None

    def keep(self, key: K, value: V) -> V:
        self._known[key] = (self._now(), value)
        self._known.move_to_end(key)
        while len(self._known) > self._most:
            self._known.popitem(last=False)
        return value

    def drop(self, key: K) -> None:
        self._known.pop(key, None)
