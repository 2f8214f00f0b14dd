"""`rehearse run` at a local Slack, as a process of its own, and a candidate who uses it the way a person would."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import aiohttp

from adapters.slack.names import PRESS
from engine.inbound import Action
from tests.kit.program import STARTS_WITHIN_S, Program
from tests.wire.slack import Message, Person, Slack

EVENTS_PATH = "/slack/events"
OVERALL = "Overall"
"""What only a report says."""


def slack_settings(slack: Slack, *, http: bool = False) -> dict[str, str]:
    """What points the program at this Slack."""
    listening = {"SLACK_SIGNING_SECRET": slack.app.signing_secret} if http else {"SLACK_APP_TOKEN": slack.app.app_token}
    return {"SLACK_API_URL": f"{slack.url}/api/", "SLACK_BOT_TOKEN": slack.team.bot_token, **listening}


class SlackProgram:
    """The bot. With `http` Slack calls it, otherwise it connects in Socket Mode. `settings` are added to its own."""

    def __init__(
        self, slack: Slack, home: Path, settings: Mapping[str, str] | None = None, *, http: bool = False
    ) -> None:
        self.program = Program(home, {**slack_settings(slack, http=http), **(settings or {})})
        self._slack = slack
        self._http = http
        self.kill, self.output = self.program.kill, self.program.output

    async def start(self) -> None:
        """Start it, and wait until Slack can reach it."""
        await self.program.start(self._until_reached)

    @property
    def pid(self) -> int:
        return self.program.pid

    async def _until_reached(self) -> None:
        if self._http:
            await self._until_ready()
            await self._slack.connect_http(f"http://127.0.0.1:{self.program.port}{EVENTS_PATH}")
        else:
            sockets = self._slack.deliveries.sockets
            await self._slack.until(lambda: sockets.count or self.program.ended, STARTS_WITHIN_S)

    async def _until_ready(self) -> None:
        async with asyncio.timeout(STARTS_WITHIN_S), aiohttp.ClientSession() as http:
            while not self.program.ended:
                with suppress(aiohttp.ClientError):
                    async with http.get(f"http://127.0.0.1:{self.program.port}/readyz") as answer:
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
