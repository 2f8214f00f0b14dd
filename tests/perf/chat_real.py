"""What it takes to play in real time: a platform's local server in a process of its own, and the loop that runs ours.

Such a server prints one line of JSON when it is ready, and one for every line it reads.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from bot.run import loop_factory
from tests.perf.chat_sight import Figures, Write

LINE_BYTES = 256_000_000


def run_real(main: Coroutine[object, object, Figures]) -> Figures:
    """Played in real time, on the loop that `rehearse run` uses."""
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(main)


class Server:
    """A server's process. `ready` is its first line."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.ready: Any = None

    async def ask(self, line: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        return await self.line()

    async def line(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(await self._process.stdout.readline())

    async def writes(self) -> list[Write]:
        """All that was written so far."""
        return [Write(**each) for each in await self.ask("writes")]


@asynccontextmanager
async def serving(module: str, *args: object) -> AsyncGenerator[Server]:
    """The server that this module is, ready."""
    command = (sys.executable, "-m", module, *map(str, args))
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=subprocess.PIPE, limit=LINE_BYTES)
    try:
        server = Server(process)
        server.ready = await server.line()
        yield server
    finally:
        process.kill()
        await process.wait()
