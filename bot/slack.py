"""Slack as a surface: the delivery, the app, and the doors it is reached by. Imported only when Slack is configured.

The order matters: the delivery stands before anybody attends to a thread, the doors open last and close first, and what
was recorded and never shown is shown once Slack can be reached. Whose tokens are used is `bot/tenants.py`'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from adapters.slack.app import SlackApp
from adapters.slack.authorize import authorizer
from adapters.slack.delivery.delivery import Delivery
from adapters.slack.names import PLATFORM
from adapters.slack.workspaces import SlackUnreachable, open_session
from bot.compose import App
from bot.config import Settings
from bot.speech import choose_transcriber
from bot.tenants import Tenants, tenants
from engine.errors import RehearseError, SettingsError

log = logging.getLogger(__name__)

LOOK_S = 5.0
"""How long the start waits for Slack's word on the tokens, and how often it is asked for again."""


class Slack:
    """A Slack that events may be emitted to (`delivery.emit`). `listening` lets people in; `keep` runs beside it."""

    def __init__(self, settings: Settings, tenants: Tenants, delivery: Delivery, app: SlackApp) -> None:
        self.delivery = delivery
        self.where = ""
        self.known = asyncio.Event()
        """Set once Slack has taken the tokens."""
        self._settings = settings
        self._tenants = tenants
        self._app = app

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[str]:
        """Be reached, until the context is left; the address of the web server. What is under way is finished then.

        Raises `SettingsError` when Slack refuses a token, or when the port cannot be had.
        """
        token = self._settings.slack_app_token
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self._app)
            url = await stack.enter_async_context(self._served())
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._look()
            except TimeoutError:
                log.warning("Slack does not answer; trying again")
            if token is not None:
                await stack.enter_async_context(self._app.serve_socket(token.get_secret_value()))
            yield url

    async def keep(self) -> None:
        """Show what was not shown: at the start, and for each workspace that is installed. Raises as `listening`."""
        while not self.known.is_set():
            await asyncio.sleep(LOOK_S)
            await self._look()
        team = ""
        while True:
            try:
                await self.delivery.catch_up(team)
            except RehearseError as error:
                log.warning("could not look for what was not shown", extra={"team": team, "error": str(error)})
                await asyncio.sleep(LOOK_S)
            else:
                team = await self._tenants.installed.get()

    async def _look(self) -> None:
        try:
            self.where = await self._tenants.check()
            self.known.set()
        except SlackUnreachable as error:
            log.warning("Slack cannot be reached; trying again", extra={"error": str(error)})

    @asynccontextmanager
    async def _served(self) -> AsyncGenerator[str]:
        host, port = self._settings.host, self._settings.port
        async with AsyncExitStack() as stack:
            served = self._app.serve_http(host, port, self._tenants.routes)
            try:
                url = await stack.enter_async_context(served)
            except OSError as error:
                raise SettingsError(
                    f"Port {port} of {host} cannot be listened on ({error.strerror}). "
                    "Stop what uses it, or set REHEARSE_PORT to a free port, for example REHEARSE_PORT=8766."
                ) from error
            yield url


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
            )
            yield Slack(settings, of, delivery, slack_app)
