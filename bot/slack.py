"""Slack as a surface: the delivery, the app, and the doors it is reached by. Imported only when Slack is configured.

What was recorded and never shown is shown once Slack can be reached. Whose tokens are used is `bot/tenants.py`'s; in
which order things are opened and closed, `bot/platforms.py`'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from adapters.health import Route
from adapters.slack.app import SlackApp
from adapters.slack.authorize import authorizer
from adapters.slack.delivery.delivery import Delivery
from adapters.slack.names import PLATFORM
from adapters.slack.workspaces import SlackUnreachable, open_session
from bot.compose import App
from bot.config import Settings
from bot.slack_groups import ByGroups
from bot.speech import choose_transcriber
from bot.tenants import Tenants, tenants
from engine.errors import RehearseError
from engine.events import Event
from engine.keys import scope_of

log = logging.getLogger(__name__)

LOOK_S = 5.0
"""How often Slack is asked again for its word on the tokens."""


class Slack:
    """What `bot/platforms.py` asks of a platform."""

    def __init__(
        self, settings: Settings, tenants: Tenants, delivery: Delivery, app: SlackApp, trusted: set[str]
    ) -> None:
        self.name = PLATFORM
        self.title = "Slack"
        self.delivery = delivery
        self.where = ""
        self.known = asyncio.Event()
        """Set once Slack has taken the tokens."""
        self._settings = settings
        self._tenants = tenants
        self._app = app
        self._trusted = trusted
        self._stands: Callable[[], bool] | None = None

    def emit(self, event: Event) -> None:
        self.delivery.emit(event)

    @property
    def connected(self) -> bool:
        """Slack takes the tokens, and is connected to where it does not call us."""
        called = self._settings.slack_signing_secret is not None
        return self.known.is_set() and (called or (self._stands is not None and self._stands()))

    @property
    def routes(self) -> Sequence[Route]:
        return [*self._app.routes(), *self._tenants.routes]

    async def look(self) -> None:
        try:
            self.where = await self._tenants.check()
            # Whoever looks after the only workspace looks after everything that runs here.
            self._trusted |= {scope_of(PLATFORM, team) for team in self._tenants.only}
            self.known.set()
        except SlackUnreachable as error:
            log.warning("Slack cannot be reached; trying again", extra={"error": str(error)})

    def taking_in(self) -> AbstractAsyncContextManager[object]:
        return self._app

    def beside(self) -> Sequence[Coroutine[object, object, None]]:
        return [self._keep(), *([self._listen()] if self._settings.slack_app_token else [])]

    def lines(self, url: str) -> Sequence[str]:
        reached = (self._settings.public_url or url).rstrip("/")
        lines = [f"Workspace {self.where or 'not known yet: Slack does not answer'}"]
        if self._settings.slack_client_id is not None:
            lines = [f"Install   {reached}/slack/install"]
        if self._settings.slack_signing_secret is not None:
            lines.append(f"Events    {reached}/slack/events")
        if self._settings.slack_app_token is not None:
            lines.append("Events    by Socket Mode")
        return lines

    async def _listen(self) -> None:
        token = self._settings.slack_app_token
        assert token is not None
        async with self._app.serve_socket(token.get_secret_value()) as self._stands:
            await asyncio.Event().wait()

    async def _keep(self) -> None:
        """Show what was not shown: at the start, and for each workspace that is installed."""
        while not self.known.is_set():
            await asyncio.sleep(LOOK_S)
            await self.look()
        team = ""
        while True:
            try:
                await self.delivery.catch_up(team)
            except RehearseError as error:
                log.warning("could not look for what was not shown", extra={"team": team, "error": str(error)})
                await asyncio.sleep(LOOK_S)
            else:
                team = await self._tenants.installed.get()


@asynccontextmanager
async def connect_slack(app: App, settings: Settings) -> AsyncGenerator[Slack]:
    """Slack, ready to be told events. Leaving it writes what is final for at most five seconds."""
    async with open_session() as session, tenants(app.store, settings, session) as of:

        async def purge(team: str) -> None:
            for each in await of.remove(team):
                interviews = await app.store.forget_workspace(PLATFORM, each)
                log.info("forgot a workspace that removed the app", extra={"team": each, "interviews": interviews})

        delivery = Delivery(
            store=app.store,
            sessions=app.store.session,
            workspaces=of.workspaces,
            preferences=app.desk.preferences,
        )
        async with delivery:
            secret = settings.slack_signing_secret
            slack_app = SlackApp(
                desk=app.desk,
                delivery=delivery,
                workspaces=of.workspaces,
                store=app.store,
                authorize=authorizer(of.granting),
                signing_secret=secret.get_secret_value() if secret else None,
                transcriber=choose_transcriber(settings, app.models),
                purge=purge,
                quiet_s=settings.quiet_s,
                base_url=settings.slack_api_url,
                session=session,
                door=app.admins,
                by_groups=ByGroups(app.store.admin),
            )
            app.admins.directories.attach(PLATFORM, slack_app.standings, slack_app.standings)
            app.admins.outlets[PLATFORM] = slack_app.outlet
            yield Slack(settings, of, delivery, slack_app, app.admins.trusted)
