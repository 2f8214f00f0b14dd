"""Pointing the real discord.py at a server of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import NamedTuple, Protocol

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


class Server(Protocol):
    """Where a server is: a `Discord` of this process, or `At` for one of another."""

    @property
    def rest_url(self) -> str: ...
    @property
    def gateway_url(self) -> str: ...
    @property
    def token(self) -> str: ...


class At(NamedTuple):
    """The addresses that `python -m tests.wire.discord` prints."""

    rest_url: str
    gateway_url: str
    token: str


@contextmanager
def pointed_at(server: Server) -> Generator[None]:
    """Within this, discord.py takes the server for Discord."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.rest_url, yarl.URL(server.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


def hasty(client: discord.Client) -> None:
    """Take out what discord.py waits for Discord's sake: 2 s for the last guild, 5 s before every further IDENTIFY."""

    async def at_once(shard_id: int | None, *, initial: bool = False) -> None:
        return None

    client._connection.guild_ready_timeout = 0.02
    client.before_identify_hook = at_once


@asynccontextmanager
async def running(server: Server, client: discord.Client) -> AsyncGenerator[discord.Client]:
    """A client that has logged in and is ready; closed on leaving.

    What ends the client early (a refused token, a fatal close code) is raised.
    """
    hasty(client)
    with pointed_at(server):
        task = asyncio.create_task(client.start(server.token))
        ready = asyncio.create_task(client.wait_until_ready())
        try:
            await asyncio.wait({task, ready}, timeout=5.0, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                task.result()
            yield client
        finally:
            ready.cancel()
            await client.close()
            task.cancel()
            with suppress(asyncio.CancelledError, discord.ConnectionClosed):
                await task
