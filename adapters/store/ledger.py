"""What was used, in the database. The contract is `engine.limits.ledger.Ledger`.

Losing the last second of it in a power cut is no loss, so none of it waits for the disk, except what an admin decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, select

from adapters.store.admin import note
from adapters.store.context import Context
from adapters.store.statements import alone, insert_new, put
from adapters.store.tables import sessions
from adapters.store.tables_limits import limit_hold, limit_lift, limit_open, limit_told, limit_use
from adapters.store.using import DAY_OF, GIVEN_UP_S, HOLD, LET_GO, OPEN, add, times, used
from adapters.store.waiting import to_the_end
from engine.admin.records import Entry
from engine.limits.ledger import DayUse, Lift
from engine.limits.model import NOTHING, Amounts, Limits, Refusal, Used, day_of, decide
from engine.ports import Account

WHOLE_DAYS = 2
"""How long the ids of what was counted are kept."""


class SqlLedger:
    def __init__(self, context: Context) -> None:
        self._database = context.database
        self._now = context.now

    async def reserve(
        self, account: Account, id: str, wanted: Amounts, limits: Limits, *, for_s: float
    ) -> Refusal | None:
        now = self._now()

        def work(connection: Connection) -> Refusal | None:
            alone(connection)
            if (refusal := self._refusal(connection, account, wanted, limits, now)) is None:
                connection.execute(HOLD, _hold(account, id, now, now + for_s, wanted))
            return refusal

        return await to_the_end(self._database.write(work, synced=False))

    async def settle(self, account: Account, id: str, truth: Amounts) -> None:
        today = day_of(self._now())

        def work(connection: Connection) -> None:
            alone(connection)
            day = connection.scalar(DAY_OF, {"of_id": id})
            connection.execute(LET_GO, {"of_id": id})
            add(connection, account.home, "", today if day is None else day, truth)
            if day is not None:  # without it the person was forgotten
                add(connection, account.home, account.person, day, truth)

        await to_the_end(self._database.write(work, synced=False))

    async def take(self, account: Account, id: str, wanted: Amounts, limits: Limits) -> Refusal | None:
        now = self._now()

        def work(connection: Connection) -> Refusal | None:
            alone(connection)
            return self._take(connection, account, id, wanted, limits, now)

        return await to_the_end(self._database.write(work, synced=False))

    async def begin(self, account: Account, id: str, limits: Limits) -> Refusal | None:
        now, key = self._now(), str(account.key)

        def work(connection: Connection) -> Refusal | None:
            alone(connection)
            newest = select(sessions.c.over).where(sessions.c.key == key).order_by(sessions.c.number.desc()).limit(1)
            if connection.scalar(newest) is False:
                return None
            if (refusal := self._take(connection, account, id, Amounts(interviews=1), limits, now)) is None:
                row = {"key": key, "scope": account.home, "person": account.person, "at": now}
                put(connection, limit_open, row)
            return refusal

        return await to_the_end(self._database.write(work, synced=False))

    async def book(self, uses: Sequence[tuple[Account, Amounts]]) -> None:
        today = day_of(self._now())
        whole, each = _summed(uses)

        def work(connection: Connection) -> None:
            alone(connection)
            for scope, amounts in whole.items():
                add(connection, scope, "", today, amounts)
            for (scope, person), amounts in each.items():
                if connection.scalar(select(exists().where(sessions.c.person == person))):
                    add(connection, scope, person, today, amounts)

        await to_the_end(self._database.write(work, synced=False))

    async def used(self, scope: str, person: str = "") -> Used:
        now = self._now()
        return await self._database.read(lambda connection: used(connection, scope, person, now))

    async def days(self, scope: str, days: int, person: str = "") -> Sequence[DayUse]:
        today = day_of(self._now())
        use = limit_use.c
        query = select(use.day, use.interviews, use.answers, use.tokens, use.cost_micros, use.audio_s).where(
            use.scope == scope, use.person == person, use.day > today - days
        )
        found = await self._database.read(lambda connection: connection.execute(query).all())
        known = {row[0]: Amounts(row[1], row[2], row[3], row[4], row[5]) for row in found}
        return [DayUse(day, known.get(day, NOTHING)) for day in range(today - days + 1, today + 1)]

    async def active(self) -> Sequence[str]:
        today = day_of(self._now())
        use = select(limit_use.c.scope).where(limit_use.c.day == today, limit_use.c.person == "")
        held = select(limit_hold.c.scope).where(limit_hold.c.day == today, limit_hold.c.expires_at > self._now())
        return await self._database.read(lambda connection: sorted(connection.scalars(use.union(held)).all()))

    async def first(self, scope: str, what: str) -> bool:
        row = {"scope": scope, "day": day_of(self._now()), "what": what}
        return await to_the_end(self._database.write(lambda connection: insert_new(connection, limit_told, row)))

    async def lift(self, lift: Lift, *, entry: Entry) -> None:
        row = {"scope": lift.scope, "person": lift.person, "day": lift.day, "times": lift.times}

        def work(connection: Connection) -> None:
            alone(connection)
            put(connection, limit_lift, row)
            note(connection, entry)

        await to_the_end(self._database.write(work))

    async def unlift(self, scope: str, person: str, *, entry: Entry) -> bool:
        mine = _lift_of(scope, person, day_of(self._now()))

        def work(connection: Connection) -> bool:
            alone(connection)
            gone = connection.execute(delete(limit_lift).where(mine)).rowcount == 1
            if gone:
                note(connection, entry)
            return gone

        return await to_the_end(self._database.write(work))

    async def lifts(self, scope: str) -> Sequence[Lift]:
        today = day_of(self._now())
        query = select(limit_lift.c.person, limit_lift.c.times).where(
            limit_lift.c.scope == scope, limit_lift.c.day == today
        )
        found = await self._database.read(
            lambda connection: connection.execute(query.order_by(limit_lift.c.person)).all()
        )
        return [Lift(scope, person, today, times) for person, times in found]

    async def sweep(self, *, keep_days: int) -> None:
        now = self._now()
        today = day_of(now)

        def work(connection: Connection) -> None:
            connection.execute(delete(limit_use).where(limit_use.c.day <= today - keep_days))
            for table in (limit_hold, limit_lift, limit_told):
                connection.execute(delete(table).where(table.c["day"] <= today - WHOLE_DAYS))
            old = limit_open.c.at < now - GIVEN_UP_S
            connection.execute(delete(limit_open).where(old, ~OPEN), {"at_now": now})

        await to_the_end(self._database.write(work, synced=False))

    def _take(
        self, connection: Connection, account: Account, id: str, wanted: Amounts, limits: Limits, now: float
    ) -> Refusal | None:
        day = day_of(now)
        known = connection.scalar(DAY_OF, {"of_id": id})
        if known == day:
            return None
        if (refusal := self._refusal(connection, account, wanted, limits, now)) is None:
            if known is not None:  # from a day before
                connection.execute(LET_GO, {"of_id": id})
            connection.execute(HOLD, _hold(account, id, now, 0.0, NOTHING))
            add(connection, account.home, "", day, wanted)
            add(connection, account.home, account.person, day, wanted)
        return refusal

    @staticmethod
    def _refusal(
        connection: Connection, account: Account, wanted: Amounts, limits: Limits, now: float
    ) -> Refusal | None:
        lifted, by = times(connection, account.home, account.person, day_of(now))
        if lifted:
            limits = limits.lifted(by)
        standing = used(connection, account.home, account.person, now, opened=wanted.interviews > 0)
        return decide(limits, standing, wanted)


def _hold(account: Account, id: str, now: float, expires_at: float, amounts: Amounts) -> dict[str, object]:
    whose = {"scope": account.home, "person": account.person}
    return {"id": id, **whose, "day": day_of(now), "expires_at": expires_at, **amounts.as_row()}


def _lift_of(scope: str, person: str, day: int) -> ColumnElement[bool]:
    return and_(limit_lift.c.scope == scope, limit_lift.c.person == person, limit_lift.c.day == day)


def _summed(
    uses: Sequence[tuple[Account, Amounts]],
) -> tuple[Mapping[str, Amounts], Mapping[tuple[str, str], Amounts]]:
    whole: dict[str, Amounts] = {}
    each: dict[tuple[str, str], Amounts] = {}
    for account, amounts in uses:
        whole[account.home] = whole.get(account.home, NOTHING) + amounts
        mine = (account.home, account.person)
        each[mine] = each.get(mine, NOTHING) + amounts
    return whole, each
