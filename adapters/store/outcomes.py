"""What interviews came to: written in the very transaction that records their facts, read for the team view.

An interview from before there was such a table gets its row the first time anybody asks. The contract is
`engine.team.records.TeamStore`.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field, fields
from functools import cache
from typing import NamedTuple, cast

from sqlalchemy import ColumnElement, Connection, Insert, Select, func, select, true

from adapters.store import rows
from adapters.store.context import Context
from adapters.store.observing import metrics
from adapters.store.statements import session_of
from adapters.store.tables import rating, sessions, turn_metric
from adapters.store.tables_limits import limit_use
from adapters.store.tables_team import coach_rating, outcome
from adapters.store.waiting import to_the_end
from engine.admin.roles import EVERYWHERE
from engine.admin.sharing import report_id
from engine.errors import StoreError
from engine.facts import Begun, Fact, Reviewed, Stopped, Summarised
from engine.session import Session
from engine.team.outcome import CriterionScore, Held, Judge, Outcome, State, outcome_of
from engine.team.overview import DAY_S, Bill
from engine.team.ratings import CoachRating
from engine.trials.observing import TurnMetric

log = logging.getLogger(__name__)

CHANGING = (Begun, Reviewed, Stopped, Summarised)
"""The facts after which a row is written anew. What else happened, hints for example, is in it from the next of these
on, the report at the latest: a row costs as much as a fact."""
BATCH = 200


@dataclass(slots=True)
class Outcomes:
    """What one `record` makes of its interviews. `take` each fact with the session after it, then `write`."""

    changed: dict[str, Session] = field(default_factory=dict[str, Session])

    def take(self, session: Session, fact: Fact) -> None:
        if isinstance(fact, CHANGING) or session.id in self.changed:
            self.changed[session.id] = session

    def write(self, connection: Connection) -> None:
        for session in self.changed.values():
            connection.execute(_put(connection.dialect.name), _row(outcome_of(session)))


@cache
def _put(dialect: str) -> Insert:
    """Built once: building it takes longer than running it. The first end of an interview stays its end."""
    from sqlalchemy.dialects import postgresql, sqlite

    statement = postgresql.insert(outcome) if dialect == "postgresql" else sqlite.insert(outcome)
    names = [column.name for column in outcome.columns if not column.primary_key]
    new: dict[str, object] = {name: statement.excluded[name] for name in names}
    new["ended_at"] = func.coalesce(outcome.c.ended_at, statement.excluded["ended_at"])
    return statement.on_conflict_do_update(index_elements=["session_id"], set_=new)


def _row(of: Outcome) -> dict[str, object]:
    return {
        "session_id": of.session,
        "person": of.person,
        "report": report_id(of.session),
        "home": of.home,
        "type_id": of.type_id,
        "title": rows.column_text(of.title),
        "role": of.role,
        "began_at": of.began_at,
        "ended_at": of.ended_at,
        "state": of.state,
        "answers": of.answers,
        "score": of.score,
        "criteria": json.dumps([astuple(each) for each in of.criteria]),
        "hints": of.hints,
        "judge": of.judge,
    }


class SqlTeam:
    def __init__(self, context: Context) -> None:
        self._database = context.database
        self._complete = False

    async def held(self, scope: str, *, since: float) -> Sequence[Held]:
        await self.complete()
        columns = [outcome.columns[name] for name in _OUTCOME]
        query = cast("Select[*tuple[object, ...]]", select(*columns, sessions.c.updated_at, _OPINION))
        query = query.join(sessions, sessions.c.id == outcome.c.session_id)
        query = query.outerjoin(rating, rating.c.session_id == outcome.c.session_id)
        query = query.where(outcome.c.began_at >= since, _within(outcome.c.home, scope))
        query = query.group_by(*columns, sessions.c.updated_at).order_by(outcome.c.began_at, outcome.c.session_id)
        found = await self._database.read(lambda connection: connection.execute(query).all())
        return [_held(_Row(*cast("_Columns", tuple(row)))) for row in found]

    async def reviews(self, scope: str, *, since: float) -> Sequence[TurnMetric]:
        await self.complete()
        mine = select(outcome.c.session_id).where(_within(outcome.c.home, scope))
        chosen = (turn_metric.c.at >= since) & turn_metric.c.session_id.in_(mine)
        return await self._database.read(lambda connection: metrics(connection, chosen))

    async def bill(self, scope: str, *, since: float) -> Bill:
        chosen = (limit_use.c.person == "") & (limit_use.c.day >= since // DAY_S) & _within(limit_use.c.scope, scope)
        query = select(func.sum(limit_use.c.tokens), func.sum(limit_use.c.cost_micros)).where(chosen)
        tokens, cost_micros = await self._database.read(lambda connection: connection.execute(query).one())
        return Bill(int(tokens or 0), int(cost_micros or 0))

    async def ratings(self, scope: str, *, since: float) -> Sequence[CoachRating]:
        chosen = (coach_rating.c.at >= since) & _within(coach_rating.c.home, scope)
        return await self._database.read(lambda connection: ratings_where(connection, chosen))

    async def complete(self) -> None:
        """Give a row to every interview that has none, once in the life of a process."""
        while not self._complete:
            self._complete = await to_the_end(self._database.write(_filled))


def _filled(connection: Connection) -> bool:
    """Fill some of what is missing; `True` when nothing was."""
    missing = ~select(outcome.c.session_id).where(outcome.c.session_id == sessions.c.id).exists()
    ids = connection.scalars(select(sessions.c.id).where(missing).limit(BATCH)).all()
    filled = 0
    for id in ids:
        try:
            session = session_of(connection, id)
        except StoreError as error:
            # It cannot be shown either, so no figure misses it.
            log.warning("an interview has no outcome", extra={"error": type(error).__name__})
            continue
        if session is not None:
            connection.execute(_put(connection.dialect.name), _row(outcome_of(session)))
            filled += 1
    return filled == 0


def _within(column: ColumnElement[str], scope: str) -> ColumnElement[bool]:
    return true() if scope == EVERYWHERE else column == scope


_OUTCOME = (
    "session_id", "person", "home", "type_id", "title", "role", "began_at", "ended_at", "state", "answers", "score",
    "criteria", "hints", "judge",
)  # fmt: skip
_OPINION = func.sum(rating.c.value)
_Values = tuple[
    str, str, str, int, int, int, str, str, str, str, int, str, int | None, int | None, str, str, bool, float
]
"""The fields of a `CoachRating`."""


_Columns = tuple[
    str, str, str, str, str, str, float, float | None, State, int, float | None, str, int, Judge, float, int | None
]


class _Row(NamedTuple):
    """A row of `held`: SQLAlchemy types no more than ten columns."""

    session_id: str
    person: str
    home: str
    type_id: str
    title: str
    role: str
    began_at: float
    ended_at: float | None
    state: State
    answers: int
    score: float | None
    criteria: str
    hints: int
    judge: Judge
    changed_at: float
    opinion: int | None


def _held(row: _Row) -> Held:
    scores = cast("list[tuple[str, str, float | None, int]]", json.loads(row.criteria))
    of = Outcome(
        session=row.session_id,
        person=row.person,
        home=row.home,
        type_id=row.type_id,
        title=row.title,
        role=row.role,
        began_at=row.began_at,
        ended_at=row.ended_at,
        state=row.state,
        answers=row.answers,
        score=row.score,
        criteria=tuple(CriterionScore(*each) for each in scores),
        hints=row.hints,
        judge=row.judge,
    )
    return Held(of, row.changed_at, row.opinion)


def ratings_where(connection: Connection, chosen: ColumnElement[bool]) -> list[CoachRating]:
    """Ratings, oldest first."""
    names = ["session_id" if each.name == "session" else each.name for each in fields(CoachRating)]
    columns = [coach_rating.columns[name] for name in names]
    query = cast("Select[*tuple[object, ...]]", select(*columns)).where(chosen).order_by(coach_rating.c.n)
    found = connection.execute(query).all()
    return [CoachRating(*cast("_Values", tuple(row))) for row in found]  # the columns are its fields
