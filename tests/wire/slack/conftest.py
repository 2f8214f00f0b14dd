"""A running Slack, a client of its, and a small app connected to it by Socket Mode or HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.wire.slack import Slack, serve_slack


@pytest.fixture
async def slack() -> AsyncGenerator[Slack]:
    async with serve_slack() as running:
        yield running


@pytest.fixture
async def client(slack: Slack) -> AsyncGenerator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(token=slack.team.bot_token, base_url=f"{slack.url}/api/", session=session)


@asynccontextmanager
async def by_http(app: AsyncApp, slack: Slack) -> AsyncGenerator[None]:
    """The app behind a URL that Slack delivers to."""
    runner = web.AppRunner(app.web_app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await slack.connect_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
        yield
        await slack.deliveries.settled()
    finally:
        await runner.cleanup()


@asynccontextmanager
async def by_socket(app: AsyncApp, slack: Slack) -> AsyncGenerator[None]:
    handler = AsyncSocketModeHandler(app, slack.team.app_token)
    await handler.connect_async()
    await slack.until(lambda: slack.sockets)
    try:
        yield
        await slack.deliveries.settled()
    finally:
        await handler.close_async()


async def did(call: Awaitable[Any]) -> Any:
    """What a call that goes well answers."""
    return (await call).data


async def refused(call: Awaitable[Any]) -> str:
    """The error a call is refused with."""
    with pytest.raises(SlackApiError) as refusal:
        await call
    return refusal.value.response["error"]


Connect = Callable[[AsyncApp], Awaitable[None]]


@pytest.fixture(params=["http", "socket"])
async def connect(request: pytest.FixtureRequest, slack: Slack) -> AsyncGenerator[Connect]:
    """Connect an app, in each of the two ways."""
    async with AsyncExitStack() as stack:

        async def connect(app: AsyncApp) -> None:
            door = by_http if request.param == "http" else by_socket
            await stack.enter_async_context(door(app, slack))

        yield connect


@pytest.fixture
def app(slack: Slack, client: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=client, signing_secret=slack.team.signing_secret)
