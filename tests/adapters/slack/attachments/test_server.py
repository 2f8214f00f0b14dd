"""What a server may do while a file is fetched: refuse, lie about the size, drip, break off."""

from __future__ import annotations

import asyncio
import logging

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.files import Refused, Text
from adapters.slack.files import Files
from tests.adapters.slack.attachments.conftest import TOKEN, World, flood

LOGIN = b"<!DOCTYPE html><html><head><title>Sign in | Slack</title></head></html>"


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
