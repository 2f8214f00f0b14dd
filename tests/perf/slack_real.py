"""A scenario against a local Slack in a process of its own, in real time: what the process measured costs in CPU.

The distance to Slack is put in on this side: every call sets out half a round trip
late, and its answer comes in as late. What it costs to play the model that writes is taken off the CPU.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.workspaces import web_client
from bot.run import loop_factory
from tests.perf.slack_peers import pace_cpu_ms
from tests.perf.slack_play import OURS, Scenario, World, play
from tests.perf.slack_sight import Figures, Write
from tests.perf.slack_virtual import ROUND_TRIP_S

LINE_BYTES = 256_000_000


def real(scenario: Scenario) -> Figures:
    """Played in real time, on the loop that `rehearse run` uses."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(_real(scenario))


async def _real(scenario: Scenario) -> Figures:
    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(_half_way)
    trace.on_request_end.append(_half_way)
    connector = aiohttp.TCPConnector(limit=0)
    async with (
        _server(scenario) as server,
        aiohttp.ClientSession(trace_configs=[trace], connector=connector) as session,
    ):
        ready = await _line(server)

        async def writes() -> list[Write]:
            assert server.stdin is not None
            server.stdin.write(b"?\n")
            return [Write(**each) for each in await _line(server)]

        client = (
            web_client(ready["token"], session=session, base_url=ready["url"])
            if scenario.bot == OURS
            else AsyncWebClient(ready["token"], base_url=ready["url"], session=session)
        )
        pace_ms = await pace_cpu_ms()
        found = await play(scenario, World(client, writes, [tuple(place) for place in ready["places"]]))
        found.cpu_ms = max(0.0, found.cpu_ms - pace_ms)
        return found


@asynccontextmanager
async def _server(scenario: Scenario) -> AsyncGenerator[Process]:
    command = (sys.executable, "-m", "tests.perf.slack_server", str(scenario.scale), str(scenario.n))
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=subprocess.PIPE, limit=LINE_BYTES)
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def _line(server: Process) -> Any:
    assert server.stdout is not None
    return json.loads(await server.stdout.readline())


async def _half_way(*_: object) -> None:
    await asyncio.sleep(ROUND_TRIP_S / 2)
