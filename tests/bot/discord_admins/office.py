"""The whole product in a Discord of our own, with a server whose admin does what admins do, as they would.

    async with open_office(wire, monkeypatch) as office:
        panel = await office.opens(office.owner, "types")
        panel = await office.goes(office.owner, panel, "Behavioral", "Edit", "Length and pace")

Buttons are found by their words, fields of forms by their labels. The offline coach answers, and the store is SQLite.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest

from adapters.discord.app import DiscordApp
from bot.compose import App, assemble
from bot.config import read_settings
from bot.platforms import connect, opened
from tests.kit.ports import free_port
from tests.wire.discord.components import walk
from tests.wire.discord.interactions import Interaction, Modal
from tests.wire.discord.offers import File
from tests.wire.discord.people import Person
from tests.wire.discord.server import Discord as Wire
from tests.wire.discord.world import Channel, Guild, Message

WITHIN_S = 10.0
BUTTON, SELECT, LABEL = 2, 3, 18


@dataclass
class Office:
    """`owner` owns the server, `general` is its channel."""

    discord: Wire
    app: App
    bot: DiscordApp
    guild: Guild
    general: Channel
    owner: Person
    closing: AsyncExitStack

    async def closes(self) -> None:
        """The program ends, and Discord goes on."""
        await self.closing.aclose()

    @property
    def scope(self) -> str:
        return f"discord/{self.guild.id}"

    # What a test waits for

    async def rest(self) -> None:
        """Until everything that was done has been acted upon."""
        async with asyncio.timeout(WITHIN_S):
            still = 0
            while still < 3:
                await asyncio.sleep(0.01)
                still = still + 1 if not self.bot.busy else 0

    async def done(self, act: Interaction) -> Interaction:
        await self.see(lambda: act.acked)
        await self.rest()
        return act

    async def see(self, find: Callable[[], Any], within_s: float = WITHIN_S) -> Any:
        return await self.discord.until(find, within_s)

    # What people do

    def person(self, name: str) -> Person:
        """Somebody in the server."""
        person = self.discord.person(name)
        if person.id not in self.guild.members:
            person.joins(self.guild)
        return person

    def admin(self, name: str) -> Person:
        """Somebody who may manage the server."""
        person = self.person(name)
        role = next(role for role in self.guild.roles.values() if role.name == "Admins")
        self.guild.members[person.id].roles = [role.id]
        return person

    async def opens(self, person: Person, name: str = "menu") -> Message:
        """`/interview-admin`; the message that only they see."""
        act = await self.done(person.command(f"interview-admin {name}", channel=self.general))
        return act.replies[0]

    async def submits(
        self,
        person: Person,
        modal: Modal,
        values: Mapping[str, object],
        files: Mapping[str, Sequence[File]] | None = None,
    ) -> Message:
        """Fill a form in, by its fields' labels; what stands where it came from."""
        names = fields_of(modal)
        act = person.submits(
            modal,
            {names[label]: value for label, value in values.items()},
            {names[label]: list(found) for label, found in (files or {}).items()},
        )
        return _seen(await self.done(act), modal.opened_by.message)

    async def goes(self, person: Person, message: Message, *path: str) -> Message:
        """Press one button after another: by its words, or by those it stands beside."""
        for label in path:
            beside = label not in labels(message)
            name = accessory_of(message, label) if beside else button_of(message, label)
            message = _seen(await self.done(person.presses(message, name)), message)
        return message

    async def form(self, person: Person, message: Message, label: str) -> Modal:
        """The form behind a button, by its words or by those it stands beside."""
        name = button_of(message, label) if label in labels(message) else accessory_of(message, label)
        act = await self.done(person.presses(message, name))
        assert act.modal is not None, f"no form, but {message.text}"
        return act.modal

    # Interviews

    async def begins(self, person: Person, type: str, **options: object) -> Interaction:
        """`/interview start` in the server."""
        return await self.done(person.command("interview start", {"type": type, **options}, self.general))

    async def sees_button(self, person: Person, beginning: str) -> Message:
        """The newest message in somebody's direct message with a button whose name begins so."""

        def found() -> list[Message]:
            said = self.discord.messages(person)
            return [each for each in said if any(id.startswith(beginning) for id in each.custom_ids)]

        return (await self.see(found))[-1]

    async def answers(self, person: Person, text: str, turn: int = 1) -> Message:
        """Answer a question and press Done; the feedback."""
        done = f"rh:p:done:{person.id}:{turn}"
        question = await self.sees_button(person, done)
        person.says(text)
        person.presses(question, done)
        return await self.sees_button(person, f"rh:p:retry:{person.id}:{turn}")

    async def ends(self, person: Person) -> Message:
        """Say `stop`; the report."""
        person.says("stop")
        return await self.sees_button(person, "rh:ab:share/")

    async def chore(self, name: str) -> None:
        """Do by hand what is done now and then."""
        await next(chore for chore in self.app.admins.chores if chore.name == name).run()

    async def fills(self, person: Person, message: Message, label: str, values: Mapping[str, object]) -> Message:
        """Open a form by the words of its button, or by those it stands beside, and fill it in."""
        return await self.submits(person, await self.form(person, message, label), values)


