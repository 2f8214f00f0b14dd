"""Discord as a surface: the delivery, and the app at the gateway. Imported only when Discord is configured.

What was recorded and never shown is shown once Discord takes the token. In which order things are opened and closed is
`bot/platforms.py`'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from adapters.discord.app import DiscordApp
from adapters.discord.delivery.delivery import Delivery
from adapters.discord.delivery.rest import API, HttpRest
from adapters.discord.identity import DiscordUnreachable, TokenRefused, application
from adapters.discord.names import PLATFORM
from adapters.health import Route
from adapters.owned import stored
from bot.compose import App
from bot.config import Settings
from bot.discord_commands import WHERE
from bot.speech import choose_transcriber
from engine.errors import RehearseError, SettingsError
from engine.events import Event
from engine.keys import scope_of

log = logging.getLogger(__name__)

LOOK_S = 5.0
"""How often Discord is asked again for its word on the token."""


class Discord:
    """What `bot/platforms.py` asks of a platform."""

    def __init__(self, rest: HttpRest, delivery: Delivery, app: DiscordApp) -> None:
        self.name = PLATFORM
        self.title = "Discord"
        self.delivery = delivery
        self.where = ""
        self.known = asyncio.Event()
        """Set once Discord has taken the token."""
        self._rest = rest
        self._app = app
        self._lost = asyncio.Event()
        delivery.lost = self._lose

    def emit(self, event: Event) -> None:
        self.delivery.emit(event)

    @property
    def connected(self) -> bool:
        """A session at the gateway stands."""
        return self._app.connected

    @property
    def routes(self) -> Sequence[Route]:
        return ()

    async def look(self) -> None:
        try:
            self.where = (await application(self._rest)).name
            self.known.set()
        except TokenRefused as error:
            raise _refused() from error
        except DiscordUnreachable as error:
            log.warning("Discord cannot be reached; trying again", extra={"error": str(error)})

    def taking_in(self) -> AbstractAsyncContextManager[object]:
        return self._app

    def beside(self) -> Sequence[Coroutine[object, object, None]]:
        return [self._app.serve(), self._keep(), self._mourn()]

    def lines(self, url: str) -> Sequence[str]:
        return [f"Bot       {self.where or 'not known yet: Discord does not answer'}"]

    async def _keep(self) -> None:
        """Show what was not shown while the program was not running."""
        while not self.known.is_set():
            await asyncio.sleep(LOOK_S)
            await self.look()
        while True:
            try:
                await self.delivery.catch_up()
            except RehearseError as error:
                log.warning("could not look for what was not shown", extra={"error": str(error)})
                await asyncio.sleep(LOOK_S)
            else:
                return

    async def _mourn(self) -> None:
        await self._lost.wait()
        raise _refused()

    def _lose(self, error: str) -> None:
        self._lost.set()


def _refused() -> SettingsError:
    return SettingsError(f"Discord refuses DISCORD_TOKEN. {WHERE}")


@asynccontextmanager
async def connect_discord(app: App, settings: Settings) -> AsyncGenerator[Discord]:
    """Discord, ready to be told events. Leaving it writes what is final for at most five seconds."""
    assert settings.discord_token is not None
    token = settings.discord_token.get_secret_value()
    rest = HttpRest(token, url=settings.discord_api_url or API)
    delivery = Delivery(store=app.store, sessions=app.store.session, preferences=app.desk.preferences, rest=rest)

    async def purge(guild: str) -> None:
        interviews = await stored(lambda: app.store.forget_workspace(PLATFORM, guild))
        log.info(
            "forgot a server that removed the app", extra={"guild": scope_of(PLATFORM, guild), "interviews": interviews}
        )

    async with delivery:
        discord_app = DiscordApp(
            desk=app.desk,
            delivery=delivery,
            store=app.store,
            transcriber=choose_transcriber(settings, app.models),
            panels=app.admins.panels,
            roles=app.admins.people,
            token=token,
            quiet_s=settings.quiet_s,
            purge=purge,
            rest_url=settings.discord_api_url,
            gateway_url=settings.discord_gateway_url,
            message_content=settings.discord_message_content,
        )
        app.admins.directories.attach(PLATFORM, discord_app.standings, discord_app.standings)
        app.admins.outlets[PLATFORM] = discord_app.outlet
        yield Discord(rest, delivery, discord_app)
