"""Interviews that candidates show to coaches, and what these make of them.

The contract is `engine.team.records.SharingStore`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from typing import cast

from sqlalchemy import ColumnElement, Connection, delete, insert, select

from adapters.store import rows
from adapters.store.admin import note
from adapters.store.context import Context
from adapters.store.outcomes import SqlTeam, ratings_where
from adapters.store.statements import alone, insert_new, session_of
from adapters.store.tables_team import coach_rating, outcome, report_coach, shared_report
from adapters.store.waiting import to_the_end
from engine.admin.records import Entry
from engine.session import Session
from engine.team.ratings import CoachRating, newest
from engine.team.records import Shared


class SqlSharing:
    def __init__(self, context: Context, team: SqlTeam) -> None:
        self._database = context.database
        self._team = team

    async def own_interview(self, people: Collection[str], report: str) -> Session | None:
        await self._team.complete()
        query = select(outcome.c.session_id).where(outcome.c.report == report, outcome.c.person.in_(people))

        def work(connection: Connection) -> Session | None:
            id = connection.scalar(query)
            return None if id is None else session_of(connection, id)

        return await self._database.read(work)

    async def interview(self, session: str) -> Session | None:
        return await self._database.read(lambda connection: session_of(connection, session))

    async def share(self, shared: Shared, *, entry: Entry) -> bool:
        row = {
            "id": shared.id, "session_id": shared.session, "person": shared.person, "home": shared.home,
            "title": rows.column_text(shared.title), "note": rows.column_text(shared.note), "at": shared.at,
        }  # fmt: skip

        def work(connection: Connection) -> bool:
            alone(connection)
            if _shared(connection, shared_report.c.id == shared.id):
                return False
            # What is left of a sharing whose coach was forgotten.
            connection.execute(delete(shared_report).where(shared_report.c.id == shared.id))
            insert_new(connection, shared_report, row)
            insert_new(connection, report_coach, {"id": shared.id, "person": shared.coach})
            note(connection, entry)
            return True

        return await to_the_end(self._database.write(work))

    async def unshare(self, id: str, *, entry: Entry) -> bool:
        def work(connection: Connection) -> bool:
            if connection.execute(delete(shared_report).where(shared_report.c.id == id)).rowcount != 1:
                return False
            note(connection, entry)
            return True

        return await to_the_end(self._database.write(work))

    async def shared(self, id: str) -> Shared | None:
        found = await self._shared(shared_report.c.id == id)
        return found[0] if found else None

    async def shares_of(self, session: str) -> Sequence[Shared]:
        return await self._shared(shared_report.c.session_id == session)

    async def shared_with(self, coaches: Collection[str]) -> Sequence[Shared]:
        return (await self._shared(report_coach.c.person.in_(coaches)))[::-1]

    async def _shared(self, chosen: ColumnElement[bool]) -> list[Shared]:
        return await self._database.read(lambda connection: _shared(connection, chosen))

    async def ratings_of(self, session: str) -> Sequence[CoachRating]:
        chosen = coach_rating.c.session_id == session
        return await self._database.read(lambda connection: ratings_where(connection, chosen))

    async def rate(self, ratings: Sequence[CoachRating], *, entry: Entry) -> bool:
        def work(connection: Connection) -> bool:
            alone(connection)
            said = set(map(_said, newest(ratings_where(connection, _same_answer(ratings)))))
            new = [rating for rating in ratings if _said(rating) not in said]
            if new:
                connection.execute(insert(coach_rating), [_row(rating) for rating in new])
                note(connection, entry)
            return bool(new)

        return await to_the_end(self._database.write(work))


_Values = tuple[str, str, str, str, str, str, str, float]
"""The fields of a `Shared`."""


def _shared(connection: Connection, chosen: ColumnElement[bool]) -> list[Shared]:
    share = shared_report.c
    query = (
        select(share.id, share.session_id, share.person, report_coach.c.person, share.home, share.title, share.note,
               share.at)
        .join(report_coach, report_coach.c.id == share.id)
        .where(chosen)
        .order_by(share.at, share.id)
    )  # fmt: skip
    return [Shared(*cast("_Values", tuple(row))) for row in connection.execute(query)]  # the columns are its fields


def _same_answer(ratings: Sequence[CoachRating]) -> ColumnElement[bool]:
    first, at = ratings[0], coach_rating.c
    return (at.session_id == first.session) & (at.turn == first.turn) & (at.coach == first.coach)


def _said(rating: CoachRating) -> tuple[str, int, int, int | None]:
    return rating.criterion, rating.attempt, rating.revision, rating.level


def _row(rating: CoachRating) -> dict[str, object]:
    names = (each.name for each in fields(CoachRating))
    return {"session_id" if name == "session" else name: cast("object", getattr(rating, name)) for name in names}
