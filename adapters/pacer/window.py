"""A fixed window: so many writes in a stretch of time that begins with the first of them. Learns it from the answers.

Unlike a bucket it may be spent at once, and gives nothing back before its end. What is believed of it before the first
answer is only a guess. Its end is always taken to be a little late rather than early: the platform counts from when a
write arrived, and says how much is left when it answers.
"""

from __future__ import annotations

ON_THE_WAY_S = 0.5
"""How much later than it was sent a write may arrive, and begin the window; corrected by its answer."""
TRUSTED_AFTER = 4
"""After so many writes that were taken a refusal counts one less."""


class Window:
    """`limit` writes in `seconds`. Every `take` is followed by one `answered`, sooner or later."""

    __slots__ = ("_closed_until", "_ends", "_left", "_limit", "_seconds", "_taken_at", "_taken_well", "_under_way",
                 "_wary", "name")  # fmt: skip

    def __init__(self, name: str, limit: int, seconds: float) -> None:
        self.name = name
        self._limit = limit
        self._seconds = seconds
        self._left = limit
        self._ends = float("-inf")
        self._closed_until = float("-inf")
        self._taken_at = float("-inf")
        self._under_way = 0
        self._wary = 0
        self._taken_well = 0

    def __repr__(self) -> str:
        return f"Window({self.name!r}, {self._left} of {self._limit} in {self._seconds:g} s)"

    @property
    def depth(self) -> float:
        return float(max(1, self._limit - self._wary))

    @property
    def cautious(self) -> bool:
        return self._wary > 0

    def tokens(self, now: float) -> float:
        if now < self._closed_until:
            return 0.0
        return float(self._left) if now < self._ends else self.depth

    def ready_at(self, now: float, count: float = 1.0) -> float:
        if now < self._closed_until:
            return self._closed_until
        return now if self.tokens(now) >= min(count, self.depth) else self._ends

    def has(self, now: float) -> bool:
        return self.tokens(now) >= 1.0

    def take(self, now: float) -> None:
        if not self.has(now):
            raise ValueError(f"no token in {self!r}")
        if now >= self._ends:
            self._open(int(self.depth), now + self._seconds + ON_THE_WAY_S)
        self._left -= 1
        self._under_way += 1
        self._taken_at = now

    def answered(
        self, now: float, *, limit: int | None = None, remaining: int | None = None, reset_after_s: float | None = None
    ) -> None:
        """A write came back, with or without word of how many more may be made within how many seconds."""
        self._under_way = max(0, self._under_way - 1)
        if limit is not None and limit > 0:
            self._limit = limit
        if remaining is None or reset_after_s is None:
            return
        ends = now + reset_after_s
        left = max(0, remaining - self._under_way - self._wary)
        if now >= self._ends or ends > self._ends + self._seconds / 2:
            # The window that was believed in is over: this write was the first of the next one.
            self._left, self._ends = left, ends
            self._seconds = max(self._seconds, reset_after_s)
        else:
            # Answers come in any order; only one that says less than we counted tells of writes that were not ours.
            self._left = self._left if self._left <= remaining else left
            self._ends = min(self._ends, ends)

    def refused(self, now: float, retry_after_s: float) -> None:
        self._closed_until = max(self._closed_until, now + max(retry_after_s, 0.0))
        self._ends = min(self._ends, self._closed_until)
        self._wary = min(self._wary + 1, max(0, self._limit - 1))
        self._taken_well = 0

    def succeeded(self) -> None:
        if self._wary:
            self._taken_well += 1
            if self._taken_well >= TRUSTED_AFTER * self._limit:
                self._wary, self._taken_well = self._wary - 1, 0

    def ends(self, now: float) -> float:
        """When the window is over: the one that is open, or that a write would open now."""
        return self._ends if now < self._ends else now + self._seconds

    @property
    def every_s(self) -> float:
        """How far apart writes are that are spread evenly."""
        return self._seconds / self.depth

    def spread_from(self, now: float) -> float:
        """When the last write of the open window was made; `-inf` while none is open."""
        return self._taken_at if now < self._ends else float("-inf")

    def _open(self, left: int, ends: float) -> None:
        self._left, self._ends, self._under_way = left, ends, 0
