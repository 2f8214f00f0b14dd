"""The chat platforms that are configured, side by side: what each must be, their one web server, their first look.

An outage of one is its own affair: it is tried again and again while the others go on. A token that is refused ends
the program, since no waiting mends it. Only what is configured is imported.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Protocol

from adapters.health import Route, health_routes, serve
from bot.compose import App
from bot.config import Settings
from engine.errors import SettingsError
from engine.events import Event
from engine.keys import ThreadKey

log = logging.getLogger(__name__)

LOOK_S = 5.0
"""How long the start waits for the platforms' word on the tokens, and how often it is asked for again."""
NOBODY = ThreadKey(platform="local", workspace="-", channel="health", thread="-", user="-")


class Platform(Protocol):
    """A platform that events may be told to. `name` is the engine's for it, `title` a person's."""

    name: str
    title: str

    def emit(self, event: Event) -> None: ...

    @property
    def connected(self) -> bool:
        """People can be heard now, as far as is known."""
        ...

    @property
    def routes(self) -> Sequence[Route]:
        """What is served for it over HTTP."""
        ...

    async def look(self) -> None:
        """Ask whether the tokens are good. An outage is logged. Raises `SettingsError` for a refused token."""
        ...

    def taking_in(self) -> AbstractAsyncContextManager[object]:
        """Within this, what people do may be handed on; leaving it lets what is under way come to its end."""
        ...

    def beside(self) -> Sequence[Coroutine[object, object, None]]:
        """What goes on until it is cancelled: connections, catching up. Raises as `look`."""
        ...

    def lines(self, url: str) -> Sequence[str]:
        """How it and its people reach us, for the greeting; `url` is the web server's."""
        ...


@asynccontextmanager
async def connect(app: App, settings: Settings) -> AsyncGenerator[Sequence[Platform]]:
    """All of them, ready to be told events. Leaving it writes what is final for at most five seconds."""
    async with AsyncExitStack() as stack:
        platforms: list[Platform] = []
        if settings.has_slack:
            from bot.slack import connect_slack

            platforms.append(await stack.enter_async_context(connect_slack(app, settings)))
        if settings.has_discord:
            from bot.discord import connect_discord

            platforms.append(await stack.enter_async_context(connect_discord(app, settings)))
        yield platforms


@asynccontextmanager
async def opened(app: App, settings: Settings, platforms: Sequence[Platform]) -> AsyncGenerator[str]:
    """Let people in: the web server's address. Raises `SettingsError` for a refused token and for a port in use."""
    async with AsyncExitStack() as stack:
        for platform in platforms:
            await stack.enter_async_context(platform.taking_in())
        url = await stack.enter_async_context(_served(app, settings, platforms))
        await _look(platforms)
        yield url


async def _look(platforms: Sequence[Platform]) -> None:
    looks = [asyncio.create_task(platform.look()) for platform in platforms]
    try:
        done, _ = await asyncio.wait(looks, timeout=LOOK_S)
        for task in done:
            task.result()
        for platform, task in zip(platforms, looks, strict=True):
            if not task.done():
                log.warning("no answer yet; trying again", extra={"platform": platform.title})
    finally:
        for task in looks:
            task.cancel()
        await asyncio.gather(*looks, return_exceptions=True)


@asynccontextmanager
async def _served(app: App, settings: Settings, platforms: Sequence[Platform]) -> AsyncGenerator[str]:
    host, port = settings.host, settings.port
    health = health_routes(
        lambda: app.desk.history(NOBODY, limit=1),
        lambda: {platform.name: platform.connected for platform in platforms},
    )
    async with AsyncExitStack() as stack:
        routes = [*health, *(route for platform in platforms for route in platform.routes)]
        try:
            url = await stack.enter_async_context(serve(routes, host, port))
        except OSError as error:
            raise SettingsError(
                f"Port {port} of {host} cannot be listened on ({error.strerror}). "
                "Stop what uses it, or set REHEARSE_PORT to a free port, for example REHEARSE_PORT=8766."
            ) from error
        yield url
