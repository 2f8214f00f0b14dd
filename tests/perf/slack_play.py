"""Scenarios: one bot, so many people in one workspace, so tight limits; played in virtual time or against a server."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from tests.kit.loop import run_virtual
from tests.perf.slack_ours import Ours
from tests.perf.slack_peers import chat_stream, edit_every_second, with_retries
from tests.perf.slack_sight import Answer, Figures, Write, figures
from tests.perf.slack_text import CHUNKS, CHUNKS_PER_S
from tests.perf.slack_virtual import VirtualSession, places, quiet_slack
from tests.wire.slack import Limits

CYCLE_S, REVIEW_S, READS_S = 130.0, 11.0, 5.0
"""An interview in steady progress: a question about every two minutes, so long until its feedback is whole, and so long
until its reader goes on."""
JITTER_S = 0.3
LINGER_S = 4.0
"""How long after the last word is waited for what is still to be shown."""

OURS, ENGINE, EDITS, STREAM, STREAM_RETRIED = (
    "rehearse",
    "its engine alone",
    "edit every 1 s",
    "chat_stream",
    "chat_stream + retries",
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """`steady_s`: interviews in progress, watched for so long; otherwise `n` answers that overlap."""

    bot: str
    n: int
    scale: float = 1.0
    within_s: float = JITTER_S
    steady_s: float = 0.0

    @property
    def name(self) -> str:
        kind = (
            f"{self.n} steady"
            if self.steady_s
            else f"{self.n}" + (f" in {self.within_s:g} s" if self.within_s > 1 else "")
        )
        return f"{kind}, limits × {self.scale:g}" if self.scale != 1 else kind


@dataclass(frozen=True, slots=True)
class World:
    """A workspace to play in. `places` are the channel, the root message and the person of each interview."""

    client: AsyncWebClient
    writes: Callable[[], Awaitable[list[Write]]]
    places: Sequence[tuple[str, str, str]]


def virtual(scenario: Scenario) -> Figures:
    """Played in virtual time, which is exact and says nothing about CPU."""

    async def main() -> Figures:
        slack = quiet_slack(Limits.scaled(scenario.scale))
        session: Any = VirtualSession(slack)
        client = AsyncWebClient(slack.team.bot_token, session=session)

        async def writes() -> list[Write]:
            return session.writes

        return await play(scenario, World(client, writes, places(slack, scenario.n)))

    return run_virtual(main())


async def play(scenario: Scenario, world: World) -> Figures:
    """Play it to its end."""
    if scenario.bot not in (OURS, ENGINE):
        return await _peers(scenario, world)
    async with Ours(world.client, is_shown=scenario.bot == OURS) as ours:
        if scenario.steady_s:
            return await _steady(scenario, world, ours)
        return await _burst(scenario, world, ours)


async def _burst(scenario: Scenario, world: World, ours: Ours) -> Figures:
    now, dice = asyncio.get_running_loop().time, random.Random(scenario.n)
    keys = await asyncio.gather(*(ours.begin(*world.places[n]) for n in range(scenario.n)))
    if scenario.bot == OURS:
        # The questions were posted out of the same budget; people take their time to answer.
        await asyncio.sleep((3.0 + 0.2 * scenario.n) / scenario.scale)
    since, cpu = now(), time.process_time()

    async def one(n: int) -> Answer:
        await asyncio.sleep(dice.uniform(0.0, scenario.within_s))
        return await ours.answer(keys[n])

    answers = await asyncio.gather(*(one(n) for n in range(scenario.n)))
    await asyncio.sleep(LINGER_S if scenario.bot == OURS else 0.0)
    return await _figures(answers, world, since, time.process_time() - cpu)


async def _steady(scenario: Scenario, world: World, ours: Ours) -> Figures:
    now, dice = asyncio.get_running_loop().time, random.Random(scenario.n)
    began = now()
    since, until = began + CYCLE_S, began + CYCLE_S + scenario.steady_s
    answers: list[Answer] = []

    async def interview(n: int) -> None:
        await asyncio.sleep((n + dice.random()) * CYCLE_S / scenario.n)
        key = await ours.begin(*world.places[n])
        for round_ in range(100):
            await asyncio.sleep(CYCLE_S - REVIEW_S - READS_S + dice.uniform(-20, 20))
            if now() > until:
                return
            answer = await ours.answer(key, round_)
            if answer.sent >= since:
                answers.append(answer)
            await asyncio.sleep(READS_S)
            await ours.go_on(key, round_ + 1)

    cpu = time.process_time()
    await asyncio.gather(*(interview(n) for n in range(scenario.n)))
    await asyncio.sleep(LINGER_S)
    return await _figures(answers, world, since, time.process_time() - cpu)


async def _peers(scenario: Scenario, world: World) -> Figures:
    now, dice = asyncio.get_running_loop().time, random.Random(scenario.n)
    bot = edit_every_second if scenario.bot == EDITS else chat_stream
    client = with_retries(world.client) if scenario.bot == STREAM_RETRIED else world.client
    since, cpu = now(), time.process_time()

    async def one(n: int) -> Answer:
        channel, root, _ = world.places[n]
        await asyncio.sleep(dice.uniform(0.0, scenario.within_s))
        return await bot(client, channel, root)

    answers = await asyncio.gather(*(one(n) for n in range(scenario.n)))
    return await _figures(answers, world, since, time.process_time() - cpu)


async def _figures(answers: list[Answer], world: World, since: float, cpu_s: float) -> Figures:
    found = figures(answers, await world.writes(), since)
    found.cpu_ms = cpu_s * 1_000 / max(1.0, len(answers) * CHUNKS / CHUNKS_PER_S)
    return found