def button_of(message: Message, label: str, nth: int = 0) -> str:
    """The name of the button that says this."""
    found = [
        each["custom_id"] for each in walk(message.components) if each["type"] == BUTTON and each["label"] == label
    ]
    assert len(found) > nth, f"no {label!r} among {labels(message)} under: {message.text}"
    return found[nth]


def accessory_of(message: Message, title: str) -> str:
    """The name of the button beside what begins with these words."""
    for each in walk(message.components):
        if each["type"] == 9 and each["components"][0]["content"].startswith(f"**{title}"):
            return cast("str", each["accessory"]["custom_id"])
    raise AssertionError(f"no {title!r} in: {message.text}")


def labels(message: Message) -> list[str]:
    return [each["label"] for each in walk(message.components) if each["type"] == BUTTON]


def fields_of(modal: Modal) -> dict[str, str]:
    """The names of a form's fields by their labels."""
    return {each["label"]: each["component"]["custom_id"] for each in modal.components if each["type"] == LABEL}


def values_of(modal: Modal) -> dict[str, str]:
    """What stands in a form's text fields."""
    inside = {each["label"]: each["component"] for each in modal.components if each["type"] == LABEL}
    return {label: each["value"] for label, each in inside.items() if each.get("value")}


def _seen(act: Interaction, before: Message | None) -> Message:
    new = [each for each in act.replies if each is not before]
    shown = new[0] if new else before
    assert shown is not None, "nothing is to be seen"
    return shown


@asynccontextmanager
async def open_office(wire: Wire, monkeypatch: pytest.MonkeyPatch, **settings: str) -> AsyncGenerator[Office]:
    """What `rehearse run` does, until the context is left."""
    monkeypatch.setattr("adapters.discord.client.Client.before_identify_hook", _at_once)
    known = {
        "DISCORD_API_URL": wire.rest_url,
        "DISCORD_GATEWAY_URL": wire.gateway_url,
        "DISCORD_TOKEN": wire.token,
        "REHEARSE_PORT": str(free_port()),
    }
    for name, value in (known | settings).items():
        monkeypatch.setenv(name, value)
    read = read_settings()
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(assemble(read))
        platforms = await stack.enter_async_context(connect(app, read))
        for platform in platforms:
            app.outlets.attach(platform.name, platform.emit)
        await stack.enter_async_context(app.attending())
        await stack.enter_async_context(opened(app, read, platforms))
        stack.push_async_callback(_ended, [asyncio.create_task(each) for p in platforms for each in p.beside()])
        bot = cast("Any", platforms[0])._app
        owner = wire.person("Olga")
        guild = next(iter(wire.house.guilds.values()), None) or wire.guild("Readers", [], [owner])
        general = wire.channel(guild)
        await wire.until(lambda: platforms[0].connected and bot._synced, WITHIN_S)
        yield Office(wire, app, bot, guild, general, owner, stack)


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _at_once(self: object, shard_id: int | None, *, initial: bool = False) -> None:
    """Discord wants five seconds between two IDENTIFYs; this one does not."""
