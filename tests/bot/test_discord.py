"""Discord as `rehearse run` puts it together: alone, beside Slack, with a refused token, and while it is away."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager

import aiohttp
import pytest

from adapters.discord.install import permissions
from bot.compose import App, assemble
from bot.config import read_settings
from bot.platforms import Platform, connect, opened
from bot.run import run
from engine.admin.roles import Actor
from engine.errors import SettingsError
from engine.keys import ThreadKey
from tests.kit.ports import free_port
from tests.wire.discord.gateway import MESSAGE_CONTENT
from tests.wire.discord.server import Discord as Wire
from tests.wire.discord.server import serve_discord
from tests.wire.discord.world import PRIVATE_THREAD, Message
from tests.wire.slack import serve_slack

CANNOT_WRITE, MAY_NOT_LOCK = 50007, 50013


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with serve_discord() as wire:
        yield wire


@pytest.fixture(autouse=True)
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    port = free_port()
    monkeypatch.setenv("REHEARSE_PORT", str(port))
    return port


def in_discord(wire: Wire, monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    settings = {
        "DISCORD_API_URL": wire.rest_url,
        "DISCORD_GATEWAY_URL": wire.gateway_url,
        "DISCORD_TOKEN": wire.token,
    }
    for name, value in (settings | changes).items():
        monkeypatch.setenv(name, value)


@asynccontextmanager
async def running() -> AsyncGenerator[tuple[App, Sequence[Platform], str]]:
    """What `rehearse run` does, until the context is left."""
    settings = read_settings()
    async with assemble(settings) as app, connect(app, settings) as platforms:
        for platform in platforms:
            app.outlets.attach(platform.name, platform.emit)
        async with app.attending(), opened(app, settings, platforms) as url:
            beside = [asyncio.create_task(each) for platform in platforms for each in platform.beside()]
            try:
                yield app, platforms, url
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)


async def connected(url: str) -> dict[str, bool]:
    async with aiohttp.ClientSession() as http, http.get(f"{url}/readyz") as answer:
        assert answer.status == 200
        return (await answer.json())["connected"]


async def shown(wire: Wire, messages: Callable[[], Iterable[Message]], beginning: str) -> tuple[Message, str]:
    """A message that has such a button, as soon as there is one, and the button."""

    def found() -> list[tuple[Message, str]]:
        return [(said, each) for said in messages() for each in said.custom_ids if each.startswith(beginning)]

    return (await wire.until(found))[-1]


async def begins(wire: Wire, name: str = "Ada") -> None:
    """Somebody starts an interview, and is asked something in their direct message."""
    person = wire.person(name)
    await wire.until(lambda: "/interview" in person.commands())
    person.command("interview start", {"type": "behavioral"})
    await shown(wire, lambda: wire.messages(person), "rh:p:done")


async def test_an_interview_begins_in_a_direct_message(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    in_discord(wire, monkeypatch)
    async with running() as (app, (platform,), url):
        assert list(platform.lines(url)) == ["Bot       Rehearse"]
        await wire.until(lambda: platform.connected)
        assert await connected(url) == {"discord": True}
        await begins(wire)
        key = ThreadKey(platform="discord", user=str(wire.person("Ada").id))
        assert len(await app.desk.history(key)) == 1


async def test_slack_and_discord_stand_side_by_side(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    in_discord(wire, monkeypatch)
    async with serve_slack() as slack:
        for name, value in {
            "SLACK_API_URL": f"{slack.url}/api/",
            "SLACK_BOT_TOKEN": slack.team.bot_token,
            "SLACK_APP_TOKEN": slack.app.app_token,
        }.items():
            monkeypatch.setenv(name, value)
        async with running() as (_, platforms, url):
            await wire.until(lambda: all(platform.connected for platform in platforms))
            assert await connected(url) == {"slack": True, "discord": True}
            await begins(wire)
            person = slack.person("U1")
            await person.command("start behavioral")
            await slack.until(lambda: len(slack.said_by_bot(person.dm)) >= 2)


async def test_a_slack_that_is_away_keeps_nobody_from_discord(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    in_discord(wire, monkeypatch)
    monkeypatch.setenv("SLACK_API_URL", f"http://127.0.0.1:{free_port()}/api/")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "secret")
    async with running() as (_, platforms, url):
        await wire.until(lambda: platforms[1].connected)
        assert await connected(url) == {"slack": False, "discord": True}
        await begins(wire)


async def test_an_outage_of_discord_is_told_and_over_by_itself(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    in_discord(wire, monkeypatch)
    async with running() as (_, (platform,), url):
        await wire.until(lambda: platform.connected)
        wire.drop_gateway()
        await wire.until(lambda: not platform.connected)
        await wire.until(lambda: platform.connected, 10)
        assert await connected(url) == {"discord": True}


async def test_the_least_permissions_are_enough_for_a_private_thread(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_discord(wire, monkeypatch)
    monkeypatch.setattr("adapters.discord.threads.LOOK_EVERY_S", 0.05)
    person = wire.person("Ada", dm="closed")
    guild = wire.guild("Guild", admins=[person], bot_permissions=permissions())
    guild.roles[guild.id].permissions = 0
    channel = wire.channel(guild)
    async with running():
        await wire.until(lambda: "/interview" in person.commands(channel))
        person.command("interview start", {"type": "behavioral"}, channel)
        choice, way = await shown(wire, lambda: wire.ephemerals(person), "rh:place:thread")
        person.presses(choice, way)
        await wire.until(lambda: wire.threads(guild))
        (thread,) = wire.threads(guild)
        question, menu = await shown(wire, lambda: wire.messages(thread), "rh:menu:")
        assert thread.type == PRIVATE_THREAD
        assert person.sees(question)
        person.selects(question, menu, "stop")
        await wire.until(lambda: thread.archived)
        assert any("Report" in said.text for said in thread.messages.values())
    assert {call.code for call in wire.calls if call.status >= 400} == {CANNOT_WRITE, MAY_NOT_LOCK}


async def test_it_stops_in_order_when_it_is_told_to(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    in_discord(wire, monkeypatch)
    ended = asyncio.create_task(run(read_settings()))
    await wire.until(lambda: wire.gateway.connected)
    await begins(wire)
    signal.raise_signal(signal.SIGTERM)
    assert await ended == 0
    await wire.until(lambda: not wire.gateway.connected)


async def test_a_refused_token_ends_the_program(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    in_discord(wire, monkeypatch, DISCORD_TOKEN="of.somebody.else")
    with pytest.raises(SettingsError, match=r"Discord refuses DISCORD_TOKEN. Press Reset Token"):
        await run(read_settings())
    assert not wire.gateway.identifies


async def test_an_intent_that_was_not_granted_ends_the_program(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    in_discord(wire, monkeypatch, REHEARSE_DISCORD_MESSAGE_CONTENT="1")
    async with asyncio.timeout(10):
        with pytest.raises(SettingsError, match="does not grant the message content intent"):
            await run(read_settings())
    wire.grant(MESSAGE_CONTENT)
    async with running() as (_, (platform,), _):
        await wire.until(lambda: platform.connected)


async def test_a_discord_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.discord.LOOK_S", 0.05)
    monkeypatch.setattr("adapters.discord.app.PAUSE_S", 0.05)
    async with serve_discord() as gone:
        in_discord(gone, monkeypatch)
        address = int(gone.base_url.rpartition(":")[2])
    async with running() as (_, (platform,), url):
        assert "not known yet" in platform.lines(url)[0]
        assert await connected(url) == {"discord": False}
        async with serve_discord(port=address) as back:
            await back.until(lambda: platform.connected, 10)
            await begins(back)


async def test_a_token_that_is_reset_while_it_runs_ends_it(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    in_discord(wire, monkeypatch)
    ended = asyncio.create_task(run(read_settings()))
    await wire.until(lambda: wire.gateway.connected)
    await begins(wire)
    wire.fail("*", status=401, times=1_000)
    wire.person("Ada").says("I reverted the change within ten minutes.")
    wire.person("Ada").says("done")
    with pytest.raises(SettingsError, match="Discord refuses DISCORD_TOKEN"):
        async with asyncio.timeout(10):
            await ended


async def test_a_server_that_removes_the_app_is_forgotten(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    in_discord(wire, monkeypatch)
    person = wire.person("Ada")
    guild = wire.guild("Guild", admins=[person])
    channel = wire.channel(guild)
    async with running() as (app, _, _):
        await wire.until(lambda: "/interview" in person.commands(channel))
        person.command("interview start", {"type": "behavioral"}, channel)
        await shown(wire, lambda: wire.messages(person), "rh:p:done")
        scope = f"discord/{guild.id}"
        assert list(await app.store.keeping.scopes()) == [scope]
        operator = Actor("local", "-", "operator", operator=True, on=scope)
        await app.admins.people.grant(operator, "user", str(person.id), "coach")
        forgotten = asyncio.Event()
        forget = app.store.forget_workspace

        async def watched(platform: str, workspace: str) -> int:
            count = await forget(platform, workspace)
            forgotten.set()
            return count

        monkeypatch.setattr(app.store, "forget_workspace", watched)
        wire.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild.id)
        wire.gateway.dispatch("GUILD_DELETE", {"id": str(guild.id)}, guild.id)
        async with asyncio.timeout(10):
            await forgotten.wait()
        assert list(await app.store.keeping.scopes()) == []
        assert list(await app.store.admin.grants(scope)) == []
