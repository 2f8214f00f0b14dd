"""The sign that says "Rehearse is typing…" until there are words to read. Shown only while there is room to spare.

It lasts ten seconds at Discord, and goes by itself when a message comes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterable

from adapters.discord.delivery.calls import CallFailed
from adapters.discord.delivery.scope import Scope
from adapters.pacer.forecast import Need
from adapters.pacer.governor import Rank, Wish

log = logging.getLogger(__name__)

EVERY_S = 9.0
MOST_S = 120.0
"""Whoever has not written a word by then is not typing."""


class Typist:
    """`now` is monotonic."""

    def __init__(self, scope: Scope, channel: Callable[[], str], now: Callable[[], float]) -> None:
        self._scope = scope
        self._channel = channel
        self._now = now
        self._since: float | None = None
        self._typed_at = float("-inf")

    def begin(self) -> None:
        """Somebody waits for words."""
        if self._since is None:
            self._since = self._now()
            self._scope.governor.touch(self)

    def stop(self) -> None:
        self._since = None

    def wish(self, now: float) -> Wish | None:
        if self._since is None or now > self._since + MOST_S or now < self._scope.health.slow_until:
            return None
        limits = self._scope.limits
        costs = (limits.overall, limits.window("typing", self._channel()))
        return Wish(Rank.TIDY, self._since, costs, self._typed_at + EVERY_S)

    def needs(self, now: float) -> Iterable[Need]:
        del now
        return ()

    def write(self, wish: Wish, now: float) -> Coroutine[object, object, None]:
        self._typed_at = now
        return self._write(wish)

    async def _write(self, wish: Wish) -> None:
        channel = self._channel()
        try:
            await self._scope.calls.send("typing", "POST", f"/channels/{channel}/typing", *wish.costs, body={})
        except CallFailed as error:
            self.stop()
            log.debug("typing was not shown", extra={"error": str(error)})
