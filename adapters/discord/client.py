"""The connection to Discord's gateway: discord.py keeps it, and hands over what comes in as it came.

Of what discord.py would make of the dispatches only READY and RESUMED are left to it. It keeps no messages, members or
servers in memory then, and cannot trip over one of theirs: an exception while it parses a dispatch would end it, with
everything that comes after. Buttons and forms, too, are told apart by their names, not by views that a restart loses.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import cast

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord.parse import dispatch

log = logging.getLogger(__name__)

LEFT_TO_DISCORD_PY = frozenset({"READY", "RESUMED"})
READY_WITHIN_S = 0.0
"""discord.py waits for servers before it says that it is ready, which nobody here listens to."""

Take = Callable[[str, object], None]

# At the lowest level discord.py writes whole payloads into its log; at the next, what we log ourselves.
logging.getLogger("discord").setLevel(logging.WARNING)
# No voice channel is used, so nobody misses its libraries.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def intents(*, message_content: bool) -> discord.Intents:
    """What the gateway is asked for: servers, direct messages, and, if switched on, what is written in threads."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.dm_messages = True
    wanted.guild_messages = wanted.message_content = message_content
    return wanted


class Client(discord.Client):
    """`take` is given the name and the data of every dispatch, in order, and does not raise."""

    def __init__(self, take: Take, *, message_content: bool) -> None:
        super().__init__(
            intents=intents(message_content=message_content),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            enable_debug_events=True,
            guild_ready_timeout=READY_WITHIN_S,
        )
        self._take = take
        parsers = self._connection.parsers
        for event in [name for name in parsers if name not in LEFT_TO_DISCORD_PY]:
            del parsers[event]

    @property
    def stands(self) -> bool:
        """Whether the connection is open."""
        socket = cast("DiscordWebSocket | None", self.ws)  # which it is not before the first
        return socket is not None and socket.open

    async def on_socket_raw_receive(self, received: str) -> None:
        """Whatever came over the socket, unpacked."""
        try:
            payload = cast("object", json.loads(received))
            found = dispatch(cast("Mapping[str, object]", payload)) if isinstance(payload, Mapping) else None
        except ValueError:
            log.warning("the gateway sent something that is no JSON", extra={"chars": len(received)})
            return
        if found is not None:
            self._take(*found)


@contextmanager
def pointed_at(rest_url: str | None, gateway_url: str | None) -> Generator[None]:
    """Have discord.py take another address for Discord, while the context is open."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    if rest_url:
        Route.BASE = rest_url.rstrip("/")
    if gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway
