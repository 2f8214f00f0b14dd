"""The statements that more than one part of the store needs. Each runs inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Table,
    TypedColumns,
    UnaryExpression,
    exists,
    func,
    select,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite

from adapters.store import rows
from adapters.store.tables import facts, mailbox, sessions
from engine.session import Session

C = TypeVar("C", bound=TypedColumns)

Newest = UnaryExpression[int] | UnaryExpression[float]

ALONE = 7_348_627
"""The number of our advisory lock on PostgreSQL."""


def inserting(connection: Connection, table: Table[C]) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what to do on a conflict."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def alone(connection: Connection) -> None:
    """Let no other transaction that asks for this run beside this one; a write to SQLite never has company."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ALONE)))


def insert_new(connection: Connection, table: Table[C], row: Mapping[str, object]) -> bool:
    """Insert a row; `False` when one with the same key is there already."""
    return connection.execute(inserting(connection, table).values(row).on_conflict_do_nothing()).rowcount == 1


def has_unread(key: str) -> Exists:
    """Whether a thread has mail that nobody has read."""
    return exists().where(mailbox.c.key == key, mailbox.c.body.is_not(None))


def fact_bodies(connection: Connection, session_id: str) -> list[str]:
    """The JSON of an interview's facts, in order."""
    query = select(facts.c.body).where(facts.c.session_id == session_id).order_by(facts.c.seq)
    return list(connection.scalars(query))


def newest_session(connection: Connection, key: str) -> Session | None:
    """The newest interview under a key."""
    found = read_sessions(connection, sessions.c.key == key, newest_by=sessions.c.number.desc(), limit=1)
    return found[0] if found else None


def read_sessions(connection: Connection, *where: ColumnElement[bool], newest_by: Newest, limit: int) -> list[Session]:
    """Interviews from their snapshots, or from their facts where a snapshot is another version's."""
    columns = select(sessions.c.id, sessions.c.shape, sessions.c.snapshot)
    found = connection.execute(columns.where(true(), *where).order_by(newest_by).limit(limit))
    return [
        rows.read_snapshot(snapshot, shape) or rows.refold(id, fact_bodies(connection, id))
        for id, shape, snapshot in found.all()
    ]
