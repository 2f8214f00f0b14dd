"""What one provider did lately: outcomes and first-word times, forgotten as they grow old.

What counts: `Rejected`, `Declined` and `CutShort` say something about the request, not about the provider, and leave no
trace. `Garbled` counts half: the provider is up, but an answer that has to be asked for again is worth less. Everything
else counts whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from engine.errors import CutShort, Declined, Garbled, ModelError, Rejected

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
        total, answers = 0.0, 0
        for at, cost in reversed(self._outcomes):
            if at <= since:
                break
            total += cost
            answers += 1
        return total, answers

    def first_word_s(self, quantile: float, *, since: float, at_least: int) -> float | None:
        """How long the first word takes; `None` when fewer than `at_least` were heard after `since`."""
        waits = sorted(wait for at, wait in self._first_words if at > since)
        if len(waits) < at_least:
            return None
        return waits[min(len(waits) - 1, int(quantile * len(waits)))]


def cost_of(error: ModelError) -> float:
    """How much an error says against the provider, from 0 to 1."""
    match error:
        case Rejected() | Declined() | CutShort():
            return 0.0
        case Garbled():
            return 0.5
        case _:
            return 1.0
