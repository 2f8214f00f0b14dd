"""Rate limits: fixed windows per route and channel (or interaction token), and the bot's global one.

A window opens at its first request. What has no published number is what people have measured; all of it can be set.
"""

from __future__ import annotations

import hashlib
import math
from collections import deque
from dataclasses import dataclass

from tests.wire.discord.components import Json
from tests.wire.discord.errors import ApiError

INVALID_WINDOW_S = 600.0


@dataclass(frozen=True, slots=True)
class Window:
    """So many requests in so many seconds."""

    requests: int
    seconds: float


LOOSE = Window(1_000, 1.0)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is enforced: next to nothing by default; `documented` is as strict as the real one is taken to be."""

    edits: Window = LOOSE
    posts: Window = LOOSE
    webhook_edits: Window = LOOSE
    webhook_posts: Window = LOOSE
    typing: Window = LOOSE
    other: Window = LOOSE
    overall: Window | None = None
    """Over all that a bot token does; the endpoints of an interaction are outside."""
    edits_share_posts: bool = False
    old_edits: Window = Window(3, 20.0)
    """Edits of messages older than an hour, per channel (30046)."""
    dm_opens: Window | None = None
    """New DM channels (40003)."""
    invalid: int = 10_000
    """401, 403 and 429 in ten minutes before Cloudflare answers in Discord's place."""

    @classmethod
    def documented(cls) -> Limits:
        """5 edits and 5 posts in 5 s per channel, 5 in 5 s per interaction token and method, 50 in 1 s overall."""
        five = Window(5, 5.0)
        return cls(edits=five, posts=five, webhook_edits=five, webhook_posts=five, typing=five, overall=Window(50, 1.0))


@dataclass(slots=True)
class _Open:
    ends: float
    used: int = 0


class Buckets:
    """The windows that are open."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.refused: dict[str, int] = {}
        """429s by scope: user, shared, global."""
        self._open: dict[tuple[str, str], _Open] = {}
        self._invalid: deque[float] = deque()
        self._global_until = 0.0

    def close_globally(self, until: float) -> None:
        """Refuse everything of the bot token until then."""
        self._global_until = until

    def invalid(self, now: float) -> int:
        """Invalid requests of the last ten minutes."""
        while self._invalid and self._invalid[0] < now - INVALID_WINDOW_S:
            self._invalid.popleft()
        return len(self._invalid)

    def count_invalid(self, now: float) -> None:
        self._invalid.append(now)

    def banned(self, now: float) -> bool:
        """Whether Cloudflare has had enough."""
        return self.invalid(now) >= self.limits.invalid

    def overall(self, now: float) -> None:
        """Count one request of the bot token.

        Raises:
            ApiError: the global 429.
        """
        wait = self._global_until - now
        window = self.limits.overall
        if wait <= 0 and window is not None:
            current = self._window(("overall", ""), window, now)
            wait = current.ends - now if current.used >= window.requests else 0.0
            current.used += wait <= 0
        if wait > 0:
            raise self._too_many(wait, "global", {"X-RateLimit-Global": "true"})

    def take(self, name: str, major: str, now: float) -> dict[str, str]:
        """Count one request of a route; the headers of its answer.

        Raises:
            ApiError: the route's 429.
        """
        kind = "posts" if name == "edits" and self.limits.edits_share_posts else name
        window = self._window_of(kind)
        current = self._window((kind, major), window, now)
        allowed = current.used < window.requests
        current.used += allowed
        headers = {
            "X-RateLimit-Limit": str(window.requests),
            "X-RateLimit-Remaining": str(window.requests - current.used),
            "X-RateLimit-Reset": f"{current.ends:.3f}",
            "X-RateLimit-Reset-After": f"{_up(current.ends - now):.3f}",
            "X-RateLimit-Bucket": hashlib.md5(kind.encode(), usedforsecurity=False).hexdigest(),
        }
        if not allowed:
            raise self._too_many(current.ends - now, "user", headers)
        return headers

    def sub(self, name: str, major: str, window: Window, now: float, code: int, message: str) -> None:
        """A limit behind the route's own, that no header tells of.

        Raises:
            ApiError: its 429, with a code.
        """
        current = self._window((name, major), window, now)
        if current.used >= window.requests:
            raise self._too_many(current.ends - now, "user", {}, {"message": message, "code": code})
        current.used += 1

    def _window_of(self, name: str) -> Window:
        window = getattr(self.limits, name, None)
        return window if isinstance(window, Window) else self.limits.other

    def _window(self, key: tuple[str, str], window: Window, now: float) -> _Open:
        current = self._open.get(key)
        if current is None or current.ends <= now:
            current = self._open[key] = _Open(now + window.seconds)
        return current

    def _too_many(self, wait: float, scope: str, headers: dict[str, str], more: Json | None = None) -> ApiError:
        self.refused[scope] = self.refused.get(scope, 0) + 1
        body = {"message": "You are being rate limited.", "retry_after": _up(wait), "global": scope == "global"}
        headers = {
            **headers,
            "Retry-After": str(math.ceil(wait)),
            "X-RateLimit-Scope": scope,
            "Via": "1.1 google",
        }
        return ApiError(429, body | (more or {}), headers)


def _up(seconds: float) -> float:
    """Rounded up to a millisecond, so that who waits this long has waited long enough."""
    return math.ceil(max(0.0, seconds) * 1000) / 1000
