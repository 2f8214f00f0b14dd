"""A site that behaves like Slack's file host, or in any other way, and what is fetched from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.files import Fetched, Refused
from adapters.slack.files import Files, SlackFile, slack_file

TOKEN = "xoxb-the-secret-token"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Site:
    """A site on loopback. What lies at `/…/f` is `content`, or whatever `answer` makes of the request."""

    url: str = ""
    content: bytes = b""
    media_type: str = "text/plain"
    answer: Answer | None = None
    seen: list[web.Request] = field(default_factory=list[web.Request])
    sent_bytes: int = 0
    began: asyncio.Event = field(default_factory=asyncio.Event)
    left_early: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append(request)
        if self.answer is not None:
            return await self.answer(request)
        return web.Response(body=self.content, content_type=self.media_type)

    def gives(self, content: bytes, media_type: str = "text/plain") -> None:
        self.content, self.media_type, self.answer = content, media_type, None

    def tells(self, status: int, **headers: str) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return web.Response(status=status, headers=headers, text="no")

        self.answer = answer

    @property
    def tokens(self) -> list[str | None]:
        return [request.headers.get("Authorization") for request in self.seen]


@asynccontextmanager
async def site() -> AsyncGenerator[Site]:
    """One that runs."""
    here = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", here.handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        here.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield here
    finally:
        await runner.cleanup()


@dataclass(frozen=True)
class World:
    """Slack, a foreign site, and the client of a workspace."""

    slack: Site
    foreign: Site
    client: AsyncWebClient
    files: Files

    def file(self, **said: Any) -> SlackFile:
        """A file of a message, as Slack describes it."""
        url = f"{self.slack.url}/files-pri/T1-F1"
        usual = {
            "id": "F1",
            "name": "notes.txt",
            "mimetype": "text/plain",
            "filetype": "text",
            "mode": "hosted",
            "file_access": "visible",
            "is_external": False,
            "external_type": "",
            "size": len(self.slack.content),
            "url_private": f"{url}/notes.txt",
            "url_private_download": f"{url}/download/notes.txt",
        }
        return slack_file(usual | said)

    def clip(self, **said: Any) -> SlackFile:
        """A voice clip, labelled as Slack labels it at times."""
        voice = {
            "name": "audio_message.m4a",
            "mimetype": "video/mp4",
            "filetype": "mp4",
            "subtype": "slack_audio",
            "duration_ms": 12_000,
        }
        return self.file(**voice | said)

    async def fetch(self, **said: Any) -> Fetched:
        return await self.files.fetch(self.client, self.file(**said))

    async def fetch_clip(self, **said: Any) -> Fetched:
        return await self.files.fetch(self.client, self.clip(**said))

    async def refusal(self, **said: Any) -> str:
        """The sentence, where there must be one."""
        fetched = await self.fetch(**said)
        assert isinstance(fetched, Refused), fetched
        return fetched.sentence


def flood(here: Site, total_bytes: int, *, declared: int | None = None, pause_s: float = 0.0) -> Answer:
    """So many bytes, whatever was declared."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/plain"})
        if declared is not None:
            response.content_length = declared
        await response.prepare(request)
        here.began.set()
        try:
            while here.sent_bytes < total_bytes:
                await response.write(b"x" * (1 if pause_s else 65_536))
                here.sent_bytes += 1 if pause_s else 65_536
                await asyncio.sleep(pause_s)
        except (ConnectionError, asyncio.CancelledError):
            here.left_early.set()
            raise
        return response

    return answer


@pytest.fixture
async def world() -> AsyncGenerator[World]:
    async with site() as slack, site() as foreign, aiohttp.ClientSession() as session:
        client = AsyncWebClient(TOKEN, base_url=f"{slack.url}/api/", session=session)
        yield World(slack, foreign, client, Files(deadline_s=5))
