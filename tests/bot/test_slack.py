"""Slack as `rehearse run` puts it together: many workspaces, an app that is removed, a Slack that is away."""

from __future__ import annotations

import asyncio
import html
import re
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest

import bot.slack
from bot.compose import App, assemble
from bot.config import read_settings
from bot.platforms import opened
from bot.slack import Slack, connect_slack
from engine.errors import SettingsError
from engine.keys import ThreadKey
from tests.kit.ports import free_port
from tests.wire.slack import Slack as Wire
from tests.wire.slack import Team, serve_slack

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with serve_slack() as wire:
        yield wire


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    port = free_port()
    monkeypatch.setenv("REHEARSE_PORT", str(port))
    return port


def for_one(wire: Wire, monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    settings = {
        "SLACK_API_URL": f"{wire.url}/api/",
        "SLACK_BOT_TOKEN": wire.team.bot_token,
        "SLACK_APP_TOKEN": wire.app.app_token,
    }
    for name, value in (settings | changes).items():
        monkeypatch.setenv(name, value)


def for_many(wire: Wire, monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    settings = {
        "SLACK_API_URL": f"{wire.url}/api/",
        "SLACK_CLIENT_ID": wire.app.client_id,
        "SLACK_CLIENT_SECRET": wire.app.client_secret,
        "SLACK_SIGNING_SECRET": wire.app.signing_secret,
        "REHEARSE_SECRET_KEYS": KEY,
        "REHEARSE_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@asynccontextmanager
async def running() -> AsyncGenerator[tuple[App, Slack, str]]:
    """What `rehearse run` does, until the context is left."""
    settings = read_settings()
    async with assemble(settings) as app, connect_slack(app, settings) as slack:
        app.outlets.attach("slack", slack.emit)
        async with app.attending(), opened(app, settings, [slack]) as url:
            beside = [asyncio.create_task(each) for each in slack.beside()]
            try:
                yield app, slack, url
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)


def said(slack: Slack, url: str) -> str:
    return "\n".join(slack.lines(url))


async def install(wire: Wire, url: str, team: Team) -> None:
    wire.installs.into = team
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        async with browser.get(f"{url}/slack/install") as page:
            cookie = page.headers["Set-Cookie"].partition(";")[0]
            (href,) = re.findall(r'href="(http[^"]+)"', await page.text())
        async with browser.get(html.unescape(href), allow_redirects=False) as consent:
            back = consent.headers["Location"]
        async with browser.get(back, headers={"Cookie": cookie}) as page:
            assert "Rehearse is installed" in await page.text()


async def test_two_workspaces_install_it_and_one_removes_it(
    wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_many(wire, monkeypatch, port)
    wire.app.rotates = True
    other = wire.add_team("T0OTHER", "Other")
    async with running() as (app, slack, url):
        assert "Install" in said(slack, url)
        await wire.connect_http(f"{url}/slack/events")
        for team in (wire.team, other):
            await install(wire, url, team)
            person = wire.person("U1", team=team)
            await person.command("start behavioral")
            await wire.until(lambda person=person: len(wire.said_by_bot(person.dm)) >= 2)
        assert {call.team for call in wire.called("chat.postMessage", ok=True)} == {"T0REHEARSE", "T0OTHER"}

        async def held(team: Team) -> int:
            key = ThreadKey(platform="slack", workspace=team.id, user="U1")
            return len(await app.desk.history(key))

        assert [await held(team) for team in (wire.team, other)] == [1, 1]
        await wire.uninstall(other)
        assert [await held(team) for team in (wire.team, other)] == [1, 0]
        shelf = app.store.installations(wire.app.client_id)
        assert [kept.team for kept in await shelf.all()] == ["T0REHEARSE"]


async def test_an_organisation_is_served_in_each_of_its_workspaces_and_forgotten_whole(
    wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_many(wire, monkeypatch, port)
    team = wire.add_team("T1", enterprise="E1", org_wide=True)
    async with running() as (app, slack, url):
        await wire.connect_http(f"{url}/slack/events")
        await install(wire, url, team)
        # An event of an organisation's app names no workspace among its authorizations.
        person = wire.person("U1", team=team)
        await person.says(None, "start a behavioral interview")
        await wire.until(lambda: wire.said_by_bot(person.dm))
        key = ThreadKey(platform="slack", workspace="T1", user="U1")
        assert len(await app.desk.history(key)) == 1
        await slack._tenants.remove("E1")
        assert list(await app.store.installations(wire.app.client_id).all()) == []


async def test_one_workspace_that_removes_it_is_forgotten(
    wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_one(wire, monkeypatch, SLACK_SIGNING_SECRET=wire.app.signing_secret)
    person = wire.person("U1")
    async with running() as (app, slack, url):
        assert slack.where == "Rehearse"
        assert url == f"http://127.0.0.1:{port}"
        assert "Events    by Socket Mode" in said(slack, url)
        await wire.connect_http(f"{url}/slack/events")
        await person.command("start behavioral")
        await wire.until(lambda: len(wire.said_by_bot(person.dm)) >= 2)
        await wire.uninstall()
        key = ThreadKey(platform="slack", workspace="T0REHEARSE", user="U1")
        assert list(await app.desk.history(key)) == []


@pytest.mark.usefixtures("port")
@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_refused_token_ends_the_start(wire: Wire, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for_one(wire, monkeypatch, **{name: f"{'xoxb' if 'BOT' in name else 'xapp'}-wrong"})
    with pytest.raises(SettingsError, match=f"Slack refuses {name}"):
        async with running():
            pass


@pytest.mark.usefixtures("port")
async def test_a_slack_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.slack, "LOOK_S", 0.05)
    async with serve_slack() as gone:
        for_one(gone, monkeypatch)
        address = int(gone.url.rpartition(":")[2])
    async with running() as (_, slack, url):
        assert "not known yet" in said(slack, url)
        async with serve_slack(port=address) as back:
            await back.until(lambda: back.called("auth.test", ok=True))
            async with asyncio.timeout(10):
                await slack.known.wait()
            assert slack.where == "Rehearse"


@pytest.mark.usefixtures("port")
async def test_a_token_that_turns_out_to_be_refused_ends_it_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.slack, "LOOK_S", 0.05)
    async with serve_slack() as gone:
        for_one(gone, monkeypatch, SLACK_BOT_TOKEN="xoxb-wrong")
        address = int(gone.url.rpartition(":")[2])
    settings = read_settings()
    async with (
        assemble(settings) as app,
        connect_slack(app, settings) as slack,
        opened(app, settings, [slack]),
        serve_slack(port=address),
    ):
        keep, listen = slack.beside()
        listen.close()
        with pytest.raises(SettingsError, match="Slack refuses SLACK_BOT_TOKEN"):
            await keep


async def test_a_slack_that_hangs_does_not_hang_the_start(
    wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    del port
    monkeypatch.setattr(bot.slack, "LOOK_S", 0.1)
    monkeypatch.setattr("bot.platforms.LOOK_S", 0.1)
    for_one(wire, monkeypatch)
    wire.fail("auth.test", hang_s=0.5)
    async with running() as (_, slack, _):
        assert slack.where == ""
        async with asyncio.timeout(10):
            await slack.known.wait()


async def test_a_port_in_use_is_named(wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for_one(wire, monkeypatch)
    with socket.create_server(("127.0.0.1", port)), pytest.raises(SettingsError, match=f"Port {port} of 127.0.0.1"):
        async with running():
            pass


async def test_health_is_there_and_the_playground_is_not(
    wire: Wire, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for_one(wire, monkeypatch)
    async with running(), aiohttp.ClientSession() as browser, AsyncExitStack() as stack:
        answers = {
            path: await stack.enter_async_context(browser.get(f"http://127.0.0.1:{port}{path}"))
            for path in ("/healthz", "/readyz", "/", "/api/state", "/slack/events", "/slack/install")
        }
        assert {path: answer.status for path, answer in answers.items()} == {
            "/healthz": 200,
            "/readyz": 200,
            "/": 404,
            "/api/state": 404,
            "/slack/events": 404,
            "/slack/install": 404,
        }
