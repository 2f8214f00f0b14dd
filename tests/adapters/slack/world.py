"""Rehearse in a Slack of our own: the store, the engine, the delivery and the app, reached by sockets or over HTTP.

    async with open_world("socket") as world:
        you = world.slack.person("U1", "You")
        await you.command("start coding")
        question = await world.question(you)

The model is scripted, the store is in memory unless one is given, and time is real: answers end by Done, not by a
pause.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from time import time
from typing import Any, Literal

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.health import serve
from adapters.library.bank import load_bank
from adapters.library.types import load_types
from adapters.recent import Recent
from adapters.slack.app import SlackApp
from adapters.slack.authorize import authorizer
from adapters.slack.delivery.delivery import Delivery
from adapters.slack.workspaces import Grant, Workspaces, open_session, web_client
from adapters.surface.panels import Pages
from adapters.surface.panels.menu import MenuPages
from adapters.surface.panels.paths import Panels
from adapters.surface.panels.people import PeoplePages
from bot.slack_groups import ByGroups
from engine.admin.people import People
from engine.desk import Desk
from engine.errors import ModelError
from engine.events import Event
from engine.inbound import Inbound
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
from tests.wire.slack import Limits, Message, Person, Slack, Team, serve_slack
from tests.wire.slack.delivery import Answer

Mode = Literal["socket", "http"]
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


class Tokens(Workspaces):
    """The workspaces of a local Slack, each with its token."""

    def __init__(self, slack: Slack, session: aiohttp.ClientSession) -> None:
        self._slack = slack
        self._session = session
        self._clients: dict[str, AsyncWebClient] = {}
        self.refused: list[tuple[str, str]] = []

    async def client(self, team: str) -> AsyncWebClient:
        if team not in self._clients:
            token = self._slack.teams[team].bot_token
            self._clients[team] = web_client(token, session=self._session, base_url=f"{self._slack.url}/api/")
        return self._clients[team]

    async def lost(self, team: str, error: str) -> None:
        self.refused.append((team, error))

    async def grant(self, enterprise: str, team: str) -> Grant | None:
        known = self._slack.teams.get(team)
        return known and Grant(known.bot_token, team, enterprise, known.bot_id, known.bot_user)


class Door:
    """The admins' door: the menu, who has a role, and whatever `pages` there are."""

    def __init__(self, store: MemoryAdmin, pages: Sequence[Pages]) -> None:
        self.people = People(store=store, now=time, pseudonym=lambda person: f"hash of {person}")
        self.panels = Panels((MenuPages(self.people), PeoplePages(self.people), *pages), store=store, now=time)
        self.by_groups = ByGroups(store)


@dataclass
class World:
    """What runs. `purged` are the workspaces that left; `store.deliver` may be replaced to play a slow store."""

    mode: Mode
    slack: Slack
    store: MemoryStore
    model: Model
    ear: Ear
    desk: Desk
    delivery: Delivery
    reception: Reception
    app: SlackApp
    admins: MemoryAdmin
    purged: list[str] = field(default_factory=list[str])
    refused: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """Workspaces whose token Slack took no longer, with its word."""
    url: str = ""

    async def send(self, kind: str, payload: dict[str, Any], team: Team | None = None) -> Answer:
        """Deliver any payload, however wrong; how it was answered."""
        return (await self.slack.deliveries.send(kind, payload, team or self.slack.team)).answer

    def forget_deliveries(self) -> None:
        """What a restart forgets: which deliveries were seen already."""
        self.app._known = Recent(1_000)

    # What a test waits for

    async def rest(self) -> None:
        """Until everything that was done has been acted upon and shown."""

        def quiet() -> bool:
            return not (self.reception.attending or self.app.busy or self._writing())

        async with asyncio.timeout(WITHIN_S):
            await self.slack.deliveries.settled()
            while not quiet():  # noqa: ASYNC110 - what is waited for tells nobody when it is done
                await asyncio.sleep(0.005)

    def _writing(self) -> bool:
        """Whether anything is yet to be shown. That the store is told so, a while later, is not waited for."""
        posts = [(thread, post) for thread in self.delivery._threads.values() for post in thread.posts.values()]
        return any(
            post.unseen_since is not None or post.growing or thread.scope.governor.busy(post) for thread, post in posts
        )

    async def see(self, find: Callable[[], Any], within_s: float = WITHIN_S) -> Any:
        """Until something is so, on screen or in the store; that."""
        try:
            async with asyncio.timeout(within_s):
                while not (found := find()):  # noqa: ASYNC110 - the store tells nobody that it changed
                    await asyncio.sleep(0.005)
                return found
        except TimeoutError:
            last = [f"{call.method} {call.error or 'ok'}" for call in self.slack.calls[-8:]]
            raise AssertionError(f"not within {within_s} s; the last calls were {last}") from None

    # What is on screen

    def thread(self, person: Person, channel: str | None = None) -> str:
        """The newest thread with an interview of this person, in their direct message with the bot or in a channel."""
        where = channel or person.dm
        keys = [k for k in self.store.snapshots if (k.channel, k.user) == (where, person.id)]
        assert keys, "no interview has begun"
        return max(keys, key=lambda key: float(key.thread)).thread

    def session(self, person: Person, channel: str | None = None) -> Session:
        thread = self.thread(person, channel)
        [session] = [s for k, s in self.store.snapshots.items() if (k.thread, k.user) == (thread, person.id)]
        return session

    def replies(self, person: Person, channel: str | None = None) -> list[Message]:
        """What stands in the newest interview's thread, without its root."""
        return self.slack.messages(channel or person.dm, thread=self.thread(person, channel))[1:]

    async def asked(self, person: Person, turn: int = 1, channel: str | None = None) -> Message:
        """The card of a question, once it is there with its buttons."""
        return await self.see(lambda: self._with(person, channel, "rehearse.press.done", turn))

    async def reviewed(self, person: Person, turn: int = 1, channel: str | None = None) -> Message:
        """The message with the buttons under the feedback of a turn."""
        return await self.see(lambda: self._with(person, channel, "rehearse.press.retry", turn))

    def _with(self, person: Person, channel: str | None, action: str, turn: int) -> Message | None:
        where = channel or person.dm
        if not any((key.channel, key.user) == (where, person.id) for key in self.store.snapshots):
            return None
        cards = [m for m in self.replies(person, channel) if has(m, action)]
        return next((m for m in cards if (m.element(action) or {}).get("value") == f"{person.id}|{turn}"), None)


