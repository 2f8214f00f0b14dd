"""The prompt store's contract, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from tests.adapters.store.worlds import DatabaseWorld, PostgresWorld, SqliteWorld
from tests.contracts.prompt_store import Place, SharedPromptStoreContract


@dataclass
class Places:
    """A database whose stores are opened for their prompts."""

    database: DatabaseWorld

    @asynccontextmanager
    async def place(self) -> AsyncGenerator[Place]:
        async with self.database.open() as store:
            yield Place(store.prompts, store, self.database.clock, store.admin)


class TestSqlite(SharedPromptStoreContract):
    @pytest.fixture
    def world(self, sqlite: SqliteWorld) -> Places:
        return Places(sqlite)


@pytest.mark.xdist_group("postgres")
class TestPostgres(SharedPromptStoreContract):
    @pytest.fixture
    def world(self, postgres: PostgresWorld) -> Places:
        return Places(postgres)
