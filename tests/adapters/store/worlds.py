"""Databases to test on: a file, and a PostgreSQL server of our own where the programs for one are installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection, make_url, select, text

from adapters.store.database import Database, Postgres, Sqlite
from adapters.store.opening import open_store
from adapters.store.sql import SqlStore
from adapters.store.tables import metadata
from tests.contracts.store import LEASE_S, Clock

T = TypeVar("T")

POLL_S = 0.02


class DatabaseWorld:
    """A database that can be opened many times; `address` is what `open_store` takes."""

    def __init__(self, address: str | Path) -> None:
        self.address = address
        self.clock = Clock()

    def open(self) -> AbstractAsyncContextManager[SqlStore]:
        return open_store(self.address, now=self.clock, lease_s=LEASE_S, poll_s=POLL_S, busy_s=2)

    def _connected(self) -> Database:
        raise NotImplementedError

    async def with_connection(self, work: Callable[[Connection], T]) -> T:
        """Run `work` behind the store's back, in one transaction."""
        database = self._connected()
        try:
            return await database.write(work)
        finally:
            await database.close()

    async def run(self, *statements: str) -> None:
        def work(connection: Connection) -> None:
            for statement in statements:
                connection.execute(text(statement.replace(":", "\\:")))

        await self.with_connection(work)

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        return await self.with_connection(lambda connection: [tuple(row) for row in connection.execute(text(query))])

    async def dump(self) -> str:
        def rows(connection: Connection) -> str:
            return "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))

        return await self.with_connection(rows)


class SqliteWorld(DatabaseWorld):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path

    def _connected(self) -> Database:
        return Sqlite(self.path, busy_s=2)

    async def dump(self) -> str:
        files = self.path.parent.glob(f"{self.path.name}*")
        return "\n".join(file.read_bytes().decode("latin-1") for file in files if file.is_file())


class PostgresWorld(DatabaseWorld):
    def _connected(self) -> Database:
        return Postgres(make_url(str(self.address)).set(drivername="postgresql+asyncpg"))


class PostgresServer:
    """A server with nothing in it, reached by a socket file, without a password."""

    def __init__(self, programs: Path, folder: Path, user: str | None) -> None:
        self._programs = programs
        self._folder = folder
        self._user = user
        self._databases = 0

    def new_database(self) -> str:
        """The address of one more, empty, database."""
        self._databases += 1
        name = f"test_{self._databases}"
        self.run("createdb", "--host", str(self._folder), "--username", "rehearse", name)
        return f"postgresql://rehearse@/{name}?host={self._folder}"

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            user=self._user,
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )


def postgres_programs() -> Path | None:
    """The folder of `initdb` and its kin."""
    if (found := shutil.which("initdb")) is not None:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@contextmanager
def running_postgres() -> Generator[PostgresServer]:
    """A throw-away server; skips the test where none can be started."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here")
    # The server refuses to be run by the superuser.
    user = "nobody" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        server = PostgresServer(programs, folder, user)
        data = str(folder / "data")
        server.run("initdb", "--pgdata", data, "--username", "rehearse", "--auth", "trust", "--no-sync", "-E", "UTF8")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c max_connections=50"
        server.run("pg_ctl", "--pgdata", data, "--wait", "--log", str(folder / "log"), "-o", options, "start")
        try:
            yield server
        finally:
            server.run("pg_ctl", "--pgdata", data, "--mode", "immediate", "stop")
    finally:
        shutil.rmtree(folder)
