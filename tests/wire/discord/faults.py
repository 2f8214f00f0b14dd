"""Misbehaviour to order: refusals, silence, cut connections, an outage."""

from __future__ import annotations

import asyncio
import fnmatch
import math
import socket
import struct
from dataclasses import dataclass, field
from typing import Literal, NoReturn

from aiohttp import web

from tests.wire.discord.components import Json
from tests.wire.discord.errors import SENTENCES, ApiError

BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


@dataclass(slots=True, eq=False)
class Fault:
    """What happens to the next `times` requests that match, after `skip` that are let through."""

    pattern: str
    times: float = 1
    skip: int = 0
    status: int | None = None
    code: int | None = None
    message: str = ""
    retry_after_s: float | None = None
    headers: dict[str, str] = field(default_factory=dict)
    no_via: bool = False
    reset: bool | Literal["after"] = False
    hang_s: float = 0.0
    met: int = 0
    """How many requests it has befallen."""

    def matches(self, method: str, path: str, template: str) -> bool:
        return any(fnmatch.fnmatchcase(f"{method} {each}", self.pattern) for each in (path, template))

    def error(self) -> ApiError | None:
        """The answer it gives, if it gives one."""
        if self.status is None and self.code is None:
            return None
        status, message = SENTENCES.get(self.code or 0, (self.status or 400, self.message or "Refused"))
        status = self.status or status
        headers = dict(self.headers)
        body: Json | str = {"message": self.message or message, "code": self.code or 0}
        if status == 429:
            wait = 1.0 if self.retry_after_s is None else self.retry_after_s
            body = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
            if self.code:
                body |= {"message": self.message or message, "code": self.code}
            headers = {"Retry-After": str(math.ceil(wait)), "X-RateLimit-Scope": "user"} | headers
            if not self.no_via:
                headers.setdefault("Via", "1.1 google")
        elif status >= 500 and not self.code and not self.message:
            body = BAD_GATEWAY
        return ApiError(status, body, headers)


class Faults:
    """All that is ordered."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []
        self.out_until = 0.0

    def order(self, fault: Fault) -> Fault:
        self.ordered.append(fault)
        return fault

    def clear(self) -> None:
        """Behave again."""
        self.ordered.clear()
        self.out_until = 0.0

    async def befall(self, request: web.Request, template: str, now: float) -> bool:
        """Let a request meet what is ordered for it; whether its connection is to be cut once it is served.

        Raises:
            ApiError: the answer it gets instead.
        """
        if self.out_until > now:
            raise ApiError(502, BAD_GATEWAY)
        fault = self._met(request.method, request.path.removeprefix("/api/v10"), template)
        if fault is None:
            return False
        if fault.hang_s:
            await asyncio.sleep(fault.hang_s)
        if fault.reset is True:
            await reset(request)
        error = fault.error()
        if error is not None:
            raise error
        return fault.reset == "after"

    def _met(self, method: str, path: str, template: str) -> Fault | None:
        for fault in self.ordered:
            if not fault.matches(method, path, template):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.met += 1
            fault.times -= 1
            if fault.times <= 0:
                self.ordered.remove(fault)
            return fault
        return None


async def reset(request: web.Request) -> NoReturn:
    """Cut the client's connection with a RST."""
    assert request.transport is not None
    sock = request.transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()
    # The server cancels the handler of a lost connection, and says nothing about it.
    await asyncio.sleep(3600)
    raise AssertionError("a lost connection must cancel its handler")
