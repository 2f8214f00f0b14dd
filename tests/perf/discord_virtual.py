"""A scenario in virtual time, with the local Discord of `tests/wire/discord` behind our delivery and behind discord.py
without a socket: exact, quick, and without a word about CPU.

What is allowed, counted and refused is that server's; here stands only the way to it and back, which takes a round
trip.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
from discord.http import Route
from multidict import CIMultiDict

from adapters.discord.delivery.rest import Answer
from tests.adapters.discord.delivery.stage import EPOCH, LoopClock, PipedRest
from tests.kit.loop import run_virtual
from tests.perf.chat_play import Scenario, play
from tests.perf.chat_sight import Figures, Write
from tests.perf.discord_play import ROUND_TRIP_S, Place, Press, stage
from tests.wire.discord.interactions import COMPONENT, Interaction
from tests.wire.discord.limits import Limits
from tests.wire.discord.server import TOKEN, Discord

NEXT = "rh:p:next:"


def virtual(scenario: Scenario) -> Figures:
    """Played in virtual time."""

    async def main() -> Figures:
        server = Discord(Limits.documented(), LoopClock(), 41.25, "Rehearse")
        rest = PipedRest(server, ROUND_TRIP_S)

        async def writes() -> list[Write]:
            return written(server, lambda each: each.at - EPOCH)

        async def press() -> Mapping[str, Press]:
            return presses(server)

        channels = people(server, scenario.n)
        place = Place(channels, rest, await _client(rest), server.clock.now, writes, press)
        return await play(scenario, await stage(scenario, place))

    return run_virtual(main())


def people(server: Discord, count: int) -> dict[str, str]:
    """So many people and their direct messages with the bot."""
    made = [server.person(f"Person {n}") for n in range(count)]
    return {str(person.id): str(person.dm.id) for person in made}


def presses(server: Discord) -> dict[str, Press]:
    """Everybody presses a button of the newest message that they have, and it is acknowledged. By channel."""
    house, made = server.house, dict[str, Press]()
    for person in server.people.values():
        message = next(reversed(server.messages(person)), None)
        token = f"token{house.ids.new()}"
        act = Interaction(
            house.ids.new(), token, COMPONENT, person.account, person.dm, {}, server.clock.now(), server.clock,
            message=message,
        )  # fmt: skip
        act.response, act.original = 6, message
        house.interactions[act.id] = house.by_token[token] = act
        made[str(person.dm.id)] = Press(str(house.bot.id), token, str(message.id) if message else "")
    return made


def written(server: Discord, at: Any) -> list[Write]:
    """Every accepted write and every refused call; `at` tells the time of either."""
    accepted = [
        Write(
            at(each), each.how, str(each.channel), accepted=True, limited=False, seen=each.text,
            leads_on=any(name.startswith(NEXT) for name in each.custom_ids),
        )
        for each in server.timeline
    ]  # fmt: skip
    refused = [
        Write(at(call), f"{call.method} {call.route}", "", accepted=False, limited=call.status == 429)
        for call in server.calls
        if call.status >= 400
    ]
    return [*accepted, *refused]


async def _client(rest: PipedRest) -> discord.Client:
    """discord.py's, as if it had logged in."""
    client = discord.Client(intents=discord.Intents.none())
    await client._async_setup_hook()
    http: Any = client.http
    http.token, http._HTTPClient__session, http._global_over = TOKEN, VirtualSession(rest), asyncio.Event()
    http._global_over.set()
    return client


@dataclass
class VirtualSession:
    """What discord.py takes for an aiohttp session."""

    rest: PipedRest
    closed: bool = False

    @asynccontextmanager
    async def request(self, method: str, url: str, *, data: Any = None, **rest: Any) -> AsyncGenerator[_Response]:
        path = url.removeprefix(Route.BASE)
        body = json.loads(data) if data else None
        yield _Response(await self.rest.send(method, path, body=body, by_bot=not path.startswith("/webhooks/")))


class _Response:
    def __init__(self, answer: Answer) -> None:
        self.status = answer.status
        self.reason = ""
        self.headers = CIMultiDict({**answer.headers, "Content-Type": "application/json"})
        self._raw = answer.raw

    async def text(self, encoding: str = "utf-8") -> str:
        return self._raw.decode(encoding)
