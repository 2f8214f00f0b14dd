"""How long a stored turn takes on SQLite with `synchronous=FULL`: `python -m tests.perf.store`.

A turn is all the store does between two questions: the answer delivered, read and submitted, its review recorded, the
next question asked. The answer has 4 kB, the feedback 6 kB, and the interview grows to 20 questions, so that the
snapshot does too. Beside it stands what the disk alone takes for a synced write of the same size.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.store.opening import open_store
from adapters.store.sql import SqlStore
from engine.facts import Advanced, Answered, Asked, Begun, Reviewed, Submitted
from engine.feedback.model import Origin
from engine.inbound import Begin, Pressed, Wrote
from engine.keys import ThreadKey
from tests.kit.interviews import CRITERIA, feedback, question, setup

INTERVIEWS = 30
QUESTIONS = 20
TURN_BAR_MS = 20.0
ANSWER = "Because the queue grew while the database was slow. " * 80
ADVICE = "Say what the cache does when it is full, and who notices first. " * 24
PROMPTS = {name: f"{name}@perf" for name in ("question", "follow_up", "review", "model_answer", "report")}

Times = defaultdict[str, list[float]]


@asynccontextmanager
async def timed(times: Times, name: str) -> AsyncGenerator[None]:
    began = time.perf_counter()
    yield
    times[name].append((time.perf_counter() - began) * 1000)


async def interview(store: SqlStore, user: int, times: Times) -> None:
    key = ThreadKey(platform="perf", user=f"user-{user}")
    by = Origin(provider="perf", model="perf")
    review = feedback(additional_notes=ADVICE, rewrite=ADVICE, next_drill=ADVICE[: 6_144 - 2 * len(ADVICE) - 900],
                      prompt=PROMPTS["review"], origins=dict.fromkeys(CRITERIA, by), took_ms=9_000)  # fmt: skip
    chosen = setup(questions=QUESTIONS, prompts=PROMPTS)
    await store.deliver(Begin(id="begin", key=key, at=0, setup=chosen))
    async with store.lease(key) as lease:
        assert lease is not None
        (begin,) = await lease.mail()
        await lease.record(Begun(at=0, key=key, number=1, setup=chosen), read=begin)
        await lease.record(Asked(at=0, turn=1, question=question()))
        for turn in range(1, QUESTIONS + 1):
            async with (
                timed(times, "a whole turn"),
                timed(times, f"  {'1st to 4th' if turn <= 4 else '5th to 20th'} question"),
            ):
                async with timed(times, "deliver an answer"):
                    await store.deliver(Wrote(id=f"m{turn}", key=key, at=turn, message=f"m{turn}", text=ANSWER))
                async with timed(times, "read the mail"):
                    (wrote,) = await lease.mail()
                async with timed(times, "record Answered"):
                    await lease.record(Answered(at=turn, turn=turn, message=f"m{turn}", text=ANSWER), read=wrote)
                async with timed(times, "record Submitted"):
                    await lease.record(Submitted(at=turn, turn=turn))
                async with timed(times, "record Reviewed"):
                    await lease.record(Reviewed(at=turn, turn=turn, attempt=1, revision=1, feedback=review))
                next_pressed = Pressed(id=f"n{turn}", key=key, at=turn, action="next", turn=turn)
                async with timed(times, "deliver a button"):
                    await store.deliver(next_pressed)
                async with timed(times, "record Advanced"):
                    await lease.record(Advanced(at=turn), read=next_pressed)
                async with timed(times, "record Asked"):
                    await lease.record(Asked(at=turn, turn=turn + 1, question=question()))


def synced_writes_ms(folder: Path, count: int = 300) -> list[float]:
    """What the disk takes for 8 kB, synced."""
    taken: list[float] = []
    with (folder / "plain").open("wb", buffering=0) as file:
        for _ in range(count):
            began = time.perf_counter()
            file.write(b"x" * 8_192)
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def measure(folder: Path) -> Times:
    times: Times = defaultdict(list)
    times["(the disk alone: 8 kB, synced)"] = synced_writes_ms(folder)
    began = time.perf_counter()
    async with open_store(folder / "perf.db") as store:
        times["open a new database"].append((time.perf_counter() - began) * 1000)
        for user in range(INTERVIEWS):
            await interview(store, user, times)
    began = time.perf_counter()
    async with open_store(folder / "perf.db") as store:
        times["open it again"].append((time.perf_counter() - began) * 1000)
        for user in range(INTERVIEWS):
            key = ThreadKey(platform="perf", user=f"user-{user}")
            async with timed(times, "take the lease of a whole interview"), store.lease(key):
                pass
            async with timed(times, "look for what is due"):
                await store.due(0)
    return times


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        times = asyncio.run(measure(Path(folder)))
    print(f"{'store (SQLite, synchronous=FULL), ms':40}{'n':>6}{'p50':>8}{'p95':>8}{'p99':>8}")
    for name, values in times.items():
        row = "".join(f"{percentile(values, share):8.2f}" for share in (0.50, 0.95, 0.99))
        print(f"{name:40}{len(values):6}{row}")
    turn_ms = percentile(times["a whole turn"], 0.95)
    met = turn_ms <= TURN_BAR_MS
    print(f"a stored turn at p95: {turn_ms:.1f} ms, bar {TURN_BAR_MS:.0f} ms: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
