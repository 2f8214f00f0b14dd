"""Limits and misbehaviour, as a bare HTTP client sees them and as discord.py takes them."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.wire.discord.asking import asking
from tests.wire.discord.client import hasty, pointed_at, running
from tests.wire.discord.limits import Limits, Window
from tests.wire.discord.server import serve_discord


def silent() -> discord.Client:
    return discord.Client(intents=discord.Intents(guilds=True, dm_messages=True))


async def test_five_posts_and_five_edits_in_five_seconds_per_channel() -> None:
    async with asking(Limits.documented()) as (wire, ask):
        ada, bob = wire.person("Ada"), wire.person("Bob")
        path = f"/channels/{ada.dm.id}/messages"
        sent = [await ask("POST", path, {"content": f"{n}"}) for n in range(5)]
        assert [(status, headers["X-RateLimit-Remaining"]) for status, _, headers in sent] == [
            (200, f"{4 - n}") for n in range(5)
        ]
        status, body, headers = await ask("POST", path, {"content": "6"})
        assert (status, body["global"], headers["X-RateLimit-Scope"], headers["Via"]) == (
            429,
            False,
            "user",
            "1.1 google",
        )
        assert 4.5 < body["retry_after"] <= 5
        assert int(headers["Retry-After"]) == 5
        assert "." in headers["X-RateLimit-Reset-After"]
        one = f"{path}/{sent[0][1]['id']}"
        assert [(await ask("PATCH", one, {"content": f"{n}"}))[0] for n in range(6)] == [200] * 5 + [429]
        assert (await ask("POST", f"/channels/{bob.dm.id}/messages", {"content": "another channel"}))[0] == 200
        wire.clock.skip(5)
        assert (await ask("POST", path, {"content": "7"}))[0] == 200
        assert (wire.refused, wire.invalid_requests) == ({"user": 2}, 2)


async def test_fifty_requests_a_second_but_interactions_are_outside() -> None:
    async with asking(Limits(overall=Window(50, 60.0))) as (wire, ask):
        answers = [await ask("GET", "/users/@me") for _ in range(51)]
        assert [status for status, _, _ in answers].count(200) == 50
        assert (answers[-1][1]["global"], answers[-1][2]["X-RateLimit-Global"]) == (True, "true")
        assert (await ask("POST", f"/webhooks/{wire.application_id}/x", {"content": "x"}, token=False))[1][
            "code"
        ] == 10015


async def test_ten_thousand_invalid_requests_are_answered_by_cloudflare() -> None:
    async with asking(Limits(invalid=3)) as (wire, ask):
        for _ in range(3):
            assert (await ask("GET", "/users/@me", token=False))[0] == 401
        status, body, headers = await ask("GET", "/users/@me")
        assert (status, body, "Via" in headers) == (429, "error code: 1015", False)
        wire.clock.skip(601)
        assert (await ask("GET", "/users/@me"))[0] == 200


async def test_an_old_message_can_be_edited_only_so_often() -> None:
    async with asking(Limits(old_edits=Window(1, 20.0))) as (wire, ask):
        ada = wire.person("Ada")
        path = f"/channels/{ada.dm.id}/messages"
        one = f"{path}/{(await ask('POST', path, {'content': 'x'}))[1]['id']}"
        assert [(await ask("PATCH", one, {"content": f"{n}"}))[0] for n in range(3)] == [200] * 3
        wire.age(wire.messages(ada)[0], 3601)
        assert (await ask("PATCH", one, {"content": "once"}))[0] == 200
        status, body, _ = await ask("PATCH", one, {"content": "twice"})
        assert (status, body["code"]) == (429, 30046)


async def test_what_is_ordered_to_go_wrong_goes_wrong() -> None:
    async with asking() as (wire, ask):
        ada = wire.person("Ada")
        path = f"/channels/{ada.dm.id}/messages"
        fault = wire.fail("POST /channels/{channel}/messages", status=503, times=2, skip=1)
        assert [(await ask("POST", path, {"content": "x"}))[0] for _ in range(4)] == [200, 503, 503, 200]
        assert fault.met == 2
        wire.fail("POST */messages", code=50007)
        assert (await ask("POST", path, {"content": "x"}))[:2] == (
            403,
            {"message": "Cannot send messages to this user", "code": 50007},
        )
        wire.fail("POST */users/@me/channels", code=40003, retry_after_s=2.5)
        status, body, headers = await ask("POST", "/users/@me/channels", {"recipient_id": ada.id})
        assert (status, body["code"], body["retry_after"], headers["Retry-After"]) == (429, 40003, 2.5, "3")
        wire.fail("POST *", reset=True)
        with pytest.raises((aiohttp.ClientConnectionError, OSError)):
            await ask("POST", path, {"content": "y"})
        assert len(wire.messages(ada)) == 2
        wire.fail("POST *", reset="after")
        with pytest.raises((aiohttp.ClientConnectionError, OSError)):
            await ask("POST", path, {"content": "y"})
        assert len(wire.messages(ada)) == 3
        wire.outage(60)
        assert (await ask("GET", "/users/@me"))[0] == 502
        wire.global_429(60)
        wire.clock.skip(61)
        assert (await ask("GET", "/users/@me"))[0] == 200
        assert (await ask("PATCH", "/users/@me"))[0] == 405
        assert (await ask("GET", "/nowhere"))[0] == 404


async def test_discord_py_raises_a_429_without_via_at_once() -> None:
    async with serve_discord() as wire:
        ada = wire.person("Ada")
        async with running(wire, silent()) as client:
            user = await client.fetch_user(ada.id)
            wire.fail("POST */messages", status=429, no_via=True)
            with pytest.raises(discord.HTTPException) as refused:
                await user.send("x")
            assert refused.value.status == 429
            wire.fail("POST */messages", status=429, retry_after_s=0.01)
            await user.send("y")
            assert [each.text for each in wire.messages(ada)] == ["y"]


async def test_the_gateway_asks_to_reconnect_forgets_sessions_and_vanishes() -> None:
    async with serve_discord() as wire, running(wire, silent()):
        wire.op7()
        await wire.until(lambda: wire.gateway.resumes == 1)
        wire.op9()
        await wire.until(lambda: len(wire.gateway.identifies) == 2)
        wire.drop_gateway(resumable=False, code=4000)
        await wire.until(lambda: len(wire.gateway.identifies) == 3)


async def test_a_connection_that_dies_without_a_word_is_resumed() -> None:
    async with serve_discord(heartbeat_s=0.05) as wire, running(wire, silent()):
        wire.drop_gateway()
        await wire.until(lambda: wire.gateway.resumes == 1)
        assert len(wire.gateway.identifies) == 1


async def test_shards_come_in_one_by_one_and_each_hears_its_own_guilds() -> None:
    async with serve_discord() as wire:
        wire.gateway.shards = 2
        ada = wire.person("Ada")
        guilds = [wire.guild(name, [ada]) for name in ("One", "Two")]
        client = discord.AutoShardedClient(intents=discord.Intents(guilds=True, guild_messages=True))
        async with running(wire, client):
            assert sorted(each.id for each in client.guilds) == [each.id for each in guilds]
            assert [session.shard for session in wire.gateway.connected] == [(0, 2), (1, 2)]
        assert "GET /gateway/bot" in [f"{each.method} {each.path}" for each in wire.calls]


async def test_a_fatal_close_code_ends_the_client() -> None:
    async with serve_discord() as wire:
        client = silent()
        with pointed_at(wire):
            hasty(client)
            task = asyncio.create_task(client.start(wire.token))
            await wire.until(lambda: wire.gateway.connected)
            wire.gateway.identify_budget = 0
            wire.drop_gateway(resumable=False, code=4000)
            with pytest.raises(discord.ConnectionClosed) as closed:
                await asyncio.wait_for(task, 5)
            assert closed.value.code == 4004
