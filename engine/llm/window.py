"""What one provider did lately: outcomes and first-word times, forgotten as they grow old."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

_OUTCOMES_KEPT = 1000
_FIRST_WORDS_KEPT = 200


class Window:
    """A sliding window over the answers of one provider. An outcome is its cost: 0 went well, 1 failed."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._outcomes: deque[tuple[float, float]] = deque(maxlen=_OUTCOMES_KEPT)
        self._first_words: deque[tuple[float, float]] = deque(maxlen=_FIRST_WORDS_KEPT)

    def add(self, cost: float) -> None:
        self._outcomes.append((self._now(), cost))

    def add_first_word(self, seconds: float) -> None:
        self._first_words.append((self._now(), seconds))

    def count(self, since: float) -> tuple[float, int]:
        """The summed cost and the number of answers after `since`."""
        costs = [cost for at, cost in self._outcomes if at > since]
        return sum(costs), len(costs)

    def first_word_s(self, quantile: float, *, since: float, at_least: int) -> float | None:
        """How long the first word takes; `None` when fewer than `at_least` were heard after `since`."""
        waits = sorted(wait for at, wait in self._first_words if at > since)
        if len(waits) < at_least:
            return None
        return waits[min(len(waits) - 1, int(quantile * len(waits)))]
