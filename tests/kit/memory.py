"""A store that lives in memory and keeps every promise of its port, for tests in virtual time. Prompts stand beside it.

The contract suites run against them as against the real ones, so that what is proven on them means something.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

from engine.errors import LeaseLost
from engine.facts import Begun, Fact
from engine.inbound import Inbound
from engine.keys import ThreadKey
from engine.ports import TOLD, told
from engine.preferences import Preferences
from engine.session import Session, evolve
from engine.steps import due_at
from tests.kit.prompts_memory import MemoryPrompts

__all__ = ["MemoryLease", "MemoryPrompts", "MemoryStore"]


class MemoryLease:
    """The lease of one thread; worthless once released."""

    def __init__(self, store: MemoryStore, key: ThreadKey) -> None:
        self._store = store
        self._key = key

    @property
    def key(self) -> ThreadKey:
        return self._key

    @property
    def session(self) -> Session | None:
        return self._store.newest(self._key)

    async def mail(self) -> Sequence[Inbound]:
        return [inbound for inbound in self._store.mailbox[self._key] if inbound.id not in self._store.read[self._key]]

    async def record(self, *facts: Fact, read: Inbound | None = None) -> None:
        await asyncio.sleep(0)
        if self._store.leases.get(self._key) is not self:
            raise LeaseLost(str(self._key))
        for fact in facts:
            self._store.append(self._key, fact)
        if read is not None:
            self._store.read[self._key].add(read.id)

    async def wait_for_mail(self) -> None:
        while not await self.mail():
            self._store.bells[self._key].clear()
            await self._store.bells[self._key].wait()

    async def release_if_no_mail(self) -> bool:
        if await self.mail():
            return False
        self._store.leases.pop(self._key, None)
        return True


class MemoryStore:
    """Everything in dictionaries; `history` holds the interviews of each thread, oldest first."""

    def __init__(self) -> None:
        self.mailbox: defaultdict[ThreadKey, list[Inbound]] = defaultdict(list)
        self.read: defaultdict[ThreadKey, set[str]] = defaultdict(set)
        self.history: defaultdict[ThreadKey, list[list[Fact]]] = defaultdict(list)
        self.snapshots: dict[ThreadKey, Session] = {}
        self.leases: dict[ThreadKey, MemoryLease] = {}
        self.bells: defaultdict[ThreadKey, asyncio.Event] = defaultdict(asyncio.Event)
        self.kept: defaultdict[ThreadKey, dict[str, str]] = defaultdict(dict)
        self.preferred: dict[tuple[str, str, str], Preferences] = {}

    def newest(self, key: ThreadKey) -> Session | None:
        return self.snapshots.get(key)

    def append(self, key: ThreadKey, fact: Fact) -> None:
        if isinstance(fact, Begun):
            self.history[key].append([])
        self.history[key][-1].append(fact)
        self.snapshots[key] = evolve(None if isinstance(fact, Begun) else self.snapshots.get(key), fact)

    async def deliver(self, inbound: Inbound) -> bool:
        await asyncio.sleep(0)
        if any(known.id == inbound.id for known in self.mailbox[inbound.key]):
            return False
        self.mailbox[inbound.key].append(inbound)
        self.bells[inbound.key].set()
        return True

    @asynccontextmanager
    async def lease(self, key: ThreadKey) -> AsyncGenerator[MemoryLease | None]:
        if key in self.leases:
            yield None
            return
        lease = self.leases[key] = MemoryLease(self, key)
        try:
            yield lease
        finally:
            if self.leases.get(key) is lease:
                del self.leases[key]

    async def due(self, now: float, limit: int = 500, *, without: Collection[str] = frozenset()) -> Sequence[ThreadKey]:
        keys = [key for key in dict.fromkeys([*self.mailbox, *self.snapshots]) if key.platform not in without]
        return [key for key in keys if key not in self.leases and self._needed(key, now)][:limit]

    def _needed(self, key: ThreadKey, now: float) -> bool:
        when = due_at(self.snapshots.get(key))
        return (when is not None and when <= now) or any(i.id not in self.read[key] for i in self.mailbox[key])

    async def session(self, key: ThreadKey) -> Session | None:
        return self.snapshots.get(key)

    async def sessions(self, *, platform: str, workspace: str, user: str, limit: int = 50) -> Sequence[Session]:
        mine = [k for k in self.history if (k.platform, k.workspace, k.user) == (platform, workspace, user)]
        found: list[Session] = []
        for key in mine:
            for facts in self.history[key]:
                session: Session | None = None
                for fact in facts:
                    session = evolve(session, fact)
                if session is not None:
                    found.append(session)
        return sorted(found, key=lambda session: session.began_at, reverse=True)[:limit]

    async def facts(self, session_id: str) -> Sequence[Fact]:
        for key, interviews in self.history.items():
            for number, facts in enumerate(interviews, start=1):
                if f"{key}#{number}" == session_id:
                    return list(facts)
        return []

    async def about(self, *, platform: str, workspace: str, user: str) -> Mapping[str, Sequence[Mapping[str, object]]]:
        mine = [key for key in self.kept if (key.platform, key.workspace, key.user) == (platform, workspace, user)]
        found = [{"post": post, "handle": handle} for key in mine for post, handle in self.kept[key].items()]
        return {"handles": found}

    async def forget(self, *, platform: str, workspace: str, user: str) -> int:
        def meant(of: str, where: str, who: str) -> bool:
            return (of, who) == (platform, user) and workspace in ("-", where)

        self.preferred = {whose: kept for whose, kept in self.preferred.items() if not meant(*whose)}
        return self._forget(lambda key: meant(key.platform, key.workspace, key.user))

    async def forget_workspace(self, platform: str, workspace: str) -> int:
        def lives_by_it(key: ThreadKey) -> bool:
            newest = self.snapshots.get(key)
            return newest is not None and newest.setup.home == f"{platform}/{workspace}"

        self.preferred = {whose: kept for whose, kept in self.preferred.items() if whose[:2] != (platform, workspace)}
        return self._forget(lambda key: (key.platform, key.workspace) == (platform, workspace) or lives_by_it(key))

    def _forget(self, is_meant: Callable[[ThreadKey], bool]) -> int:
        keys = [key for key in dict.fromkeys([*self.mailbox, *self.history, *self.kept]) if is_meant(key)]
        count = sum(len(self.history[key]) for key in keys)
        for key in keys:
            for kept in (self.mailbox, self.read, self.history, self.snapshots, self.kept):
                kept.pop(key, None)
        return count

    async def keep_handle(self, key: ThreadKey, post: str, handle: str) -> None:
        self.kept[key][post] = handle

    async def handles(self, key: ThreadKey) -> Mapping[str, str]:
        return dict(self.kept[key])

    async def behind(self, platform: str, limit: int = 1_000) -> Sequence[ThreadKey]:
        newest = sorted(self.snapshots.values(), key=lambda session: session.updated_at, reverse=True)
        mine = [session for session in newest if session.key.platform == platform]
        return [session.key for session in mine if self.kept[session.key].get(TOLD) != told(session)][:limit]

    async def open_threads(self, platform: str, limit: int = 10_000) -> Sequence[ThreadKey]:
        newest = sorted(self.snapshots.values(), key=lambda session: session.updated_at, reverse=True)
        return [session.key for session in newest if session.key.platform == platform and not session.over][:limit]

    async def preferences(self, *, platform: str, workspace: str, user: str) -> Preferences:
        return self.preferred.get((platform, workspace, user), Preferences())

    async def keep_preferences(self, preferences: Preferences, *, platform: str, workspace: str, user: str) -> None:
        self.preferred[platform, workspace, user] = preferences
