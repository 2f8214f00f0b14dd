"""What admins set, in the database. The contract is `engine.admin.records.AdminStore`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import cast

from sqlalchemy import Connection, delete, func, insert, select

from adapters.store import rows
from adapters.store.context import Context
from adapters.store.statements import alone, put
from adapters.store.tables_admin import (
    admin_audit,
    admin_card,
    admin_draft,
    admin_grant,
    admin_record,
    admin_seat,
)
from adapters.store.waiting import to_the_end
from engine.admin.records import Entry, FormDraft, Grant, Record, RecordKind, SubjectKind
from engine.admin.roles import AdminRole
from engine.errors import Overtaken

DRAFTS_S = 86_400.0
_RECORDS = select(
    admin_record.c.id,
    admin_record.c.version,
    admin_record.c.body,
    admin_record.c.archived,
    admin_record.c.actor,
    admin_record.c.at,
)
_LINES = select(
    admin_audit.c.n,
    admin_audit.c.at,
    admin_audit.c.actor,
    admin_audit.c.role,
    admin_audit.c.act,
    admin_audit.c.subject,
    admin_audit.c.words,
)


class SqlAdmin:
    def __init__(self, context: Context) -> None:
        self._database = context.database
        self._now = context.now

    async def newest(self, scope: str, kind: RecordKind, id: str) -> Record | None:
        found = await self.versions(scope, kind, id, 1)
        return found[0] if found else None

    async def every(self, scope: str, kind: RecordKind) -> Sequence[Record]:
        later = admin_record.alias()
        newer = (later.c.scope == admin_record.c.scope, later.c.kind == admin_record.c.kind)
        newer = (*newer, later.c.id == admin_record.c.id, later.c.version > admin_record.c.version)
        query = (
            _RECORDS.where(admin_record.c.scope == scope, admin_record.c.kind == kind)
            .where(~select(later.c.version).where(*newer).exists())
            .order_by(admin_record.c.id)
        )
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [Record(scope, kind, id, n, body, archived, by, at) for id, n, body, archived, by, at in found]

    async def versions(self, scope: str, kind: RecordKind, id: str, limit: int = 50) -> Sequence[Record]:
        query = (
            _RECORDS.where(admin_record.c.scope == scope, admin_record.c.kind == kind, admin_record.c.id == id)
            .order_by(admin_record.c.version.desc())
            .limit(limit)
        )
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [Record(scope, kind, id, n, body, archived, by, at) for id, n, body, archived, by, at in found]

    async def put(
        self, scope: str, kind: RecordKind, id: str, body: str, *, seen: int, entry: Entry, archived: bool = False
    ) -> Record:
        record = Record(scope, kind, id, seen + 1, body, archived, entry.actor, entry.at)

        def work(connection: Connection) -> None:
            alone(connection)
            here = (admin_record.c.scope == scope, admin_record.c.kind == kind, admin_record.c.id == id)
            if (connection.scalar(select(func.max(admin_record.c.version)).where(*here)) or 0) != seen:
                raise Overtaken(f"{kind}:{id}", _last_words(connection, scope, f"{kind}:{id}"))
            values = {
                "scope": scope, "kind": kind, "id": rows.column_text(id), "version": record.version,
                "body": rows.column_text(body), "archived": archived, "actor": entry.actor, "at": entry.at,
            }  # fmt: skip
            connection.execute(insert(admin_record), values)
            note(connection, entry)

        await to_the_end(self._database.write(work))
        return record

    async def note(self, entry: Entry) -> None:
        await to_the_end(self._database.write(lambda connection: note(connection, entry)))

    async def audit(self, scope: str, *, limit: int = 50, before: int | None = None) -> Sequence[tuple[int, Entry]]:
        query = _LINES.where(admin_audit.c.scope == scope).order_by(admin_audit.c.n.desc())
        if before is not None:
            query = query.where(admin_audit.c.n < before)
        found = await self._database.read(lambda connection: connection.execute(query.limit(limit)).all())
        return [
            (n, Entry(scope, at, actor, cast("AdminRole | None", role), act, subject, words))
            for n, at, actor, role, act, subject, words in found
        ]

    async def grants(self, scope: str) -> Sequence[Grant]:
        grant = admin_grant.c
        query = select(grant.kind, grant.subject, grant.role, grant.at).where(grant.scope == scope)
        query = query.order_by(grant.at, grant.kind, grant.subject)
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [
            Grant(scope, cast("SubjectKind", kind), subject, cast("AdminRole", role), at)
            for kind, subject, role, at in found
        ]

    async def grant(self, grant: Grant, *, entry: Entry) -> None:
        platform, _, workspace = grant.scope.partition("/")
        person = rows.person(platform, workspace, grant.subject) if grant.kind == "user" else ""
        row = {
            "scope": grant.scope, "kind": grant.kind, "subject": rows.column_text(grant.subject), "person": person,
            "role": grant.role, "at": grant.at,
        }  # fmt: skip

        def work(connection: Connection) -> None:
            put(connection, admin_grant, row)
            note(connection, entry)

        await to_the_end(self._database.write(work))

    async def revoke(self, scope: str, kind: SubjectKind, subject: str, *, entry: Entry) -> bool:
        grant = admin_grant.c

        def work(connection: Connection) -> bool:
            where = (grant.scope == scope, grant.kind == kind, grant.subject == subject)
            if connection.execute(delete(admin_grant).where(*where)).rowcount != 1:
                return False
            note(connection, entry)
            return True

        return await to_the_end(self._database.write(work))

    async def seat(self, scope: str, person: str, *, told: bool, at: float) -> None:
        row = {"scope": scope, "person": person, "told": told, "at": at}
        await to_the_end(self._database.write(lambda connection: put(connection, admin_seat, row)))

    async def seats(self, scope: str) -> Sequence[str]:
        query = select(admin_seat.c.person).where(admin_seat.c.scope == scope, admin_seat.c.told)
        query = query.order_by(admin_seat.c.at)
        return await self._database.read(lambda connection: connection.scalars(query).all())

    async def draft(self, person: str, path: str) -> FormDraft | None:
        query = select(admin_draft.c.body).where(admin_draft.c.person == person, admin_draft.c.path == path)
        query = query.where(admin_draft.c.at > self._now() - DRAFTS_S)
        body = await self._database.read(lambda connection: connection.scalar(query))
        if body is None:
            return None
        fields = cast("dict[str, list[str]]", json.loads(body))
        return FormDraft(path, {name: tuple(values) for name, values in fields.items()})

    async def keep_draft(self, person: str, draft: FormDraft, *, at: float) -> None:
        body = json.dumps({name: list(values) for name, values in draft.fields.items()})
        row = {"person": person, "path": draft.path, "body": body, "at": at}

        def work(connection: Connection) -> None:
            connection.execute(delete(admin_draft).where(admin_draft.c.at <= at - DRAFTS_S))
            put(connection, admin_draft, row)

        await to_the_end(self._database.write(work))

    async def drop_draft(self, person: str, path: str) -> None:
        where = (admin_draft.c.person == person, admin_draft.c.path == path)
        await to_the_end(self._database.write(lambda connection: connection.execute(delete(admin_draft).where(*where))))

    async def handle(self, person: str, card: str) -> str:
        query = select(admin_card.c.handle).where(admin_card.c.person == person, admin_card.c.card == card)
        return await self._database.read(lambda connection: connection.scalar(query)) or ""

    async def keep_handle(self, person: str, card: str, handle: str) -> None:
        row = {"person": person, "card": card, "handle": rows.column_text(handle)}
        await to_the_end(self._database.write(lambda connection: put(connection, admin_card, row)))


def note(connection: Connection, entry: Entry) -> None:
    """Write a line of the audit, in the transaction of what it is about."""
    values = {
        "scope": entry.scope, "at": entry.at, "actor": entry.actor, "role": entry.role, "act": entry.act,
        "subject": rows.column_text(entry.subject), "words": rows.column_text(entry.words),
    }  # fmt: skip
    connection.execute(insert(admin_audit), values)


def _last_words(connection: Connection, scope: str, subject: str) -> str:
    query = select(admin_audit.c.words).where(admin_audit.c.scope == scope, admin_audit.c.subject == subject)
    words = connection.scalar(query.order_by(admin_audit.c.n.desc()).limit(1))
    return f"Somebody {words}." if words else ""
