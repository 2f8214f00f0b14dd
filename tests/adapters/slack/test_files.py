"""Files of messages, from a site that behaves like Slack's and in every other way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.download import _at_cdn, _trusted
from adapters.slack.files import Clip, Fetched, Files, Refused, SlackFile, Text, slack_file
from tests.kit.recordings import m4a, mp3, ogg, webm

TOKEN = "xoxb-the-secret-token"
LOGIN = b"<!DOCTYPE html><html><head><title>Sign in | Slack</title></head></html>"
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


@pytest.fixture
async def world() -> AsyncGenerator[World]:
    async with site() as slack, site() as foreign, aiohttp.ClientSession() as session:
        client = AsyncWebClient(TOKEN, base_url=f"{slack.url}/api/", session=session)
        yield World(slack, foreign, client, Files(deadline_s=5))


# What can be read and heard.


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"plain words\r\nand more\n", "plain words\nand more"),
        ("naïve – ünïcödé 缓存".encode(), "naïve – ünïcödé 缓存"),
        ("\ufeffwith a mark".encode(), "with a mark"),
        ("sixteen ä".encode("utf-16"), "sixteen ä"),
        ("\ufeffsixteen ä".encode("utf-16-be"), "sixteen ä"),
        ("thirty-two ä".encode("utf-32"), "thirty-two ä"),
        ("no mark at all".encode("utf-16-le"), "no mark at all"),
        ("no mark at all".encode("utf-16-be"), "no mark at all"),
        ("a na\xefve approach, and then some".encode("latin-1"), "a naïve approach, and then some"),
        ("in\u200bvisi\u202eble\x1b[0m".encode(), "invisible[0m"),
        (b"x" * 200_000, "x" * 200_000),
    ],
    ids=range(11),
)
async def test_text_is_read_in_whatever_encoding(world: World, content: bytes, text: str) -> None:
    world.slack.gives(content, "application/octet-stream")
    assert await world.fetch() == Text(text)
    assert world.slack.tokens == [f"Bearer {TOKEN}"]
    assert world.slack.seen[0].path.endswith("/download/notes.txt")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("main.py", {"mimetype": "text/plain", "filetype": "python"}),
        ("snippet", {"mode": "snippet", "mimetype": "application/octet-stream", "filetype": "binary"}),
        ("README.md", {"mimetype": "text/markdown", "filetype": "markdown"}),
        ("a.json", {"mimetype": "application/json", "filetype": "json"}),
        ("Makefile", {"mimetype": "application/octet-stream", "filetype": "binary"}),
        ("a.csv", {"mimetype": "text/csv", "filetype": "csv"}),
        ("a.toml", {"mimetype": "", "filetype": ""}),
        ("a.html", {"mimetype": "text/html", "filetype": "html"}),
    ],
)
async def test_source_and_data_are_text(world: World, name: str, said: dict[str, Any]) -> None:
    world.slack.gives(b"print('a cache')", "text/plain")
    assert await world.fetch(name=name, **said) == Text("print('a cache')")


@pytest.mark.parametrize("media_type", ["video/mp4", "audio/mp4", "video/webm", "", "application/octet-stream"])
async def test_a_voice_clip_is_told_by_its_subtype(world: World, media_type: str) -> None:
    world.slack.gives(m4a(12), "video/mp4")
    fetched = await world.fetch_clip(mimetype=media_type)
    assert isinstance(fetched, Clip)
    assert fetched.recording.content == m4a(12)
    assert fetched.recording.media_type == media_type
    assert fetched.seconds == 12


async def test_a_clip_of_a_kind_we_do_not_know_is_left_to_who_listens(world: World) -> None:
    world.slack.gives(b"\0\1\2 something new", "video/mp4")
    assert isinstance(await world.fetch_clip(), Clip)


@pytest.mark.parametrize(
    ("content", "media_type", "seconds"),
    [(mp3(), "audio/mpeg", None), (ogg(7), "audio/ogg", 7), (webm(), "audio/webm", None)],
)
async def test_an_audio_file_is_a_clip_too(
    world: World, content: bytes, media_type: str, seconds: float | None
) -> None:
    world.slack.gives(content, media_type)
    fetched = await world.fetch(mimetype=media_type, filetype="x")
    assert isinstance(fetched, Clip)
    assert fetched.seconds == seconds


async def test_a_client_without_a_session_opens_one_of_its_own(world: World) -> None:
    world.slack.gives(b"words")
    client = AsyncWebClient(TOKEN, base_url=f"{world.slack.url}/api/")
    assert await world.files.fetch(client, world.file()) == Text("words")


async def test_a_redirect_within_slack_is_followed(world: World) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/final"):
            return web.Response(text="moved words")
        raise web.HTTPFound("/somewhere/final")

    world.slack.answer = answer
    assert await world.fetch() == Text("moved words")
    assert world.slack.tokens == [f"Bearer {TOKEN}"] * 2


# What is not fetched at all.


@pytest.mark.parametrize(
    ("said", "part"),
    [
        ({"is_external": True}, "outside Slack"),
        ({"mode": "external"}, "outside Slack"),
        ({"external_type": "gdrive"}, "outside Slack"),
        ({"is_external": "yes"}, "outside Slack"),
        ({"mode": "tombstone"}, "no longer there"),
        ({"file_access": "file_not_found"}, "no longer there"),
        ({"mode": "hidden_by_limit"}, "plan's limit"),
        ({"file_access": "check_file_info"}, "another workspace"),
        ({"mimetype": "application/pdf"}, "PDF"),
        ({"filetype": "pdf", "mimetype": ""}, "PDF"),
        ({"mimetype": "image/png"}, "pictures"),
        ({"mimetype": "video/mp4"}, "record an audio clip"),
        ({"subtype": "slack_video", "mimetype": ""}, "record an audio clip"),
        ({"mimetype": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}, "office"),
        ({"filetype": "docx"}, "office"),
        ({"filetype": "XLSX"}, "office"),
        ({"filetype": "zip", "mimetype": "application/zip"}, "archives"),
        ({"mode": "canvas"}, "canvases"),
        ({"filetype": "quip", "mode": "quip", "mimetype": "application/vnd.slack-docs"}, "canvases"),
        ({"filetype": "email"}, "e-mails"),
        ({"size": 500_000_000}, "too large"),
        ({"size": 200_001}, "200 kB"),
        ({"mimetype": "audio/wav", "size": 25_000_001}, "25 MB"),
        ({"subtype": "slack_audio", "duration_ms": 601_500}, "10 minutes"),
        ({"url_private": None, "url_private_download": None}, "just now"),
    ],
)
async def test_what_cannot_be_read_is_not_fetched_and_the_person_is_told_what_can(
    world: World, said: dict[str, Any], part: str
) -> None:
    sentence = await world.refusal(**said)
    assert part in sentence
    assert "lease" in sentence or "upload" in sentence  # "Please …", or what to do instead
    assert world.slack.seen == []


ADDRESSES = (
    "{foreign}/notes.txt",
    "{foreign}/files-pri/T1-F1/download/notes.txt",
    "http://files.slack.com@127.0.0.1:9/notes.txt",
    "http://files.slack.com/notes.txt",
    "https://files.slack.com.evil.example/notes.txt",
    "https://evilslack.com/x",
    "https://files.slack.com\\@evil.example/x",
    "//evil.example/x",
    "ftp://files.slack.com/x",
    "file:///etc/passwd",
    "http://[::1]:9/x",
    "http://169.254.169.254/latest/meta-data/",
    "not an address",
    "https://files.slack.com",
)


@pytest.mark.parametrize("address", ADDRESSES)
async def test_the_token_goes_to_slack_and_nowhere_else(world: World, address: str) -> None:
    url = address.format(foreign=world.foreign.url)
    assert "outside Slack" in await world.refusal(url_private=url, url_private_download=url)
    assert world.foreign.seen == world.slack.seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_host_is_not_followed(world: World, status: int) -> None:
    world.slack.tells(status, Location=f"{world.foreign.url}/login")
    assert "files:read" in await world.refusal()
    assert world.foreign.seen == []


@pytest.mark.parametrize("location", ["http://[", "//", "https://", "\\\\evil.example", "data:text/plain,x", ""])
async def test_a_strange_redirect_is_followed_nowhere(world: World, location: str) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": location})

    world.slack.answer = answer
    assert await world.refusal()
    assert world.foreign.seen == []


async def test_redirects_in_a_circle_end(world: World) -> None:
    world.slack.tells(302, Location="/again")
    assert "just now" in await world.refusal()
    assert len(world.slack.seen) <= 5


@pytest.mark.parametrize(
    ("base_url", "url", "trusted"),
    [
        ("https://slack.com/api/", "https://files.slack.com/files-pri/T1-F1/a b.txt", True),
        ("https://slack.com/api/", "https://FILES.slack.com/x", True),
        ("https://www.slack.com/api/", "https://files.slack.com/x", True),
        ("https://slack.com/api/", "https://slack.com/x", False),
        ("https://slack.com/api/", "https://acme.slack.com/files/U1/F1/x", False),
        ("https://slack.com/api/", "https://files.slack.com:8443/x", False),
        ("https://slack.com/api/", "https://files.slack.com./x", False),
        ("https://slack-gov.com/api/", "https://files.slack-gov.com/x", True),
        ("https://slack-gov.com/api/", "https://files.slack.com/x", False),
        ("http://127.0.0.1:80/api/", "http://127.0.0.1:80/x", True),
        ("http://127.0.0.1:80/api/", "http://127.0.0.1:81/x", False),
        ("http://127.0.0.1:80/api/", "https://127.0.0.1:80/x", False),
        ("nonsense", "https://files.slack.com/x", False),
    ],
)
def test_who_may_have_the_token(base_url: str, url: str, trusted: bool) -> None:
    assert _trusted(AsyncWebClient(TOKEN, base_url=base_url), url) is trusted


def test_the_cdn_is_read_without_it() -> None:
    assert _at_cdn("https://a.slack-edge.com/x")
    assert not _at_cdn("http://a.slack-edge.com/x")
    assert not _at_cdn("https://slack-edge.com.evil.example/x")
    assert not _trusted(AsyncWebClient(TOKEN), "https://a.slack-edge.com/x")


# What a server may do.


@pytest.mark.parametrize("media_type", ["text/html", "text/plain"])
@pytest.mark.parametrize("of", ["text", "clip"])
async def test_a_page_for_logging_in_means_that_a_permission_is_missing(
    world: World, of: str, media_type: str, caplog: pytest.LogCaptureFixture
) -> None:
    world.slack.gives(LOGIN, media_type)
    with caplog.at_level(logging.INFO):
        fetched = await (world.fetch(size=40) if of == "text" else world.fetch_clip(size=40))
    assert isinstance(fetched, Refused)
    assert "files:read" in fetched.sentence
    assert "files:read" in caplog.text
    assert "notes" not in caplog.text
    assert TOKEN not in caplog.text


async def test_a_page_that_somebody_sent_is_text(world: World) -> None:
    world.slack.gives(LOGIN, "text/html")
    assert await world.fetch(name="a.html", mimetype="text/html", filetype="html") == Text(LOGIN.decode())


@pytest.mark.parametrize(
    ("status", "part"),
    [
        (401, "files:read"),
        (403, "files:read"),
        (404, "no longer"),
        (410, "no longer"),
        (429, "just now"),
        (500, "just now"),
    ],
)
async def test_a_status_is_said_in_words(world: World, status: int, part: str) -> None:
    world.slack.tells(status)
    assert part in await world.refusal()


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0", "not plain text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not plain text"),
        (b"%PDF-1.7 all of it in plain characters", "not plain text"),
        (b"{\\rtf1 some words}", "not plain text"),
        (b"PK\x03\x04\x14\0\0\0", "not plain text"),
        ("по-русски".encode("koi8-r"), "not plain text"),
        (b"\xff\xfe\x00\xd8", "not plain text"),
        (m4a(), "not plain text"),
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        ("\ufeff\u200b".encode(), "empty"),
    ],
    ids=range(11),
)
async def test_the_bytes_decide_whether_it_is_text(world: World, content: bytes, part: str) -> None:
    world.slack.gives(content)
    assert part in await world.refusal(mode="snippet")


@pytest.mark.parametrize("content", [b"RIFF\0\0\0\0AVI ", b"just words", b"%PDF-1.7"])
async def test_the_bytes_decide_whether_it_is_sound(world: World, content: bytes) -> None:
    world.slack.gives(content, "audio/mpeg")
    assert "could not play" in await world.refusal(mimetype="audio/mpeg")


@pytest.mark.parametrize("content", [m4a(700), mp3() + bytes(9_700_000)], ids=["it says so", "it must be"])
async def test_a_clip_that_is_longer_than_its_label_is_too_long(world: World, content: bytes) -> None:
    world.slack.gives(content, "audio/mp4")
    assert "10 minutes" in await world.refusal(mimetype="audio/mp4", duration_ms=0)


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


@pytest.mark.parametrize("said_bytes", [10, 0], ids=["it says 10 bytes", "it says nothing"])
async def test_a_file_larger_than_it_says_is_cut_off(world: World, said_bytes: int) -> None:
    world.slack.answer = flood(world.slack, 500_000_000)
    assert "too large" in await world.refusal(size=said_bytes)
    assert world.slack.sent_bytes < 20_000_000
    async with asyncio.timeout(2):
        await world.slack.left_early.wait()


async def test_a_length_over_the_limit_is_not_read_at_all(world: World) -> None:
    world.slack.answer = flood(world.slack, 500_000_000, declared=500_000_000)
    assert "too large" in await world.refusal(size=10)
    assert world.slack.sent_bytes < 20_000_000


async def test_a_body_that_ends_too_early_is_not_a_file(world: World) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = 100
        await response.prepare(request)
        await response.write(b"half a")
        assert request.transport is not None
        request.transport.close()
        return response

    world.slack.answer = answer
    assert "just now" in await world.refusal()


async def test_a_file_that_only_drips_is_given_up(world: World) -> None:
    world.slack.answer = flood(world.slack, 1_000, pause_s=0.02)
    fetched = await Files(deadline_s=0.2).fetch(world.client, world.file())
    assert fetched == Refused("I could not get that file from Slack just now. Please send it again in a moment.")


async def test_a_site_that_is_gone_is_said_in_words(world: World, unused_tcp_port: int) -> None:
    nobody = f"http://127.0.0.1:{unused_tcp_port}"
    client = AsyncWebClient(TOKEN, base_url=f"{nobody}/api/")
    fetched = await world.files.fetch(client, world.file(url_private=f"{nobody}/x", url_private_download=""))
    assert isinstance(fetched, Refused)
    assert "just now" in fetched.sentence


async def test_cancellation_ends_the_download(world: World) -> None:
    world.slack.answer = flood(world.slack, 1_000, pause_s=0.01)
    task = asyncio.create_task(world.fetch())
    await world.slack.began.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(2):
        await world.slack.left_early.wait()


# What Slack may say.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(SlackFile.model_fields, JSON)))
def test_any_description_of_a_file_can_be_read(raw: dict[str, Any]) -> None:
    file = slack_file(raw)
    assert file.size >= 0
    assert file.duration_ms >= 0


def test_a_file_does_not_show_its_name() -> None:
    assert "secret" not in repr(SlackFile(name="secret.txt", url_private="https://files.slack.com/secret.txt"))
