"""The statements of the ledger, built once: what was used, what is set aside, and what stands open.

Every one runs inside the caller's transaction. What is decided by them is left to `ledger.py`.
"""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    String,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from adapters.store.tables import sessions
from adapters.store.tables_limits import limit_hold, limit_lift, limit_open, limit_use
from engine.limits.model import MEASURES, NOTHING, Amounts, Used, day_of

PENDING_S, GIVEN_UP_S = 600.0, 86_400.0
"""How long a begun interview may be on its way, and after how long without a word one is not open any more."""

_SCOPE, _PERSON = bindparam("of_scope", type_=String()), bindparam("of_person", type_=String())
_DAY, _NOW = bindparam("of_day", type_=Integer()), bindparam("at_now", type_=Float())

_USED = select(
    limit_use.c.interviews, limit_use.c.answers, limit_use.c.tokens, limit_use.c.cost_micros, limit_use.c.audio_s
).where(limit_use.c.scope == _SCOPE, limit_use.c.person == _PERSON, limit_use.c.day == _DAY)
_HELD = select(
    limit_hold.c.interviews, limit_hold.c.answers, limit_hold.c.tokens, limit_hold.c.cost_micros, limit_hold.c.audio_s
).where(limit_hold.c.scope == _SCOPE, limit_hold.c.day == _DAY, limit_hold.c.expires_at > _NOW)
_HELD_FOR = _HELD.where(limit_hold.c.person == _PERSON)

# A reservation: `of_id`.
_ID = bindparam("of_id", type_=String())
HOLD = insert(limit_hold)
DAY_OF = select(limit_hold.c.day).where(limit_hold.c.id == _ID)
LET_GO = delete(limit_hold).where(limit_hold.c.id == _ID)


def _is_open() -> ColumnElement[bool]:
    later = sessions.alias()
    newest = ~select(later.c.id).where(later.c.key == sessions.c.key, later.c.number > sessions.c.number).exists()
    alive = sessions.c.updated_at > _NOW - GIVEN_UP_S
    return exists().where(sessions.c.key == limit_open.c.key, ~sessions.c.over, alive, newest)


def _is_on_its_way() -> ColumnElement[bool]:
    begun = exists().where(sessions.c.key == limit_open.c.key, sessions.c.began_at >= limit_open.c.at)
    return and_(limit_open.c.at > _NOW - PENDING_S, ~begun)


OPEN = or_(_is_on_its_way(), _is_open())
"""Whether a row of `limit_open` stands for an interview that is neither over nor given up, at the time `at_now`."""
_OPENED = select(func.count()).select_from(limit_open).where(limit_open.c.scope == _SCOPE, OPEN)
_OPENED_BY = _OPENED.where(limit_open.c.person == _PERSON)
_LIFT = select(limit_lift.c.times, limit_lift.c.day).where(
    limit_lift.c.scope == _SCOPE, limit_lift.c.person == _PERSON, limit_lift.c.day == _DAY
)


def _adding(statement: postgresql.Insert | sqlite.Insert) -> postgresql.Insert | sqlite.Insert:
    more = {name: limit_use.c[name] + statement.excluded[name] for name in MEASURES}
    return statement.on_conflict_do_update(index_elements=["scope", "person", "day"], set_=more)


_ADD = (_adding(sqlite.insert(limit_use)), _adding(postgresql.insert(limit_use)))
"""For SQLite, and for PostgreSQL."""


def used(connection: Connection, scope: str, person: str, now: float, *, opened: bool = True) -> Used:
    """What was used and set aside today, and where it matters what is `opened`.

    The person's part is nothing without a `person`.
    """
    of = {"of_scope": scope, "of_day": day_of(now), "at_now": now}
    mine, open_mine = NOTHING, 0
    if person:
        of_person = {**of, "of_person": person}
        mine = _written(connection, scope, person, now)
        for row in connection.execute(_HELD_FOR, of_person):
            mine += Amounts(row[0], row[1], row[2], row[3], row[4])
        open_mine = (connection.scalar(_OPENED_BY, of_person) or 0) if opened else 0
    whole = _written(connection, scope, "", now)
    for row in connection.execute(_HELD, of):
        whole += Amounts(row[0], row[1], row[2], row[3], row[4])
    return Used(mine, whole, open_mine, (connection.scalar(_OPENED, of) or 0) if opened else 0)


def _written(connection: Connection, scope: str, person: str, now: float) -> Amounts:
    of = {"of_scope": scope, "of_person": person, "of_day": day_of(now)}
    row = connection.execute(_USED, of).one_or_none()
    return NOTHING if row is None else Amounts(row[0], row[1], row[2], row[3], row[4])


def add(connection: Connection, scope: str, person: str, day: int, amounts: Amounts) -> None:
    """Count what was used, where it is anything."""
    if not amounts:
        return
    row = {"scope": scope, "person": person, "day": day, **amounts.as_row()}
    connection.execute(_ADD[connection.dialect.name == "postgresql"], row)


def times(connection: Connection, scope: str, person: str, day: int) -> tuple[bool, int | None]:
    """Whether the person may use more that day, and how many times as much (`None`: without end)."""
    row = connection.execute(_LIFT, {"of_scope": scope, "of_person": person, "of_day": day}).one_or_none()
    return (False, None) if row is None else (True, row[0])
