"""Many workspaces: their clients, with tokens from the installations, kept fresh and looked up at most once a minute.

A context manager: while it is entered, a task of its own renews tokens hours before they end, and seals anew what an
older key sealed. What a request finds here is in memory, so it never waits for Slack.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.installs import Held, Installed, Installs
from adapters.slack.rotation import EARLY_S, LATE_S, Rotation
from adapters.slack.workspaces import (
    RECHECK_S,
    Grant,
    SlackUnreachable,
    TokenRefused,
    WorkspaceGone,
    Workspaces,
    teams_of,
    web_client,
    whoami,
)
from engine.errors import RehearseError, StoreError

log = logging.getLogger(__name__)

CACHED_S = 60.0
"""So long another process may go unnoticed that removed an installation or renewed a token."""
ASKED_MOST = 1_000
LOOK_EVERY_S = 300.0


@dataclass(frozen=True, slots=True)
class _Known:
    installed: Installed
    client: AsyncWebClient
    until: float


@dataclass(frozen=True, slots=True)
class _Refused:
    error: str
    token: str
    until: float


class ManyWorkspaces(Workspaces):
    """Every workspace in which the app was installed through its own pages."""

    def __init__(
        self,
        installs: Installs,
        rotation: Rotation,
        *,
        session: aiohttp.ClientSession,
        base_url: str | None = None,
    ) -> None:
        self._installs = installs
        self._rotation = rotation
        self._session = session
        self._base_url = base_url
        self._known: dict[tuple[str, str], _Known] = {}
        self._refused: dict[str, _Refused] = {}
        self._asked_for: dict[str, float] = {}
        self._asking = asyncio.Lock()
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep_fresh(), name="slack tokens")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)

    async def client(self, team: str) -> AsyncWebClient:
        try:
            known = await self._find("", team)
        except TokenRefused as error:
            raise WorkspaceGone(team, error.error) from error
        if known is None:
            raise WorkspaceGone(team)
        self._check_refused(team, known)
        return known.client

    async def grant(self, enterprise: str, team: str) -> Grant | None:
        try:
            known = await self._find(enterprise, team)
        except TokenRefused:
            return None
        if known is None:
            return None
        mine = known.installed
        return Grant(
            token=mine.token,
            team=team,
            enterprise=mine.enterprise or enterprise,
            bot=mine.bot,
            bot_user=mine.bot_user,
            scopes=frozenset(mine.scopes),
        )

    async def lost(self, team: str, error: str) -> None:
        """Believed when the token that the database has now is refused as well. Nothing is deleted for it."""
        known = self._known.get(("", team))
        self._forget(team)
        now = self._installs.now()
        refused = self._refused.get(team)
        if known is None or (refused is not None and refused.until > now and refused.token == known.installed.token):
            return
        try:
            again = await self._find("", team)
            if again is not None:
                await whoami(again.client)
        except TokenRefused as refusal:
            self._refused[team] = _Refused(refusal.error, known.installed.token, now + RECHECK_S)
            log.warning("Slack refuses the token of a workspace", extra={"team": team, "error": error})
        except SlackUnreachable:
            # Nothing is known, so the next call may find out.
            pass

    def installed(self, enterprise: str, team: str) -> None:
        """The app was installed, perhaps anew: what was known of it is not true any more."""
        self._asked_for.clear()
        if team:
            self._forget(team)
            self._refused.pop(team, None)
        else:
            self._known = {
                name: known for name, known in self._known.items() if known.installed.enterprise != enterprise
            }
            self._refused.clear()

    async def removed(self, enterprise: str, team: str) -> Sequence[str]:
        """The app was removed there: the installation is forgotten. The workspaces that went by it."""
        teams = await self._installs.remove(enterprise, team)
        for each in (*teams, team):
            self._forget(each)
            self._refused.pop(each, None)
        return teams

    async def look_after(self) -> None:
        """Renew every token that ends soon; what fails is logged and tried again next time."""
        for held in await self._installs.all():
            mine = held.installed
            try:
                await self._rotation.fresh(held, within_s=EARLY_S)
            except RehearseError as error:
                place = {"enterprise": mine.enterprise, "team": mine.team, "error": str(error)}
                log.warning("bot token not renewed", extra=place)

    async def _keep_fresh(self) -> None:
        while True:
            try:
                await self.look_after()
            except RehearseError as error:
                log.warning("installations not looked after", extra={"error": str(error)})
            await asyncio.sleep(LOOK_EVERY_S)

    async def _find(self, enterprise: str, team: str) -> _Known | None:
        name, now = (enterprise if not team else "", team), self._installs.now()
        known = self._known.get(name)
        if known is not None and known.until > now:
            return known
        try:
            return await self._looked_up(enterprise, team, known)
        except (StoreError, SlackUnreachable) as error:
            # What was good a minute ago is better than nothing, as long as its token is.
            if known is None or known.installed.ends_within(0.0, now):
                raise
            log.warning("an installation could not be looked up", extra={"team": team, "error": str(error)})
            return known

    async def _looked_up(self, enterprise: str, team: str, known: _Known | None) -> _Known | None:
        name, now = (enterprise if not team else "", team), self._installs.now()
        held = await self._installs.find(enterprise, team)
        if held is None and team and not enterprise:
            async with self._asking:
                # Whoever waited here may find what the one before was told.
                held = await self._installs.find("", team) or await self._of_an_organisation(team)
        if held is None:
            self._known.pop(name, None)
            return None
        mine = (await self._rotation.fresh(held)).installed
        until = now + CACHED_S if mine.expires_at is None else min(now + CACHED_S, mine.expires_at - LATE_S)
        if known is not None and known.installed.token == mine.token:
            client = known.client
        else:
            of_team = "" if mine.team else team
            client = web_client(mine.token, session=self._session, base_url=self._base_url, team=of_team)
        found = self._known[name] = _Known(mine, client, until)
        return found

    async def _of_an_organisation(self, team: str) -> Held | None:
        """Ask Slack whose a workspace is that nobody knows: an event of an organisation's app does not say.

        Raises `SlackUnreachable` when that could not be found out, which is not the same as being nobody's.
        """
        away: SlackUnreachable | None = None
        now = self._installs.now()
        if self._asked_for.get(team, 0.0) > now:
            return None
        for held in await self._installs.all():
            mine = (await self._rotation.fresh(held)).installed
            if mine.team:
                continue
            try:
                teams = await teams_of(web_client(mine.token, session=self._session, base_url=self._base_url))
            except TokenRefused as error:
                log.warning("workspaces of an organisation not known", extra={"error": str(error)})
                continue
            except SlackUnreachable as error:
                away = error
                continue
            if team in teams:
                await self._installs.shelf.join(team, mine.enterprise)
                return await self._installs.find("", team)
        if away is not None:
            raise away
        if len(self._asked_for) >= ASKED_MOST:
            self._asked_for.clear()
        self._asked_for[team] = now + CACHED_S
        return None

    def _check_refused(self, team: str, known: _Known) -> None:
        refused = self._refused.get(team)
        if refused is None:
            return
        if refused.token != known.installed.token or refused.until <= self._installs.now():
            del self._refused[team]
            return
        raise WorkspaceGone(team, refused.error)

    def _forget(self, team: str) -> None:
        self._known.pop(("", team), None)
