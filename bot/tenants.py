"""Whose tokens are used in Slack: one workspace's, from the settings, or many workspaces', from the database.

Either way the same is wanted: clients, who we are where a request comes from, Slack's word on the tokens, what to do
when the app is removed, and the pages through which it is added.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr

from adapters.slack.authorize import Granting
from adapters.slack.installs import Installs
from adapters.slack.manifest import SCOPES
from adapters.slack.many import ManyWorkspaces
from adapters.slack.oauth import Route, oauth_flow, oauth_routes
from adapters.slack.rotation import Rotation
from adapters.slack.sealing import Seal
from adapters.slack.workspaces import HttpSession, OneWorkspace, TokenRefused, Workspaces, check_app_token, web_client
from adapters.store import SqlStore
from bot.config import Settings
from engine.errors import SettingsError

log = logging.getLogger(__name__)

WHERE = {
    "SLACK_BOT_TOKEN": "Copy the Bot User OAuth Token again from the app's OAuth & Permissions page.",
    "SLACK_APP_TOKEN": "Make one with the scope connections:write on the app's Basic Information page.",
}


@dataclass(frozen=True, slots=True)
class Tenants:
    """`check` gives the name of the one workspace, and raises `SettingsError` or `SlackUnreachable`.

    `remove` is told that a workspace (or an organisation) took the app away; it gives the workspaces that are gone.
    Into `installed` goes each workspace that was just added; in `only` is, once checked, the one there is.
    """

    workspaces: Workspaces
    granting: Granting
    check: Callable[[], Awaitable[str]]
    remove: Callable[[str], Awaitable[Sequence[str]]]
    routes: tuple[Route, ...] = ()
    installed: asyncio.Queue[str] = field(default_factory=asyncio.Queue[str])
    only: set[str] = field(default_factory=set[str])


@asynccontextmanager
async def tenants(store: SqlStore, settings: Settings, session: HttpSession) -> AsyncGenerator[Tenants]:
    """The workspaces of these settings; in the context the tokens of many are kept fresh."""
    if settings.slack_client_id is None:
        yield _one(settings, session)
        return
    url, secret = settings.slack_api_url, _text(settings.slack_client_secret)
    client = web_client(None, session=session, base_url=url)
    installs = Installs(
        store.installations(settings.slack_client_id), Seal(settings.secret_keys), settings.slack_client_id
    )
    async with ManyWorkspaces(installs, Rotation(installs, client, secret), session=session, base_url=url) as many:
        yield _many(settings, session, installs, many)


def _one(settings: Settings, session: HttpSession) -> Tenants:
    one = OneWorkspace(_text(settings.slack_bot_token), session=session, base_url=settings.slack_api_url)

    only: set[str] = set()

    async def check() -> str:
        with _named("SLACK_BOT_TOKEN"):
            mine = await one.identity()
        only.update(filter(None, [mine.team]))
        if missing := sorted(SCOPES.keys() - mine.scopes):
            log.warning(
                "the bot token lacks scopes; `rehearse doctor` says more", extra={"missing": ", ".join(missing)}
            )
        await _check_app_token(settings, session)
        return mine.name

    async def remove(team: str) -> Sequence[str]:
        await one.lost(team, "account_inactive")
        return [team]

    return Tenants(one, one, check, remove, only=only)


def _many(settings: Settings, session: HttpSession, installs: Installs, many: ManyWorkspaces) -> Tenants:
    installed: asyncio.Queue[str] = asyncio.Queue()

    def added(enterprise: str, team: str) -> None:
        many.installed(enterprise, team)
        installed.put_nowait(team)

    async def check() -> str:
        await _check_app_token(settings, session)
        return ""

    async def remove(team: str) -> Sequence[str]:
        # An organisation's own id begins with E, a workspace's with T.
        return await (many.removed(team, "") if team.startswith("E") else many.removed("", team))

    flow = oauth_flow(
        installs,
        client=web_client(None, session=session, base_url=settings.slack_api_url),
        secret=_text(settings.slack_client_secret),
        scopes=sorted(SCOPES),
        public_url=settings.public_url,
        api_url=settings.slack_api_url,
        installed=added,
    )
    return Tenants(many, many, check, remove, tuple(oauth_routes(flow)), installed)


async def _check_app_token(settings: Settings, session: HttpSession) -> None:
    if settings.slack_app_token is not None:
        with _named("SLACK_APP_TOKEN"):
            await check_app_token(_text(settings.slack_app_token), session=session, base_url=settings.slack_api_url)


@contextmanager
def _named(setting: str) -> Generator[None]:
    try:
        yield
    except TokenRefused as error:
        raise SettingsError(f"Slack refuses {setting} ({error.error}). {WHERE[setting]}") from error


def _text(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""
