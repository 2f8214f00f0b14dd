"""What a SQLite connection is set to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from adapters.store.database import Sqlite
from adapters.store.sql import SqlStore
from tests.adapters.store.worlds import SqliteWorld
from tests.contracts.store import KEY, begin, begun

NORMAL, FULL = 1, 2


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 2000)]
)
async def test_the_database_is_set_to_keep_what_it_is_given(sqlite: SqliteWorld, pragma: str, value: object) -> None:
    assert await sqlite.rows(f"PRAGMA {pragma}") == [(value,)]


async def test_words_are_synced_to_the_disk_and_leases_need_not_be(
    sqlite: SqliteWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    levels: list[object] = []
    write = Sqlite.write

    async def watched(database: Sqlite, work: Callable[[Connection], object], *, synced: bool = True) -> object:
        def looking(connection: Connection) -> object:
            levels.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
            return work(connection)

        return await write(database, looking, synced=synced)

    async with sqlite.open() as store:
        assert isinstance(store, SqlStore)
        monkeypatch.setattr(Sqlite, "write", watched)
        async with store.lease(KEY) as lease:
            assert lease is not None
            await store.deliver(begin())
            await lease.record(begun(), read=begin())
            assert await lease.release_if_no_mail()
        await store.keep_handle(KEY, "1.question", "ts")
    assert levels == [NORMAL, FULL, FULL, NORMAL, FULL]
