"""What a streamed event costs: our path beside the SDKs' own, at the pace of real models and as fast as they come.

`python -m tests.perf.streams` prints the table; `measure()` and `stalls_in_a_new_process()` are for whoever wants the
figures. The server runs in a process of its own and only replays bytes made beforehand; the process measured is this
one, by its CPU time divided by the content events it received.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from adapters.llm.google import Gemini
from adapters.llm.openai import OpenAI
from adapters.llm.warmup import warm_up
from engine.ports import Deadlines, LLMProvider, Request
from tests.contracts.llm import REVIEW
from tests.perf.replay import EVENTS_PER_S, PACED_EVENTS, PACED_STREAMS

DEADLINES = Deadlines(30, 30, 120)
BARS_US = {"openai": 60.0, "gemini": 170.0}

Stream = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU microseconds per streamed event for one client."""

    client: str
    loop: str
    pace: str
    us_per_event: float
    bar_us: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the bar, if there is one, was kept."""
        return self.bar_us is None or self.us_per_event <= self.bar_us


@asynccontextmanager
async def replaying(*, paced: bool) -> AsyncGenerator[str]:
    """The base URL of a replaying server in a process of its own."""
    command = [sys.executable, "-m", "tests.perf.replay", *(["--paced"] if paced else [])]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        yield (await process.stdout.readline()).decode().strip()
    finally:
        process.kill()
        await process.wait()


async def consume(provider: LLMProvider, request: Request, chunks: int = sys.maxsize) -> None:
    """Read one answer, or its first chunks."""
    async with provider.stream(request) as answer:
        async for _ in answer:
            chunks -= 1
            if not chunks:
                break


async def _clients(base_url: str) -> AsyncGenerator[tuple[str, Stream, float | None]]:
    request = Request(REVIEW.purpose, REVIEW.task, REVIEW.messages, deadlines=DEADLINES)
    ours = OpenAI(api_key="key", base_url=f"{base_url}/v1")
    gemini = Gemini(api_key="key", base_url=base_url)
    await warm_up((ours, gemini))
    yield "OpenAI, ours", lambda: consume(ours, request), BARS_US["openai"]
    yield "OpenAI, SDK's typed stream", _bare_openai(base_url), None
    yield "Gemini, ours", lambda: consume(gemini, request), BARS_US["gemini"]
    yield "Gemini, SDK's typed stream", _bare_gemini(base_url), None
    await ours.aclose()
    await gemini.aclose()


def _bare_openai(base_url: str) -> Stream:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="key", base_url=f"{base_url}/v1", max_retries=0)

    async def stream() -> None:
        async with await client.responses.create(model="gpt-6-luna", input="Hello.", stream=True) as events:
            async for _ in events:
                pass

    return stream


def _bare_gemini(base_url: str) -> Stream:
    import httpx2
    from google import genai
    from google.genai import types

    options = types.HttpOptions(base_url=base_url, api_version="v1beta", httpx_async_client=httpx2.AsyncClient())
    client = genai.Client(api_key="key", http_options=options)

    async def stream() -> None:
        async for _ in await client.aio.models.generate_content_stream(model="gemini-3.8-flash", contents="Hello."):
            pass

    return stream


async def _cost_us(stream: Stream, streams: int, events: int) -> float:
    started = time.process_time()
    async with asyncio.TaskGroup() as group:
        for n in range(streams):
            group.create_task(_staggered(stream, n / streams / EVENTS_PER_S))
    return (time.process_time() - started) / (streams * events) * 1e6


async def _staggered(stream: Stream, offset_s: float) -> None:
    # Real streams do not tick together.
    await asyncio.sleep(offset_s)
    await stream()


async def costs(loop: str, *, paced: bool) -> list[Cost]:
    """One table's part: every client at one pace under the running loop."""
    rows: list[Cost] = []
    pace = f"{PACED_STREAMS} × 60/s" if paced else "instant"
    async with replaying(paced=paced) as base_url:
        async for name, stream, bar in _clients(base_url):
            if not paced:
                await stream()  # first times are another table
            us = await _cost_us(stream, PACED_STREAMS if paced else 10, PACED_EVENTS)
            rows.append(Cost(name, loop, pace, us, bar if paced else None))
    return rows


