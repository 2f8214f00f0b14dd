"""How payloads reach the app: signed, retried, repeated, and through sockets that come and go."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from tests.wire.slack import Slack
from tests.wire.slack.conftest import by_http, by_socket, did


@pytest.fixture
def heard(app: AsyncApp) -> list[dict[str, Any]]:
    """The bodies of the message events the app has heard."""
    bodies: list[dict[str, Any]] = []

    @app.event("message")
    async def hear(body: dict[str, Any]) -> None:
        bodies.append(body)

    return bodies


async def test_bad_signatures_and_old_requests_are_refused(slack: Slack, app: AsyncApp, heard: list[Any]) -> None:
    ann = slack.person("U1")
    async with by_http(app, slack):
        await ann.says(None, "hello")
        body = json.dumps(slack.deliveries.log[0].payload)
        assert (await slack.raw(body))[0] == 200
        assert (await slack.raw(body, secret="guessed"))[0] == 401
        assert (await slack.raw(body, at=0))[0] == 401
        await slack.until(lambda: len(heard) == 2)


async def test_what_is_not_acknowledged_is_sent_again_as_a_retry(slack: Slack) -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def fails_twice(request: web.Request) -> web.Response:
        seen.append((request.headers.get("X-Slack-Retry-Num"), request.headers.get("X-Slack-Retry-Reason")))
        return web.Response(status=200 if len(seen) == 3 else 500)

    site = web.Application()
    site.router.add_post("/", fails_twice)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        slack.retry_scale = 0.0001
        await slack.connect_http(f"http://127.0.0.1:{runner.addresses[0][1]}/", verify=False)
        await slack.person("U1").says(None, "hello")
        (delivery,) = await slack.until(lambda: [one for one in slack.deliveries.log if one.acked])
    finally:
        await runner.cleanup()
    assert seen == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert [attempt.answer.status for attempt in delivery.attempts] == [500, 500, 200]


async def test_an_app_that_is_away_hears_of_it_when_it_is_back(slack: Slack, app: AsyncApp, heard: list[Any]) -> None:
    slack.retry_scale = 0.005
    await slack.person("U1").says(None, "is anybody there?")
    reply = await slack.person("U1").command("start")
    assert reply.error == "dispatch_failed"
    async with by_socket(app, slack):
        await slack.until(lambda: heard)


async def test_an_event_can_come_twice(slack: Slack, app: AsyncApp, heard: list[Any]) -> None:
    ann = slack.person("U1")
    async with by_http(app, slack):
        slack.deliveries.twice = True
        await ann.says(None, "hello")
        await slack.replay(slack.deliveries.log[0])
        await slack.until(lambda: len(heard) == 3)
    assert len({body["event_id"] for body in heard}) == 1


async def test_sockets_are_refreshed_and_dropped_and_come_back(slack: Slack, app: AsyncApp, heard: list[Any]) -> None:
    ann = slack.person("U1")
    handler = AsyncSocketModeHandler(app, slack.team.app_token, ping_interval=0.05)
    await handler.connect_async()
    await slack.until(lambda: slack.sockets == 1)
    await slack.disconnect_sockets("refresh_requested")
    await slack.until(lambda: slack.sockets == 1)
    assert slack.deliveries.sockets.opened == 2
    await ann.says(None, "one")
    await slack.drop_sockets()
    assert slack.sockets == 0
    await slack.until(lambda: slack.sockets == 1)
    await ann.says(None, "two")
    await slack.until(lambda: len(heard) == 2)
    await handler.close_async()


async def test_payloads_are_spread_over_all_connections(slack: Slack, app: AsyncApp, heard: list[Any]) -> None:
    ann = slack.person("U1")
    async with by_socket(app, slack), by_socket(app, slack):
        await slack.until(lambda: slack.sockets == 2)
        for number in range(8):
            await ann.says(None, str(number))
    assert slack.deliveries.sockets.used == {1, 2}


async def test_a_trigger_lives_three_seconds_and_is_used_once(slack: Slack, app: AsyncApp) -> None:
    ann = slack.person("U1")
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [{"type": "divider"}]}
    errors: list[str] = []

    @app.command("/interview")
    async def command(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        for late_s in (0, 0, 4):
            slack.age(late_s)
            try:
                await did(client.views_open(trigger_id=body["trigger_id"], view=view))
            except SlackApiError as refusal:
                errors.append(refusal.response["error"])

    async with by_http(app, slack):
        await ann.command("start")
        await slack.until(lambda: len(errors) == 2)
    assert errors == ["exchanged_trigger_id", "expired_trigger_id"]


async def test_uninstalling_is_told_and_ends_the_token(slack: Slack, app: AsyncApp) -> None:
    told: list[str] = []

    @app.event("tokens_revoked")
    @app.event("app_uninstalled")
    async def gone(event: dict[str, Any]) -> None:
        told.append(event["type"])

    async with by_http(app, slack):
        await did(app.client.auth_test())
        await slack.events.send(slack.team, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U"]}})
        await slack.until(lambda: told == ["tokens_revoked"])
        await slack.uninstall()
    assert slack.grants[slack.team.bot_token].error == "account_inactive"
