"""What lets go of a memory store's interviews, and keeps every promise of its port."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.facts import Fact
from engine.keys import ThreadKey
from engine.ports import TOLD, told
from engine.retention import Standing, Swept, bare
from engine.session import Session, fold
from tests.kit.memory import MemoryStore


class MemoryKeeping:
    """`swept` holds the interviews whose words are gone."""

    def __init__(self, store: MemoryStore, *, since: float = 0.0) -> None:
        self._store = store
        self._since = since
        self.swept: set[str] = set()

    async def scopes(self) -> Sequence[str]:
        return sorted({_home(session) for _, _, session in self._all()})

    async def since(self) -> float:
        return self._since

    async def standing(self, scope: str) -> Standing:
        here = [session for _, _, session in self._all() if _home(session) == scope]
        worded = [session for session in here if session.id not in self.swept]
        return Standing(
            worded=len(worded),
            figures=len(here) - len(worded),
            under_way=sum(not session.over for session in worded),
            oldest_at=min((session.updated_at for session in here), default=None),
        )

    async def sweep(self, scope: str, words_before: float | None, whole_before: float | None) -> Swept:
        swept = Swept()
        for key, facts, session in list(self._all()):
            if _home(session) != scope or key in self._store.leases:
                continue
            if whole_before is not None and session.updated_at < whole_before:
                self._drop(key, facts)
                swept += Swept(whole=1)
            elif words_before is not None and session.updated_at < words_before and session.id not in self.swept:
                self._bare(key, facts, session)
                swept += Swept(words=1)
        return swept

    def _all(self) -> Iterator[tuple[ThreadKey, list[Fact], Session]]:
        for key, interviews in self._store.history.items():
            for facts in interviews:
                if (session := fold(facts)) is not None:
                    yield key, facts, session

    def _drop(self, key: ThreadKey, facts: list[Fact]) -> None:
        # Nothing takes its place in the list, so that those after it keep their numbers.
        facts.clear()
        if not any(self._store.history[key]):
            for kept in (self._store.history, self._store.snapshots, self._store.mailbox, self._store.kept):
                kept.pop(key, None)

    def _bare(self, key: ThreadKey, facts: list[Fact], session: Session) -> None:
        facts[:] = bare(session)
        self.swept.add(session.id)
        left = fold(facts)
        assert left is not None
        if self._store.snapshots[key].number == left.number:
            self._store.snapshots[key] = left
            self._store.kept[key] = {TOLD: told(left)}


def _home(session: Session) -> str:
    return session.setup.home or session.key.scope
