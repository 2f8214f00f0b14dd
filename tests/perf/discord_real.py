"""A scenario against a local Discord in a process of its own, in real time: what the process measured costs in CPU.

The distance to Discord is put in on its side. What it costs to play the model that writes is taken off the CPU.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

import discord
import yarl

from adapters.discord.delivery.rest import HttpRest
from tests.perf.chat_pace import pace_cpu_ms
from tests.perf.chat_play import EDITS, Scenario, play
from tests.perf.chat_real import run_real, serving
from tests.perf.chat_sight import Figures
from tests.perf.discord_play import Place, Press, stage
from tests.wire.discord.client import At, pointed_at


def real(scenario: Scenario) -> Figures:
    """Played in real time."""
    return run_real(_real(scenario))


async def _real(scenario: Scenario) -> Figures:
    async with serving("tests.perf.discord_server", scenario.n) as server:
        url, token = server.ready["url"], server.ready["token"]
        client = discord.Client(intents=discord.Intents.none())

        async def press() -> Mapping[str, Press]:
            return {channel: Press(*made) for channel, made in (await server.ask("press")).items()}

        with pointed_at(At(url, str(yarl.URL(url).with_scheme("ws")), token)):
            if scenario.bot == EDITS:
                await client.login(token)
            place = Place(server.ready["channels"], HttpRest(token, url=url), client, time.time, server.writes, press)
            pace_ms = await pace_cpu_ms()
            found = await play(scenario, await stage(scenario, place))
            found.cpu_ms = max(0.0, found.cpu_ms - pace_ms)
            await client.close()
            return found
