"""Opening: a new database appears, an old one is brought up to date, and what cannot be opened says what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.store.migrate import HEAD
from adapters.store.opening import open_store
from engine.errors import RehearseError, SettingsError, StoreTooNew, StoreUnavailable
from tests.adapters.store.worlds import DatabaseWorld, PostgresWorld, SqliteWorld
from tests.contracts.store import KEY, WHOLE, begun, record


async def refusal(where: Path | str) -> RehearseError:
    """Why it cannot be opened."""
    with pytest.raises(RehearseError) as caught:
        async with open_store(where, busy_s=0.1):
            pass
    return caught.value


async def test_folder_and_file_are_made_for_their_owner_alone(sqlite: SqliteWorld) -> None:
    async with sqlite.open() as store:
        await record(store, begun())
        files = [path for path in sqlite.path.parent.iterdir() if path.is_file()]
        assert {path.name for path in files} == {"rehearse.db", "rehearse.db-wal", "rehearse.db-shm"}
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    assert stat.S_IMODE(sqlite.path.parent.stat().st_mode) == 0o700


async def test_many_processes_may_open_a_new_database_at_once(world: DatabaseWorld) -> None:
    async def open_it() -> None:
        async with world.open() as store:
            assert await store.session(KEY) is None

    await asyncio.gather(*(open_it() for _ in range(4)))
    assert await world.rows("SELECT version_num FROM alembic_version") == [(HEAD,)]


@pytest.mark.process
async def test_nothing_is_imported_to_migrate_when_there_is_nothing_to_migrate(sqlite: SqliteWorld) -> None:
    async with sqlite.open():
        pass
    program = """
import asyncio, sys
from pathlib import Path
from adapters.store.opening import open_store
async def main():
    async with open_store(Path(sys.argv[1])):
        print("alembic" in sys.modules)
asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(sqlite.path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "False\n"


async def test_an_address_may_name_the_file(sqlite: SqliteWorld) -> None:
    async with open_store(f"sqlite:///{sqlite.path}") as store:
        await record(store, begun())
    async with open_store(str(sqlite.path)) as store:
        assert await store.session(KEY) is not None


async def test_a_newer_database_is_refused_and_left_alone(world: DatabaseWorld) -> None:
    async with world.open() as store:
        await record(store, *WHOLE)
    await world.run("UPDATE alembic_version SET version_num = '9999'")
    before = await world.rows("SELECT * FROM facts")
    with pytest.raises(StoreTooNew) as caught:
        async with world.open():
            pass
    assert (caught.value.found, caught.value.known) == ("9999", HEAD)
    assert "newer Rehearse" in caught.value.hint
    assert await world.rows("SELECT * FROM facts") == before


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to be read as one. " * 40, b"SQLite format 3\0" * 64]
)
async def test_a_damaged_file_is_refused_and_left_alone(sqlite: SqliteWorld, content: bytes) -> None:
    sqlite.path.parent.mkdir()
    sqlite.path.write_bytes(content)
    error = await refusal(sqlite.path)
    assert isinstance(error, StoreUnavailable)
    assert f"{sqlite.path} is damaged, or not a database. Move it away" in error.hint
    assert sqlite.path.read_bytes() == content


async def test_a_locked_database_is_refused(sqlite: SqliteWorld) -> None:
    sqlite.path.parent.mkdir()
    with sqlite3.connect(sqlite.path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        error = await refusal(sqlite.path)
        assert isinstance(error, StoreUnavailable)
        assert "locked by another program. Close" in error.hint
        other.execute("ROLLBACK")
    other.close()
    async with sqlite.open() as store:
        await record(store, begun())


async def test_a_place_that_cannot_be_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    for path in (tmp_path / "file" / "rehearse.db", tmp_path):
        error = await refusal(path)
        assert isinstance(error, StoreUnavailable)
        assert f"may not write to {path}" in error.hint
        assert "REHEARSE_HOME" in error.hint


@pytest.fixture
def ordinary_user() -> Iterator[Path]:
    """A folder, and no more rights than anybody has: file modes do not stop the superuser."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    superuser = os.geteuid() == 0
    if superuser:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield folder
    finally:
        folder.chmod(0o700)
        if superuser:
            os.seteuid(0)
        shutil.rmtree(folder)


async def test_a_folder_one_may_not_write_to_is_refused(ordinary_user: Path) -> None:
    ordinary_user.chmod(0o500)
    for path in (ordinary_user / "rehearse.db", ordinary_user / "new" / "rehearse.db"):
        error = await refusal(path)
        assert isinstance(error, StoreUnavailable)
        assert f"may not write to {path}" in error.hint


async def test_a_file_one_may_not_write_to_is_refused(ordinary_user: Path) -> None:
    path = ordinary_user / "rehearse.db"
    async with open_store(path) as store:
        await record(store, begun())
    path.chmod(0o400)
    error = await refusal(path)
    assert isinstance(error, StoreUnavailable)
    assert f"may not write to {path}" in error.hint


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("sqlite://", "name a file"),
        ("sqlite:///:memory:", "name a file"),
        ("mysql://root:secret@db/x", "mysql is not supported"),
        ("://", "not a database address"),
        ("postgresql://user:secret@host:port/x", "not a database address"),
    ],
)
async def test_an_address_of_no_use_is_a_wrong_setting(address: str, says: str) -> None:
    error = await refusal(address)
    assert isinstance(error, SettingsError)
    assert "DATABASE_URL" in error.hint
    assert says in error.hint
    assert "secret" not in error.hint


async def test_a_server_that_is_not_there_says_so_without_the_password(tmp_path: Path) -> None:
    error = await refusal(f"postgresql://me:secret@/rehearse?host={tmp_path}")
    assert isinstance(error, StoreUnavailable)
    assert "cannot be used. Check that it runs and that DATABASE_URL is right." in error.hint
    assert "secret" not in error.hint + str(error)


@pytest.mark.xdist_group("postgres")
async def test_a_database_that_the_server_does_not_have_says_so(postgres: PostgresWorld) -> None:
    error = await refusal(str(postgres.address).replace("/test_", "/no_such_"))
    assert isinstance(error, StoreUnavailable)
    assert "Check that it runs and that DATABASE_URL is right." in error.hint


async def test_postgres_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    error = await refusal("postgresql://me@/rehearse")
    assert isinstance(error, SettingsError)
    assert "rehearse[postgres]" in error.hint
