"""A database that fails in the middle of things: nothing is half written, and the sentence says what to do."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Connection, Engine, event

from adapters.store.database import Postgres, Sqlite
from adapters.store.opening import open_store
from adapters.store.sql import SqlStore
from engine.errors import StoreError, StoreUnavailable, VersionConflict
from engine.facts import Fact
from tests.adapters.store.worlds import DatabaseWorld, SqliteWorld
from tests.contracts.store import KEY, WHOLE, answered, asked, begin, begun, record, wrote
from tests.kit.loop import virtual


class Broke(Exception):
    """The connection went away."""


def engine_of(store: SqlStore) -> Engine:
    database = store._database
    if isinstance(database, Postgres):
        return database._engine.sync_engine
    return cast("Sqlite", database)._writer._engine


@contextmanager
def breaking(engine: Engine, after: int) -> Generator[list[str]]:
    """Let the connection break after so many statements that write."""
    seen: list[str] = []

    def watch(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if statement.split()[0] in {"INSERT", "UPDATE", "DELETE"}:
            if len(seen) == after:
                raise Broke
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", watch)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", watch)


@pytest.mark.parametrize("facts", [WHOLE[2:4], (answered(), begun(2))], ids=["in one interview", "with a new one"])
async def test_a_record_is_written_whole_or_not_at_all(store: SqlStore, facts: tuple[Fact, ...]) -> None:
    before = await record(store, begun(), asked())
    await store.deliver(wrote("1"))
    engine = engine_of(store)
    async with store.lease(KEY) as lease:
        assert lease is not None
        for after in range(20):
            with breaking(engine, after) as seen:
                try:
                    await lease.record(*facts, read=wrote("1"))
                    break
                except Broke:
                    assert len(seen) == after
            assert lease.session == await store.session(KEY) == before
            assert len(await store.facts(before.id)) == 2
            assert list(await lease.mail()) == [wrote("1")]
        else:
            pytest.fail("it breaks always")
        assert after >= 4, "the lease, the session, its facts and the mail"
        assert lease.session == await store.session(KEY) != before
        assert list(await lease.mail()) == []


async def test_a_session_that_moved_on_is_not_overwritten(store: SqlStore, world: DatabaseWorld) -> None:
    await record(store, begun(), asked())
    await store.deliver(wrote("1"))
    async with store.lease(KEY) as lease:
        assert lease is not None
        await world.run("UPDATE sessions SET version = 3")
        with pytest.raises(VersionConflict):
            await lease.record(answered(), read=wrote("1"))
        assert list(await lease.mail()) == [wrote("1")]
    assert len(await store.facts(f"{KEY}#1")) == 2


async def test_an_interview_that_somebody_else_began_is_not_overwritten(store: SqlStore, world: DatabaseWorld) -> None:
    async with store.lease(KEY) as lease:
        assert lease is not None
        await world.run(
            "INSERT INTO sessions (id, key, number, person, version, shape, snapshot, began_at, updated_at, over) "
            f"VALUES ('{KEY}#1', '{KEY}', 1, 'p', 1, '', '', 0, 0, FALSE)"
        )
        with pytest.raises(VersionConflict):
            await lease.record(begun())


async def before_and_after(store: SqlStore, fail: Callable[[], None], mend: Callable[[], None]) -> StoreUnavailable:
    """What is said when a turn meets a failing database; the turn succeeds once it is mended."""
    await store.deliver(begin())
    async with store.lease(KEY) as lease:
        assert lease is not None
        await lease.record(begun(), asked(), read=begin())
        before = lease.session
        fail()
        with pytest.raises(StoreUnavailable) as caught:
            await lease.record(answered("x" * 400_000))
        with pytest.raises(StoreUnavailable):
            await store.deliver(wrote("1", "x" * 400_000))
        assert lease.session == await store.session(KEY) == before
        mend()
        assert await store.deliver(wrote("1"))
        await lease.record(answered("x" * 400_000), read=wrote("1"))
        assert lease.session == await store.session(KEY) != before
    return caught.value


async def test_a_lock_in_the_middle_leaves_the_session_as_it_was(sqlite: SqliteWorld) -> None:
    async with open_store(sqlite.path, busy_s=0.05) as store:
        other = sqlite3.connect(sqlite.path, isolation_level=None)
        error = await before_and_after(
            store, lambda: other.execute("BEGIN IMMEDIATE").close(), lambda: other.execute("ROLLBACK").close()
        )
        other.close()
    assert "locked by another program" in error.hint


async def test_a_full_database_leaves_the_session_as_it_was(sqlite: SqliteWorld) -> None:
    async with sqlite.open() as store:
        writer = cast("Sqlite", store._database)._writer

        def limit(pages: int) -> None:
            def work() -> None:
                with writer._engine.connect() as connection:
                    connection.connection.cursor().execute(f"PRAGMA max_page_count = {pages}")

            writer._thread.submit(work).result()

        error = await before_and_after(store, lambda: limit(1), lambda: limit(1_000_000))
    assert "is full. Free some space" in error.hint


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        folder.rmdir()
        pytest.skip("needs the right to mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


async def test_a_full_disk_leaves_the_session_as_it_was(small_disk: Path) -> None:
    filler = small_disk / "filler"
    async with open_store(small_disk / "rehearse.db") as store:

        def fill() -> None:
            free = shutil.disk_usage(small_disk).free
            filler.write_bytes(b"x" * (free - 16_384))

        await store.deliver(begin())
        async with store.lease(KEY) as lease:
            assert lease is not None
            await lease.record(begun(), asked(), read=begin())
            fill()
            with pytest.raises(StoreUnavailable, match=r"full|disk") as caught:
                await lease.record(answered("x" * 100_000))
            assert await store.session(KEY) == lease.session
            filler.unlink()
            await lease.record(answered("x" * 10_000))
            assert await store.session(KEY) == lease.session
    assert "is full. Free some space" in caught.value.hint


async def test_damage_in_the_middle_says_what_to_do(sqlite: SqliteWorld) -> None:
    async with sqlite.open() as store:
        await record(store, *WHOLE)
    size = sqlite.path.stat().st_size
    with sqlite.path.open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xa5" * (size - 4_096))
    with pytest.raises(StoreError) as caught:
        async with sqlite.open() as store:
            await store.session(KEY)
    assert "is damaged, or not a database" in caught.value.hint


async def test_an_error_of_no_known_kind_keeps_calm(store: SqlStore, world: DatabaseWorld) -> None:
    await record(store, begun())
    await world.run("DROP TABLE handles")
    with pytest.raises(StoreUnavailable) as caught:
        await store.keep_handle(KEY, "1.question", "a-secret-handle")
    assert "Nothing of your interview is lost" in caught.value.hint
    assert "secret" not in str(caught.value)


@virtual
async def test_a_wait_of_hours_on_a_real_file_takes_no_time(sqlite: SqliteWorld) -> None:
    """A transaction is a job the virtual clock can see, so tests in virtual time may use the real store."""
    async with open_store(sqlite.path, now=sqlite.clock, poll_s=60) as store, store.lease(KEY) as lease:
        assert lease is not None
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(600):
                await lease.wait_for_mail()
        assert asyncio.get_running_loop().time() == pytest.approx(600)
        await lease.record(begun())
