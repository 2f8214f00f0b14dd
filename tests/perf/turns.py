"""What a turn costs beside the model's own time: engine, store and events, with a model that answers at once.

A turn is everything between a candidate's message and the next question on screen: message, review, next, ask. A pause
ends the answer, and the pause is set to nothing.
The store is the real one (SQLite, `synchronous=FULL`); the loop is watched for stalls meanwhile.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from pathlib import Path

from bot.compose import App, Changes, compose
from bot.config import Settings
from bot.models import Models
from bot.run import loop_factory
from engine.events import Settled
from engine.inbound import Action, Pressed, Wrote
from engine.keys import ThreadKey
from engine.ports import Request
from tests.kit.model import Model, said
from tests.perf.stalls import Stalls
from tests.perf.table import percentile, percentiles, table
from tests.wire.answers import plausible

ANSWER = "I measured first, compared two ways, and chose the slower one because it cannot lose a message. " * 12
INTERVIEWS, QUESTIONS = 30, 5
_ids = count(1)


class Candidate:
    """Answers as fast as questions come, and times each turn in milliseconds."""

    def __init__(self, app: App, key: ThreadKey) -> None:
        self.app, self.key = app, key
        self.turns_ms: list[float] = []
        self.section_ms: list[float] = []
        self._settled: asyncio.Queue[str] = asyncio.Queue()

    async def listen(self) -> None:
        seen: set[str] = set()
        async for _, event in self.app.live.watch(self.key):
            if isinstance(event, Settled) and event.post not in seen and event.post[0] in "qfr":
                seen.add(event.post)
                self._settled.put_nowait(event.post)

    async def interview(self) -> None:
        listening = asyncio.create_task(self.listen())
        try:
            await self.app.desk.begin(self.key, id="b", type_id="behavioral", questions=QUESTIONS, quiet_s=0)
            assert await self._settled.get() == "q1"
            post = ""
            while post != "report":
                began = time.perf_counter()
                n = next(_ids)
                await self.app.desk.deliver(Wrote(id=f"w{n}", key=self.key, at=0.0, message=f"m{n}", text=ANSWER))
                assert (await self._settled.get())[0] == "f"
                await self._press("next")
                post = await self._settled.get()
                self.turns_ms.append((time.perf_counter() - began) * 1000)
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    async def _press(self, action: Action) -> None:
        await self.app.desk.deliver(Pressed(id=f"p{next(_ids)}", key=self.key, at=0.0, action=action))


def ready() -> Callable[[Request], str]:
    """Answers that are thought up once, so that the model's own time is next to nothing."""
    known: dict[tuple[str, ...], str] = {}

    def answer(request: Request) -> str:
        if request.sections not in known:
            known[request.sections] = plausible(dict(request.schema) if request.schema else None, said(request))
        return known[request.sections]

    return answer


async def measure(at_once: int = 1) -> tuple[list[float], float]:
    """Milliseconds per turn, and the longest stall of the loop, with so many interviews at the same time."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.model_validate({"REHEARSE_HOME": Path(home)})
        changes = Changes(models=lambda _: Models(Model(chunk_chars=400, answer=ready())))
        async with compose(settings, changes) as app:
            keys = [ThreadKey(platform="local", channel=f"c{n}", user="you") for n in range(INTERVIEWS + 1)]
            await Candidate(app, keys.pop()).interview()  # what only happens once is measured by startup.py
            candidates = [Candidate(app, key) for key in keys]
            async with Stalls() as stalls:
                for n in range(0, INTERVIEWS, at_once):
                    await asyncio.gather(*(each.interview() for each in candidates[n : n + at_once]))
            return [ms for each in candidates for ms in each.turns_ms], stalls.longest_ms


async def main() -> None:
    """Print the table."""
    rows: list[Sequence[object]] = []
    measured = {at_once: await measure(at_once) for at_once in (1, 10)}
    for at_once, (turns, stall) in measured.items():
        rows.append((f"{at_once} at once", len(turns), *percentiles(turns), f"{stall:.1f}"))
    print(table(("a turn beside the model's time, ms", "n", "p50", "p95", "p99", "longest stall"), rows))
    alone, _ = measured[1]
    p50, p99 = percentile(alone, 0.50), percentile(alone, 0.99)
    print(f"bars, one at a time: p50 {p50:.1f} ≤ 10 {met(p50 <= 10)}, p99 {p99:.1f} ≤ 40 {met(p99 <= 40)}")


def met(holds: bool) -> str:
    """A bar's verdict."""
    return "(met)" if holds else "(MISSED)"


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=loop_factory()) as runner:  # the loop that `rehearse run` uses
        runner.run(main())
