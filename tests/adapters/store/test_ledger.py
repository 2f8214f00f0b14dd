"""The ledger's contract on SQLite and on PostgreSQL, and several processes at once on one file."""

from __future__ import annotations

import asyncio

import pytest

from adapters.store.sql import SqlStore
from engine.keys import ThreadKey
from engine.limits.ledger import Lift
from engine.limits.model import Amounts, Limits
from tests.adapters.store.worlds import DatabaseWorld
from tests.contracts.ledger import ENTRY, HOME, NOON, LedgerContract, Place, account, key, tokens
from tests.contracts.store import begun, record


class TestSql(LedgerContract):
    @pytest.fixture
    def place(self, world: DatabaseWorld, store: SqlStore) -> Place:
        async def forget(key: ThreadKey) -> None:
            await store.forget(platform=key.platform, workspace=key.workspace, user=key.user)

        return Place(store.ledger, store, world.clock, forget)


async def test_processes_that_share_a_database_share_its_budgets(world: DatabaseWorld) -> None:
    world.clock.now = NOON
    async with world.open() as one, world.open() as other:
        granted = await asyncio.gather(
            *(
                (one, other)[n % 2].ledger.reserve(
                    account(f"u{n}"), f"r{n}", Amounts(tokens=30), tokens(workspace=200), for_s=60
                )
                for n in range(30)
            )
        )
        assert sum(each is None for each in granted) == 6
        assert (await one.ledger.used(HOME)).workspace.tokens == 180


async def test_a_lift_is_written_with_its_line_of_the_audit(store: SqlStore, world: DatabaseWorld) -> None:
    world.clock.now = NOON
    await store.ledger.lift(Lift(HOME, key().person, 20_000, 2), entry=ENTRY)
    assert await store.ledger.unlift(HOME, key().person, entry=ENTRY)
    assert not await store.ledger.unlift(HOME, key().person, entry=ENTRY)
    assert [entry for _, entry in await store.admin.audit(HOME)] == [ENTRY, ENTRY]


async def test_sweeping_keeps_what_still_stands_open(store: SqlStore, world: DatabaseWorld) -> None:
    world.clock.now = NOON
    await store.ledger.begin(account(thread="old"), "1", Limits())
    await store.ledger.begin(account(thread="alive"), "2", Limits())
    world.clock.now = NOON + 2 * 86_400
    await record(store, begun(key=key(thread="alive"), at=world.clock.now), key=key(thread="alive"))
    await store.ledger.sweep(keep_days=10)
    assert await world.rows("SELECT key FROM limit_open") == [(str(key(thread="alive")),)]
