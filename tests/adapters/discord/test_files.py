"""Files come from Discord's own hosts, without a token, no further than they may be large; their bytes decide."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from adapters.discord.files import ELSEWHERE, GONE, NOT_NOW, Files
from adapters.discord.payloads import Attachment
from adapters.files import (
    ARCHIVE,
    CLIP_TOO_LARGE,
    CLIP_TOO_LONG,
    NOT_TEXT,
    OFFICE,
    PDF,
    PICTURE,
    TEXT_BYTES,
    TEXT_TOO_LARGE,
    VIDEO,
    Clip,
    Refused,
    Text,
)
from tests.kit.recordings import ogg


@dataclass
class Site:
    """A site on loopback that holds one file, or answers with a status."""

    url: str = ""
    content: bytes = b"hello"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    asked: list[web.Request] = field(default_factory=list[web.Request])

    async def get(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request)
        if self.status != 200:
            return web.Response(status=self.status, headers=self.headers)
        response = web.StreamResponse()  # says nothing about its length
        await response.prepare(request)
        for at in range(0, len(self.content), 65_536):
            await response.write(self.content[at : at + 65_536])
        return response


@pytest.fixture
async def site() -> AsyncGenerator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_get("/{tail:.*}", site.get)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


def a_file(site: Site, name: str = "a.txt", media_type: str = "text/plain", **more: object) -> Attachment:
    return Attachment.model_validate({"id": "1", "filename": name, "content_type": media_type, "size": 5,
                                      "url": f"{site.url}/cdn/1/{name}"} | more)  # fmt: skip


async def test_text_and_recordings(site: Site) -> None:
    files = Files(api=f"{site.url}/api/v10")
    assert await files.fetch(a_file(site)) == Text("hello")
    assert "Authorization" not in site.asked[0].headers
    site.content = ogg(3)
    heard = await files.fetch(a_file(site, "voice.ogg", "audio/ogg", waveform="AA", duration_secs=3))
    assert isinstance(heard, Clip)


@pytest.mark.parametrize("name", ["main.ts", "Main.java", "q.sql"])
async def test_code_is_read_whatever_it_is_taken_for(site: Site, name: str) -> None:
    assert await Files(api=site.url).fetch(a_file(site, name, "video/mp2t")) == Text("hello")


@pytest.mark.parametrize(
    ("name", "media_type", "sentence"),
    [("a.png", "image/png", PICTURE), ("a.mp4", "video/mp4", VIDEO), ("a.pdf", "application/pdf", PDF),
     ("a.docx", "application/octet-stream", OFFICE), ("a.zip", "application/zip", ARCHIVE)],
)  # fmt: skip
async def test_what_cannot_be_read_is_not_even_fetched(site: Site, name: str, media_type: str, sentence: str) -> None:
    assert await Files(api=site.url).fetch(a_file(site, name, media_type)) == Refused(sentence)
    assert not site.asked


@pytest.mark.parametrize(
    "url",
    ["https://evil.example/a", "http://cdn.discordapp.com/a", "https://cdn.discordapp.com@evil.example/a",
     "https://cdn.discordapp.com:8443/a", "https://cdn.discordapp.com.evil.example/a", "file:///etc/passwd",
     "https://cdn.discordapp.com\\@evil.example/a", "http://169.254.169.254/latest"],
)  # fmt: skip
async def test_no_other_site_is_asked(site: Site, url: str) -> None:
    assert await Files(api=None).fetch(a_file(site, url=url)) == Refused(ELSEWHERE)


async def test_without_another_address_loopback_is_no_host_of_discords(site: Site) -> None:
    assert await Files().fetch(a_file(site)) == Refused(ELSEWHERE)
    assert not site.asked


async def test_no_redirect_is_followed(site: Site) -> None:
    site.status, site.headers = 302, {"Location": f"{site.url}/secret"}
    assert await Files(api=site.url).fetch(a_file(site)) == Refused(NOT_NOW)
    assert len(site.asked) == 1


@pytest.mark.parametrize(("status", "sentence"), [(404, GONE), (403, GONE), (500, NOT_NOW)])
async def test_what_is_not_there(site: Site, status: int, sentence: str) -> None:
    site.status = status
    assert await Files(api=site.url).fetch(a_file(site)) == Refused(sentence)


async def test_what_is_too_large_or_too_long_is_not_read_on(site: Site) -> None:
    files = Files(api=site.url)
    assert await files.fetch(a_file(site, size=TEXT_BYTES + 1)) == Refused(TEXT_TOO_LARGE)
    assert await files.fetch(a_file(site, "a.ogg", "audio/ogg", size=30_000_000)) == Refused(CLIP_TOO_LARGE)
    assert await files.fetch(a_file(site, "a.ogg", "audio/ogg", duration_secs=700)) == Refused(CLIP_TOO_LONG)
    assert not site.asked
    site.content = b"x" * (TEXT_BYTES + 1)  # and says that it were five bytes
    assert await files.fetch(a_file(site)) == Refused(TEXT_TOO_LARGE)


async def test_a_binary_that_is_called_text(site: Site) -> None:
    site.content = b"\x7fELF\x00\x01\x02\xff"
    assert await Files(api=site.url).fetch(a_file(site)) == Refused(NOT_TEXT)


async def test_a_server_that_says_nothing_is_given_up(site: Site) -> None:
    async def silent(request: web.Request) -> web.StreamResponse:
        await asyncio.Event().wait()
        raise AssertionError

    app = web.Application()
    app.router.add_get("/{tail:.*}", silent)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        assert await Files(api=url, deadline_s=0.1).fetch(a_file(site, url=f"{url}/a")) == Refused(NOT_NOW)
    finally:
        await runner.cleanup()
