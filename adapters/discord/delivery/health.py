"""How well the bot stands with Discord: whether updates are to be few for a while, or nothing is to be written at all.

Ten thousand answers of 401, 403 or 429 within ten minutes, and Cloudflare bans the address. Long before that only what
is final is written, and well before it nothing. A 429 without a `Via` header is Cloudflare's own, so Discord never saw
the request.
"""

from __future__ import annotations

import logging
from collections import deque

log = logging.getLogger(__name__)

COUNTED_S = 600.0
FEW_UPDATES, NOTHING = 1_000, 5_000
"""So many invalid requests within that time and only finals are written; so many, and nothing is."""
SLOW_S = 60.0
"""How long updates are few after Cloudflare had to step in."""
OVERALL_SLOW_S = 5.0
"""How long they are after the overall limit was met, which the budget has learnt from by then."""
BANNED_S, BANNED_MOST_S = 60.0, 3_600.0


class Health:
    """`slow_until` and `silent_until` are moments of the monotonic clock; both are past while all is well."""

    def __init__(self) -> None:
        self.slow_until = float("-inf")
        self.silent_until = float("-inf")
        self._invalid: deque[float] = deque()
        self._bans = 0

    def invalid(self, now: float) -> int:
        """Invalid requests that still count."""
        while self._invalid and self._invalid[0] <= now - COUNTED_S:
            self._invalid.popleft()
        return len(self._invalid)

    def count_invalid(self, now: float) -> None:
        """A 401, a 403, or a 429 that was not of a shared limit."""
        self._invalid.append(now)
        count = self.invalid(now)
        if count >= NOTHING:
            self._be_silent(self._invalid[-NOTHING] + COUNTED_S, "too many invalid requests")
        elif count >= FEW_UPDATES:
            self._be_slow(self._invalid[-FEW_UPDATES] + COUNTED_S, "many invalid requests")

    def met_overall(self, now: float, retry_after_s: float) -> None:
        """The limit over everything was met."""
        self._be_slow(now + retry_after_s + OVERALL_SLOW_S, "the overall limit was met")

    def banned(self, now: float, retry_after_s: float) -> None:
        """Cloudflare answered in Discord's place."""
        if now < self.silent_until:
            return
        wait_s = max(retry_after_s, min(BANNED_MOST_S, BANNED_S * float(1 << min(self._bans, 10))))
        self._bans += 1
        self._be_silent(now + wait_s, "Cloudflare refuses this address")
        self._be_slow(self.silent_until + SLOW_S, "Cloudflare refused this address")

    def well(self) -> None:
        """Discord took a write."""
        self._bans = 0

    def _be_slow(self, until: float, why: str) -> None:
        if until > self.slow_until:
            log.warning("only what is final is written for a while", extra={"why": why})
            self.slow_until = until

    def _be_silent(self, until: float, why: str) -> None:
        if until > self.silent_until:
            log.error("nothing is written for a while", extra={"why": why})
            self.silent_until = until
