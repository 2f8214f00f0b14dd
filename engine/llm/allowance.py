"""A share of the traffic that may be spent on something extra: retries, hedged requests.

A fixed number of retries per request multiplies the load exactly when a provider is drowning; a share of recent traffic
cannot (Finagle's retry budget: 20 % and a few more, so that a quiet process may retry at all).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable


class Allowance:
    """At most `share` of the requests of the last `window_s` seconds, plus `extra`."""

    def __init__(self, now: Callable[[], float], *, share: float, extra: int = 0, window_s: float = 60.0) -> None:
        self._now = now
        self._share = share
        self._extra = extra
        self._window_s = window_s
        self._earned: deque[float] = deque()
        self._spent: deque[float] = deque()

    def earn(self) -> None:
        """Count one ordinary request."""
        self._forget()
        self._earned.append(self._now())

    def spend(self) -> bool:
        """Take one, if there is one left."""
        self._forget()
        if len(self._spent) + 1 > self._share * len(self._earned) + self._extra:
            return False
        self._spent.append(self._now())
        return True

    def _forget(self) -> None:
        horizon = self._now() - self._window_s
        for times in (self._earned, self._spent):
            while times and times[0] < horizon:
                times.popleft()