def has(message: Message, action: str) -> bool:
    """Whether a button is on a message."""
    return not message.deleted and any(known.startswith(action) for known in message.action_ids)


@asynccontextmanager
async def open_world(
    mode: Mode = "socket",
    *,
    provider: LLMProvider | None = None,
    store: MemoryStore | None = None,
    types: Mapping[str, InterviewType] | None = None,
    limits: Limits | None = None,
    slack: Slack | None = None,
    voice: bool = True,
    quiet_s: float = 60.0,
    answer_within_s: float = 2.0,
    emit: Callable[[Event], None] | None = None,
    pages: Sequence[Pages] = (),
) -> AsyncGenerator[World]:
    """All of it, connected. With a `slack` given, the app starts anew in one that went on running."""
    async with AsyncExitStack() as stack:
        running = slack or await stack.enter_async_context(serve_slack(limits))
        http = await stack.enter_async_context(open_session())
        workspaces = Tokens(running, http)
        kept, model, ear = store or MemoryStore(), Model(), Ear()
        markers = count(1)
        delivery = Delivery(store=kept, sessions=kept.session, workspaces=workspaces,
                            preferences=lambda key: desk.preferences(key))  # fmt: skip
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
                    engine_label="m-1")  # fmt: skip
        purged: list[str] = []

        async def purge(team: str) -> None:
            purged.append(team)
            await kept.forget_workspace("slack", team)

        admins = MemoryAdmin(time)
        door = Door(admins, pages)
        app = SlackApp(
            desk=desk, delivery=delivery, workspaces=workspaces, store=kept, authorize=authorizer(workspaces),
            signing_secret=running.team.signing_secret if mode == "http" else None,
            transcriber=ear if voice else None, purge=purge, quiet_s=quiet_s, base_url=f"{running.url}/api/",
            session=http, answer_within_s=answer_within_s, door=door, by_groups=door.by_groups,
        )  # fmt: skip
        await stack.enter_async_context(delivery)
        await stack.enter_async_context(performer)
        await stack.enter_async_context(reception)
        await stack.enter_async_context(app)
        world = World(
            mode, running, kept, model, ear, desk, delivery, reception, app, admins, purged, workspaces.refused
        )
        if mode == "socket":
            await stack.enter_async_context(app.serve_socket(running.team.app_token))
            await running.until(lambda: running.sockets >= 2)
        else:
            world.url = await stack.enter_async_context(serve(app.routes(), "127.0.0.1", 0))
            await running.connect_http(f"{world.url}/slack/events")
        yield world
        await running.deliveries.settled()


def visible(messages: Sequence[Message]) -> list[str]:
    return [message.visible for message in messages if not message.deleted]
