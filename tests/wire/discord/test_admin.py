"""A Discord in a process of its own, acted in over HTTP, with a real client in this one."""

from __future__ import annotations

import asyncio
import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import aiohttp
import discord
import pytest

from tests.wire.discord.client import At, running


@pytest.fixture
def settings() -> Iterator[dict[str, str]]:
    """What the process prints."""
    command = [sys.executable, "-m", "tests.wire.discord", "--limits", "documented"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as process:
        assert process.stdout is not None
        yield dict(process.stdout.readline().strip().split("=", 1) for _ in range(4))
        process.terminate()


async def test_a_bot_meets_people_who_act_from_another_process(settings: dict[str, str]) -> None:
    async with aiohttp.ClientSession(settings["WIRE_URL"] + "/") as session:

        async def get(what: str, **query: object) -> Any:
            async with session.get(what, params={key: str(value) for key, value in query.items()}) as response:
                return await response.json()

        async def post(to: str, **body: object) -> Any:
            async with session.post(to, json=body) as response:
                return await response.json()

        ada = await post("person", name="Ada", locale="de")
        client = discord.Client(intents=discord.Intents(dm_messages=True))
        answered = asyncio.Event()

        async def on_message(message: discord.Message) -> None:
            if message.author != client.user:
                await message.channel.send(f"{message.content}? {await message.attachments[0].read()!r}")
                answered.set()

        client.event(on_message)
        server = At(settings["DISCORD_API_URL"], settings["DISCORD_GATEWAY_URL"], settings["DISCORD_TOKEN"])
        async with running(server, client):
            file = ["a.txt", base64.b64encode(b"text").decode(), "text/plain"]
            said = await post("act", person="Ada", does="says", text="hello", files=[file])
            assert said["text"] == "hello"
            await asyncio.wait_for(answered.wait(), 5)
            writes = await get("timeline", since=0, wait_s=5)
            assert [(each["how"], each["text"]) for each in writes] == [("post", "hello? b'text'")]
            shown = await get("messages", person="Ada")
            assert [(each["author"], each["channel"]) for each in shown] == [
                ("Ada", ada["dm"]),
                ("Rehearse", ada["dm"]),
            ]
            counts = await get("counts")
            assert (counts["by_route"]["POST /channels/{channel}/messages"], counts["connected"]) == (1, 1)
            refused = await post("act", person="Ada", does="command", name="interview start")
            assert "no command 'interview'" in refused["error"]
            await post("misbehave", what="outage", seconds=60)
            await post("misbehave", what="skip", seconds=61)
            assert (await post("guild", name="Guild", members=["Ada"]))["channels"].keys() == {"general"}
