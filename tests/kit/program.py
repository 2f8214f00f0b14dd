"""`rehearse run` as a process of its own, with the settings it is given and none of this process's."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

from tests.kit.ports import free_port

STARTS_WITHIN_S = 20.0
NOT_INHERITED = ("SLACK_", "DISCORD_", "OPENAI_", "COVERAGE_")
"""Measuring coverage would make every start twice as slow, and whoever is killed reports nothing."""


class Program:
    """The bot. What it stores is in `home`; `port` is that of its web server."""

    def __init__(self, home: Path, settings: Mapping[str, str]) -> None:
        self.port = free_port()
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)},
            "REHEARSE_HOME": str(home),
            "REHEARSE_PORT": str(self.port),
            "REHEARSE_QUIET_S": "60",
            **settings,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, until: Callable[[], Awaitable[object]]) -> None:
        """Start it, and wait until it is up, which `until` returns upon, or it has `ended`."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=self._environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        assert self._process.stdout is not None
        self._output = asyncio.create_task(self._process.stdout.read())
        await until()
        assert not self.ended, await self.output()

    async def kill(self, how: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal and wait for the end; the exit code."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            self._process.send_signal(how)
        async with asyncio.timeout(20):
            return await self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process is not None and self._process.returncode is not None

    async def output(self) -> str:
        """All it said, once it has ended."""
        return (await self._output).decode()
