"""Private threads are archived and locked once their interview is over and all of it has been shown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Protocol

from adapters.discord.replies import DiscordRefused, DiscordUnreachable, Replies
from adapters.owned import stored
from engine.keys import ThreadKey
from engine.ports import TOLD, told
from engine.session import Session

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0


class Shown(Protocol):
    """The part of the store that knows how far a thread was shown."""

    async def session(self, key: ThreadKey) -> Session | None: ...

    async def handles(self, key: ThreadKey) -> Mapping[str, str]: ...


class Threads:
    def __init__(self, store: Shown, replies: Replies) -> None:
        self._store = store
        self._replies = replies
        self._watched: dict[str, ThreadKey] = {}
        self._some = asyncio.Event()

    def watch(self, thread: str, key: ThreadKey) -> None:
        """Close this thread at the end of the interview."""
        self._watched[thread] = key
        self._some.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._some.wait()
            await asyncio.sleep(LOOK_EVERY_S)
            for thread, key in list(self._watched.items()):
                if await self._is_over(key):
                    await self._close(thread)
                    del self._watched[thread]
            if not self._watched:
                self._some.clear()

    async def _is_over(self, key: ThreadKey) -> bool:
        session = await stored(lambda: self._store.session(key))
        if session is None:
            return True
        if not session.over:
            return False
        return (await stored(lambda: self._store.handles(key))).get(TOLD) == told(session)

    async def _close(self, thread: str) -> None:
        try:
            await self._replies.close_thread(thread)
        except (DiscordRefused, DiscordUnreachable) as error:
            log.warning("a thread could not be closed", extra={"error": str(error)})
