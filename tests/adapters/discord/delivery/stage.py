"""The delivery on a local Discord without a socket between them, so that minutes of load take no time at all.

A request takes a round trip of virtual time, and is then answered by the same code, under the same limits and faults,
as over HTTP.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from adapters.discord.delivery.delivery import Delivery
from adapters.discord.delivery.rest import Answer, Rest
from adapters.discord.names import thread_key
from adapters.discord.render import Attachment, Json
from engine.events import Card, Event, Grew, Notice, Opened, Settled
from engine.keys import ThreadKey, session_id
from engine.ports import TOLD, told
from engine.preferences import Preferences
from engine.session import Session
from tests.wire.discord.clock import Clock
from tests.wire.discord.errors import ApiError, plain
from tests.wire.discord.interactions import Interaction
from tests.wire.discord.limits import Limits
from tests.wire.discord.posting import Upload
from tests.wire.discord.rest import INVALID, ROUTES, Asked, Call
from tests.wire.discord.server import Discord
from tests.wire.discord.world import Message

RTT_S = 0.09
EPOCH = 1_790_000_000.0


class LoopClock(Clock):
    """The running loop's time, as seconds since 1970."""

    def __init__(self) -> None:
        self._started = EPOCH

    def now(self) -> float:
        return self._started + asyncio.get_running_loop().time()


class PipedRest(Rest):
    """A bot's way to the local Discord's state, in place of HTTP."""

    def __init__(self, discord: Discord, rtt_s: float = RTT_S) -> None:
        self.discord = discord
        self.rtt_s = rtt_s
        self.closed = False

    async def send(
        self, method: str, path: str, *, body: Json | None = None, files: Sequence[Attachment] = (), by_bot: bool = True
    ) -> Answer:
        body = json.loads(json.dumps(body))
        discord, url = self.discord, URL(path)
        now = discord.clock.now
        await asyncio.sleep(self.rtt_s / 2)
        found = next(
            (each, match) for each in ROUTES if each.method == method and (match := each.pattern.match(url.path))
        )
        route, match = found
        call = Call(method, url.path, route.template, "bot" if by_bot else "interaction", now(), now(), body)
        discord.calls.append(call)
        headers: dict[str, str] = {}
        cut = False
        try:
            request = cast("web.Request", SimpleNamespace(method=method, path=url.path, transport=None))
            try:
                cut = await discord.faults.befall(request, call.route, now())
            except AssertionError:
                raise aiohttp.ServerDisconnectedError from None
            if discord.buckets.banned(now()):
                raise ApiError(429, "error code: 1015")
            if not by_bot and not route.by_token:
                raise plain(401, "Unauthorized")
            if not route.by_token:
                discord.buckets.overall(now())
            asked = Asked(discord.house, match.groupdict(), dict(url.query), body, [], call)
            asked.uploads.extend(Upload(n, file.name, file.content) for n, file in enumerate(files))
            if route.bucket is not None:
                major = asked.params.get(route.major, "") if route.major else ""
                headers = discord.buckets.take(route.bucket, major, now())
            made = route.handler(asked)
            content = await made if isinstance(made, Awaitable) else made
            status = 204 if content is None else 200
        except ApiError as error:
            status, content, call.code = error.status, error.body, error.code
            headers |= error.headers
        if status in INVALID and headers.get("X-RateLimit-Scope") != "shared":
            discord.buckets.count_invalid(now())
        call.status = status
        await asyncio.sleep(self.rtt_s / 2)
        if cut:
            raise aiohttp.ServerDisconnectedError
        raw = content.encode() if isinstance(content, str) else b"" if content is None else json.dumps(content).encode()
        return Answer(status, CIMultiDict(headers), raw)

    async def aclose(self) -> None:
        self.closed = True


