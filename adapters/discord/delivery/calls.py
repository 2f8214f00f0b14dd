"""Requests to Discord, and what their failures mean. Nothing is retried here.

CallFailed
├── Limited      429: wait `retry_after_s`; the limit that was met has been told
├── TokenLost    401: the bot's token is no good
├── HookLost     the interaction's token is over, or does not reach this message
├── NotSent      no connection: the request has certainly not been made
├── Unsure       a time-out, a reset, a 5xx: it may have been made; `status` is 0 when there was no answer
└── Refused      Discord says no; `code` is its JSON code, sorted by the sets below
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import aiohttp

from adapters.discord.delivery.health import Health
from adapters.discord.delivery.limits import Kind, Limits
from adapters.discord.delivery.rest import Answer, Rest
from adapters.discord.render import Attachment, Json
from adapters.pacer.limit import Limit
from adapters.pacer.window import Window
from engine.errors import RehearseError

CALL_S = 10.0
"""Longer than Discord ever takes when it is well."""
ROUND_TRIP_S, LEARN = 0.1, 0.1
RETRY_AFTER_S = 5.0
"""How long to wait when a 429 does not say."""

UNKNOWN_MESSAGE, INVALID_FORM, TOO_OLD, TOO_MANY_FOLLOW_UPS = 10008, 50035, 30046, 40094
MESSAGE_GONE = frozenset({UNKNOWN_MESSAGE, 50005})
PLACE_GONE = frozenset({10003, 10004, 50001, 50013, 50083, 160005})
"""Of a thread or channel: gone, closed to us, archived and locked."""
DM_REFUSED = frozenset({50007, 50278, 50001, 10003, 10013})
"""Of a direct message: closed, no server in common, and what Discord wrongly says of apps of one person."""
TOO_LARGE = frozenset({40005, 50045})
HOOK_OVER = frozenset({10015, 10062, 50027})


class CallFailed(RehearseError):
    """A request that did not do what it should."""

    def __init__(self, what: str, error: str) -> None:
        self.what = what
        super().__init__(f"{what}: {error}")


class Limited(CallFailed):
    """Too many requests."""

    def __init__(self, what: str, retry_after_s: float) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(what, f"asked to wait {retry_after_s:g} s")


class TokenLost(CallFailed):
    """The bot's token was reset, or is wrong."""


class HookLost(CallFailed):
    """An interaction can be answered no longer."""


class NotSent(CallFailed):
    """There was no connection."""


class Unsure(CallFailed):
    """Nobody knows whether it was done."""

    def __init__(self, what: str, error: str, status: int = 0) -> None:
        self.status = status
        super().__init__(what, error)


class Refused(CallFailed):
    """Discord understood, and says no."""

    def __init__(self, what: str, status: int, code: int, message: str) -> None:
        self.status = status
        self.code = code
        super().__init__(what, f"{status} {code} {message}")


class Calls:
    """Requests of one bot, whose tokens were taken from the limits already. `now` is the limits' clock."""

    def __init__(self, rest: Rest, limits: Limits, health: Health, now: Callable[[], float]) -> None:
        self._rest = rest
        self._limits = limits
        self._health = health
        self._now = now
        self.round_trip_s = ROUND_TRIP_S
        """How long a request takes, lately."""

    async def send(
        self,
        kind: Kind,
        method: str,
        path: str,
        *limits: Limit,
        body: Json | None = None,
        files: Sequence[Attachment] = (),
    ) -> Answer:
        """Make a request that was paid for with a token of each limit. Raises `CallFailed`."""
        by_bot = not kind.startswith("hook")
        began, headers = self._now(), cast("Mapping[str, str]", {})
        try:
            async with asyncio.timeout(CALL_S):
                answer = await self._rest.send(method, path, body=body, files=files, by_bot=by_bot)
            headers = answer.headers
        except aiohttp.ClientConnectorError as error:
            raise NotSent(kind, str(error)) from error
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise Unsure(kind, f"{type(error).__name__}: {error}".rstrip(": ")) from error
        finally:
            self._learn(kind, limits, headers)
        if answer.status < 300:
            self.round_trip_s += LEARN * (min(1.0, self._now() - began) - self.round_trip_s)
            self._health.well()
            for limit in limits:
                limit.succeeded()
            return answer
        raise self._failure(kind, answer, limits, by_bot=by_bot)

    def _learn(self, kind: Kind, limits: tuple[Limit, ...], headers: Mapping[str, str]) -> None:
        for window in limits:
            if isinstance(window, Window):
                window.answered(
                    self._now(),
                    limit=_whole(headers.get("X-RateLimit-Limit")),
                    remaining=_whole(headers.get("X-RateLimit-Remaining")),
                    reset_after_s=_seconds(headers.get("X-RateLimit-Reset-After")),
                )
        if bucket := headers.get("X-RateLimit-Bucket"):
            self._limits.learn(kind, bucket)

    def _failure(self, kind: Kind, answer: Answer, limits: tuple[Limit, ...], *, by_bot: bool) -> CallFailed:
        parsed = answer.parsed()
        said: Mapping[str, object] = cast("Mapping[str, object]", parsed) if isinstance(parsed, Mapping) else {}
        given = said.get("code")
        code = given if isinstance(given, int) else 0
        status, now = answer.status, self._now()
        shared = answer.headers.get("X-RateLimit-Scope") == "shared"
        if status in (401, 403) or (status == 429 and not shared):
            self._health.count_invalid(now)
        if status == 429 and code != TOO_OLD:
            return self._limited(kind, answer, said, limits)
        if not by_bot and (code in HOOK_OVER or status == 401):
            return HookLost(kind, f"{status} {code}")
        if status == 401:
            return TokenLost(kind, "401 Unauthorized")
        if status >= 500 or status == 408:
            return Unsure(kind, f"{status}", status)
        return Refused(kind, status, code, str(said.get("message", "")))

    def _limited(self, kind: Kind, answer: Answer, said: Mapping[str, object], limits: tuple[Limit, ...]) -> CallFailed:
        now, headers = self._now(), answer.headers
        wait_s = _seconds(said.get("retry_after")) or _seconds(headers.get("Retry-After")) or RETRY_AFTER_S
        if not headers.get("Via"):
            self._health.banned(now, wait_s)
        elif said.get("global") is True or headers.get("X-RateLimit-Scope") == "global":
            self._limits.overall.refused(now, wait_s)
            self._health.met_overall(now, wait_s)
        elif limits:
            limits[-1].refused(now, wait_s)
        return Limited(kind, wait_s)


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return min(3_600.0, max(0.0, float(value)))
    except ValueError:
        return None
