"""Interviews kept and let go of. The contract is `engine.retention.Keeping`.

An interview whose words go keeps its row, with the few facts that its figures are (`engine.retention.bare`): so its
number is not given again, and what was measured of it stays beside it. Once its figures go too, the row goes, and with
it all that refers to it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from adapters.store import rows
from adapters.store.context import Context
from adapters.store.statements import fact_bodies, insert_new, put
from adapters.store.tables import facts, handles, leases, mailbox, meta, sessions
from adapters.store.tables_team import shared_report
from adapters.store.waiting import to_the_end
from engine.errors import StoreError
from engine.ports import TOLD, told
from engine.retention import Standing, Swept, bare
from engine.session import Session

log = logging.getLogger(__name__)

AT_ONCE = 200
"""How many interviews one transaction takes, so that nobody waits for long."""
SINCE = "retention_since"


class SqlKeeping:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._database = context.database

    async def scopes(self) -> Sequence[str]:
        query = select(sessions.c.home).distinct().order_by(sessions.c.home)
        return await self._database.read(lambda connection: connection.scalars(query).all())

    async def since(self) -> float:
        def work(connection: Connection) -> float:
            insert_new(connection, meta, {"name": SINCE, "value": str(self._context.now())})
            return float(connection.scalar(select(meta.c.value).where(meta.c.name == SINCE)) or 0.0)

        return await to_the_end(self._database.write(work))

    async def standing(self, scope: str) -> Standing:
        def work(connection: Connection) -> Standing:
            here = sessions.c.home == scope
            worded = and_(here, sessions.c.swept_at.is_(None))
            return Standing(
                worded=_count(connection, worded),
                figures=_count(connection, and_(here, sessions.c.swept_at.is_not(None))),
                under_way=_count(connection, and_(worded, ~sessions.c.over)),
                oldest_at=connection.scalar(select(func.min(sessions.c.updated_at)).where(here)),
            )

        return await self._database.read(work)

    async def sweep(self, scope: str, words_before: float | None, whole_before: float | None) -> Swept:
        swept = Swept()
        while whole_before is not None and (whole := await self._some_whole(scope, whole_before)):
            swept += Swept(whole=whole)
        while words_before is not None and (words := await self._some_words(scope, words_before)):
            swept += Swept(words=words)
        if swept != Swept():
            await self._database.scrub()
        return swept

    async def _some_whole(self, scope: str, before: float) -> int:
        def work(connection: Connection) -> int:
            query = select(sessions.c.id, sessions.c.key).where(_quiet(scope, before), _free(self._context.now()))
            found = connection.execute(query.limit(AT_ONCE)).all()
            connection.execute(delete(sessions).where(sessions.c.id.in_([id for id, _ in found])))
            for key in {key for _, key in found}:
                if not connection.scalar(select(sessions.c.id).where(sessions.c.key == key).limit(1)):
                    for table in (mailbox, handles, leases):
                        connection.execute(delete(table).where(table.c.key == key))
            return len(found)

        return await to_the_end(self._database.write(work))

    async def _some_words(self, scope: str, before: float) -> int:
        def work(connection: Connection) -> int:
            now = self._context.now()
            worded = and_(_quiet(scope, before), sessions.c.swept_at.is_(None), _free(now))
            columns = (sessions.c.id, sessions.c.key, sessions.c.shape, sessions.c.snapshot)
            found = connection.execute(select(*columns).where(worded).limit(AT_ONCE)).all()
            for id, _, shape, snapshot in found:
                try:
                    session = _session(connection, id, shape, snapshot)
                except StoreError as error:
                    log.warning("an interview that cannot be read was deleted", extra={"error": str(error)})
                    connection.execute(delete(sessions).where(sessions.c.id == id))
                else:
                    _bare(connection, session, now)
            for key in {key for _, key, _, _ in found}:
                _sweep_thread(connection, key, before)
            return len(found)

        return await to_the_end(self._database.write(work))


def _quiet(scope: str, before: float) -> ColumnElement[bool]:
    return and_(sessions.c.home == scope, sessions.c.updated_at < before)


def _free(now: float) -> ColumnElement[bool]:
    """Nobody attends to it at this moment."""
    return sessions.c.key.not_in(select(leases.c.key).where(leases.c.expires_at > now))


def _count(connection: Connection, meant: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(sessions).where(meant)) or 0


def _session(connection: Connection, id: str, shape: str, snapshot: str) -> Session:
    session = rows.read_snapshot(snapshot, shape)
    return rows.refold(id, session, fact_bodies(connection, id, after=session.version if session else 0))


def _bare(connection: Connection, session: Session, now: float) -> None:
    """Put the figures in the place of the words."""
    left = bare(session)
    person = rows.person_of(session.key)
    kept = rows.refold(session.id, None, [body for _, body in map(rows.storable_fact, left)])
    connection.execute(delete(facts).where(facts.c.session_id == session.id))
    connection.execute(
        insert(facts),
        [
            {"session_id": session.id, "seq": seq, "person": person, "kind": fact.kind, "at": fact.at, "body": body}
            for seq, (fact, body) in enumerate(map(rows.storable_fact, left), start=1)
        ],
    )
    values = {"version": kept.version, "shape": rows.shape(), "snapshot": kept.model_dump_json(), "due_at": None}
    change = update(sessions).where(sessions.c.id == session.id)
    connection.execute(change.values(**values, over=True, swept_at=now))
    connection.execute(delete(shared_report).where(shared_report.c.session_id == session.id))
    newest = select(func.max(sessions.c.number)).where(sessions.c.key == str(session.key))
    if connection.scalar(newest) == session.number:
        # Whoever shows threads need not show this one again.
        row = {"key": str(session.key), "post": TOLD, "person": person, "handle": told(kept)}
        put(connection, handles, row)


def _sweep_thread(connection: Connection, key: str, before: float) -> None:
    """What came with the words of a thread: its old mail, and where its posts were, once none has any words left."""
    connection.execute(delete(mailbox).where(mailbox.c.key == key, mailbox.c.arrived_at < before))
    worded = select(sessions.c.id).where(sessions.c.key == key, sessions.c.swept_at.is_(None)).limit(1)
    if connection.scalar(worded) is None:
        connection.execute(delete(handles).where(handles.c.key == key, handles.c.post != TOLD))
