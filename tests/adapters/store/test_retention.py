"""Interviews kept and let go of, on SQLite and on PostgreSQL, down to the bytes of the file."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.store.sql import SqlStore
from engine.facts import Rated
from engine.inbound import Wrote
from engine.retention import DAY_S, Standing, Swept
from tests.adapters.store.worlds import DatabaseWorld, PostgresWorld, SqliteWorld
from tests.contracts.keeping import HOME, NOW, WORDS, KeepingContract, Kept, interview, key
from tests.contracts.store import record


class SqlContract(KeepingContract):
    @pytest.fixture
    def database(self) -> DatabaseWorld:
        raise NotImplementedError

    @pytest.fixture
    async def kept(self, database: DatabaseWorld) -> AsyncIterator[Kept]:
        async with database.open() as store:
            yield Kept(store, store.keeping)


class TestSqlite(SqlContract):
    @pytest.fixture
    def database(self, sqlite: SqliteWorld) -> DatabaseWorld:
        return sqlite


@pytest.mark.xdist_group("postgres")
class TestPostgres(SqlContract):
    @pytest.fixture
    def database(self, postgres: PostgresWorld) -> DatabaseWorld:
        return postgres


async def sweep(store: SqlStore, *, whole: int | None = None) -> Swept:
    """Words go after thirty days."""
    return await store.keeping.sweep(HOME, NOW - 30 * DAY_S, None if whole is None else NOW - whole * DAY_S)


async def test_no_word_is_left_in_the_file_and_what_was_measured_is(store: SqlStore, world: DatabaseWorld) -> None:
    at = key("U1")
    await store.deliver(Wrote(id="w1", key=at, at=NOW, message="m", text=WORDS))
    await record(store, *interview(at, NOW - 40 * DAY_S), Rated(at=NOW - 40 * DAY_S, turn=1, value=1), key=at)
    assert WORDS in await world.dump()
    assert await sweep(store) == Swept(words=1)
    assert WORDS not in await world.dump()
    assert await world.rows("SELECT value FROM rating") == [(1,)]
    assert await world.rows("SELECT state FROM outcome") == [("stopped",)]
    assert await world.rows("SELECT id FROM mailbox") == []


async def test_once_its_figures_go_nothing_refers_to_it(store: SqlStore, world: DatabaseWorld) -> None:
    at = key("U1unusual")
    await record(store, *interview(at, NOW - 40 * DAY_S), Rated(at=NOW - 40 * DAY_S, turn=1, value=1), key=at)
    await store.keep_handle(at, "q1", "a-place")
    assert await sweep(store, whole=35) == Swept(whole=1)
    assert "U1unusual" not in await world.dump()


async def test_whoever_attends_to_an_interview_is_not_disturbed(store: SqlStore) -> None:
    at = key("U1")
    await record(store, *interview(at, NOW - 40 * DAY_S, over=False), key=at)
    async with store.lease(at) as lease:
        assert lease is not None
        assert await sweep(store, whole=35) == Swept()
    assert await sweep(store, whole=35) == Swept(whole=1)


async def test_an_interview_that_cannot_be_read_goes_altogether(store: SqlStore, world: DatabaseWorld) -> None:
    await record(store, *interview(key("U1"), NOW - 40 * DAY_S), key=key("U1"))
    await record(store, *interview(key("U2"), NOW - 40 * DAY_S), key=key("U2"))
    await world.run(
        "UPDATE sessions SET shape = 'another' WHERE person = 'slack/T1/U1'",
        "DELETE FROM facts WHERE person = 'slack/T1/U1'",
    )
    assert await sweep(store) == Swept(words=2)
    assert await store.keeping.standing(HOME) == Standing(0, 1, 0, NOW - 40 * DAY_S)


async def test_a_later_version_reads_what_was_left(store: SqlStore, world: DatabaseWorld) -> None:
    await record(store, *interview(key("U1"), NOW - 40 * DAY_S), key=key("U1"))
    await sweep(store)
    before = await store.session(key("U1"))
    await world.run("UPDATE sessions SET shape = 'another', snapshot = '{}'")
    assert await store.session(key("U1")) == before


async def test_what_began_before_there_was_retention_goes_by_its_workspace(sqlite: SqliteWorld) -> None:
    async with sqlite.open() as store:
        await record(store, *interview(key("U1"), NOW), key=key("U1"))
    await sqlite.run("DROP INDEX sessions_home", "ALTER TABLE sessions DROP COLUMN home")
    await sqlite.run("ALTER TABLE sessions DROP COLUMN swept_at", "UPDATE alembic_version SET version_num = '0006'")
    async with sqlite.open() as store:
        assert list(await store.keeping.scopes()) == [HOME]


async def test_since_when_there_is_retention_is_kept(store: SqlStore, world: DatabaseWorld) -> None:
    began = await store.keeping.since()
    world.clock.now += 1_000
    assert await store.keeping.since() == began == world.clock.now - 1_000
