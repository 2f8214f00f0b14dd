"""What is remembered of a conversation in the store: where its posts stand, where it goes on, how far it was shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

from adapters.discord.delivery.handle import Handle, name
from adapters.discord.delivery.hooks import Hook, read_hook
from engine.errors import StoreError
from engine.keys import ThreadKey
from engine.ports import TOLD

log = logging.getLogger(__name__)

PLACE, HOOK = "place", "hook"
"""Under which is remembered where a conversation goes on that can no longer be written to, and its newest token where
nothing else reaches its messages."""
LOAD_AGAIN_S = 5.0


class Handles(Protocol):
    """What the delivery needs of `engine.ports.Store` for one conversation."""

    async def keep_handle(self, key: ThreadKey, post: str, handle: str) -> None: ...

    async def handles(self, key: ThreadKey) -> Mapping[str, str]: ...


class Memory:
    """The handles of one conversation. `loaded` once they were read."""

    def __init__(self, store: Handles, key: ThreadKey) -> None:
        self._store = store
        self._key = key
        self._kept: dict[str, str] = {}
        self.loaded = False

    async def load(self) -> None:
        """Read what was kept, however often that has to be tried."""
        while not self.loaded:
            try:
                # What was kept meanwhile is newer.
                self._kept = {**await self._store.handles(self._key), **self._kept}
                self.loaded = True
            except StoreError as error:
                log.warning("handles cannot be read", extra={"session": str(self._key), "error": str(error)})
                await asyncio.sleep(LOAD_AGAIN_S)

    @property
    def told(self) -> str:
        return self._kept.get(TOLD, "")

    @property
    def place(self) -> str:
        """The channel, where it is not the interview's own; else ""."""
        return self._kept.get(PLACE, "")

    @property
    def hook(self) -> Hook | None:
        return read_hook(self._kept.get(HOOK, ""))

    def of(self, number: int, post: str) -> Handle:
        """The handle of a post; a new one if none was kept."""
        kept = self._kept.get(name(number, post))
        return Handle() if kept is None else Handle.parse(kept)

    def messages(self) -> frozenset[str]:
        """Every message of every post."""
        kept = (Handle.parse(text) for what, text in self._kept.items() if "/" in what)
        return frozenset(message for each in kept for message in (*each.ids, *each.old))

    async def keep(self, what: str, text: str) -> None:
        """Remember, durably if that is possible."""
        if self._kept.get(what) == text:
            return
        self._kept[what] = text
        try:
            await self._store.keep_handle(self._key, what, text)
        except StoreError as error:
            # Somebody waits for the message; at worst a restart will not know of it.
            log.warning("a handle was not kept", extra={"session": str(self._key), "error": str(error)})

    async def was_deleted(self) -> bool:
        """Whether nothing is kept any more: the person had everything deleted."""
        try:
            gone = not await self._store.handles(self._key)
        except StoreError:
            return False
        if gone:
            self._kept.clear()
        return gone
