"""Discord's REST API over aiohttp: a request, an answer, and nothing that waits or repeats.

Not discord.py's `HTTPClient`, on purpose. There the call that takes the last write of a window sleeps until the window
is over before it returns, so whoever paces by when calls come back is paced by it instead; on a global 429 it holds
everyone back and lets all go at once; it repeats 500 and 502 for 25 s and does not repeat 503, 408 or a reset at all.
Here every one of these is the caller's to decide, who knows which writes matter (`calls.py` says what answers mean).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Protocol, cast

import aiohttp

from adapters.discord.render import Attachment, Json

API = "https://discord.com/api/v10"
AGENT = "DiscordBot (https://discord.com/developers/docs, {})"
"""Discord demands an agent of this form, with an address and a version."""
CONNECTIONS = 256
KEEP_ALIVE_S = 55.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. The names of `headers` are compared without regard to case."""

    status: int
    headers: Mapping[str, str]
    raw: bytes = b""

    def parsed(self) -> object:
        """The body; `None` when there is none or it is not JSON, as from a proxy on the way."""
        try:
            return cast("object", json.loads(self.raw)) if self.raw else None
        except ValueError:
            return None


class Rest(Protocol):
    """One bot's way to Discord."""

    async def send(
        self, method: str, path: str, *, body: Json | None = None, files: Sequence[Attachment] = (), by_bot: bool = True
    ) -> Answer:
        """Make one request. Without `by_bot` it is an interaction's token in the path that allows it.

        Raises `aiohttp.ClientError` or `OSError` when there is no answer. The caller sets a deadline.
        """
        ...

    async def aclose(self) -> None: ...


class HttpRest:
    """`url` points it elsewhere: a local server, a proxy that keeps the limits. Connections are kept; close it."""

    def __init__(self, token: str, *, url: str = API) -> None:
        self._url = url.rstrip("/")
        self._bot = {"Authorization": f"Bot {token}"}
        self._session: aiohttp.ClientSession | None = None

    async def send(
        self, method: str, path: str, *, body: Json | None = None, files: Sequence[Attachment] = (), by_bot: bool = True
    ) -> Answer:
        headers = self._bot if by_bot else None
        url = self._url + path
        if files:
            content = aiohttp.FormData({"payload_json": json.dumps(body or {})})
            for n, file in enumerate(files):
                # A chart is drawn when it is asked for, which takes longer than the loop may be held up.
                drawn = await asyncio.to_thread(_content, file)
                content.add_field(f"files[{n}]", drawn, filename=file.name, content_type=file.media_type)
            async with self._open().request(method, url, data=content, headers=headers) as response:
                return Answer(response.status, response.headers, await response.read())
        async with self._open().request(method, url, json=body, headers=headers) as response:
            return Answer(response.status, response.headers, await response.read())

    async def aclose(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE_S),
                headers={"User-Agent": AGENT.format(version("rehearse"))},
            )
        return self._session


def _content(file: Attachment) -> bytes:
    return file.content
