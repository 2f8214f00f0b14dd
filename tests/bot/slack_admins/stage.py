"""Rehearse as it runs, in a Slack of our own, and somebody in front of a modal: what they see, press and hand in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from adapters.slack.names import PRESS, pick_id
from bot.compose import App, assemble
from bot.config import read_settings
from bot.platforms import opened
from bot.slack import Slack, connect_slack
from tests.kit.ports import free_port
from tests.wire.slack import Message, Person, serve_slack
from tests.wire.slack import Slack as Wire
from tests.wire.slack.interact import FormReply
from tests.wire.slack.surfaces import View
from tests.wire.slack.words import interactive, visible_text

WITHIN_S = 15.0


@dataclass
class Stage:
    """`wire` is Slack, `app` what runs."""

    wire: Wire
    app: App
    slack: Slack

    def desk(self, person: Person) -> Desk:
        return Desk(self, person)

    async def rest(self) -> None:
        """Until everything that was done has been acted upon."""
        await self.wire.deliveries.settled()
        async with asyncio.timeout(WITHIN_S):
            while self.slack._app.busy:  # noqa: ASYNC110 - nobody tells when it is done
                await asyncio.sleep(0.005)


@dataclass
class Desk:
    """Somebody at their desk with Slack open: admin, coach or candidate."""

    stage: Stage
    person: Person

    @property
    def view(self) -> View:
        """The modal on top."""
        views = self.stage.wire.views(self.person)
        assert views, "no modal is open"
        return views[-1]

    @property
    def text(self) -> str:
        return visible_text("", self.view.blocks)

    @property
    def buttons(self) -> list[str]:
        """What can be pressed in the modal on top, by its words."""
        return [one["text"]["text"] for _, one in interactive(self.view.blocks) if one["type"] == "button"]

    def button(self, label: str) -> str:
        """The action id of the first button with these words, or beside the row that begins with them."""
        for block, one in interactive(self.view.blocks):
            beside = visible_text("", [block]).strip("* \n")
            if one["type"] == "button" and (one["text"]["text"] == label or beside.startswith(label)):
                return str(one["action_id"])
        raise AssertionError(f"no button {label!r} among {self.buttons} in {self.text!r}")

    async def opens(self) -> View:
        """`/interview admin`."""
        await self.person.command("admin")
        return await self.settled()

    async def presses(self, *labels: str) -> View:
        """One button after another, by its words."""
        for label in labels:
            await self.person.presses_in(self.view, self.button(label))
            await self.settled()
        return self.view

    async def picks(self, path: str, option: str) -> View:
        await self.person.presses_in(self.view, pick_id(path), option)
        return await self.settled()

    async def settled(self) -> View:
        """Until nothing is loading or worked on any more."""
        await self.stage.rest()
        await self.stage.wire.until(lambda: "Loading…" not in self.text and "Working on it" not in self.text, WITHIN_S)
        return self.view

    async def fills(self, **fields: Any) -> FormReply:
        """Hand in the form on top; fields by the ids they have in the form."""
        blocks = {block["block_id"].rpartition("|")[2]: block["block_id"] for block in self.view.blocks
                  if block["type"] == "input"}  # fmt: skip
        values: Mapping[str, Any] = {blocks[id]: value for id, value in fields.items()}
        reply = await self.person.submits(self.view, values)
        assert not reply.problems, reply.problems
        if reply.action != "errors":
            await self.settled()
        return FormReply(reply.action, {block.rpartition("|")[2]: why for block, why in reply.errors.items()},
                         reply.view, [], reply.delivery)  # fmt: skip

    # In the direct message

    def said(self) -> list[Message]:
        return self.stage.wire.said_by_bot(self.person.dm)

    async def sees(self, words: str) -> Message:
        """The newest message of the bot's that says this."""
        found = await self.stage.wire.until(lambda: [m for m in self.said() if words in m.visible], WITHIN_S)
        return found[-1]

    async def sees_button(self, action: str) -> Message:
        """The newest message with this button of an interview's."""
        id = f"{PRESS}{action}"
        found = await self.stage.wire.until(lambda: [m for m in self.said() if id in m.action_ids], WITHIN_S)
        return found[-1]

    async def presses_at(self, message: Message, label: str) -> None:
        """A button of a message, by its words."""
        [action, *_] = [one["action_id"] for _, one in interactive(message.blocks)
                        if one["type"] == "button" and one["text"]["text"] == label]  # fmt: skip
        await self.person.presses(message.channel, message.ts, action)
        await self.stage.rest()

    async def answers(self, text: str) -> None:
        """Answer the question that is open, and press Done."""
        question = await self.sees_button("done")
        await self.person.says(None, text, question.thread_ts)
        await self.person.presses(question.channel, question.ts, f"{PRESS}done")


@asynccontextmanager
async def open_stage(environ: Any) -> AsyncGenerator[Stage]:
    """What `rehearse run` does, in one workspace, with the offline models."""
    async with serve_slack() as wire:
        for name, value in {
            "SLACK_API_URL": f"{wire.url}/api/",
            "SLACK_BOT_TOKEN": wire.team.bot_token,
            "SLACK_APP_TOKEN": wire.app.app_token,
            "REHEARSE_PORT": str(free_port()),
        }.items():
            environ.setenv(name, value)
        settings = read_settings()
        async with assemble(settings) as app, connect_slack(app, settings) as slack:
            app.outlets.attach("slack", slack.emit)
            async with app.attending(), opened(app, settings, [slack]):
                beside = [asyncio.create_task(each) for each in slack.beside()]
                try:
                    await wire.until(lambda: wire.sockets >= 2, WITHIN_S)
                    yield Stage(wire, app, slack)
                finally:
                    for task in beside:
                        task.cancel()
                    await asyncio.gather(*beside, return_exceptions=True)
