"""The Discord app: everything Discord sends comes in by one door, is understood and acted upon, and it stays open.

The gateway is kept open whatever ends it, but for a token that is no good and an intent that was not granted. What
comes in is parsed at once and in order; what a person wrote in one channel is acted upon one after the other. Whatever
goes wrong is logged with its traceback and without anybody's words.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Protocol, Self

import aiohttp
import discord

from adapters.discord.acts import Acts
from adapters.discord.admin import Looks
from adapters.discord.client import Client, pointed_at
from adapters.discord.commands import COMMANDS, same
from adapters.discord.delivery.rest import API, HttpRest
from adapters.discord.files import Files
from adapters.discord.missed import Missed, OpenThreads
from adapters.discord.outlet import DiscordOutlet
from adapters.discord.parse import EVENTS, parse, removed_from
from adapters.discord.replies import DiscordRefused, DiscordUnreachable, Replies, mapping
from adapters.discord.seen import Changed, Said, Seen
from adapters.discord.standing import Standings
from adapters.discord.starts import Handles
from adapters.discord.talk import Shows
from adapters.discord.threads import Threads
from adapters.lanes import Lanes
from adapters.owned import DRAIN_S, Owned
from adapters.recent import Recent
from engine.admin.roles import Roles
from engine.desk import Desk
from engine.errors import SettingsError
from engine.keys import ThreadKey
from engine.ports import Transcriber

log = logging.getLogger(__name__)

REMEMBERED, REMEMBERED_FOR_S = 20_000, 900.0
"""Interactions that were taken. Discord waits for an answer for three seconds only."""
PAUSE_S, PAUSE_MOST_S, HELD_S = 1.0, 60.0, 60.0
"""How long to wait before connecting anew, doubling; and how long a connection must hold to begin with one again."""
AUTHENTICATION_FAILED = 4004
PORTAL = "https://discord.com/developers/applications"
BAD_TOKEN = f"Discord refuses DISCORD_TOKEN. Copy it anew: {PORTAL}, your application, Bot, Reset Token."
NO_INTENT = (
    "Discord does not grant the message content intent, which REHEARSE_DISCORD_MESSAGE_CONTENT asks for. Switch it on "
    f"({PORTAL}, your application, Bot, Privileged Gateway Intents), or leave the setting out: direct messages work "
    "without it."
)


class Kept(Handles, OpenThreads, Protocol):
    """The part of the store that is needed here."""


class Delivers(Shows, Protocol):
    """The part of the delivery that is needed here."""

    dm_refused: Callable[[ThreadKey], Coroutine[object, object, None]] | None


class DiscordApp:
    """An async context manager; leaving it takes in nothing more and lets what is under way come to its end.

    `panels` are what admins see; `standings` and `outlet` are what they are known and told by. `rest_url` and
    `gateway_url` are other addresses of Discord's. `quiet_s` is how long a pause ends an answer. `purge` forgets a
    server that removed the app.
    `message_content` asks for the privileged intent, so that what is typed in private threads can be read.
    """

    def __init__(
        self,
        *,
        desk: Desk,
        delivery: Delivers,
        store: Kept,
        transcriber: Transcriber | None,
        panels: Looks,
        roles: Roles,
        token: str,
        quiet_s: float,
        purge: Callable[[str], Coroutine[object, object, None]] | None = None,
        rest_url: str | None = None,
        gateway_url: str | None = None,
        message_content: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.application_id = ""
        self._token = token
        self._purge = purge
        self._rest_url = rest_url
        self._gateway_url = gateway_url
        self._content = message_content
        self._rest = HttpRest(token, url=rest_url or API)
        self._replies = Replies(self._rest)
        self.standings = Standings(self._replies)
        self.outlet = DiscordOutlet(self._replies)
        self._owned = Owned()
        self._known: Recent[str, bool] = Recent(REMEMBERED, for_s=REMEMBERED_FOR_S)
        self._lanes = Lanes()
        self._threads = Threads(store, self._replies)
        self._acts = Acts(
            desk=desk, delivery=delivery, replies=self._replies, owned=self._owned, store=store,
            files=Files(api=rest_url), transcriber=transcriber, threads=self._threads, lanes=self._lanes,
            panels=panels,
            roles=roles, standings=self.standings, quiet_s=quiet_s, typed=message_content, now=now,
        )  # fmt: skip
        self._missed = Missed(store, self._replies, self._in_order, self._threads, typed=message_content)
        self._lanes.before = self._missed.caught_up
        self._client: Client | None = None
        self._synced = False
        self._closing = False
        delivery.dm_refused = self._acts.dm_refused

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        await self._owned.drain(DRAIN_S)
        await self._rest.aclose()

    @property
    def busy(self) -> bool:
        """Whether something is being done about what came in."""
        return self._owned.count > 0

    @property
    def connected(self) -> bool:
        """Whether what people do is heard now."""
        return self._client is not None and self._client.stands and bool(self.application_id)

    async def serve(self) -> None:
        """Be connected until cancelled.

        Raises `SettingsError` for a token that Discord refuses, and for an intent that it does not grant.
        """
        closing_threads = asyncio.create_task(self._threads.run(), name="close threads")
        pause_s = PAUSE_S
        try:
            with pointed_at(self._rest_url, self._gateway_url):
                while True:
                    began = time.monotonic()
                    await self._connect()
                    held_s = time.monotonic() - began
                    pause_s = PAUSE_S if held_s > HELD_S else min(PAUSE_MOST_S, pause_s * 2)
                    log.warning("connecting to Discord anew", extra={"held_s": round(held_s), "in_s": pause_s})
                    await asyncio.sleep(pause_s)
        finally:
            closing_threads.cancel()

    async def _connect(self) -> None:
        """One connection, until something ends it that discord.py does not know how to go on from."""
        client = self._client = Client(self._take, message_content=self._content)
        try:
            await client.start(self._token)
        except discord.LoginFailure as error:
            raise SettingsError(BAD_TOKEN) from error
        except discord.PrivilegedIntentsRequired as error:
            raise SettingsError(NO_INTENT) from error
        except discord.ConnectionClosed as error:
            if error.code == AUTHENTICATION_FAILED:
                raise SettingsError(BAD_TOKEN) from error
            log.warning("Discord closed the connection", extra={"code": error.code})
        except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("no connection to Discord", extra={"error": f"{type(error).__name__}: {error}"[:300]})
        except Exception:
            log.exception("the connection to Discord failed in an unforeseen way")
        finally:
            await client.close()

    def _take(self, event: str, data: object) -> None:
        """A dispatch of the gateway's."""
        if self._closing:
            return
        if event in ("READY", "RESUMED"):
            self._owned.start(self._missed.catch_up(), "read on")
            if event == "READY":
                self.application_id = str(mapping(mapping(data).get("application")).get("id") or "")
                self._owned.start(self._sync(), "sync commands")
            return
        if event == "GUILD_DELETE" and self._purge is not None and (guild := removed_from(data)):
            self._owned.start(self._purge(guild), "forget a server")
        seen = parse(event, data) if event in EVENTS else None
        if seen is not None:
            self._owned.start(self._do(seen), type(seen).__name__)

    async def _do(self, seen: Seen) -> None:
        if isinstance(seen, Said | Changed):
            await self._missed.caught_up(seen.place.channel)
            await self._in_order(seen)
        elif not self._known.get(seen.asked.id):
            self._known.keep(seen.asked.id, True)
            await self._acts.act(seen)

    async def _in_order(self, seen: Said | Changed) -> None:
        """What was written in one channel, one after the other, and each once."""
        async with self._lanes.of(seen.place.channel):
            if self._known.get(seen.id):
                return
            self._known.keep(seen.id, True)
            try:
                await self._acts.act(seen)
            except Exception:
                self._known.drop(seen.id)
                log.exception("what somebody wrote could not be acted upon", extra={"act": type(seen).__name__})

    async def _sync(self) -> None:
        """Tell Discord of the commands, when what it knows is something else."""
        if self._synced or not self.application_id:
            return
        try:
            if not same(await self._replies.commands(self.application_id)):
                await self._replies.register(self.application_id, COMMANDS)
                log.info("commands registered", extra={"commands": len(COMMANDS)})
            self._synced = True
        except (DiscordRefused, DiscordUnreachable) as error:
            log.error("commands could not be registered", extra={"error": str(error)})
