"""A running Discord, as a test holds it: who there is, what has been said, what shall go wrong.

async with serve_discord() as discord:
    ada = discord.person("Ada")
    with pointed_at(discord):
        ...  # a real discord.py client with discord.token
    ada.says("hello")
    await discord.until(lambda: discord.messages(ada.dm)[-1].author is discord.bot)
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Literal, TypeVar

from aiohttp import web

from tests.wire.discord import (
    routes_commands,
    routes_interactions,
    routes_messages,
    routes_places,
    words,
)
from tests.wire.discord.cdn import Cdn
from tests.wire.discord.clock import Clock
from tests.wire.discord.components import Json
from tests.wire.discord.faults import Faults
from tests.wire.discord.gateway import GUILDS, Gateway, Session
from tests.wire.discord.house import House, Write
from tests.wire.discord.interactions import Interaction, Modal
from tests.wire.discord.limits import Buckets, Limits
from tests.wire.discord.misbehaviour import Misbehaviour
from tests.wire.discord.people import Person
from tests.wire.discord.rest import Call, Rest
from tests.wire.discord.world import (
    ADMINISTRATOR,
    TEXT,
    USUAL,
    Account,
    Channel,
    Guild,
    Member,
    Message,
    Overwrite,
    Role,
)

SERVED = (routes_messages, routes_places, routes_commands, routes_interactions)
TOKEN = "wire.discord.bot-token"

T = TypeVar("T")


class Discord(Misbehaviour):
    """The test's side of the server."""

    def __init__(self, limits: Limits | None, clock: Clock, heartbeat_s: float, bot_name: str) -> None:
        self.clock = clock
        self.base_url = ""
        self.buckets = Buckets(limits or Limits())
        self.faults = Faults()
        self.gateway = Gateway(clock, TOKEN, heartbeat_s=heartbeat_s)
        self.cdn = Cdn(clock, self.faults)
        self.house = House(clock, self.gateway, self.cdn, self.buckets, bot_name)
        self.rest = Rest(self.house, self.buckets, self.faults, TOKEN)
        self.people: dict[str, Person] = {}
        self._changed = asyncio.Event()
        self.house.changed = self.gateway.changed = self._changed.set
        self.gateway.ready = self._ready
        self.gateway.chunk = self._chunk

    @property
    def token(self) -> str:
        """The bot's."""
        return TOKEN

    @property
    def rest_url(self) -> str:
        """What `discord.http.Route.BASE` becomes."""
        return f"{self.base_url}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What `DiscordWebSocket.DEFAULT_GATEWAY` becomes."""
        return self.gateway.url

    @property
    def bot(self) -> Account:
        return self.house.bot

    @property
    def application_id(self) -> int:
        return self.house.bot.id

    # Who and where.

    def person(
        self,
        name: str,
        *,
        id: int | None = None,
        locale: str = "en-US",
        dm: Literal["open", "closed", "no_mutual"] = "open",
    ) -> Person:
        """The person of this name, made on the first call."""
        if name not in self.people:
            account = Account(id or self.house.ids.new(), name, locale=locale)
            self.house.accounts[account.id] = account
            self.people[name] = Person(self.house, account)
            self.people[name].lets_dms(dm)
        return self.people[name]

    def guild(
        self,
        name: str,
        members: Iterable[Person] = (),
        admins: Iterable[Person] = (),
        *,
        bot: bool = True,
        bot_permissions: int = USUAL,
    ) -> Guild:
        """A new server with a channel #general; with the bot in it unless told. Its first admin is its owner."""
        now, ids, admins = self.clock.now(), self.house.ids, list(admins)
        guild_id = ids.new()
        guild = Guild(guild_id, name, admins[0].id if admins else 0)
        everyone, steward = Role(guild_id, "@everyone", USUAL), Role(ids.new(), "Admins", ADMINISTRATOR)
        app = Role(ids.new(), self.bot.name, bot_permissions)
        guild.roles = {each.id: each for each in (everyone, steward, app)}
        for person in [*members, *admins]:
            guild.members[person.id] = Member(person.account, now, [steward.id] if person in admins else [])
        if bot:
            guild.members[self.bot.id] = Member(self.bot, now, [app.id])
        self.house.guilds[guild.id] = guild
        self.channel(guild, "general")
        if bot:
            self.gateway.dispatch("GUILD_CREATE", lambda _: words.guild(guild, self.bot), guild.id, GUILDS)
        return guild

    def channel(self, guild: Guild, name: str = "general") -> Channel:
        """The text channel of this name, made on the first call."""
        for found in guild.channels.values():
            if found.name == name and not found.is_thread:
                return found
        channel = Channel(self.house.ids.new(), TEXT, name, guild, created_at=self.clock.now())
        self.house.channels[channel.id] = guild.channels[channel.id] = channel
        if len(guild.channels) > 1 and self.bot.id in guild.members:
            self.gateway.dispatch("CHANNEL_CREATE", words.channel(channel), guild.id, GUILDS)
        return channel

    def permit(self, channel: Channel, whom: Person | Role | Account, *, allow: int = 0, deny: int = 0) -> None:
        """Let somebody do more or less in a channel. `discord.bot` is an account, @everyone the guild's first role."""
        channel.overwrites.append(Overwrite(whom.id, not isinstance(whom, Role), allow, deny))
        assert channel.guild is not None
        self.gateway.dispatch("CHANNEL_UPDATE", words.channel(channel), channel.guild.id, GUILDS)

    def grant(self, intents: int) -> None:
        """Grant the application privileged intents; with the message content intent REST shows contents too."""
        self.gateway.granted |= intents
        self.house.content_granted = bool(self.gateway.granted & 1 << 15)

    def set_up(self, **fields: object) -> None:
        """Change the application in the developer portal: `interactions_endpoint_url="https://…"`."""
        self.house.portal |= fields

    # What there is to see.

    def messages(self, channel: Channel | Person) -> list[Message]:
        """What stands in a channel (of a person: the DM), without what only one person sees."""
        place = channel.dm if isinstance(channel, Person) else channel
        return [each for each in place.messages.values() if each.ephemeral_for is None]

    def ephemerals(self, person: Person) -> list[Message]:
        """What only this person sees."""
        return [
            each for each in self.house.messages.values() if each.ephemeral_for is person.account and not each.deleted
        ]

    def modals(self, person: Person) -> list[Modal]:
        """Forms that are open before a person, the newest last."""
        mine = [each for each in self.interactions if each.account is person.account]
        return [each.modal for each in mine if each.modal is not None and not each.modal.submitted]

    def threads(self, guild: Guild) -> list[Channel]:
        """A server's threads, archived ones too."""
        return [each for each in guild.channels.values() if each.is_thread and not each.deleted]

    @property
    def interactions(self) -> list[Interaction]:
        """Everything people did with the app, in order."""
        return list(self.house.interactions.values())

    @property
    def calls(self) -> list[Call]:
        """Every REST call."""
        return self.rest.calls

    @property
    def timeline(self) -> list[Write]:
        """Every write of the bot that was accepted."""
        return self.house.timeline

    @property
    def typing(self) -> list[tuple[int, float]]:
        """Channels in which the bot typed, and when."""
        return self.house.typing

    def commands(self, guild: Guild | None = None) -> list[Json]:
        """The commands that are registered, globally or in a server."""
        return self.house.commands.listing(guild.id if guild else None)

    @property
    def command_puts(self) -> int:
        """How often commands were overwritten in bulk."""
        return self.house.commands.puts

    @property
    def invalid_requests(self) -> int:
        """401s, 403s and 429s of the last ten minutes."""
        return self.buckets.invalid(self.clock.now())

    @property
    def refused(self) -> dict[str, int]:
        """429s by limits, by scope."""
        return self.buckets.refused

    async def until(self, predicate: Callable[[], T], within_s: float = 5.0) -> T:
        """What `predicate` returns, once it is truthy; asked again after every change.

        Raises:
            AssertionError: it never was.
        """
        deadline = asyncio.get_running_loop().time() + within_s
        while not (found := predicate()):
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                tail = [f"{each.method} {each.path} {each.status} {each.code or ''}" for each in self.calls[-8:]]
                raise AssertionError(f"not within {within_s} s; the last calls were {tail}")
            self._changed.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), min(left, 0.05))
        return found

    def _ready(self, session: Session) -> tuple[Json, list[Json]]:
        mine = [each for each in self.house.guilds.values() if self.bot.id in each.members]
        guilds = [words.guild(each, self.bot) for each in mine if session.hears(each.id, GUILDS)]
        return {"user": words.user(self.bot), "application": {"id": str(self.bot.id), "flags": 0}}, guilds

    def _chunk(self, asked: Json) -> Json | None:
        guild = self.house.guilds.get(int(asked["guild_id"]))
        if guild is None:
            return None
        wanted = {int(each) for each in asked.get("user_ids") or []}
        members = [words.member(each) for each in guild.members.values() if not wanted or each.account.id in wanted]
        found: Json = {"guild_id": str(guild.id), "members": members, "chunk_index": 0, "chunk_count": 1}
        return found | ({"nonce": asked["nonce"]} if asked.get("nonce") else {})


@asynccontextmanager
async def serve_discord(
    limits: Limits | None = None,
    port: int = 0,
    clock: Clock | None = None,
    *,
    heartbeat_s: float = 41.25,
    bot_name: str = "Rehearse",
    routes: Callable[[Discord], Sequence[web.RouteDef]] | None = None,
) -> AsyncGenerator[Discord]:
    """A Discord on loopback; closed, with all its connections, on leaving. Without `limits` next to nothing is limited.

    `routes` adds to what the server answers.
    """
    discord = Discord(limits, clock or Clock(), heartbeat_s, bot_name)
    app = web.Application(client_max_size=64 << 20)
    app.router.add_get("/gateway", discord.gateway.serve)
    app.router.add_get("/cdn/{kind}/{channel}/{attachment}/{name}", discord.cdn.get)
    app.router.add_route("*", "/api/v10/{path:.*}", discord.rest.serve)
    if routes is not None:
        app.add_routes(routes(discord))
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host = f"127.0.0.1:{runner.addresses[0][1]}"
        discord.base_url = discord.cdn.base_url = f"http://{host}"
        discord.gateway.url = f"ws://{host}/gateway"
        yield discord
    finally:
        discord.gateway.close()
        await runner.cleanup()
