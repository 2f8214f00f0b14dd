"""What the doctor finds about Slack, with a Slack on loopback that is well, strict or away."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.slack.manifest import SCOPES
from bot.doctor import examine
from bot.findings import Finding
from tests.kit.ports import free_port
from tests.wire.slack import Slack, serve_slack

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


@pytest.fixture
async def slack(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Slack]:
    async with serve_slack() as slack:
        slack.team.scopes = ",".join(SCOPES)
        monkeypatch.setenv("SLACK_API_URL", f"{slack.url}/api/")
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.team.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", slack.app.app_token)
        monkeypatch.setenv("REHEARSE_PORT", str(free_port()))
        yield slack


async def found() -> dict[str, Finding]:
    return {finding.what: finding async for finding in examine()}


async def test_without_slack_nothing_is_said_of_it() -> None:
    assert not [what for what in await found() if what.startswith("slack")]


async def test_a_workspace_that_is_well_is_said_to_be(slack: Slack) -> None:
    findings = await found()
    assert findings["slack"].found == "one workspace, by Socket Mode"
    assert "U0REHEARSE in Rehearse" in findings["slack token"].found
    assert findings["slack scopes"].found == f"all {len(SCOPES)} that are needed"
    assert findings["web server"].state == "ok"
    assert {finding.state for what, finding in findings.items() if what.startswith("slack")} == {"ok", "note"}
    assert findings["slack api"].state == "note"
    assert slack.team.bot_token not in str(findings)


async def test_missing_scopes_are_named_with_what_they_are_for(slack: Slack) -> None:
    slack.team.scopes = ",".join(sorted(SCOPES.keys() - {"im:history"}))
    scopes = (await found())["slack scopes"]
    assert scopes.state == "warning"
    assert "im:history (answers in the direct message)" in scopes.found
    assert "reinstall the app" in scopes.do


async def test_scopes_that_nobody_needs_are_named(slack: Slack) -> None:
    slack.team.scopes += ",admin"
    assert "these that are not: admin" in (await found())["slack scopes"].found


async def test_refused_tokens_are_broken_and_say_where_to_find_the_right_ones(
    slack: Slack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-wrong")
    findings = await found()
    assert (findings["slack token"].state, findings["slack app token"].state) == ("broken", "broken")
    assert "OAuth & Permissions" in findings["slack token"].do
    assert "connections:write" in findings["slack app token"].do
    assert slack.called("auth.test")


async def test_a_slack_that_is_away_is_a_warning(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_API_URL", f"http://127.0.0.1:{free_port()}/api")
    findings = await found()
    assert (findings["slack token"].state, findings["slack app token"].state) == ("warning", "warning")
    assert slack.calls == []


async def test_many_workspaces_over_http(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        monkeypatch.delenv(name)
    settings = {
        "SLACK_CLIENT_ID": slack.app.client_id,
        "SLACK_CLIENT_SECRET": slack.app.client_secret,
        "SLACK_SIGNING_SECRET": slack.app.signing_secret,
        "REHEARSE_SECRET_KEYS": KEY,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    findings = await found()
    assert findings["slack"].found == "many workspaces, by HTTP"
    assert "sealed with one key" in findings["slack installs"].found
    assert "REHEARSE_PUBLIC_URL" in findings["slack address"].do

    monkeypatch.setenv("REHEARSE_PUBLIC_URL", slack.url)
    assert "does not lead here now (HTTP 404)" in (await found())["slack address"].found
    monkeypatch.setenv("REHEARSE_PUBLIC_URL", f"http://127.0.0.1:{free_port()}")
    assert (await found())["slack address"].state == "warning"

    monkeypatch.delenv("SLACK_SIGNING_SECRET")
    monkeypatch.setenv("SLACK_APP_TOKEN", slack.app.app_token)
    assert "Marketplace" in (await found())["slack"].do