@dataclass
class Shelf:
    """The part of a store that a delivery uses, with as many interviews in it as a test puts there."""

    kept: dict[ThreadKey, dict[str, str]] = field(default_factory=lambda: defaultdict[ThreadKey, dict[str, str]](dict))
    sessions: dict[ThreadKey, Session] = field(default_factory=dict[ThreadKey, Session])
    likes: dict[str, Preferences] = field(default_factory=dict[str, Preferences])
    takes_s: float = 0.002
    writes: int = 0

    async def keep_handle(self, key: ThreadKey, post: str, handle: str) -> None:
        self.writes += 1
        await asyncio.sleep(self.takes_s)
        self.kept[key][post] = handle

    async def handles(self, key: ThreadKey) -> Mapping[str, str]:
        await asyncio.sleep(self.takes_s)
        return dict(self.kept[key])

    async def behind(self, platform: str, limit: int = 1_000) -> Sequence[ThreadKey]:
        return [key for key, session in self.sessions.items() if self.kept[key].get(TOLD) != told(session)]

    async def session(self, key: ThreadKey) -> Session | None:
        return self.sessions.get(key)

    async def preferences(self, key: ThreadKey) -> Preferences:
        return self.likes.get(key.user, Preferences())


@dataclass
class Stage:
    """What a test has in hand: Discord, the delivery, its store, and events to tell it."""

    discord: Discord
    shelf: Shelf
    rest: Rest
    delivery: Delivery
    refused: list[ThreadKey] = field(default_factory=list[ThreadKey])
    lost: list[str] = field(default_factory=list[str])

    def interview(self, name: str = "Ada") -> ThreadKey:
        """An interview of somebody in their direct messages."""
        person = self.discord.person(name)
        return thread_key(str(person.dm.id), str(person.id))

    def press(self, key: ThreadKey, message: Message | None = None, *, ephemeral: bool = False) -> Interaction:
        """The person presses a button, which is acknowledged at once, and the delivery told so."""
        house = self.discord.house
        person = next(each for each in self.discord.people.values() if str(each.id) == key.user)
        channel = house.channels[int(key.channel.removeprefix("forms:"))]
        act = Interaction(
            house.ids.new(), f"token{house.ids.new()}", 3, person.account, channel, {}, self.discord.clock.now(),
            self.discord.clock, message=message,
        )  # fmt: skip
        act.response, act.original = 6, message
        house.interactions[act.id] = house.by_token[act.token] = act
        self.delivery.interaction(
            key, act.token, str(house.bot.id), act.created_at, message=str(message.id) if message else ""
        )
        return act

    def tell(self, key: ThreadKey, kind: type[Opened] | type[Grew] | type[Settled], post: str, card: Card) -> None:
        self.delivery.emit(kind(key=key, session=session_id(key, 1), post=post, card=card))

    def say(self, key: ThreadKey, text: str) -> None:
        self.delivery.emit(Notice(key=key, session=session_id(key, 1), text=text))

    def emit(self, event: Event) -> None:
        self.delivery.emit(event)

    def shown(self, key: ThreadKey) -> list[Message]:
        """The bot's messages in an interview's channel, also those that only one person sees."""
        channel = self.discord.house.channels[int(key.channel.removeprefix("forms:"))]
        return [each for each in channel.messages.values() if each.author is self.discord.bot]

    def calls(self, *methods: str) -> list[str]:
        """What was asked so far, in order, as `METHOD /route`; only of these methods, if any are given."""
        return [f"{call.method} {call.route}" for call in self.discord.calls if not methods or call.method in methods]

    @property
    def limited(self) -> dict[str, int]:
        """How many 429s there were, by scope."""
        return {scope: count for scope, count in self.discord.refused.items() if count}


@asynccontextmanager
async def staged(
    limits: Limits | None = None,
    *,
    discord: Discord | None = None,
    shelf: Shelf | None = None,
    rest: Rest | None = None,
    rtt_s: float = RTT_S,
) -> AsyncGenerator[Stage]:
    """A delivery at work. Give `discord` and `shelf` of an earlier one for a restart, `rest` for a real connection."""
    discord = discord or Discord(limits, LoopClock(), 41.25, "Rehearse")
    shelf = shelf or Shelf()
    stage = Stage(discord, shelf, rest or PipedRest(discord, rtt_s), cast("Any", None))

    async def refused(key: ThreadKey) -> None:
        stage.refused.append(key)

    stage.delivery = Delivery(
        store=shelf,
        sessions=shelf.session,
        preferences=shelf.preferences,
        rest=stage.rest,
        dm_refused=refused,
        lost=stage.lost.append,
        now=discord.clock.now,
    )
    async with stage.delivery:
        yield stage
