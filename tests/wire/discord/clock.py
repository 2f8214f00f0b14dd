"""The server's time, and the ids made from it.

`Clock` runs with the machine's, from wherever a test has moved it: `clock.skip(3600)` makes everything an hour older.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

DISCORD_EPOCH_MS = 1_420_070_400_000


class Clock:
    """Seconds since 1970, never going back."""

    def __init__(self) -> None:
        self._started = time.time() - time.monotonic()

    def now(self) -> float:
        return self._started + time.monotonic()

    def skip(self, seconds: float) -> None:
        """Let that much time have passed."""
        self._started += seconds


class Snowflakes:
    """Ids as Discord makes them: milliseconds and a counter, above 2^53, rising."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> int:
        fresh = (int(self._clock.now() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = max(fresh, self._last + 1)
        return self._last


def iso(at: float) -> str:
    """A time as Discord's JSON has it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds")
