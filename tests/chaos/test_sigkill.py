"""The real program, killed at many points of a turn and started again: nothing is lost and nothing happens twice."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.store.opening import open_store
from engine.facts import Answered, Asked, Fact, Reviewed, Summarised
from engine.session import Session
from tests.kit.ports import free_port
from tests.wire.openai import openai_server
from tests.wire.server import Script

KILLED_AFTER_S = (0.0, 0.01, 0.04, 0.1, 0.2, 0.3)
"""How long after something was sent the process is killed; a review takes about 0.3 s here."""

PARTS = (
    "I parsed local dates as UTC, and 312 invoices went out wrong.",
    "I reverted it and added a test for all zones.",
)


class Program:
    """`rehearse run` as a process of its own, and a candidate who sends everything again until it is taken."""

    def __init__(self, home: Path, openai_url: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.restarts_s: list[float] = []
        # Measuring coverage would make every start twice as slow, and whoever is killed reports nothing.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        self._environment = inherited | {
            "REHEARSE_HOME": str(home),
            "REHEARSE_PORT": str(self.port),
            "REHEARSE_QUIET_S": "60",
            "OPENAI_API_KEY": "k",
            "OPENAI_BASE_URL": openai_url,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        began = time.monotonic()
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=self._environment, stdout=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(20), aiohttp.ClientSession() as http:
            while True:
                try:
                    async with http.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.02)
        self.restarts_s.append(time.monotonic() - began)

    async def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        assert self._process is not None
        self._process.send_signal(how)
        await self._process.wait()

    async def send(self, path: str, body: dict[str, Any], killed_after_s: float | None = None) -> None:
        """Send something; with `killed_after_s`, kill the process that long after, start it again and send it again."""
        async with aiohttp.ClientSession() as http:
            if killed_after_s is not None:
                sending = asyncio.create_task(self._post(http, path, body))
                await asyncio.sleep(killed_after_s)
                await self.kill()
                await asyncio.gather(sending, return_exceptions=True)
                await self.start()
            await self._post(http, path, body)

    async def _post(self, http: aiohttp.ClientSession, path: str, body: dict[str, Any]) -> None:
        async with http.post(self.url + path, json=body) as answer:
            assert answer.status < 300, await answer.text()

    async def posts(self, interview: str) -> list[str]:
        async with aiohttp.ClientSession() as http, http.get(f"{self.url}/api/interviews/{interview}") as answer:
            assert answer.status == 200
            return [each["post"] for each in (await answer.json())["posts"]]

    async def until(self, interview: str, post: str) -> None:
        async with asyncio.timeout(30):
            while post not in await self.posts(interview):  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@pytest.mark.process
async def test_killed_at_any_point_of_a_turn_it_loses_nothing_and_repeats_nothing(tmp_path: Path) -> None:
    async with openai_server() as wire:
        wire.otherwise = Script(chunk_chars=60, delay_s=0.005)
        program = Program(tmp_path, wire.base_url)
        await program.start()
        for n, after_s in enumerate(KILLED_AFTER_S):
            one = f"/api/interviews/killed-{n}"
            begin = {"id": f"killed-{n}", "type": "behavioral", "questions": 1}
            await program.send("/api/interviews", begin, killed_after_s=after_s if n % 3 == 0 else None)
            await program.until(f"killed-{n}", "q1")
            for k, text in enumerate(PARTS):
                killed = after_s if (n + k) % 2 else None
                await program.send(f"{one}/messages", {"id": f"m{k}", "text": text}, killed_after_s=killed)
            await program.send(f"{one}/actions", {"id": "done", "action": "done"}, killed_after_s=after_s)
            await program.until(f"killed-{n}", "f1.1")
            await program.send(f"{one}/actions", {"id": "stop", "action": "stop"}, after_s if n % 3 == 1 else None)
            await program.until(f"killed-{n}", "report")
        await program.kill(signal.SIGTERM)
    async with open_store(tmp_path / "rehearse.db") as store:
        sessions = await store.sessions(platform="local", workspace="-", user="you")
        assert len(sessions) == len(KILLED_AFTER_S)
        for session in sessions:
            nothing_lost_nothing_twice(session, list(await store.facts(session.id)))


def nothing_lost_nothing_twice(session: Session, facts: list[Fact]) -> None:
    asked = [fact.turn for fact in facts if isinstance(fact, Asked)]
    assert asked == list(range(1, len(asked) + 1))
    assert [fact.text for fact in facts if isinstance(fact, Answered)] == list(PARTS)
    reviewed = Counter((f.turn, f.attempt, f.revision) for f in facts if isinstance(f, Reviewed))
    assert set(reviewed.values()) == {1}
    assert session.turns[0].attempt.text == "\n".join(PARTS)
    assert sum(isinstance(fact, Summarised) for fact in facts) == 1
