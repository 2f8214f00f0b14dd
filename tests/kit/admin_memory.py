"""An admin store that lives in memory and keeps every promise of its port, for tests in virtual time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from engine.admin.records import Entry, FormDraft, Grant, Record, RecordKind, SubjectKind
from engine.errors import Overtaken

DRAFTS_S = 86_400.0


class MemoryAdmin:
    def __init__(self, now: Callable[[], float] = float) -> None:
        self._now = now
        self.records: dict[tuple[str, RecordKind, str], list[Record]] = {}
        self.entries: list[Entry] = []
        self.granted: dict[tuple[str, SubjectKind, str], Grant] = {}
        self.seated: dict[tuple[str, str], bool] = {}
        self.drafts: dict[tuple[str, str], tuple[float, FormDraft]] = {}
        self.handles: defaultdict[tuple[str, str], str] = defaultdict(str)

    async def newest(self, scope: str, kind: RecordKind, id: str) -> Record | None:
        return self.records.get((scope, kind, id), [None])[-1]

    async def every(self, scope: str, kind: RecordKind) -> Sequence[Record]:
        return [self.records[at][-1] for at in sorted(self.records) if at[:2] == (scope, kind)]

    async def versions(self, scope: str, kind: RecordKind, id: str, limit: int = 50) -> Sequence[Record]:
        return self.records.get((scope, kind, id), [])[::-1][:limit]

    async def put(
        self, scope: str, kind: RecordKind, id: str, body: str, *, seen: int, entry: Entry, archived: bool = False
    ) -> Record:
        known = self.records.get((scope, kind, id), [])
        if len(known) != seen:
            last = next((e for e in reversed(self.entries) if e.scope == scope and e.subject == f"{kind}:{id}"), None)
            raise Overtaken(f"{kind}:{id}", f"Somebody {last.words}." if last else "")
        record = Record(scope, kind, id, seen + 1, body, archived, entry.actor, entry.at)
        self.records[scope, kind, id] = [*known, record]
        self.entries.append(entry)
        return record

    async def note(self, entry: Entry) -> None:
        self.entries.append(entry)

    async def audit(self, scope: str, *, limit: int = 50, before: int | None = None) -> Sequence[tuple[int, Entry]]:
        numbered = [(n, entry) for n, entry in enumerate(self.entries, 1) if entry.scope == scope]
        return [(n, entry) for n, entry in reversed(numbered) if before is None or n < before][:limit]

    async def grants(self, scope: str) -> Sequence[Grant]:
        return [grant for at, grant in self.granted.items() if at[0] == scope]

    async def grant(self, grant: Grant, *, entry: Entry) -> None:
        self.granted[grant.scope, grant.kind, grant.subject] = grant
        self.entries.append(entry)

    async def revoke(self, scope: str, kind: SubjectKind, subject: str, *, entry: Entry) -> bool:
        if self.granted.pop((scope, kind, subject), None) is None:
            return False
        self.entries.append(entry)
        return True

    async def seat(self, scope: str, person: str, *, told: bool, at: float) -> None:
        self.seated[scope, person] = told

    async def seats(self, scope: str) -> Sequence[str]:
        return [person for (of, person), told in self.seated.items() if of == scope and told]

    async def draft(self, person: str, path: str) -> FormDraft | None:
        at, draft = self.drafts.get((person, path), (0.0, None))
        return draft if draft is not None and self._now() - at < DRAFTS_S else None

    async def keep_draft(self, person: str, draft: FormDraft, *, at: float) -> None:
        self.drafts[person, draft.path] = (at, draft)

    async def drop_draft(self, person: str, path: str) -> None:
        self.drafts.pop((person, path), None)

    async def handle(self, person: str, card: str) -> str:
        return self.handles[person, card]

    async def keep_handle(self, person: str, card: str, handle: str) -> None:
        self.handles[person, card] = handle
