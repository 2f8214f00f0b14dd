"""Telling admins what they did not ask for: a rollout that was stopped, a limit that is near.

Who is told sits in the scope (`AdminStore.seats`). A `card` is one message that is written again in place; without one,
every panel is a message of its own. A person who cannot be reached keeps nobody else from being told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from urllib.parse import unquote

from adapters.recent import Recent
from adapters.surface.panels import Outlet, Panel
from engine.admin.records import AdminStore
from engine.errors import RehearseError
from engine.keys import scope_of

log = logging.getLogger(__name__)

POST_S = 20.0
"""How long one person's post may take."""
SHOWN_MOST = 500
"""How many cards are remembered, so that what has not changed is not written again."""


class Telling:
    """`outlets` are those of the platforms that are connected here, by their names; it may be filled later."""

    def __init__(self, store: AdminStore, outlets: Mapping[str, Outlet]) -> None:
        self._store = store
        self._outlets = outlets
        self._shown: Recent[tuple[str, str], Panel] = Recent(SHOWN_MOST)

    async def tell(self, scope: str, panel: Panel, card: str = "") -> None:
        """Show it to everybody who wants to be told in this scope; a card they have is written again."""
        for person in await self._store.seats(scope):
            await self.tell_person(person, panel, card)

    async def tell_once(self, scope: str, panel: Panel, card: str) -> None:
        """Show it to everybody who wants to be told and has not got this card, in this process's life or another's."""
        for person in await self._store.seats(scope):
            if not await self._store.handle(person, card):
                await self.tell_person(person, panel, card)

    async def renew(self, scope: str, panel: Panel, card: str) -> None:
        """Write a card again for those who have it."""
        for person in await self._store.seats(scope):
            if await self._store.handle(person, card):
                await self.tell_person(person, panel, card)

    async def tell_person(self, person: str, panel: Panel, card: str = "") -> bool:
        """Show it to one person (`ThreadKey.person`); `False` where they cannot be reached from here."""
        platform, workspace, user = (unquote(part) for part in person.split("/"))
        if (outlet := self._outlets.get(platform)) is None:
            return False
        if card and self._shown.get((person, card)) == panel:
            return True
        handle = await self._store.handle(person, card) if card else ""
        try:
            async with asyncio.timeout(POST_S):
                after = await outlet.post(scope_of(platform, workspace), user, panel, handle)
        except (RehearseError, TimeoutError) as error:
            log.warning("an admin could not be told", extra={"platform": platform, "error": type(error).__name__})
            return False
        if card:
            self._shown.keep((person, card), panel)
            if after != handle:
                await self._store.keep_handle(person, card, after)
        return True
