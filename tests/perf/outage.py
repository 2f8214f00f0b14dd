"""Forty-five minutes without OpenAI, then OpenAI at 30 % errors, for 200 interviews: what do candidates notice?

`python -m tests.perf.outage`, in virtual time. Every session asks a question and reviews an answer about every two
minutes, for 75 minutes. While OpenAI is dead, a third of its connections hang until the first-word deadline, a third
get a 5xx, a third die in the middle of the answer; so do the answers in flight when it dies. There is no offline coach
here: the router alone has to keep every turn.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

from engine.errors import Busy, Failed, ModelError, TimedOut, Truncated, Unreachable
from engine.llm.reading import Reading
from engine.llm.router import Router
from engine.ports import Chunk, Completion, Message, Request, Source, TokenCount, Usage
from tests.kit.loop import run_virtual

MINUTE = 60.0
DEAD = (10 * MINUTE, 55 * MINUTE)
SICK = (60 * MINUTE, 75 * MINUTE)
SICK_SHARE = 0.3
SECTIONS = ("headline", "accuracy", "clarity", "completeness", "rewrite", "summary")

State = Literal["well", "dead", "sick"]


@dataclass
class Phase:
    """What was asked for while OpenAI was in one state.

    A request met it when it was sent there, or was still being written there, while OpenAI was in that state.
    """

    requests: int = 0
    scoring: int = 0
    met: set[str] = field(default_factory=set[str])
    delays_s: dict[str, float] = field(default_factory=dict[str, float])


@dataclass
class Figures:
    well: Phase = field(default_factory=Phase)
    dead: Phase = field(default_factory=Phase)
    sick: Phase = field(default_factory=Phase)
    failed: list[str] = field(default_factory=list[str])

    def during(self, state: State) -> Phase:
        return {"well": self.well, "dead": self.dead, "sick": self.sick}[state]


def state_at(now: float) -> State:
    return "dead" if DEAD[0] <= now < DEAD[1] else "sick" if SICK[0] <= now < SICK[1] else "well"


class Cloud:
    """A model in virtual time. How long an answer takes depends on the request alone, so that delays show."""

    def __init__(self, name: str, figures: Figures, dice: random.Random, *, falls_ill: bool) -> None:
        self.name = name
        self.model = "simulated"
        self._figures = figures
        self._dice = dice
        self._falls_ill = falls_ill

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[AsyncIterator[Chunk]]:
        yield self._answer(request)

    async def _answer(self, request: Request) -> AsyncGenerator[Chunk]:
        source = Source(self.name, self.model)
        fate = self._dice.choice(["hang", "refuse", "break"])
        is_unlucky = self._dice.random() < SICK_SHARE
        if (state := self._state(request)) == "dead" or (state == "sick" and is_unlucky):
            if fate == "hang":
                await asyncio.sleep(request.deadlines.first_s)
                raise TimedOut(self.name, stage="first")
            if fate == "refuse":
                await asyncio.sleep(0.1)
                raise Busy(self.name, detail="503") if is_unlucky else Failed(self.name, detail="500")
        first_s, piece_s = pace(request)
        pieces = written(request)
        await asyncio.sleep(first_s)
        for place, piece in enumerate(pieces):
            state = self._state(request)
            if place > len(pieces) // 2 and (state == "dead" or (state == "sick" and is_unlucky)):
                raise Truncated(self.name) if is_unlucky else Unreachable(self.name)
            yield Chunk(piece, source)
            await asyncio.sleep(piece_s)
        yield Chunk("", source, usage=Usage(1_000, 0, 500))

    def _state(self, request: Request) -> State:
        if not self._falls_ill:
            return "well"
        state = state_at(asyncio.get_running_loop().time())
        self._figures.during(state).met.add(request.user)
        return state

    async def complete(self, request: Request) -> Completion:
        raise NotImplementedError("the router always streams")

    def count_tokens(self, text: str) -> TokenCount:
        return TokenCount(len(text), len(text), "estimate")


def written(request: Request) -> list[str]:
    if not request.sections:
        return ["Tell me ", "about a time ", "you were wrong."]
    text = json.dumps({name: {"assessment": "word " * 12, "level": 3} for name in request.sections})
    return [text[at : at + 60] for at in range(0, len(text), 60)]


def pace(request: Request) -> tuple[float, float]:
    """Seconds to the first word, and between two pieces."""
    dice = random.Random(request.user)
    return min(10.0, dice.lognormvariate(-0.2, 0.5)), dice.uniform(0.5, 0.9)


async def simulate(sessions: int = 200, minutes: float = 75, seed: int = 1) -> Figures:
    """Run it. Must run on a virtual clock that starts at 0."""
    dice, figures = random.Random(seed), Figures()
    router = Router(
        [
            Cloud("openai", figures, dice, falls_ill=True),
            Cloud("gemini", figures, dice, falls_ill=False),
        ],
        order={"scoring": ["openai", "gemini"], "conversation": ["gemini", "openai"]},
        now=asyncio.get_running_loop().time,
        draw=dice.random,
    )
    async with asyncio.TaskGroup() as interviews:
        for number in range(sessions):
            interviews.create_task(interview(router, figures, number, minutes * MINUTE, random.Random(seed + number)))
    return figures


async def interview(router: Router, figures: Figures, number: int, until: float, dice: random.Random) -> None:
    clock = asyncio.get_running_loop().time
    await asyncio.sleep(dice.uniform(0, 2 * MINUTE))
    turn = 0
    while (began := clock()) < until:
        turn += 1
        words = (Message("user", "…"),)
        await take(router, figures, Request("conversation", "question", words, user=f"{number}.{turn}.q"))
        await asyncio.sleep(dice.uniform(30, 80))
        review = Request("scoring", "review", words, sections=SECTIONS, user=f"{number}.{turn}.r")
        await take(router, figures, review)
        await asyncio.sleep(max(0.0, began + dice.uniform(100, 140) - clock()))


async def take(router: Router, figures: Figures, request: Request) -> None:
    """One request to its end; a turn has failed unless its whole answer came."""
    clock = asyncio.get_running_loop().time
    began, reading = clock(), Reading(request)
    phase = figures.during(state_at(began))
    phase.requests += 1
    phase.scoring += request.purpose == "scoring"
    try:
        async with router.stream(request) as chunks:
            async for chunk in chunks:
                reading.add(chunk)
    except ModelError as error:
        figures.failed.append(str(error))
        return
    if tuple(reading.scanner.spans) != request.sections or not reading.text:
        figures.failed.append("incomplete")
    first_s, piece_s = pace(request)
    usual_s = first_s + piece_s * len(written(request))
    phase.delays_s[request.user] = max(0.0, clock() - began - usual_s)


def report(figures: Figures) -> str:
    lines = [f"failed turns                      {len(figures.failed):6}     bar 0"]
    for name, phase, bar in (("dead", figures.dead, "     bar 2 %"), ("sick", figures.sick, "")):
        met, delays = len(phase.met), sorted(phase.delays_s.values())
        unlucky = [delay for user, delay in phase.delays_s.items() if user in phase.met]
        lines += [
            f"requests while OpenAI was {name}    {phase.requests:6}     {phase.scoring} of them scoring",
            f"  that met it                     {met:6}     {met / phase.requests:.2%}{bar}",
            f"  that met it, among scoring                 {met / phase.scoring:.2%}",
            f"  added delay, median             {median(delays):6.2f} s",
            f"  added delay, p95                {delays[int(0.95 * len(delays))]:6.2f} s   longest {delays[-1]:.1f} s",
            f"  added delay where it was met    {median(unlucky):6.2f} s   (median)",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    logging.getLogger("engine").setLevel(logging.ERROR)
    began = time.perf_counter()
    outcome = run_virtual(simulate())
    print(report(outcome))
    print(f"75 minutes took {time.perf_counter() - began:.1f} s")
    sys.exit(bool(outcome.failed) or len(outcome.dead.met) > 0.02 * outcome.dead.requests)
