"""`rehearse run` at a local Slack, as a process of its own, and a candidate who uses it the way a person would."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import aiohttp

from adapters.slack.names import PRESS
from engine.inbound import Action
from tests.kit.ports import free_port
from tests.wire.slack import Message, Person, Slack

STARTS_WITHIN_S = 20.0
EVENTS_PATH = "/slack/events"
OVERALL = "Overall"
"""What only a report says."""


class SlackProgram:
    """The bot. With `http` Slack calls it, otherwise it connects in Socket Mode. `settings` are added to its own."""

    def __init__(
        self, slack: Slack, home: Path, settings: Mapping[str, str] | None = None, *, http: bool = False
    ) -> None:
        self.port = free_port()
        self._slack = slack
        self._http = http
        listening = (
            {"SLACK_SIGNING_SECRET": slack.app.signing_secret} if http else {"SLACK_APP_TOKEN": slack.app.app_token}
        )
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "OPENAI_"))},
            "REHEARSE_HOME": str(home),
            "REHEARSE_PORT": str(self.port),
            "REHEARSE_QUIET_S": "60",
            "SLACK_API_URL": f"{slack.url}/api/",
            "SLACK_BOT_TOKEN": slack.team.bot_token,
            **listening,
            **(settings or {}),
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, and wait until Slack can reach it."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=self._environment,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        assert self._process.stdout is not None
        self._output = asyncio.create_task(self._process.stdout.read())
        if self._http:
            await self._until_ready()
            await self._slack.connect_http(f"http://127.0.0.1:{self.port}{EVENTS_PATH}")
        else:
            await self._slack.until(lambda: self._slack.deliveries.sockets.count or self.ended, STARTS_WITHIN_S)
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

    async def _until_ready(self) -> None:
        async with asyncio.timeout(STARTS_WITHIN_S), aiohttp.ClientSession() as http:
            while not self.ended:
                with suppress(aiohttp.ClientError):
                    async with http.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.02)


class Candidate:
    """Somebody in their direct message with the bot. `root` is the message that the interview hangs from."""

    def __init__(self, slack: Slack, person: Person) -> None:
        self.slack = slack
        self.person = person
        self.root = ""

    async def begins(self, text: str = "start behavioral") -> None:
        """Type the command with all that is wanted, and wait for the interview's thread."""
        before = {message.ts for message in self._said()}
        await self.person.command(text)
        self.root = await self.slack.until(lambda: self._new_root(before), 10)

    async def fills_in_the_form(self, **values: str) -> None:
        """Type the bare command, and submit the form that opens."""
        before = {message.ts for message in self._said()}
        await self.person.command("")
        view = (await self.slack.until(lambda: self.slack.views(self.person)))[-1]
        reply = await self.person.submits(view, {f"start.{name}": value for name, value in values.items()})
        assert not reply.errors
        assert not reply.problems
        self.root = await self.slack.until(lambda: self._new_root(before), 10)

    async def answers(self, text: str) -> str:
        """Write in the thread, and press Done under the question."""
        ts = await self.person.says(None, text, self.root)
        await self.presses("done")
        return ts

    async def presses(self, action: Action, within_s: float = 20) -> None:
        """Wait for the newest message with this button, and press it."""
        message = await self.sees_button(action, within_s)
        await self.person.presses(message.channel, message.ts, PRESS + action)

    async def sees_button(self, action: Action, within_s: float = 20) -> Message:
        return await self.sees(lambda: next(iter(self.with_button(action)[::-1]), None), within_s)

    async def sees_report(self, within_s: float = 20) -> Message:
        return await self.sees(lambda: next((m for m in self.thread if OVERALL in m.visible), None), within_s)

    async def sees(self, what: Callable[[], Message | None], within_s: float = 20) -> Message:
        found = await self.slack.until(what, within_s)
        assert found is not None
        return found

    def with_button(self, action: Action) -> list[Message]:
        """The messages of the thread that bear this button, oldest first."""
        return [message for message in self.thread if PRESS + action in message.action_ids]

    @property
    def thread(self) -> list[Message]:
        """What the bot has said in the interview's thread, the root included."""
        return self.slack.said_by_bot(self.person.dm, self.root)

    @property
    def text(self) -> str:
        """All that can be read there."""
        return "\n".join(message.visible for message in self.thread)

    def _said(self) -> list[Message]:
        return self.slack.said_by_bot(self.person.dm)

    def _new_root(self, before: set[str]) -> str:
        fresh = [message.ts for message in self._said() if message.ts not in before and message.thread_ts is None]
        return fresh[-1] if fresh else ""
