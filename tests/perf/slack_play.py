"""A Slack workspace to play scenarios in: our delivery and the bots beside it, by whatever client they get."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.delivery.delivery import Delivery
from adapters.slack.names import thread_key
from tests.kit.memory import MemoryStore
from tests.perf.chat_play import EDITS, Scenario, Stage
from tests.perf.chat_practice import no_preferences
from tests.perf.chat_sight import Write
from tests.perf.slack_peers import STREAM_RETRIED, TEAM, chat_stream, edit_every_second, with_retries

Place = tuple[str, str, str]
"""The channel, the root message and the person of an interview."""


def stage(
    scenario: Scenario, client: AsyncWebClient, places: Sequence[Place], writes: Callable[[], Awaitable[list[Write]]]
) -> Stage:
    """The workspace that this client is for."""
    bot = edit_every_second if scenario.bot == EDITS else chat_stream
    peer_client = with_retries(client) if scenario.bot == STREAM_RETRIED else client

    def delivery(store: MemoryStore) -> Delivery:
        return Delivery(
            store=store,
            sessions=store.session,
            workspaces=Workspaces(client),
            preferences=no_preferences,
            now=asyncio.get_running_loop().time,
        )

    return Stage(
        keys=[thread_key(TEAM, *place) for place in places],
        writes=writes,
        delivery=delivery,
        peer=lambda n: bot(peer_client, *places[n][:2]),
        settle_s=(3.0 + 0.2 * scenario.n) / scenario.scale,
    )


class Workspaces:
    """One workspace, whose client is given."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def client(self, team: str) -> AsyncWebClient:
        del team
        return self._client

    async def lost(self, team: str, error: str) -> None:
        raise AssertionError(f"{team}: {error}")
