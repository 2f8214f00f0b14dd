"""A ledger that lives in memory and keeps every promise of its port, for tests in virtual time."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.admin.records import Entry
from engine.limits.ledger import DayUse, Lift
from engine.limits.model import NOTHING, Amounts, Limits, Refusal, Used, day_of, decide
from engine.ports import Account
from tests.kit.memory import MemoryStore

PENDING_S, GIVEN_UP_S = 600.0, 86_400.0


@dataclass
class Hold:
    account: Account
    day: int
    expires_at: float
    amounts: Amounts


class MemoryLedger:
    """`store` knows which interviews stand open and whose they are."""

    def __init__(self, store: MemoryStore, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now
        self.use: defaultdict[tuple[str, str, int], Amounts] = defaultdict(Amounts)
        self.holds: dict[str, Hold] = {}
        self.opened: dict[str, tuple[Account, float]] = {}
        self.lifted: dict[tuple[str, str, int], int | None] = {}
        self.told: set[tuple[str, int, str]] = set()
        self.entries: list[Entry] = []

    async def reserve(
        self, account: Account, id: str, wanted: Amounts, limits: Limits, *, for_s: float
    ) -> Refusal | None:
        await asyncio.sleep(0)
        if (refusal := self._refusal(account, wanted, limits)) is None:
            self.holds[id] = Hold(account, self._today, self._now() + for_s, wanted)
        return refusal

    async def settle(self, account: Account, id: str, truth: Amounts) -> None:
        await asyncio.sleep(0)
        hold = self.holds.pop(id, None)
        self.use[account.home, "", hold.day if hold else self._today] += truth
        if hold is not None:
            self.use[account.home, account.person, hold.day] += truth

    async def take(self, account: Account, id: str, wanted: Amounts, limits: Limits) -> Refusal | None:
        await asyncio.sleep(0)
        return self._take(account, id, wanted, limits)

    async def begin(self, account: Account, id: str, limits: Limits) -> Refusal | None:
        await asyncio.sleep(0)
        newest = self._store.newest(account.key)
        if newest is not None and not newest.over:
            return None
        if (refusal := self._take(account, id, Amounts(interviews=1), limits)) is None:
            self.opened[str(account.key)] = (account, self._now())
        return refusal

    async def book(self, uses: Sequence[tuple[Account, Amounts]]) -> None:
        await asyncio.sleep(0)
        people = {key.person for key in self._store.snapshots}
        for account, amounts in uses:
            self.use[account.home, "", self._today] += amounts
            if account.person in people:
                self.use[account.home, account.person, self._today] += amounts

    async def used(self, scope: str, person: str = "") -> Used:
        return self._used(scope, person)

    async def days(self, scope: str, days: int, person: str = "") -> Sequence[DayUse]:
        last = range(self._today - days + 1, self._today + 1)
        return [DayUse(day, self.use.get((scope, person, day), NOTHING)) for day in last]

    async def active(self) -> Sequence[str]:
        used = {scope for (scope, _, day), amounts in self.use.items() if day == self._today and amounts}
        held = {hold.account.home for hold in self._live()}
        return sorted(used | held)

    async def first(self, scope: str, what: str) -> bool:
        asked = (scope, self._today, what)
        new = asked not in self.told
        self.told.add(asked)
        return new

    async def lift(self, lift: Lift, *, entry: Entry) -> None:
        self.lifted[lift.scope, lift.person, lift.day] = lift.times
        self.entries.append(entry)

    async def unlift(self, scope: str, person: str, *, entry: Entry) -> bool:
        if (scope, person, self._today) not in self.lifted:
            return False
        del self.lifted[scope, person, self._today]
        self.entries.append(entry)
        return True

    async def lifts(self, scope: str) -> Sequence[Lift]:
        mine = sorted(
            (person, times) for (of, person, day), times in self.lifted.items() if (of, day) == (scope, self._today)
        )
        return [Lift(scope, person, self._today, times) for person, times in mine]

    async def sweep(self, *, keep_days: int) -> None:
        today = self._today
        for at in [at for at in self.use if at[2] <= today - keep_days]:
            del self.use[at]
        for id in [id for id, hold in self.holds.items() if hold.day <= today - 2]:
            del self.holds[id]
        for whose in [whose for whose in self.lifted if whose[2] <= today - 2]:
            del self.lifted[whose]
        self.told = {asked for asked in self.told if asked[1] > today - 2}

    def forget(self, person: str) -> None:
        """What the database does when a person is forgotten."""
        for at in [at for at in self.use if at[1] == person]:
            del self.use[at]
        for id in [id for id, hold in self.holds.items() if hold.account.person == person]:
            del self.holds[id]

    @property
    def _today(self) -> int:
        return day_of(self._now())

    def _live(self) -> list[Hold]:
        return [hold for hold in self.holds.values() if hold.day == self._today and hold.expires_at > self._now()]

    def _take(self, account: Account, id: str, wanted: Amounts, limits: Limits) -> Refusal | None:
        if id in self.holds and self.holds[id].day == self._today:
            return None
        if (refusal := self._refusal(account, wanted, limits)) is None:
            self.holds[id] = Hold(account, self._today, 0.0, NOTHING)
            self.use[account.home, "", self._today] += wanted
            self.use[account.home, account.person, self._today] += wanted
        return refusal

    def _refusal(self, account: Account, wanted: Amounts, limits: Limits) -> Refusal | None:
        whose = (account.home, account.person, self._today)
        if whose in self.lifted:
            limits = limits.lifted(self.lifted[whose])
        return decide(limits, self._used(account.home, account.person), wanted)

    def _used(self, scope: str, person: str) -> Used:
        def amounts(whose: str) -> Amounts:
            held = (
                hold.amounts
                for hold in self._live()
                if hold.account.home == scope and whose in ("", hold.account.person)
            )
            return sum(held, start=self.use[scope, whose, self._today])

        opened = [
            account for account, at in self.opened.values() if account.home == scope and self._is_open(account, at)
        ]
        mine = sum(account.person == person for account in opened)
        return Used(amounts(person) if person else NOTHING, amounts(""), mine, len(opened))

    def _is_open(self, account: Account, at: float) -> bool:
        session = self._store.newest(account.key)
        if session is None or session.began_at < at:
            return at > self._now() - PENDING_S
        return not session.over and session.updated_at > self._now() - GIVEN_UP_S
