"""Rehearse in a Discord of our own: the store, the engine, the delivery and the app behind the real discord.py.

    async with open_world() as world:
        you = world.discord.person("You")
        await world.starts(you, "coding")
        question = await world.asked(you)

The model is scripted, the store is in memory unless one is given, and time is real: answers end by Done, not by a
pause. One of them at a time: discord.py's addresses are global to a process.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from time import time
from typing import Any

import pytest

from adapters.discord.admin import Looks
from adapters.discord.app import DiscordApp
from adapters.discord.delivery.delivery import Delivery
from adapters.discord.delivery.rest import HttpRest
from adapters.discord.names import read_menu, read_press, thread_key
from adapters.library.bank import load_bank
from adapters.library.types import load_types
from adapters.surface.panels.audit import AuditPages
from adapters.surface.panels.menu import MenuPages
from adapters.surface.panels.paths import Panels
from adapters.surface.panels.people import PeoplePages
from engine.admin.people import People
from engine.catalogue import Catalogue
from engine.desk import Admission, Desk
from engine.errors import ModelError, SettingsError
from engine.events import Event
from engine.inbound import Action, Inbound
from engine.interviewer import Interviewer
from engine.interviews import InterviewType
from engine.keys import ThreadKey
from engine.performing import Performer
from engine.ports import LLMProvider, Recording, Source, Transcript
from engine.reception import Reception
from engine.session import Session
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.memory import MemoryPrompts, MemoryStore
from tests.kit.model import Model
from tests.kit.scene import PROMPTS
from tests.wire.discord.interactions import Interaction
from tests.wire.discord.limits import Limits
from tests.wire.discord.people import Person
from tests.wire.discord.server import Discord, serve_discord
from tests.wire.discord.world import Channel, Message

WITHIN_S = 10.0


def short_types(questions: int = 2) -> Mapping[str, InterviewType]:
    """The shipped types, with few questions and no follow-ups."""
    update = {"questions": questions, "follow_ups": 0, "source": "bank"}
    return {id: kind.model_copy(update=update) for id, kind in load_types().items()}


@dataclass
class Ear:
    """A transcriber that hears what it was told to; a `ModelError` is raised instead."""

    hears: list[str | ModelError] = field(default_factory=lambda: ["We cached the hot rows and measured it."])
    heard: list[tuple[Recording, str]] = field(default_factory=list[tuple[Recording, str]])
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.go_on.set()

    async def transcribe(self, recording: Recording, *, language: str = "") -> Transcript:
        self.heard.append((recording, language))
        await self.go_on.wait()
        said = self.hears.pop(0) if len(self.hears) > 1 else self.hears[0]
        if isinstance(said, ModelError):
            raise said
        return Transcript(said, Source("ear", "ear-1"))


@dataclass
class World:
    """What runs. `serving` ends when the app's `serve` does."""

    discord: Discord
    store: MemoryStore
    model: Model
    ear: Ear
    desk: Desk
    delivery: Delivery
    reception: Reception
    app: DiscordApp
    serving: asyncio.Task[None]

    # What a test waits for

    async def rest(self) -> None:
        """Until everything that was done has been acted upon and shown."""

        def quiet() -> bool:
            return not (self.reception.attending or self.app.busy or self._writing())

        async with asyncio.timeout(WITHIN_S):
            still = 0
            while still < 3:  # what is on its way over the socket is nobody's work yet
                await asyncio.sleep(0.01)
                still = still + 1 if quiet() else 0

    def _writing(self) -> bool:
        """Whether anything is yet to be shown. That the store is told so, a while later, is not waited for."""
        posts = [(thread, post) for thread in self.delivery._threads.values() for post in thread.posts.values()]
        return any(
            (post.unseen_since is not None and not thread.refused) or thread.scope.governor.busy(post)
            for thread, post in posts
        )

    async def see(self, find: Callable[[], Any], within_s: float = WITHIN_S) -> Any:
        """Until something is so, on screen or in the store; that."""
        return await self.discord.until(find, within_s)

    async def done(self, act: Interaction) -> Interaction:
        """An interaction, once it was answered and acted upon."""
        await self.see(lambda: act.acked)
        await self.rest()
        return act

    # What is done

    async def starts(
        self, person: Person, type: str = "coding", channel: Channel | None = None, **options: object
    ) -> Interaction:
        """`/interview start`, acknowledged; the interview may still be on its way."""
        user_install = bool(options.pop("user_install", False))
        act = person.command("interview start", {"type": type, **options}, channel, user_install=user_install)
        await self.see(lambda: act.acked)
        return act

    def press(self, person: Person, message: Message, action: Action) -> Interaction:
        """Press the button of an action, or choose it in the menu of the card."""
        for custom_id in message.custom_ids:
            pressed = read_press(custom_id)
            if pressed is not None and pressed[0] == action:
                return person.presses(message, custom_id)
            if read_menu(custom_id, action) is not None:
                return person.selects(message, custom_id, action)
        raise AssertionError(f"{action} is not on the message, but {message.custom_ids}")

    # What is on screen

    def key(self, person: Person, channel: Channel | None = None, *, forms: bool = False) -> ThreadKey:
        return thread_key(str((channel or person.dm).id), str(person.id), forms=forms)

    def session(self, person: Person, channel: Channel | None = None, *, forms: bool = False) -> Session:
        """The newest interview there."""
        return self.store.snapshots[self.key(person, channel, forms=forms)]

    def begun(self, person: Person, channel: Channel | None = None, *, forms: bool = False) -> Session | None:
        return self.store.snapshots.get(self.key(person, channel, forms=forms))

    def messages(self, person: Person, channel: Channel | None = None) -> list[Message]:
        """What the bot has said there."""
        return [m for m in self.discord.messages(channel or person.dm) if m.author is self.discord.bot]

    async def asked(self, person: Person, turn: int = 1, channel: Channel | None = None) -> Message:
        """The card of a question, once it is there with its buttons."""
        return await self.see(lambda: self._with(self.messages(person, channel), "done", turn))

    async def asked_privately(self, person: Person, turn: int = 1) -> Message:
        """The same, where only the person sees it."""
        return await self.see(lambda: self._with(self.discord.ephemerals(person), "done", turn))

    async def reviewed(self, person: Person, turn: int = 1, channel: Channel | None = None) -> Message:
        """The message with the buttons under the feedback of a turn."""
        return await self.see(lambda: self._with(self.messages(person, channel), "retry", turn))

    @staticmethod
    def _with(messages: list[Message], action: Action, turn: int) -> Message | None:
        for message in reversed(messages):
            pressed = [read_press(custom_id) for custom_id in message.custom_ids]
            if any(each is not None and (each[0], each[2]) == (action, turn) for each in pressed):
                return message
        return None


