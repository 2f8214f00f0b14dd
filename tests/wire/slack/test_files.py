"""Files: what people share, what the app uploads, and who may fetch what."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.wire.slack import Slack
from tests.wire.slack.api.files import LOGIN_PAGE
from tests.wire.slack.conftest import did, refused


async def fetch(url: str, token: str = "") -> tuple[str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as reply:
        assert reply.status == 200
        return reply.content_type, await reply.read()


async def test_a_clip_is_fetched_with_the_token_only(slack: Slack) -> None:
    ann = slack.person("U1")
    ts = await ann.records(None, 12.5, mimetype="video/mp4", content=b"sound")
    event = slack.deliveries.log[-1].payload["event"]
    file = event["files"][0]
    assert (event["subtype"], event["ts"], file["subtype"], file["duration_ms"]) == (
        "file_share",
        ts,
        "slack_audio",
        12500,
    )
    assert await fetch(file["url_private_download"], slack.team.bot_token) == ("video/mp4", b"sound")
    assert await fetch(file["url_private_download"], "xoxb-other") == ("text/html", LOGIN_PAGE.encode())
    assert await fetch(file["url_private_download"]) == ("text/html", LOGIN_PAGE.encode())


async def test_foreign_and_redirected_files_show_who_gave_a_token_away(slack: Slack) -> None:
    ann = slack.person("U1")
    await ann.uploads(None, "cv.pdf", b"mine", "application/pdf", external=True)
    file = slack.deliveries.log[-1].payload["event"]["files"][0]
    assert file["is_external"]
    assert file["url_private"].startswith(slack.foreign_url)
    await fetch(file["url_private"], slack.team.bot_token)
    assert (slack.download_log[-1].foreign, slack.download_log[-1].authorization) == (
        True,
        f"Bearer {slack.team.bot_token}",
    )
    here = ann.file("notes.txt", b"notes", "text/plain")
    slack.downloads.redirects[here.id] = slack.files[file["id"]].url
    assert await fetch(here.download_url, slack.team.bot_token) == ("application/pdf", b"mine")
    assert slack.download_log[-1].authorization == ""


async def test_an_upload_takes_three_steps_and_ends_as_a_message(slack: Slack, client: AsyncWebClient) -> None:
    ann = slack.person("U1")
    root = await ann.says(None, "root")
    await did(
        client.files_upload_v2(channel=ann.dm, thread_ts=root, filename="a.png", content=b"\x89PNG", title="Scores")
    )
    message = slack.said_by_bot(ann.dm, root)[0]
    assert [(file.title, file.content, file.mimetype) for file in message.files] == [
        ("Scores", b"\x89PNG", "image/png")
    ]
    assert (await did(client.files_info(file=message.files[0].id)))["file"]["name"] == "a.png"
    assert await refused(client.files_info(file="F404")) == "file_not_found"


async def test_a_download_fails_as_told(slack: Slack) -> None:
    file = slack.person("U1").file("a.txt", b"a", "text/plain")
    slack.fail("files.download", status=503)
    async with aiohttp.ClientSession() as session, session.get(file.download_url) as reply:
        assert reply.status == 503
    with pytest.raises(AssertionError):
        await slack.person("U1").presses("DU1", "1.2", "x")
