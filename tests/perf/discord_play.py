"""A Discord to play scenarios in: our delivery and the bot beside it, by whatever connection they get."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import discord

from adapters.discord.delivery.delivery import Delivery
from adapters.discord.delivery.rest import Rest
from adapters.discord.names import thread_key
from tests.kit.memory import MemoryStore
from tests.perf.chat_play import OURS, Scenario, Stage
from tests.perf.chat_practice import no_preferences
from tests.perf.chat_sight import Answer, Write
from tests.perf.discord_peers import edit_every_second

ROUND_TRIP_S = 0.09
"""Assumed between a bot and Discord: a write becomes visible half of it after it was sent."""
QUESTIONS_PER_S, WINDOW_S = 40.0, 5.5
"""How fast the questions are posted, and how long the windows that they were posted in last."""


class Press(NamedTuple):
    """An acknowledged press on a button of a message, "" when there was none."""

    application: str
    token: str
    message: str


@dataclass(frozen=True, slots=True)
class Place:
    """A Discord that is there to be played in.

    `channels` are people and their direct messages, `rest` and `client` ways into it, and `now` its time. With `press`
    everybody presses a button of the newest message in their channel.
    """

    channels: Mapping[str, str]
    rest: Rest
    client: discord.Client
    now: Callable[[], float]
    writes: Callable[[], Awaitable[list[Write]]]
    press: Callable[[], Awaitable[Mapping[str, Press]]]


async def stage(scenario: Scenario, place: Place) -> Stage:
    """That place, for one scenario."""
    keys = [thread_key(channel, user) for user, channel in place.channels.items()]
    ours: list[Delivery] = []
    presses = await place.press() if scenario.tokens and scenario.bot != OURS else {}

    def delivery(store: MemoryStore) -> Delivery:
        ours.append(
            Delivery(store=store, sessions=store.session, preferences=no_preferences, rest=place.rest, now=place.now)
        )
        return ours[-1]

    async def pressing() -> None:
        for channel, by in (await place.press()).items() if scenario.tokens else ():
            key = next(key for key in keys if key.channel == channel)
            ours[-1].interaction(key, by.token, by.application, place.now(), message=by.message)

    async def peer(n: int) -> Answer:
        channel = keys[n].channel
        return await edit_every_second(place.client, channel, presses.get(channel))

    return Stage(keys, place.writes, delivery, peer, WINDOW_S + scenario.n / QUESTIONS_PER_S, pressing)
