"""Installations of the app in many workspaces: sealed bodies on a shelf, as Slack's SDK wants to find them.

Only bot tokens are kept: the app asks for no other, and who installed it is nobody's business later. What a body is
sealed for stands inside it, so that rows cannot be swapped. The shelf is the store's; renewing tokens that end is
`rotation.py`'s.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import Field
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore

from adapters.slack.sealing import Seal, Unopened
from engine.interviews import Frozen

log = logging.getLogger(__name__)

STATE_S = 600
"""How long somebody may take to say yes on Slack's page."""


class Installed(Frozen):
    """One installation. `team` is "" where a whole organisation installed the app; `expires_at` is epoch seconds."""

    app: str
    enterprise: str = ""
    team: str = ""
    name: str = ""
    token: str = Field(repr=False)
    refresh_token: str = Field(default="", repr=False)
    expires_at: float | None = None
    bot: str = ""
    bot_user: str = ""
    scopes: tuple[str, ...] = ()
    installed_at: float = 0.0

    def ends_within(self, seconds: float, now: float) -> bool:
        """Whether the token ends so soon; one that does not rotate never does."""
        return self.expires_at is not None and self.expires_at - now <= seconds


class Kept(Protocol):
    """A row of the shelf, as it was read."""

    @property
    def enterprise(self) -> str: ...

    @property
    def team(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def body(self) -> str: ...


class Shelf(Protocol):
    """Where installations of this app are kept, for all processes: `adapters/store/installations.py` says what each
    does.
    """

    async def put(self, enterprise: str, team: str, body: str) -> None: ...

    async def of_team(self, team: str) -> Kept | None: ...

    async def of_organisation(self, enterprise: str) -> Kept | None: ...

    async def all(self) -> Sequence[Kept]: ...

    async def join(self, team: str, enterprise: str) -> None: ...

    async def claim(self, enterprise: str, team: str, version: int, until: float) -> bool: ...

    async def release(self, enterprise: str, team: str, version: int) -> None: ...

    async def replace(self, enterprise: str, team: str, version: int, body: str) -> bool: ...

    async def drop(self, enterprise: str, team: str) -> Sequence[str]: ...

    async def keep_state(self, state: str, until: float) -> None: ...

    async def take_state(self, state: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Held:
    """An installation with the version of the row it was read from."""

    installed: Installed
    version: int


class Installs(AsyncInstallationStore):
    """The installations of one app (a client id). `now` is epoch seconds."""

    def __init__(self, shelf: Shelf, seal: Seal, app: str, *, now: Callable[[], float] = time.time) -> None:
        self.shelf = shelf
        self.app = app
        self.now = now
        self._seal = seal

    @property
    def logger(self) -> logging.Logger:
        return log

    async def find(self, enterprise: str, team: str) -> Held | None:
        """What a workspace goes by, its own installation or its organisation's; with no team, the organisation's.

        Raises `Unopened` when it was sealed with a key that is not known any more.
        """
        kept = await self.shelf.of_team(team) if team else None
        if kept is None and enterprise:
            kept = await self.shelf.of_organisation(enterprise)
            if kept is not None and team:
                await self.shelf.join(team, enterprise)
        return None if kept is None else await self._opened(kept)

    async def all(self) -> list[Held]:
        """Every installation that can be opened; the others are logged."""
        found: list[Held] = []
        for kept in await self.shelf.all():
            try:
                found.append(await self._opened(kept))
            except Unopened:
                place = {"enterprise": kept.enterprise, "team": kept.team}
                log.error("no key of REHEARSE_SECRET_KEYS opens this installation", extra=place)
        return found

    async def replace(self, held: Held, renewed: Installed) -> bool:
        """Put a renewed installation in the place of the one held; `False` when that was replaced meanwhile."""
        old = held.installed
        return await self.shelf.replace(old.enterprise, old.team, held.version, self._closed(renewed))

    async def remove(self, enterprise: str, team: str) -> Sequence[str]:
        """Forget an installation; the workspaces that went by it."""
        return await self.shelf.drop(enterprise, team)

    async def async_save(self, installation: Installation) -> None:
        await self.async_save_bot(installation.to_bot())

    async def async_save_bot(self, bot: Bot) -> None:
        installed = _installed(self.app, bot)
        await self.shelf.put(installed.enterprise, installed.team, self._closed(installed))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        held = await self.find(enterprise_id or "", "" if is_enterprise_install else team_id or "")
        return None if held is None else _installation(held.installed).to_bot()

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        held = await self.find(enterprise_id or "", "" if is_enterprise_install else team_id or "")
        return None if held is None else _installation(held.installed)

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        await self.remove(enterprise_id or "", team_id or "")

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """What one person granted is not kept, so there is nothing of theirs to delete."""

    async def _opened(self, kept: Kept) -> Held:
        text, is_old = self._seal.open(kept.body)
        installed = Installed.model_validate_json(text)
        if (installed.app, installed.enterprise, installed.team) != (self.app, kept.enterprise, kept.team):
            raise Unopened("sealed for another workspace")
        version = kept.version
        if is_old and await self.shelf.replace(kept.enterprise, kept.team, version, self._closed(installed)):
            version += 1
        return Held(installed, version)

    def _closed(self, installed: Installed) -> str:
        return self._seal.close(installed.model_dump_json())


class States(AsyncOAuthStateStore):
    """What ties an installation to the browser it was begun in: good once, for ten minutes, whichever process asks."""

    def __init__(self, shelf: Shelf, *, now: Callable[[], float] = time.time) -> None:
        self._shelf = shelf
        self._now = now

    @property
    def logger(self) -> logging.Logger:
        return log

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        state = secrets.token_urlsafe(32)
        await self._shelf.keep_state(state, self._now() + STATE_S)
        return state

    async def async_consume(self, state: str) -> bool:
        return await self._shelf.take_state(state)


def _installed(app: str, bot: Bot) -> Installed:
    return Installed(
        app=app,
        enterprise=bot.enterprise_id or "",
        team="" if bot.is_enterprise_install else bot.team_id or "",
        name=bot.team_name or bot.enterprise_name or "",
        token=bot.bot_token,
        refresh_token=bot.bot_refresh_token or "",
        expires_at=bot.bot_token_expires_at,
        bot=bot.bot_id or "",
        bot_user=bot.bot_user_id or "",
        scopes=tuple(bot.bot_scopes),
        installed_at=bot.installed_at,
    )


def _installation(installed: Installed) -> Installation:
    return Installation(
        user_id="",
        enterprise_id=installed.enterprise or None,
        team_id=installed.team or None,
        team_name=installed.name,
        bot_token=installed.token,
        bot_id=installed.bot,
        bot_user_id=installed.bot_user,
        bot_scopes=installed.scopes,
        bot_refresh_token=installed.refresh_token or None,
        bot_token_expires_at=None if installed.expires_at is None else round(installed.expires_at),
        is_enterprise_install=not installed.team,
        installed_at=installed.installed_at,
    )
