"""What the doctor finds about Discord, with a Discord on loopback that is well, set up otherwise, or away."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.discord.commands import COMMANDS
from bot.doctor import examine
from bot.findings import Finding
from tests.kit.ports import free_port
from tests.wire.discord.gateway import MESSAGE_CONTENT
from tests.wire.discord.server import Discord, serve_discord


@pytest.fixture
async def discord(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Discord]:
    async with serve_discord() as discord:
        discord.house.commands.overwrite(COMMANDS, None)
        monkeypatch.setenv("DISCORD_TOKEN", discord.token)
        monkeypatch.setenv("DISCORD_API_URL", discord.rest_url)
        monkeypatch.setenv("REHEARSE_PORT", str(free_port()))
        yield discord


async def found() -> dict[str, Finding]:
    return {finding.what: finding async for finding in examine()}


async def test_without_discord_nothing_is_said_of_it() -> None:
    assert not [what for what in await found() if what.startswith("discord")]


async def test_a_discord_that_is_well_is_said_to_be(discord: Discord) -> None:
    discord.guild("Guild")
    findings = await found()
    of_discord = {what: finding for what, finding in findings.items() if what.startswith("discord")}
    assert {what for what, finding in of_discord.items() if finding.state != "ok"} == {"discord api"}
    assert f"is of Rehearse ({discord.application_id}), with 1 servers" in of_discord["discord token"].found
    assert "1000 of 1000 logins are left, counted anew in 24 h" in of_discord["discord logins"].found
    assert findings["web server"].state == "ok"
    assert discord.token not in str(findings)
    assert not discord.gateway.identifies


async def test_a_refused_token_says_where_to_find_the_right_one(
    discord: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "of.somebody.else")
    findings = await found()
    assert findings["discord token"].state == "broken"
    assert "Reset Token" in findings["discord token"].do
    assert "discord commands" not in findings
    assert [call.status for call in discord.calls] == [401]


async def test_a_discord_that_is_away_is_a_warning(monkeypatch: pytest.MonkeyPatch, discord: Discord) -> None:
    discord.fail("GET *", status=200, message="a page of somebody else's", times=2)
    assert "not Discord's" in (await found())["discord token"].found
    discord.outage(60)
    assert "HTTP 502" in (await found())["discord token"].found
    monkeypatch.setenv("DISCORD_API_URL", f"http://127.0.0.1:{free_port()}")
    assert (await found())["discord token"].state == "warning"


async def test_the_message_content_intent_has_to_be_on_when_it_is_asked_for(
    discord: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REHEARSE_DISCORD_MESSAGE_CONTENT", "1")
    intents = (await found())["discord intents"]
    assert intents.state == "broken"
    assert f"/{discord.application_id}/bot" in intents.do
    discord.grant(MESSAGE_CONTENT)
    assert (await found())["discord intents"].state == "ok"
    monkeypatch.setenv("REHEARSE_DISCORD_MESSAGE_CONTENT", "0")
    assert "nothing uses it" in (await found())["discord intents"].found


async def test_what_is_set_up_otherwise_is_named(discord: Discord, monkeypatch: pytest.MonkeyPatch) -> None:
    discord.set_up(interactions_endpoint_url="https://elsewhere.example", integration_types_config={"0": {}})
    discord.house.commands.overwrite(COMMANDS[:1], None)
    discord.gateway.identify_budget = 0
    monkeypatch.setenv("DISCORD_GATEWAY_URL", discord.gateway_url)
    findings = await found()
    assert findings["discord interactions"].state == "broken"
    assert "https://elsewhere.example" in findings["discord interactions"].found
    assert findings["discord installs"].found == "User Install is switched off"
    assert "not those of this version" in findings["discord commands"].found
    assert findings["discord logins"].state == "broken"
    assert findings["discord gateway"].state == "note"
    discord.gateway.identify_budget = 9
    discord.house.commands.overwrite([], None)
    discord.set_up(integration_types_config=None)
    findings = await found()
    assert findings["discord logins"].state == "warning"
    assert findings["discord commands"].found == "not there yet"
    assert findings["discord installs"].state == "note"


async def test_half_an_outage_is_told_too(discord: Discord) -> None:
    discord.fail("GET /gateway/bot", status=503)
    discord.fail("GET */commands", status=503)
    findings = await found()
    assert (findings["discord commands"].state, findings["discord logins"].state) == ("warning", "warning")