def measure(loops: tuple[str, ...] = ("asyncio", "uvloop")) -> list[Cost]:
    """All rows: about ten seconds for each client and loop."""
    rows: list[Cost] = []
    for loop in loops:
        for paced in (False, True):
            with asyncio.Runner(loop_factory=_factory(loop)) as runner:
                rows += runner.run(costs(loop, paced=paced))
    return rows


def _factory(loop: str) -> Callable[[], asyncio.AbstractEventLoop]:
    if loop == "asyncio":
        return asyncio.new_event_loop
    import uvloop

    return uvloop.new_event_loop


@dataclass(frozen=True, slots=True)
class Stall:
    """How long a piece of work held the loop up at most: by the clock, and by the CPU the loop's thread took.

    Where other programs want the CPU too, only the second says something about us.
    """

    work: str
    wall_ms: float
    cpu_ms: float


async def _longest_stall(name: str, work: Awaitable[None]) -> Stall:
    wall = cpu = 0.0
    done = False

    async def tick() -> None:
        nonlocal wall, cpu
        while not done:
            began = time.perf_counter(), time.thread_time()
            await asyncio.sleep(0.001)
            wall = max(wall, time.perf_counter() - began[0])
            cpu = max(cpu, time.thread_time() - began[1])

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0.02)
    wall = cpu = 0.0
    await work
    done = True
    await ticking
    return Stall(name, wall * 1000, cpu * 1000)


async def first_stream_stalls(*, warm: bool = True) -> list[Stall]:
    """The longest time each first stream held the loop up, in a process that has made none before."""
    request = Request(REVIEW.purpose, REVIEW.task, REVIEW.messages, deadlines=DEADLINES)
    stalls: list[Stall] = []
    async with replaying(paced=True) as base_url:
        providers = (OpenAI(api_key="key", base_url=f"{base_url}/v1"), Gemini(api_key="key", base_url=base_url))
        if warm:
            stalls.append(await _longest_stall("warming up", warm_up(providers)))
        for provider in providers:
            stalls.append(await _longest_stall(f"first {provider.name} stream", consume(provider, request, 20)))
            await provider.aclose()
    return stalls


def stalls_in_a_new_process(*, warm: bool) -> list[Stall]:
    """`first_stream_stalls`, where nothing has been imported yet."""
    command = [sys.executable, "-m", "tests.perf.streams", "--stalls", "warm" if warm else "cold"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    fields = (line.split("\t") for line in lines)
    return [Stall(work, float(wall), float(cpu)) for work, wall, cpu in fields]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.perf.streams", description=__doc__)
    parser.add_argument("--loop", choices=["asyncio", "uvloop"], action="append")
    parser.add_argument("--stalls", choices=["warm", "cold"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.stalls:
        for stall in asyncio.run(first_stream_stalls(warm=given.stalls == "warm")):
            print(f"{stall.work}\t{stall.wall_ms:.1f}\t{stall.cpu_ms:.1f}")
        return
    print(f"{'CPU µs per streamed event':32}{'loop':10}{'pace':12}{'µs':>8}{'bar':>8}")
    for row in measure(tuple(given.loop or ("asyncio", "uvloop"))):
        bar = f"{row.bar_us:.0f}" if row.bar_us else ""
        print(f"{row.client:32}{row.loop:10}{row.pace:12}{row.us_per_event:8.1f}{bar:>8}  {'' if row.ok else 'MISSED'}")
    print(f"\n{'Longest hold-up of the loop (bar 50 ms after the start)':62}{'wall ms':>8}{'CPU ms':>8}")
    for warm in (True, False):
        for stall in stalls_in_a_new_process(warm=warm):
            print(f"{stall.work + ('' if warm else ', not warmed up'):62}{stall.wall_ms:8.1f}{stall.cpu_ms:8.1f}")


if __name__ == "__main__":
    main()
