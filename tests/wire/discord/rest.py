"""The REST pipeline: who asks, what goes wrong to order, whether a token is left in the bucket, the answer's headers.

Routes put themselves into `ROUTES` with `@route`. A handler gets `Asked` and returns JSON, or `None` for 204.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import BodyPartReader, web

from tests.wire.discord.errors import ApiError, plain
from tests.wire.discord.faults import Faults, reset
from tests.wire.discord.house import House
from tests.wire.discord.limits import Buckets
from tests.wire.discord.posting import Upload

INVALID = (401, 403, 429)

_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Call:
    """One REST call as the server saw it; `status` is 0 until it is answered, and stays so when it never is."""

    method: str
    path: str
    route: str
    """The path with names in place of ids: `/channels/{channel}/messages`."""
    auth: Literal["bot", "interaction", "none", "bad"]
    at: float
    monotonic: float
    body: Any = None
    files: list[str] = field(default_factory=list)
    status: int = 0
    code: int = 0
    ended_at: float = 0.0


@dataclass(slots=True)
class Asked:
    """What a handler is asked."""

    house: House
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    uploads: list[Upload]
    call: Call

    def id(self, name: str) -> int:
        """A snowflake of the path.

        Raises:
            ApiError: it is none.
        """
        value = self.params[name]
        if not value.isdecimal():
            raise plain(404, "Not Found")
        return int(value)


Handler = Callable[[Asked], Awaitable[object] | object]


@dataclass(frozen=True, slots=True)
class Route:
    """One route. `major` names the path parameter that its limit is counted by."""

    method: str
    template: str
    pattern: re.Pattern[str]
    bucket: str | None
    major: str
    by_token: bool
    handler: Handler


ROUTES: list[Route] = []


def route(
    method: str, template: str, *, bucket: str | None = "other", major: str = "", by_token: bool = False
) -> Callable[[Handler], Handler]:
    """Serve a route. `by_token`: the interaction's token in the path is all the authority it needs."""
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template) + "$")

    def add(handler: Handler) -> Handler:
        ROUTES.append(Route(method, template, pattern, bucket, major, by_token, handler))
        return handler

    return add


class Rest:
    """All of `/api/v10`."""

    def __init__(self, house: House, buckets: Buckets, faults: Faults, token: str) -> None:
        self.calls: list[Call] = []
        self.round_trip_s = 0.0
        self._house = house
        self._buckets = buckets
        self._faults = faults
        self._token = token

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        house, path, method = self._house, "/" + request.match_info["path"], request.method
        matching = [(each, found) for each in ROUTES if (found := each.pattern.match(path))]
        chosen = next(((each, found) for each, found in matching if each.method == method), None)
        known, match = chosen or (None, None)
        call = Call(method, path, known.template if known else "", "none", house.clock.now(), time.monotonic())
        self.calls.append(call)
        if self.round_trip_s:
            await asyncio.sleep(self.round_trip_s / 2)
        after_reset = False
        headers: dict[str, str] = {}
        try:
            body, uploads = await _read(request)
            call.body, call.files = body, [each.filename for each in uploads]
            after_reset = await self._faults.befall(request, call.route, house.clock.now())
            if self._buckets.banned(house.clock.now()):
                raise ApiError(429, "error code: 1015")
            call.auth = self._authority(request, known)
            if call.auth in ("bad", "none"):
                raise plain(401, "Unauthorized")
            if known is None or match is None:
                raise plain(405, "Method Not Allowed") if matching else plain(404, "Not Found")
            asked = Asked(house, match.groupdict(), request.query, body, uploads, call)
            if call.auth == "bot":
                self._buckets.overall(house.clock.now())
            if known.bucket is not None:
                major = asked.params.get(known.major, "") if known.major else ""
                headers = self._buckets.take(known.bucket, major, house.clock.now())
            answer = known.handler(asked)
            if isinstance(answer, Awaitable):
                answer = await answer
            status, content = (204, None) if answer is None else (200, answer)
        except ApiError as error:
            status, content, call.code = error.status, error.body, error.code
            headers |= error.headers
        except Exception as error:  # noqa: BLE001 - a fault of this server must be seen as one, and not be retried as a 500
            _log.exception("wire server failed method=%s path=%s", method, path)
            status, content = 501, {"message": f"the wire server failed: {error!r}", "code": 0}
        if status in INVALID and headers.get("X-RateLimit-Scope") != "shared":
            self._buckets.count_invalid(house.clock.now())
        if self.round_trip_s:
            await asyncio.sleep(self.round_trip_s / 2)
        if after_reset:
            await reset(request)
        call.status, call.ended_at = status, house.clock.now()
        house.changed()
        return _response(status, content, headers)

    def _authority(self, request: web.Request, known: Route | None) -> Literal["bot", "interaction", "none", "bad"]:
        if known is not None and known.by_token:
            return "interaction"
        given = request.headers.get("Authorization")
        if given is None:
            return "none"
        return "bot" if given == f"Bot {self._token}" else "bad"


def _response(status: int, content: object, headers: Mapping[str, str]) -> web.Response:
    if content is None:
        return web.Response(status=status, headers=headers)
    if isinstance(content, str):
        return web.Response(status=status, text=content, headers=headers, content_type="text/html")
    # Exactly this content type, without a charset, or discord.py takes the body for text.
    body = json.dumps(content, separators=(",", ":")).encode()
    return web.Response(status=status, body=body, headers={**headers, "Content-Type": "application/json"})


async def _read(request: web.Request) -> tuple[Any, list[Upload]]:
    """The JSON of a body, and the files that came with it."""
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        if not raw:
            return None, []
        try:
            return json.loads(raw), []
        except ValueError:
            raise ApiError(400, {"message": "400: Bad Request", "code": 50109}) from None
    body: Any = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        content = bytes(await part.read())
        name = part.name or ""
        if name == "payload_json":
            body = json.loads(content)
        elif (numbered := re.match(r"files\[(\d+)\]$", name)) is not None:
            uploads.append(Upload(int(numbered[1]), part.filename or "file", content))
    return body, uploads
