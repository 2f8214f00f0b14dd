"""Whether a write can be afforded, given what will surely have to be written later.

Pure arithmetic over one budget: the tokens there are, the rate at which more come, and the moments at which they will
be needed. Who needs what and when is told by the writers (`governor.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from adapters.pacer.budget import Budget


class Need(NamedTuple):
    """A token of `budget` that will be wanted at `at`, for something of this rank (smaller is more important)."""

    at: float
    rank: int
    budget: Budget


def affordable(budget: Budget, now: float, needed: Iterable[float], cost: float = 1.0) -> bool:
    """Whether `cost` tokens may be spent now and every moment of `needed`, in ascending order, still finds its token.

    What is spent makes no difference beyond the moment the bucket would be full again.
    """
    level, at = budget.tokens(now) - cost, now
    if level < -1e-6:
        return False
    for moment in needed:
        if moment > at:
            level += (moment - at) * budget.rate
            at = moment
            if level >= budget.depth:
                return True
        level -= 1.0
        if level < -1e-6:
            return False
    return True
