"""What every ledger promises: `engine.limits.ledger.Ledger`, sentence by sentence.

A test class derives from `LedgerContract` and gives the fixture `place`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from engine.admin.records import Entry
from engine.facts import Begun, Report, Stopped, Summarised
from engine.keys import ThreadKey
from engine.limits.ledger import Ledger, Lift
from engine.limits.model import NOTHING, Amounts, Limits, PersonLimits, Refusal, WorkspaceLimits, day_of
from engine.ports import Account, Store
from tests.contracts.store import Clock, begun
from tests.kit.interviews import setup

HOME = "slack/T1"
DAY_S = 86_400.0
NOON = 20_000 * DAY_S + DAY_S / 2
ENTRY = Entry(HOME, NOON, "hash", "admin", "limits.lift", "limits:person", "let a person use more today")
UNLIMITED = Limits()


def key(user: str = "ada", thread: str = "1") -> ThreadKey:
    return ThreadKey(platform="slack", workspace="T1", channel="C", thread=thread, user=user)


def account(user: str = "ada", thread: str = "1", home: str = HOME) -> Account:
    return Account(home, key(user, thread))


def tokens(person: int | None = None, workspace: int | None = None) -> Limits:
    return Limits(person=PersonLimits(tokens=person), workspace=WorkspaceLimits(tokens=workspace))


@dataclass
class Place:
    """A ledger, the interviews it knows of, and its clock. `forget` deletes what is kept about a person."""

    ledger: Ledger
    store: Store
    clock: Clock
    forget: Callable[[ThreadKey], Awaitable[None]]

    async def interview(self, key: ThreadKey, number: int = 1) -> None:
        async with self.store.lease(key) as lease:
            assert lease is not None
            fact: Begun = begun(number, key, self.clock.now)
            await lease.record(fact.model_copy(update={"setup": setup()}))

    async def finish(self, key: ThreadKey) -> None:
        async with self.store.lease(key) as lease:
            assert lease is not None
            await lease.record(Stopped(at=self.clock.now), Summarised(at=self.clock.now, report=Report(summary="done")))


class LedgerContract:
    @pytest.fixture
    def place(self) -> Place:
        raise NotImplementedError

    @pytest.fixture
    def ledger(self, place: Place) -> Ledger:
        place.clock.now = NOON
        return place.ledger

    async def test_what_is_reserved_counts_for_the_person_and_for_everybody(self, ledger: Ledger) -> None:
        assert await ledger.reserve(account(), "a", Amounts(tokens=60), tokens(100), for_s=60) is None
        used = await ledger.used(HOME, key().person)
        assert (used.person.tokens, used.workspace.tokens) == (60, 60)
        assert await ledger.reserve(account(), "b", Amounts(tokens=41), tokens(100), for_s=60) == Refusal(
            "person", "tokens", 100
        )
        assert await ledger.reserve(account(), "b", Amounts(tokens=40), tokens(100), for_s=60) is None

    async def test_another_person_has_a_budget_of_their_own_but_shares_the_workspaces(self, ledger: Ledger) -> None:
        limits = tokens(100, 150)
        assert await ledger.reserve(account("ada"), "a", Amounts(tokens=100), limits, for_s=60) is None
        assert await ledger.reserve(account("bob"), "b", Amounts(tokens=60), limits, for_s=60) == Refusal(
            "workspace", "tokens", 150
        )
        assert await ledger.reserve(account("bob"), "b", Amounts(tokens=50), limits, for_s=60) is None
        assert await ledger.reserve(account("bob", home="slack/T2"), "c", Amounts(tokens=100), limits, for_s=60) is None

    async def test_the_truth_takes_the_place_of_the_estimate_also_when_it_is_nothing_or_more(
        self, ledger: Ledger
    ) -> None:
        for id, truth in (("less", 10), ("nothing", 0), ("more", 90)):
            assert await ledger.reserve(account(), id, Amounts(tokens=50), UNLIMITED, for_s=60) is None
            await ledger.settle(account(), id, Amounts(tokens=truth, cost_micros=truth))
        used = await ledger.used(HOME, key().person)
        assert used.person == used.workspace == Amounts(tokens=100, cost_micros=100)

    async def test_a_reservation_that_nobody_settled_expires(self, place: Place, ledger: Ledger) -> None:
        assert await ledger.reserve(account(), "lost", Amounts(tokens=100), tokens(100), for_s=60) is None
        assert await ledger.reserve(account(), "next", Amounts(tokens=100), tokens(100), for_s=60) is not None
        place.clock.now += 61
        assert await ledger.reserve(account(), "next", Amounts(tokens=100), tokens(100), for_s=60) is None

    async def test_one_that_expired_is_settled_all_the_same(self, place: Place, ledger: Ledger) -> None:
        await ledger.reserve(account(), "late", Amounts(tokens=100), UNLIMITED, for_s=60)
        place.clock.now += 61
        await ledger.settle(account(), "late", Amounts(tokens=70))
        assert (await ledger.used(HOME, key().person)).person.tokens == 70

    async def test_the_day_ends_at_midnight_and_a_call_counts_for_the_day_it_began(
        self, place: Place, ledger: Ledger
    ) -> None:
        place.clock.now = 20_001 * DAY_S - 1
        assert await ledger.reserve(account(), "a", Amounts(tokens=100), tokens(100), for_s=60) is None
        place.clock.now = 20_001 * DAY_S
        assert await ledger.reserve(account(), "b", Amounts(tokens=100), tokens(100), for_s=60) is None
        await ledger.settle(account(), "a", Amounts(tokens=30))
        await ledger.settle(account(), "b", Amounts(tokens=40))
        days = await ledger.days(HOME, 3, key().person)
        assert [(each.day, each.used.tokens) for each in days] == [(19_999, 0), (20_000, 30), (20_001, 40)]
        assert [each.used.tokens for each in await ledger.days(HOME, 2)] == [30, 40]

    async def test_the_same_id_is_taken_once_a_day(self, place: Place, ledger: Ledger) -> None:
        limits = Limits(person=PersonLimits(answers=1))
        assert await ledger.take(account(), "t1", Amounts(answers=1), limits) is None
        assert await ledger.take(account(), "t1", Amounts(answers=1), limits) is None
        assert await ledger.take(account(), "t2", Amounts(answers=1), limits) == Refusal("person", "answers", 1)
        place.clock.now += DAY_S
        assert await ledger.take(account(), "t2", Amounts(answers=1), limits) is None
        assert await ledger.take(account(), "t1", Amounts(answers=1), limits) == Refusal("person", "answers", 1)

    async def test_interviews_are_counted_by_the_day_and_as_they_stand_open(self, place: Place, ledger: Ledger) -> None:
        limits = Limits(person=PersonLimits(open=2, interviews=3))
        for thread in "12":
            assert await ledger.begin(account(thread=thread), thread, limits) is None
            await place.interview(key(thread=thread))
        refusal = Refusal("person", "interviews", 2, open=True)
        assert await ledger.begin(account(thread="3"), "3", limits) == refusal
        await place.finish(key(thread="1"))
        assert (await ledger.used(HOME, key().person)).person_open == 1
        assert await ledger.begin(account(thread="3"), "3", limits) is None
        assert await ledger.begin(account(thread="3"), "3", limits) is None
        await place.interview(key(thread="3"))
        await place.finish(key(thread="3"))
        assert await ledger.begin(account(thread="3"), "4", limits) == Refusal("person", "interviews", 3)

    async def test_a_workspace_has_so_many_open_together(self, place: Place, ledger: Ledger) -> None:
        limits = Limits(workspace=WorkspaceLimits(open=1))
        assert await ledger.begin(account("ada"), "1", limits) is None
        assert await ledger.begin(account("bob"), "2", limits) == Refusal("workspace", "interviews", 1, open=True)
        place.clock.now += 601  # the first never began
        assert await ledger.begin(account("bob"), "2", limits) is None

    async def test_an_interview_in_which_nothing_happened_for_a_day_is_not_open(
        self, place: Place, ledger: Ledger
    ) -> None:
        limits = Limits(person=PersonLimits(open=1))
        assert await ledger.begin(account(thread="1"), "1", limits) is None
        await place.interview(key(thread="1"))
        place.clock.now += DAY_S + 1
        assert await ledger.begin(account(thread="2"), "2", limits) is None
        assert (await ledger.used(HOME)).workspace_open == 1

    async def test_where_one_stands_open_already_nothing_is_counted(self, place: Place, ledger: Ledger) -> None:
        limits = Limits(person=PersonLimits(open=1, interviews=1))
        assert await ledger.begin(account(), "1", limits) is None
        await place.interview(key())
        assert await ledger.begin(account(), "2", limits) is None
        used = await ledger.used(HOME, key().person)
        assert (used.person.interviews, used.person_open) == (1, 1)

    async def test_what_was_used_without_a_limit_is_booked(self, place: Place, ledger: Ledger) -> None:
        await place.interview(key("ada"))
        await ledger.book(
            [
                (account("ada"), Amounts(tokens=5, cost_micros=2)),
                (account("ada"), Amounts(answers=1)),
                (account("bob"), Amounts(tokens=7)),
            ]
        )
        used = await ledger.used(HOME, key("ada").person)
        assert used.person == Amounts(answers=1, tokens=5, cost_micros=2)
        assert used.workspace == Amounts(answers=1, tokens=12, cost_micros=2)
        assert (await ledger.used(HOME, key("bob").person)).person == NOTHING

    async def test_whoever_is_forgotten_stays_forgotten(self, place: Place, ledger: Ledger) -> None:
        await place.interview(key())
        await ledger.reserve(account(), "a", Amounts(tokens=50), UNLIMITED, for_s=60)
        await ledger.take(account(), "b", Amounts(answers=1), UNLIMITED)
        await place.forget(key())
        await ledger.settle(account(), "a", Amounts(tokens=40))
        await ledger.book([(account(), Amounts(tokens=1))])
        used = await ledger.used(HOME, key().person)
        assert used.person == NOTHING
        assert used.workspace == Amounts(answers=1, tokens=41)

    async def test_a_lift_lets_a_person_use_more_until_the_day_is_over(self, place: Place, ledger: Ledger) -> None:
        limits = tokens(100, 1_000)
        today = day_of(NOON)
        await ledger.lift(Lift(HOME, key("ada").person, today, 2), entry=ENTRY)
        assert await ledger.reserve(account("ada"), "a", Amounts(tokens=200), limits, for_s=60) is None
        assert await ledger.reserve(account("bob"), "b", Amounts(tokens=101), limits, for_s=60) is not None
        await ledger.lift(Lift(HOME, key("ada").person, today, None), entry=ENTRY)
        assert await ledger.reserve(account("ada"), "c", Amounts(tokens=800), limits, for_s=60) is None
        assert await ledger.reserve(account("ada"), "d", Amounts(tokens=1), limits, for_s=60) == Refusal(
            "workspace", "tokens", 1_000
        )
        assert await ledger.lifts(HOME) == [Lift(HOME, key("ada").person, today, None)]
        assert await ledger.unlift(HOME, key("ada").person, entry=ENTRY)
        assert not await ledger.unlift(HOME, key("ada").person, entry=ENTRY)
        place.clock.now += DAY_S
        assert await ledger.lifts(HOME) == []

    async def test_something_is_said_for_the_first_time_once_a_day(self, place: Place, ledger: Ledger) -> None:
        assert await ledger.first(HOME, "tokens:50")
        assert not await ledger.first(HOME, "tokens:50")
        assert await ledger.first(HOME, "tokens:80")
        assert await ledger.first("slack/T2", "tokens:50")
        place.clock.now += DAY_S
        assert await ledger.first(HOME, "tokens:50")

    async def test_those_are_active_who_used_something_today(self, place: Place, ledger: Ledger) -> None:
        assert await ledger.active() == []
        await ledger.reserve(account(home="slack/T2"), "a", Amounts(tokens=1), UNLIMITED, for_s=60)
        await ledger.take(account(), "b", Amounts(answers=1), UNLIMITED)
        assert await ledger.active() == [HOME, "slack/T2"]
        place.clock.now += DAY_S
        assert await ledger.active() == []

    async def test_old_days_are_swept(self, place: Place, ledger: Ledger) -> None:
        await ledger.take(account(), "a", Amounts(answers=1), UNLIMITED)
        await ledger.begin(account(), "b", UNLIMITED)
        await ledger.first(HOME, "x")
        await ledger.lift(Lift(HOME, key().person, day_of(NOON), 2), entry=ENTRY)
        await ledger.sweep(keep_days=10)
        assert (await ledger.days(HOME, 1))[0].used.answers == 1
        place.clock.now += 10 * DAY_S
        await ledger.sweep(keep_days=10)
        assert all(not each.used for each in await ledger.days(HOME, 30))

    async def test_two_at_once_never_share_the_last_of_a_budget(self, ledger: Ledger) -> None:
        limits = tokens(workspace=100)
        granted = await asyncio.gather(
            *(ledger.reserve(account(f"u{n}"), f"r{n}", Amounts(tokens=30), limits, for_s=60) for n in range(20))
        )
        assert sum(each is None for each in granted) == 3
        assert (await ledger.used(HOME)).workspace.tokens == 90
