"""One workspace's client: what it sends, whose it is, and what becomes of a token that Slack refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from adapters.slack.workspaces import (
    RECHECK_S,
    OneWorkspace,
    SlackUnreachable,
    TokenRefused,
    WorkspaceGone,
    check_app_token,
    open_session,
    web_client,
    whoami,
)
from tests.kit.ports import free_port
from tests.wire.slack import Slack, serve_slack


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with serve_slack() as slack:
        yield slack


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as session:
        yield session


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def one(slack: Slack, session: aiohttp.ClientSession, now: Clock | None = None, token: str = "") -> OneWorkspace:
    return OneWorkspace(token or slack.team.bot_token, session=session, base_url=f"{slack.url}/api", now=now or Clock())


async def test_a_token_says_whose_it_is_and_is_asked_once(slack: Slack, session: aiohttp.ClientSession) -> None:
    workspaces = one(slack, session)
    mine = await workspaces.identity()
    assert await workspaces.identity() is mine
    assert (mine.team, mine.name, mine.bot, mine.bot_user) == ("T0REHEARSE", "Rehearse", "B0REHEARSE", "U0REHEARSE")
    assert "chat:write" in mine.scopes
    assert not mine.is_org
    assert len(slack.called("auth.test")) == 1
    grant = await workspaces.grant("", "T0SHARED")
    assert grant is not None
    assert (grant.team, grant.bot_user) == ("T0SHARED", "U0REHEARSE")
    assert slack.team.bot_token not in repr(grant)


@pytest.mark.parametrize("ending", ["/api", "/api/"])
async def test_the_address_may_end_either_way(slack: Slack, session: aiohttp.ClientSession, ending: str) -> None:
    client = web_client(slack.team.bot_token, session=session, base_url=f"{slack.url}{ending}")
    assert (await whoami(client)).team == "T0REHEARSE"


async def test_a_call_is_made_once_whatever_slack_says(slack: Slack, session: aiohttp.ClientSession) -> None:
    client = await one(slack, session).client("T0REHEARSE")
    slack.fail("chat.postMessage", status=503, times=2)
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C1", text="hello")
    slack.fail("chat.postMessage", retry_after=30, status=429, error="ratelimited")
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel="C1", text="hello")
    assert len(slack.called("chat.postMessage")) == 2


async def test_the_token_of_an_organisation_names_the_workspace_in_every_call(
    slack: Slack, session: aiohttp.ClientSession
) -> None:
    team = slack.add_team("T1", enterprise="E1", org_wide=True)
    workspaces = one(slack, session, token=team.bot_token)
    assert (await workspaces.identity()).is_org
    client = await workspaces.client("T1")
    await client.api_test()
    assert slack.called("api.test")[-1].args["team_id"] == "T1"
    assert await workspaces.client("T1") is client


async def test_a_refused_token_is_refused_and_no_answer_is_none(slack: Slack, session: aiohttp.ClientSession) -> None:
    with pytest.raises(TokenRefused) as caught:
        await one(slack, session, token="xoxb-wrong").identity()
    assert "invalid_auth" in caught.value.hint
    faults: list[dict[str, Any]] = [{"status": 503}, {"reset": True}, {"body": "<html>"}, {"error": "internal_error"}]
    for fault in faults:
        slack.fail("auth.test", **fault)
        with pytest.raises(SlackUnreachable):
            await one(slack, session).identity()
    with pytest.raises(SlackUnreachable):
        await whoami(web_client("xoxb-1", session=session, base_url=f"http://127.0.0.1:{free_port()}/api"))


async def test_a_lost_token_is_looked_at_before_it_is_believed(slack: Slack, session: aiohttp.ClientSession) -> None:
    clock = Clock()
    workspaces = one(slack, session, clock)
    await workspaces.lost("T0REHEARSE", "invalid_auth")
    await workspaces.client("T0REHEARSE")

    slack.revoke(error="token_revoked")
    await workspaces.lost("T0REHEARSE", "token_revoked")
    asked = len(slack.called("auth.test"))
    for _ in range(3):
        await workspaces.lost("T0REHEARSE", "token_revoked")
        with pytest.raises(WorkspaceGone, match="token_revoked"):
            await workspaces.client("T0REHEARSE")
    assert len(slack.called("auth.test")) == asked

    slack.revoke(error="")
    clock.now += RECHECK_S
    assert await workspaces.client("T0REHEARSE")


async def test_a_lost_token_is_not_believed_lost_while_slack_is_away(
    slack: Slack, session: aiohttp.ClientSession
) -> None:
    workspaces = one(slack, session)
    slack.fail("auth.test", status=503)
    await workspaces.lost("T0REHEARSE", "invalid_auth")
    assert await workspaces.client("T0REHEARSE")


async def test_an_app_token_can_be_tried(slack: Slack, session: aiohttp.ClientSession) -> None:
    url = f"{slack.url}/api"
    await check_app_token(slack.app.app_token, session=session, base_url=url)
    with pytest.raises(TokenRefused):
        await check_app_token("xapp-wrong", session=session, base_url=url)
