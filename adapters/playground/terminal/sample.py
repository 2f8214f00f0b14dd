"""The sample candidate of the demo: answers weakly, fairly, then strongly, typing as a person would, only faster.

So a first look needs no typing, and one sees feedback and difficulty follow the answers. The answers come with the
product and belong to questions of the bank; the demo asks only those.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Group
from rich.live import Live
from rich.padding import Padding
from rich.text import Text

from adapters.library.bank import Quality
from adapters.playground.terminal.screen import Screen
from engine.session import Session

Sleep = Callable[[float], Awaitable[object]]
STEP_S = 0.04
NO_SAMPLE = "skip"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the demo goes: seconds for typing one answer, and for reading one question and one feedback."""

    typing_s: float = 3.5
    question_s: float = 1.0
    feedback_s: float = 3.5


class SampleCandidate:
    """A `Candidate`. `answers` maps a question's id to its sample answers; `qualities` says which comes when."""

    def __init__(
        self,
        screen: Screen,
        answers: Mapping[str, Mapping[Quality, str]],
        qualities: Sequence[Quality],
        *,
        pace: Pace | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._screen = screen
        self._answers = answers
        self._qualities = qualities
        self._pace = pace or Pace()
        self._sleep = sleep

    async def answer(self, session: Session) -> str:
        turn = session.turn
        sample = self._answers.get(turn.question.id) if turn else None
        if sample is None:
            return NO_SAMPLE
        quality = self._qualities[min(session.asked, len(self._qualities)) - 1]
        await self._pause(self._pace.question_s)
        await self._type(sample[quality], quality)
        return sample[quality]

    async def choose(self, session: Session) -> str:
        await self._pause(self._pace.feedback_s)
        return "next"

    async def _pause(self, seconds: float) -> None:
        # Where nothing is repainted nobody watches: a pipe, a log.
        if self._screen.repaints:
            await self._sleep(seconds)

    async def _type(self, text: str, quality: Quality) -> None:
        title = Text(f"The sample candidate types ({quality} on purpose):", style="bold green")
        if not self._screen.repaints:
            self._screen.print(title)
            return
        steps = max(round(self._pace.typing_s / STEP_S), 1)
        with Live(console=self._screen.console, transient=True, auto_refresh=False, vertical_overflow="crop") as live:
            for step in range(1, steps + 1):
                typed = Text(text[: len(text) * step // steps] + "▌" * (self._screen.marks.full == "█"))
                live.update(Group(title, Padding(typed, (0, 0, 0, 2))), refresh=True)
                await self._sleep(STEP_S)
