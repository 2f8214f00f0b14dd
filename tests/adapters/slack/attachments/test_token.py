"""Where the token goes: to Slack's file host, whatever a message or a redirect says."""

from __future__ import annotations

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.files import Text
from adapters.slack.download import _at_cdn, _trusted
from tests.adapters.slack.attachments.conftest import TOKEN, World

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


async def test_a_redirect_within_slack_is_followed(world: World) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path.endswith("/final"):
            return web.Response(text="moved words")
        raise web.HTTPFound("/somewhere/final")

    world.slack.answer = answer
    assert await world.fetch() == Text("moved words")
    assert world.slack.tokens == [f"Bearer {TOKEN}"] * 2


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
