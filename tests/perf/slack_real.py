"""A scenario against a local Slack in a process of its own, in real time: what the process measured costs in CPU.

The distance to Slack is put in on this side: every call sets out half a round trip late, and its answer comes in as
late. What it costs to play the model that writes is taken off the CPU.
"""

from __future__ import annotations

import asyncio

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.workspaces import web_client
from tests.perf.chat_pace import pace_cpu_ms
from tests.perf.chat_play import OURS, Scenario, play
from tests.perf.chat_real import run_real, serving
from tests.perf.chat_sight import Figures
from tests.perf.slack_play import stage
from tests.perf.slack_virtual import ROUND_TRIP_S


def real(scenario: Scenario) -> Figures:
    """Played in real time."""
    return run_real(_real(scenario))


async def _real(scenario: Scenario) -> Figures:
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_half_way)
    trace.on_request_end.append(_half_way)
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        serving("tests.perf.slack_server", scenario.scale, scenario.n) as server,
        aiohttp.ClientSession(trace_configs=[trace], connector=connector) as session,
    ):
        token, url = server.ready["token"], server.ready["url"]
        client = (
            web_client(token, session=session, base_url=url)
            if scenario.bot == OURS
            else AsyncWebClient(token, base_url=url, session=session)
        )
        places = [(channel, root, user) for channel, root, user in server.ready["places"]]
        pace_ms = await pace_cpu_ms()
        found = await play(scenario, stage(scenario, client, places, server.writes))
        found.cpu_ms = max(0.0, found.cpu_ms - pace_ms)
        return found


async def _half_way(*_: object) -> None:
    await asyncio.sleep(ROUND_TRIP_S / 2)
