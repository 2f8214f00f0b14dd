"""How long the real program takes to be ready, what it weighs, and how soon a finished section is told.

`rehearse run` is started as a process of its own, with no key and with both; ready means that `/readyz` says so. A
section is timed from the moment its last byte is written by a loopback server to the `emit` that shows it settled.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from adapters.llm.openai import OpenAI
from adapters.llm.warmup import warm_up
from engine.events import Event, FeedbackCard, Grew
from engine.llm.sections import SectionScanner
from tests.kit.interviews import setup
from tests.kit.ports import free_port
from tests.kit.scene import Scene
from tests.perf.stalls import Stalls
from tests.perf.table import percentiles, table
from tests.wire.openai import ResponsesDialect
from tests.wire.server import Call, Script, Words, serve

STARTS, REVIEWS = 5, 12
READY_BAR_S, MEMORY_BAR_MB = 2.0, 150
NOBODY = "http://127.0.0.1:9"
KEYS = {
    "OPENAI_API_KEY": "k",
    "GEMINI_API_KEY": "k",
    "OPENAI_BASE_URL": NOBODY,
    "GOOGLE_GEMINI_BASE_URL": NOBODY,
}
ANSWER = "I measured first, compared two ways, and chose the slower one because it cannot lose a message. " * 8


async def start_once(home: Path, keys: dict[str, str]) -> tuple[float, float]:
    """Seconds until ready, and resident megabytes a second later."""
    port = free_port()
    environment = os.environ | keys | {"REHEARSE_HOME": str(home), "REHEARSE_PORT": str(port)}
    began = time.perf_counter()
    quiet = asyncio.subprocess.DEVNULL
    command = (sys.executable, "-m", "bot", "run")
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=quiet, stderr=quiet)
    try:
        async with aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"http://127.0.0.1:{port}/readyz") as answer:
                        if answer.status == 200:
                            break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.01)
        ready_s = time.perf_counter() - began
        await asyncio.sleep(1)
        return ready_s, resident_mb(process.pid)
    finally:
        process.terminate()
        await process.wait()


def resident_mb(pid: int) -> float:
    """Resident memory of a process, from its status file (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


class Noting(ResponsesDialect):
    """OpenAI's words, noting when each section of the answer was first whole on the wire."""

    def __init__(self) -> None:
        self.written: dict[str, float] = {}

    def begin(self, call: Call) -> Words:
        self.written.clear()
        scanner = SectionScanner()
        words = super().begin(call)
        delta = words.delta

        def noted(text: str) -> bytes:
            for name in scanner.feed(text):
                self.written[name] = time.perf_counter()
            return delta(text)

        words.delta = noted
        return words


async def section_lag_ms() -> tuple[list[float], float]:
    """Milliseconds from the write that completes a section to its `emit`, and the loop's longest stall meanwhile.

    The server runs in the same loop, so its own work and the loopback are part of it.
    """
    dialect, lags = Noting(), list[float]()

    def emit(event: Event) -> None:
        if isinstance(event, Grew) and isinstance(event.card, FeedbackCard):
            for view in event.card.sections:
                if view.state == "settled" and (at := dialect.written.pop(view.criterion, None)) is not None:
                    lags.append((time.perf_counter() - at) * 1000)

    async with serve([dialect]) as wire:
        wire.otherwise = Script(chunk_chars=16, delay_s=0.002)
        provider = OpenAI(api_key="k", base_url=wire.base_url + "/v1")
        await warm_up((provider,))
        async with Scene(provider, emit=emit) as scene, Stalls() as stalls:
            await scene.begin(setup(questions=REVIEWS))
            await scene.rest()
            for turn in range(1, REVIEWS + 1):
                await scene.until(lambda turn=turn: len(scene.session.turns) >= turn, 60)
                await scene.answer(ANSWER)
                await scene.press("next")
        await provider.aclose()
    return lags, stalls.longest_ms


async def main() -> None:
    """Print both tables."""
    rows: list[Sequence[object]] = []
    for name, keys in (("no key", {}), ("both keys", KEYS)):
        with tempfile.TemporaryDirectory() as home:
            first, *again = [await start_once(Path(home), keys) for _ in range(STARTS + 1)]
        ready = sorted(seconds for seconds, _ in again)[len(again) // 2]
        memory = max(megabytes for _, megabytes in again)
        rows.append((name, f"{first[0]:.2f}", f"{ready:.2f}", f"{memory:.0f}"))
        print(f"  {name}: ready {ready:.2f} s ≤ {READY_BAR_S}, {memory:.0f} MB ≤ {MEMORY_BAR_MB}")
    print(table(("rehearse run", "first start s", "ready s, median", "resident MB"), rows))
    lags, stall = await section_lag_ms()
    lag_rows = [("section on the wire to emit, ms", len(lags), *percentiles(lags), f"{stall:.1f}")]
    print(table(("", "n", "p50", "p95", "p99", "longest stall"), lag_rows))


if __name__ == "__main__":
    asyncio.run(main())
