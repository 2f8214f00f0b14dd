"""Installing by OAuth: codes, refusals, rotation, organisations; and a server in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from yarl import URL

from tests.wire.slack import Slack
from tests.wire.slack.conftest import did, refused

# slack_sdk words its Basic authorisation with a class that aiohttp is about to remove.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")

BACK = "http://127.0.0.1:1/back"


async def consent(slack: Slack, **more: str) -> dict[str, str]:
    """Look at the consent page; what the browser is sent back with."""
    asked = {"client_id": slack.app.client_id, "scope": "chat:write", "state": "s", "redirect_uri": BACK, **more}
    async with aiohttp.ClientSession() as session:
        url = URL(f"{slack.url}/oauth/v2/authorize").with_query(asked)
        async with session.get(url, allow_redirects=False) as reply:
            return dict(URL(reply.headers["Location"]).query)


async def exchange(slack: Slack, **more: Any) -> Any:
    client = AsyncWebClient(base_url=f"{slack.url}/api/")
    secret = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    return await client.oauth_v2_access(**{**secret, **more})


async def test_a_code_is_exchanged_once(slack: Slack) -> None:
    team = slack.add_team("T2", installed=False)
    slack.installs.into = team
    back = await consent(slack)
    assert back["state"] == "s"
    assert await refused(exchange(slack, code=back["code"], client_secret="guessed")) == "bad_client_secret"
    assert await refused(exchange(slack, code=back["code"], redirect_uri="http://else.where")) == "bad_redirect_uri"
    said = await did(exchange(slack, code=back["code"], redirect_uri=BACK))
    assert (said["team"]["id"], said["token_type"], said["is_enterprise_install"]) == ("T2", "bot", False)
    assert await refused(exchange(slack, code=back["code"])) == "code_already_used"
    assert await refused(exchange(slack, code="made up")) == "invalid_code"
    client = AsyncWebClient(token=said["access_token"], base_url=f"{slack.url}/api/")
    assert (await did(client.auth_test()))["team_id"] == "T2"
    slack.installs.denied = True
    assert (await consent(slack))["error"] == "access_denied"


async def test_tokens_rotate(slack: Slack) -> None:
    slack.app.rotates = True
    said = await did(exchange(slack, code=(await consent(slack))["code"]))
    assert said["expires_in"] == 43_200
    slack.age(43_200)
    old = AsyncWebClient(token=said["access_token"], base_url=f"{slack.url}/api/")
    assert await refused(old.auth_test()) == "token_expired"
    refresh = {"grant_type": "refresh_token", "refresh_token": said["refresh_token"]}
    new = await did(exchange(slack, **refresh))
    assert await refused(exchange(slack, **refresh)) == "invalid_refresh_token"
    await did(AsyncWebClient(token=new["access_token"], base_url=f"{slack.url}/api/").auth_test())
    await did(AsyncWebClient(token=new["access_token"], base_url=f"{slack.url}/api/").auth_revoke())
    assert slack.grants[new["access_token"]].error == "token_revoked"


async def test_an_organisation_shares_a_token_that_needs_a_team(slack: Slack) -> None:
    one = slack.add_team("T1", enterprise="E1", org_wide=True)
    slack.add_team("T2", enterprise="E1", org_wide=True)
    slack.add_team("T3", enterprise="E1")
    client = AsyncWebClient(token=one.bot_token, base_url=f"{slack.url}/api/")
    ann = slack.person("U1", team="T2")
    assert (await did(client.auth_test()))["is_enterprise_install"]
    assert await refused(client.chat_postMessage(channel=ann.dm, text="x")) == "missing_argument"
    assert await refused(client.chat_postMessage(channel=ann.dm, text="x", team_id="T3")) == "team_access_not_granted"
    await did(client.chat_postMessage(channel=ann.dm, text="x", team_id="T2"))
    await ann.says(None, "hello")
    authorized = slack.deliveries.log[-1].payload["authorizations"][0]
    assert (authorized["is_enterprise_install"], authorized["enterprise_id"]) == (True, "E1")


async def test_it_runs_in_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.wire.slack", "--limits", "scaled:0.6", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip()
        async with aiohttp.ClientSession() as session:

            async def act(path: str, **asked: Any) -> Any:
                async with session.post(f"{url}/_wire/{path}", json=asked) as reply:
                    return await reply.json()

            async def look(path: str, **asked: str) -> Any:
                async with session.get(f"{url}/_wire/{path}", params=asked) as reply:
                    return await reply.json()

            ts = (await act("act", **{"as": "U1", "act": "says", "args": [None, "hello"]}))["returned"]
            client = AsyncWebClient(token="xoxb-T0REHEARSE-wire", base_url=f"{url}/api/", session=session)
            await client.chat_postMessage(channel="U1", thread_ts=ts, text="one")
            assert await refused(client.chat_postMessage(channel="U1", thread_ts=ts, text="two")) == "ratelimited"
            timeline = await look("timeline")
            assert [(write["method"], write["visible"]) for write in timeline["writes"]] == [
                ("chat.postMessage", "one")
            ]
            assert timeline["limited"] == {"chat.postMessage": 1}
            assert [said["visible"] for said in (await look("messages", channel="DU1"))["messages"]] == ["hello", "one"]
            assert len((await look("calls", method="chat.postMessage"))["calls"]) == 2
            assert not (await act("act", **{"as": "U1", "act": "stops", "args": ["DU1", ts]}))["ok"]
            assert (await act("slack", set="retry_scale", value=0.5))["ok"]
    finally:
        process.terminate()
        await process.wait()
