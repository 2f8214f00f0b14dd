"""The statements that every turn needs, and those that more than one part of the store needs.

The first are built once, with parameters: SQLAlchemy takes five times as long to build a statement as to run it. Every
one runs inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import (
    Connection,
    Integer,
    String,
    Table,
    TypedColumns,
    and_,
    bindparam,
    exists,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from adapters.store import rows
from adapters.store.tables import facts, leases, mailbox, sessions
from engine.session import Session

C = TypeVar("C", bound=TypedColumns)

FREED = 0.0
"""When the lease of a free thread expires."""
ALONE = 7_348_627
"""The number of our advisory lock on PostgreSQL."""

_THREAD = bindparam("of_thread", type_=String())
_UNREAD = (mailbox.c.key == _THREAD, mailbox.c.body.is_not(None))
_MINE = and_(
    leases.c.key == _THREAD,
    leases.c.process == bindparam("of_process", type_=String()),
    leases.c.fence == bindparam("of_fence", type_=Integer()),
)

# A thread's mail: `of_thread`, and `of_id` where one message is meant.
MAIL = select(mailbox.c.body).where(*_UNREAD).order_by(mailbox.c.n)
MARK_READ = (
    update(mailbox)
    .where(mailbox.c.key == _THREAD, mailbox.c.id == bindparam("of_id", type_=String()))
    .values(body=None)
)

# Its lease: `of_thread`, and where this very lease is meant, `of_process` and `of_fence`; a lost one touches no row.
TAKE_OVER = update(leases).where(_MINE)
"""Parameters as for the holder that is to be replaced, and the columns of the new one."""
HOLDER = select(leases.c.process, leases.c.fence, leases.c.expires_at).where(leases.c.key == _THREAD)
RENEW = update(leases).where(_MINE).values(expires_at=bindparam("until"))
FREE = update(leases).where(_MINE).values(expires_at=FREED)
FREE_IF_NO_MAIL = FREE.where(~exists().where(*_UNREAD))
STANDING = select(exists().where(*_UNREAD), exists().where(_MINE))
"""Whether there is unread mail, and whether the lease still stands."""

# An interview: `of_session`, the version `before`, and the columns to set; no row when it is at another version.
_SNAPSHOTS = select(sessions.c.id, sessions.c.version, sessions.c.shape, sessions.c.snapshot)
_NEWEST = _SNAPSHOTS.where(sessions.c.key == _THREAD).order_by(sessions.c.number.desc()).limit(1)
MOVE_ON = update(sessions).where(
    sessions.c.id == bindparam("of_session", type_=String()), sessions.c.version == bindparam("before", type_=Integer())
)
ADD_FACTS = insert(facts)


def inserting(connection: Connection, table: Table[C]) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what to do on a conflict."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def alone(connection: Connection) -> None:
    """Let no other transaction that asks for this run beside this one; a write to SQLite never has company."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ALONE)))


def insert_new(connection: Connection, table: Table[C], row: Mapping[str, object]) -> bool:
    """Insert a row; `False` when one with the same key is there already."""
    return connection.execute(inserting(connection, table).on_conflict_do_nothing(), row).rowcount == 1


def put(connection: Connection, table: Table[C], row: Mapping[str, object]) -> None:
    """Insert a row, or put it in the place of the one with the same primary key."""
    key = [column.name for column in table.primary_key]
    values = {name: value for name, value in row.items() if name not in key}
    connection.execute(inserting(connection, table).values(row).on_conflict_do_update(index_elements=key, set_=values))


def fact_bodies(connection: Connection, session_id: str, *, after: int = 0) -> list[str]:
    """The JSON of an interview's facts that came after so many, in order."""
    query = select(facts.c.body).where(facts.c.session_id == session_id, facts.c.seq > after).order_by(facts.c.seq)
    return list(connection.scalars(query))


def newest_session(connection: Connection, key: str) -> Session | None:
    """The newest interview under a key."""
    found = connection.execute(_NEWEST, {"of_thread": key}).one_or_none()
    return None if found is None else _session(connection, found)


def sessions_of(connection: Connection, person: str, limit: int) -> list[Session]:
    """A person's interviews, newest first."""
    query = _SNAPSHOTS.where(sessions.c.person == person).order_by(sessions.c.began_at.desc()).limit(limit)
    return [_session(connection, found) for found in connection.execute(query).all()]


def session_of(connection: Connection, id: str) -> Session | None:
    """An interview by its id."""
    found = connection.execute(_SNAPSHOTS.where(sessions.c.id == id)).one_or_none()
    return None if found is None else _session(connection, found)


def _session(connection: Connection, found: tuple[str, int, str, str]) -> Session:
    """From the snapshot and the facts since, or from all facts where the snapshot is another model's."""
    id, version, shape, snapshot = found
    session = rows.read_snapshot(snapshot, shape)
    if session is not None and session.version == version:
        return session
    return rows.refold(id, session, fact_bodies(connection, id, after=session.version if session else 0))
