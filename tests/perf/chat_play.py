"""Scenarios on a chat platform: one bot, so many people, so tight limits. Where it is played is a `Stage`."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from engine.keys import ThreadKey
from tests.kit.memory import MemoryStore
from tests.perf.chat_practice import Practice, Shows
from tests.perf.chat_sight import Answer, Figures, Write, figures
from tests.perf.chat_text import CHUNKS, CHUNKS_PER_S, LONG

CYCLE_S, REVIEW_S, READS_S = 130.0, 11.0, 5.0
"""An interview in steady progress: a question about every two minutes, so long until its feedback is whole, and so long
until its reader goes on."""
JITTER_S = 0.3
LINGER_S = 4.0
"""How long after the last word is waited for what is still to be shown."""

OURS, ENGINE, EDITS = "rehearse", "its engine alone", "edit every 1 s"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`steady_s`: interviews in progress, watched for so long; otherwise `n` answers that overlap.

    `tokens`: tokens of interactions pay, where a platform has such. `chars` are those of a chunk.
    `note` is what a row's name says besides.
    """

    bot: str
    n: int
    scale: float = 1.0
    within_s: float = JITTER_S
    steady_s: float = 0.0
    tokens: bool = False
    chars: int = LONG
    note: str = ""

    @property
    def name(self) -> str:
        kind = (
            f"{self.n} steady"
            if self.steady_s
            else f"{self.n}" + (f" in {self.within_s:g} s" if self.within_s > 1 else "")
        )
        scaled = f"limits × {self.scale:g}" if self.scale != 1 else ""
        return ", ".join(part for part in (kind, scaled, "by interactions" if self.tokens else "", self.note) if part)


async def _nothing() -> None: ...


@dataclass(frozen=True, slots=True)
class Stage:
    """A platform to play on: an interview for each person, and what was written.

    `delivery` makes ours, over a store. `peer` is another bot that answers the n-th person. `settle_s` is how long to
    wait after the questions were posted, which cost the same budget; `pressing` is done then, before people answer.
    """

    keys: Sequence[ThreadKey]
    writes: Callable[[], Awaitable[list[Write]]]
    delivery: Callable[[MemoryStore], Shows]
    peer: Callable[[int], Awaitable[Answer]]
    settle_s: float
    pressing: Callable[[], Awaitable[None]] = _nothing


async def play(scenario: Scenario, stage: Stage) -> Figures:
    """Play it to its end."""
    if scenario.bot not in (OURS, ENGINE):
        return await _peers(scenario, stage)
    store = MemoryStore()
    delivery = stage.delivery(store) if scenario.bot == OURS else None
    async with Practice(delivery, store, chars=scenario.chars) as ours:
        if scenario.steady_s:
            return await _steady(scenario, stage, ours)
        return await _burst(scenario, stage, ours)


async def _burst(scenario: Scenario, stage: Stage, ours: Practice) -> Figures:
    now, dice = asyncio.get_running_loop().time, random.Random(scenario.n)
    # What a limit that is tighter than documented costs is learnt with the questions.
    began = now() if scenario.scale == 1 else None
    await asyncio.gather(*map(ours.begin, stage.keys))
    if scenario.bot == OURS:
        await asyncio.sleep(stage.settle_s)
        await stage.pressing()
    since, cpu = now(), time.process_time()

    async def one(key: ThreadKey) -> Answer:
        await asyncio.sleep(dice.uniform(0.0, scenario.within_s))
        return await ours.answer(key)

    answers = await asyncio.gather(*map(one, stage.keys))
    await asyncio.sleep(LINGER_S if scenario.bot == OURS else 0.0)
    return await _figures(answers, stage, since, time.process_time() - cpu, began)


async def _steady(scenario: Scenario, stage: Stage, ours: Practice) -> Figures:
    now, dice = asyncio.get_running_loop().time, random.Random(scenario.n)
    began = now()
    since, until = began + CYCLE_S, began + CYCLE_S + scenario.steady_s
    answers: list[Answer] = []

    async def interview(n: int, key: ThreadKey) -> None:
        await asyncio.sleep((n + dice.random()) * CYCLE_S / scenario.n)
        await ours.begin(key)
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
    await asyncio.gather(*(interview(n, key) for n, key in enumerate(stage.keys)))
    await asyncio.sleep(LINGER_S)
    return await _figures(answers, stage, since, time.process_time() - cpu)


async def _peers(scenario: Scenario, stage: Stage) -> Figures:
    now, dice = asyncio.get_running_loop().time, random.Random(scenario.n)
    since, cpu = now(), time.process_time()

    async def one(n: int) -> Answer:
        await asyncio.sleep(dice.uniform(0.0, scenario.within_s))
        return await stage.peer(n)

    answers = await asyncio.gather(*map(one, range(scenario.n)))
    return await _figures(answers, stage, since, time.process_time() - cpu)


async def _figures(
    answers: list[Answer], stage: Stage, since: float, cpu_s: float, began: float | None = None
) -> Figures:
    found = figures(answers, await stage.writes(), since, since if began is None else began)
    found.cpu_ms = cpu_s * 1_000 / max(1.0, len(answers) * CHUNKS / CHUNKS_PER_S)
    return found
