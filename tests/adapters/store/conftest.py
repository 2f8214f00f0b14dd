"""The two databases, as fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.store.worlds import PostgresServer, PostgresWorld, SqliteWorld, running_postgres


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
