"""A token bucket for one rate limit, which believes what is documented until the platform says otherwise.

Tokens are taken synchronously, at the moment a write is decided: taking one when its coroutine runs lets several
through at once. Which writes are worth a token is left to `governor.py`.
"""

from __future__ import annotations

HEADROOM = 0.97
"""Of the documented rate: clocks differ, and a refusal costs more than three writes in a hundred."""
DEPTH_SHARE = 0.9
"""Of the burst that is believed to be tolerated."""
BURST_S = 12.0
"""How much of the rate may come in one burst, where nothing better is known."""
CAUTION = 0.7
"""What is left of the believed rate and depth after a refusal."""
SUSPICION = 0.6
"""What is left of it when a limit beside this one was refused: less, as nobody has tried this one out."""
TRUST = 0.01
"""What a success gives back, of the nominal rate and depth."""
DOUBT = 0.1
"""How much slower that is near the rate that was refused: it may well be the limit."""
NEAR = 0.85
LEAST_SHARE = 0.05
"""The believed rate never falls below this share of the nominal one."""
HAIR = 1e-6
"""What adding floats may lose of a token."""


class Belief:
    """How much of what is documented is believed, as a share. Limits of one kind may hold it together."""

    __slots__ = ("_doubted_until", "_refused", "share")

    def __init__(self) -> None:
        self.share = 1.0
        self._refused = float("inf")
        self._doubted_until = float("-inf")

    def doubt(self, now: float, retry_after_s: float) -> None:
        """The platform refused: believe less, once per wait however many calls it met."""
        if now >= self._doubted_until:
            self._refused = self.share
            self.share = max(LEAST_SHARE, self.share * CAUTION)
            self._doubted_until = now + retry_after_s

    def suspect(self) -> None:
        """A limit beside this one was tighter than documented: so may this one be, if nothing is known of it."""
        if self.share == 1.0:
            self.share = SUSPICION

    def trust(self) -> None:
        """The platform took a write: believe a little more again."""
        if self.share < 1.0:
            near = self.share >= NEAR * self._refused - HAIR
            self.share = min(1.0, self.share + (TRUST * DOUBT if near else TRUST))


class Budget:
    """So many writes per minute, up to `burst` of them at once (12 s worth when not given).

    Times are of any monotonic clock in seconds, and never go backwards.
    """

    __slots__ = ("_at", "_belief", "_closed_until", "_nominal_depth", "_nominal_rate", "_tokens", "name")

    def __init__(
        self, name: str, per_minute: float, burst: float | None = None, *, belief: Belief | None = None
    ) -> None:
        self.name = name
        self._nominal_rate = per_minute / 60 * HEADROOM
        self._nominal_depth = max(1.0, (per_minute / 60 * BURST_S if burst is None else burst) * DEPTH_SHARE)
        self._belief = belief or Belief()
        self._tokens = self.depth
        self._at = float("-inf")
        self._closed_until = float("-inf")

    def __repr__(self) -> str:
        return f"Budget({self.name!r}, {self._tokens:.2f} of {self.depth:.1f}, {self.rate * 60:.1f}/min)"

    @property
    def rate(self) -> float:
        """Believed tokens per second."""
        return self._nominal_rate * self._belief.share

    @property
    def depth(self) -> float:
        """Believed tokens at once; a bucket that never holds one could never be used."""
        return max(1.0, self._nominal_depth * self._belief.share)

    @property
    def cautious(self) -> bool:
        """The platform has refused lately."""
        return self._belief.share < 1.0

    def tokens(self, now: float) -> float:
        """How many there are; 0 while the platform has asked to wait."""
        if now < self._closed_until:
            return 0.0
        if now > self._at:
            # Before the first call nothing was spent, so the bucket is full however long ago that was.
            passed = now - self._at if self._at > float("-inf") else 0.0
            self._tokens = min(self.depth, self._tokens + passed * self.rate)
            self._at = now
        return self._tokens

    def has(self, now: float) -> bool:
        """Whether there is a token."""
        return self.tokens(now) > 1.0 - HAIR

    def ready_at(self, now: float, count: float = 1.0) -> float:
        """When there will be `count` tokens if none is taken meanwhile; `now` if there are."""
        lacking = count - self.tokens(max(now, self._closed_until))
        return max(now, self._closed_until) + max(0.0, lacking) / self.rate

    def take(self, now: float) -> None:
        """Spend one token; there must be one."""
        if not self.has(now):
            raise ValueError(f"no token in {self!r}")
        self._tokens -= 1.0

    def refused(self, now: float, retry_after_s: float) -> None:
        """The platform asked to wait. Believes less from now on."""
        self._belief.doubt(now, retry_after_s)
        self._closed_until = max(self._closed_until, now + max(retry_after_s, 0.0))
        # By then the platform has one to give: that is what Retry-After says.
        self._tokens, self._at = 1.0, self._closed_until

    def suspect(self) -> None:
        """A limit beside this one was tighter than documented."""
        self._belief.suspect()

    def succeeded(self) -> None:
        """The platform took a write."""
        self._belief.trust()
