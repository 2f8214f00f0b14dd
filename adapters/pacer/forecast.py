"""Whether a write can be afforded, given what will surely have to be written later.

Pure arithmetic over one budget: the tokens there are, the rate at which more come, and the moments at which they will
be needed. Who needs what and when is told by the writers (`governor.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from math import exp
from typing import NamedTuple

from adapters.pacer.budget import Budget


class Pace:
    """How often something happened lately, per second: what happened `over_s` ago counts a third."""

    __slots__ = ("_at", "_over_s", "_rate")

    def __init__(self, over_s: float) -> None:
        self._over_s = over_s
        self._rate = 0.0
        self._at = 0.0

    def happened(self, now: float) -> None:
        self._rate = self.per_second(now) + 1.0 / self._over_s
        self._at = now

    def per_second(self, now: float) -> float:
        return self._rate * exp((self._at - now) / self._over_s)


class Need(NamedTuple):
    """A token of `budget` that will be wanted at `at`, for something of this rank (smaller is more important)."""

    at: float
    rank: int
    budget: Budget


def affordable(
    budget: Budget, now: float, needed: Iterable[float], cost: float = 1.0, *, unforeseen: float = 0.0
) -> bool:
    """Whether `cost` tokens may be spent now and every moment of `needed`, in ascending order, still finds its token.

    `unforeseen` is how many tokens per second go to what nobody announces. What is spent makes no difference beyond the
    moment the bucket would be full again.
    """
    rate = max(0.0, budget.rate - unforeseen)
    level, at = budget.tokens(now) - cost, now
    if level < -1e-6:
        return False
    for moment in needed:
        if moment > at:
            level += (moment - at) * rate
            at = moment
            if level >= budget.depth:
                return True
        level -= 1.0
        if level < -1e-6:
            return False
    return True
