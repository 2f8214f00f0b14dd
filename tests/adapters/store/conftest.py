"""The two databases, as fixtures; `world` is each in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.store.sql import SqlStore
from tests.adapters.store.worlds import DatabaseWorld, PostgresServer, PostgresWorld, SqliteWorld, running_postgres


@pytest.fixture
def sqlite(tmp_path: Path) -> SqliteWorld:
    return SqliteWorld(tmp_path / "data" / "rehearse.db")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> PostgresWorld:
    return PostgresWorld(postgres_server.new_database())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
def world(request: pytest.FixtureRequest) -> DatabaseWorld:
    return request.getfixturevalue(request.param)


@pytest.fixture
async def store(world: DatabaseWorld) -> AsyncIterator[SqlStore]:
    async with world.open() as store:
        yield store
