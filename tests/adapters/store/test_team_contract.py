"""The contract of the team's store, on SQLite and on PostgreSQL; and what only a database can be asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.store.sql import SqlStore
from engine.facts import Fact
from engine.keys import ThreadKey
from engine.team.overview import Bill
from tests.adapters.store.worlds import DatabaseWorld, PostgresWorld, SqliteWorld
from tests.contracts.store import record as recorded
from tests.contracts.team_store import ADA, BOB, HERE, Place, TeamStoreContract, entry, rating, shared, whole


def place_of(store: SqlStore, database: DatabaseWorld) -> Place:
    async def record(key: ThreadKey, facts: list[Fact]) -> None:
        await recorded(store, *facts, key=key)

    async def charge(scope: str, day: int, bill: Bill) -> None:
        await database.run(
            "INSERT INTO limit_use (scope, person, day, interviews, answers, tokens, cost_micros, audio_s) VALUES "
            f"('{scope}', '', {day}, 0, 0, {bill.tokens}, {bill.cost_micros}, 0), "
            f"('{scope}', 'slack/T1/UADA', {day}, 0, 0, {bill.tokens}, {bill.cost_micros}, 0)"
        )

    async def forget(key: ThreadKey) -> None:
        await store.forget(platform=key.platform, workspace=key.workspace, user=key.user)

    return Place(store.team, store.sharing, store.admin, record, charge, forget)


class SqlContract(TeamStoreContract):
    @pytest.fixture
    def database(self) -> DatabaseWorld:
        raise NotImplementedError

    @pytest.fixture
    async def place(self, database: DatabaseWorld) -> AsyncIterator[Place]:
        async with database.open() as store:
            yield place_of(store, database)

    async def test_an_interview_from_before_there_were_outcomes_gets_its_own(
        self, place: Place, database: DatabaseWorld
    ) -> None:
        await place.record(ADA, whole())
        await place.record(BOB, whole(BOB))
        before = await place.team.held(HERE, since=0)
        await database.run("DELETE FROM outcome")
        async with database.open() as later:
            assert await later.team.held(HERE, since=0) == before

    async def test_an_interview_that_cannot_be_read_is_left_out(self, place: Place, database: DatabaseWorld) -> None:
        await place.record(ADA, whole())
        await place.record(BOB, whole(BOB))
        await database.run(
            "DELETE FROM outcome",
            "UPDATE sessions SET shape = 'old'",
            "DELETE FROM facts WHERE person = 'slack/T1/UADA'",
        )
        async with database.open() as later:
            assert [each.outcome.person for each in await later.team.held(HERE, since=0)] == [BOB.person]

    async def test_no_rating_can_be_changed_even_by_hand(self, place: Place, database: DatabaseWorld) -> None:
        await place.record(ADA, whole())
        await place.sharing.rate([rating()], entry=entry("answer.rate"))
        with pytest.raises(Exception, match="append-only"):
            await database.run("UPDATE coach_rating SET level = 5")

    async def test_a_forgotten_candidate_leaves_no_row_and_no_word(self, place: Place, database: DatabaseWorld) -> None:
        await place.record(ADA, whole())
        await place.sharing.share(shared(note="planted words"), entry=entry())
        await place.sharing.rate([rating()], entry=entry("answer.rate"))
        assert "planted words" in await database.dump()
        await place.forget(ADA)
        for table in ("outcome", "shared_report", "report_coach", "coach_rating"):
            assert await database.rows(f"SELECT count(*) FROM {table}") == [(0,)], table
        left = await database.dump()
        assert "planted words" not in left
        assert "UADA" not in left


class TestSqlite(SqlContract):
    @pytest.fixture
    def database(self, sqlite: SqliteWorld) -> DatabaseWorld:
        return sqlite


@pytest.mark.xdist_group("postgres")
class TestPostgres(SqlContract):
    @pytest.fixture
    def database(self, postgres: PostgresWorld) -> DatabaseWorld:
        return postgres
