"""One contract, on SQLite and on PostgreSQL."""

from __future__ import annotations

import pytest

from tests.adapters.store.worlds import PostgresWorld, SqliteWorld
from tests.contracts.store import SharedStoreContract


class TestSqlite(SharedStoreContract):
    @pytest.fixture
    def world(self, sqlite: SqliteWorld) -> SqliteWorld:
        return sqlite


@pytest.mark.xdist_group("postgres")
class TestPostgres(SharedStoreContract):
    @pytest.fixture
    def world(self, postgres: PostgresWorld) -> PostgresWorld:
        return postgres
