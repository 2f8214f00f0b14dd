"""The contract of the admins' store, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.exc import DatabaseError

from tests.adapters.store.worlds import DatabaseWorld, PostgresWorld, SqliteWorld
from tests.contracts.admin_store import HERE, AdminStoreContract, Place, Places, entry


def _places(database: DatabaseWorld) -> Places:
    @asynccontextmanager
    async def opened() -> AsyncGenerator[Place]:
        async with database.open() as store:
            yield Place(store.admin, database.clock)

    return opened


class SqlContract(AdminStoreContract):
    @pytest.fixture
    def database(self) -> DatabaseWorld:
        raise NotImplementedError

    @pytest.fixture
    def places(self, database: DatabaseWorld) -> Places:
        return _places(database)

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE admin_audit SET words = 'nothing'",
            "DELETE FROM admin_audit",
            "UPDATE admin_record SET body = '[]'",
        ],
    )
    async def test_what_was_done_cannot_be_changed_even_by_hand(
        self, place: Place, database: DatabaseWorld, change: str
    ) -> None:
        await place.admin.put(HERE, "type", "backend", "{}", seen=0, entry=entry())
        with pytest.raises((DatabaseError, Exception), match="append-only"):
            await database.run(change)
        assert len(await place.admin.audit(HERE)) == 1


class TestSqlite(SqlContract):
    @pytest.fixture
    def database(self, sqlite: SqliteWorld) -> DatabaseWorld:
        return sqlite


@pytest.mark.xdist_group("postgres")
class TestPostgres(SqlContract):
    @pytest.fixture
    def database(self, postgres: PostgresWorld) -> DatabaseWorld:
        return postgres
