"""Whether a write can be afforded, given what will surely have to be written later.

Pure arithmetic over one limit: the tokens there are, when more come, and the moments at which they will be needed. Who
needs what and when is told by the writers (`governor.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp
from typing import NamedTuple, assert_never

from adapters.pacer.budget import Budget
from adapters.pacer.limit import Limit
from adapters.pacer.window import Window

SOON_S = 0.1
"""A token that is back so soon is not missed by anything that comes meanwhile."""
RECHECK_S = 0.1
"""The soonest a write that cannot be afforded is looked at again, when nothing else happens."""


def back_soon(limit: Limit) -> bool:
    """Whether nothing need be kept of it."""
    return isinstance(limit, Budget) and limit.rate * SOON_S >= 1.0


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
    budget: Limit


class Spread(NamedTuple):
    """Writes of the least use are spread: the last of them was at `last`, and there will be more for `horizon_s`."""

    last: float
    horizon_s: float


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


def spare_at(
    limit: Limit,
    now: float,
    needed: Sequence[float],
    *,
    kept_share: float = 0.0,
    unforeseen: float = 0.0,
    spread: Spread | None = None,
) -> float:
    """When a token may go to something less important than what `needed` is for; `now`, or earlier, if at once.

    There must be a token. `kept_share` of the depth is left for posts that nobody expects yet. A later answer is only
    when to ask again.
    """
    if back_soon(limit):
        return now
    match limit:
        case Budget():
            return _of_budget(limit, now, needed, kept_share, unforeseen, spread)
        case Window():
            return _of_window(limit, now, needed, spread)
        case _:
            assert_never(limit)


def _of_budget(
    budget: Budget, now: float, needed: Sequence[float], kept_share: float, unforeseen: float, spread: Spread | None
) -> float:
    if not affordable(budget, now, needed, unforeseen=unforeseen):
        return max(needed[0] if needed else budget.ready_at(now), now + RECHECK_S)
    left = budget.depth * kept_share + 1.0
    if budget.tokens(now) < min(left, budget.depth):
        return budget.ready_at(now, min(left, budget.depth))
    if spread is None:
        return now
    surplus = budget.tokens(now) + budget.rate * spread.horizon_s - len(needed) - left
    return spread.last + spread.horizon_s / max(surplus, 0.1)


def _of_window(window: Window, now: float, needed: Sequence[float], spread: Spread | None) -> float:
    """Only what will be needed before the window's end is kept; what is left is spread evenly up to there.

    Never much more densely than the window allows in the long run, for what is expected may not come.
    """
    ends, left = window.ends(now), window.tokens(now)
    left -= sum(moment < ends for moment in needed)
    if left < 1.0:
        return max(window.ready_at(now, window.depth), now + RECHECK_S)
    if spread is None:
        return now
    begun = window.spread_from(now)
    if begun == float("-inf"):
        return spread.last + window.every_s
    last = max(begun, spread.last)
    ends = min(ends, now + spread.horizon_s)
    return last + max((ends - last) / (left + 1.0), window.every_s / 2)