@asynccontextmanager
async def open_world(
    *,
    discord: Discord | None = None,
    store: MemoryStore | None = None,
    provider: LLMProvider | None = None,
    types: Mapping[str, InterviewType] | None = None,
    limits: Limits | None = None,
    voice: bool = True,
    quiet_s: float = 60.0,
    message_content: bool = False,
    token: str | None = None,
    ready: bool = True,
    emit: Callable[[Event], None] | None = None,
    panels: Looks | None = None,
    catalogue: Catalogue | None = None,
    admission: Admission | None = None,
) -> AsyncGenerator[World]:
    """All of it, connected. With a `discord` given, the app starts anew in one that went on running."""
    async with AsyncExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("adapters.discord.client.Client.before_identify_hook", _at_once)
        patch.setattr("adapters.discord.app.PAUSE_S", 0.02)
        patch.setattr("adapters.discord.threads.LOOK_EVERY_S", 0.05)
        patch.setattr("adapters.discord.delivery.thread.TELL_S", 0.1)
        running = discord or await stack.enter_async_context(serve_discord(limits))
        kept, model, ear = store or MemoryStore(), Model(), Ear()
        kept_admin = MemoryAdmin()
        markers = count(1)
        delivery = Delivery(
            store=kept, sessions=kept.session, preferences=lambda key: desk.preferences(key),
            rest=HttpRest(token or running.token, url=running.rest_url),
        )  # fmt: skip
        performer = Performer(
            provider=provider or model, prompts=MemoryPrompts(PROMPTS), bank=load_bank(), now=time, draw=lambda: 0.25,
            marker=lambda: f"{next(markers):032x}", pseudonym=lambda key: "p" + key.user,
        )  # fmt: skip
        interviewer = Interviewer(store=kept, performer=performer, emit=emit or delivery.emit, now=time)
        told: list[tuple[ThreadKey, str]] = []
        reception = Reception(
            store=kept, attend=interviewer.attend, tell=lambda key, text: told.append((key, text)), now=time
        )

        async def deliver(inbound: Inbound) -> bool:
            return await reception.deliver(inbound)

        desk = Desk(store=kept, prompts=MemoryPrompts(PROMPTS), types=types or short_types(), deliver=deliver, now=time,
                    engine_label="m-1", catalogue=catalogue, admission=admission)  # fmt: skip
        people = People(store=kept_admin, now=time, pseudonym=lambda person: f"p{person}")
        pages = (MenuPages(people), PeoplePages(people), AuditPages(people))
        app = DiscordApp(
            desk=desk, delivery=delivery, store=kept, transcriber=ear if voice else None,
            panels=panels or Panels(pages, store=kept_admin, now=time), roles=people,
            token=token or running.token, quiet_s=quiet_s, rest_url=running.rest_url, gateway_url=running.gateway_url,
            message_content=message_content,
        )  # fmt: skip
        await stack.enter_async_context(delivery)
        await stack.enter_async_context(performer)
        await stack.enter_async_context(reception)
        await stack.enter_async_context(app)
        await delivery.catch_up()
        before = len(running.gateway.identifies)
        serving = asyncio.create_task(app.serve())
        stack.push_async_callback(_ended, serving)
        world = World(running, kept, model, ear, desk, delivery, reception, app, serving)
        if ready:
            await running.until(lambda: len(running.gateway.identifies) > before and app._synced)
            await world.rest()
        yield world


async def _ended(serving: asyncio.Task[None]) -> None:
    serving.cancel()
    with suppress(asyncio.CancelledError, SettingsError):
        await serving


async def _at_once(self: object, shard_id: int | None, *, initial: bool = False) -> None:
    """Discord wants five seconds between two IDENTIFYs; this one does not."""
