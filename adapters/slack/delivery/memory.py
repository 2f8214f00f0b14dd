"""What is remembered of a thread in the store: where its posts stand, where it goes on, how far it has been shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from typing import Protocol

from adapters.slack.delivery.handle import Handle, name
from engine.errors import StoreError
from engine.keys import ThreadKey
from engine.ports import TOLD

log = logging.getLogger(__name__)

PLACE = "place"
"""Under which it is remembered where a thread goes on that can no longer be written to."""
LOAD_AGAIN_S = 5.0


class Handles(Protocol):
    """What the delivery needs of `engine.ports.Store` for one thread."""

    async def keep_handle(self, key: ThreadKey, post: str, handle: str) -> None: ...

    async def handles(self, key: ThreadKey) -> Mapping[str, str]: ...


class Memory:
    """The handles of one thread. `loaded` once they were read."""

    def __init__(self, store: Handles, key: ThreadKey) -> None:
        self._store = store
        self._key = key
        self._kept: dict[str, str] = {}
        self.loaded = False

    async def load(self) -> None:
        """Read what was kept, however often that has to be tried."""
        while not self.loaded:
            try:
                self._kept = dict(await self._store.handles(self._key))
                self.loaded = True
            except StoreError as error:
                log.warning("handles cannot be read", extra={"session": str(self._key), "error": str(error)})
                await asyncio.sleep(LOAD_AGAIN_S)

    @property
    def told(self) -> str:
        return self._kept.get(TOLD, "")

    @property
    def place(self) -> tuple[str, str] | None:
        """The channel and the root of the thread, where they are not the interview's own."""
        channel, _, root = self._kept.get(PLACE, "").partition("/")
        return (channel, root) if channel else None

    def of(self, number: int, post: str) -> Handle | None:
        """The handle of a post, if there is one."""
        kept = self._kept.get(name(number, post))
        return None if kept is None else Handle.parse(kept)

    def streaming(self, number: int) -> Iterator[str]:
        """The posts of an interview whose native stream was never stopped."""
        for what, kept in list(self._kept.items()):
            of, _, post = what.partition("/")
            if post and of == str(number) and Handle.parse(kept).live:
                yield post

    def messages(self) -> frozenset[str]:
        """The time stamps of every message of every post."""
        handles = (Handle.parse(kept) for what, kept in self._kept.items() if what not in (TOLD, PLACE))
        return frozenset(ts for handle in handles for ts in handle.ts)

    async def keep(self, what: str, text: str) -> None:
        """Remember, durably if that is possible."""
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
