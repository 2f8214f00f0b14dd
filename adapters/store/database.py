"""Two databases behind one door: `read` and `write` run a function of a connection as one transaction.

The function is ordinary blocking SQLAlchemy Core. On SQLite a whole transaction is one trip to a thread that owns the
one writing connection, and a second thread reads beside it. aiosqlite makes that trip for every statement, which
measured three times slower per transaction. On PostgreSQL the function runs over asyncpg.

`write` takes the write lock at its start, so what a function reads it may rely on. Every exception is ours.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from sqlite3 import SQLITE_BUSY
from sqlite3 import Connection as SqliteConnection
from sqlite3 import Error as SqliteError
from typing import Protocol, TypeVar, cast

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import StaticPool

from adapters.store.errors import translated

T = TypeVar("T")
Work = Callable[[Connection], T]
BUSY_PAUSE_S = 0.01


class Database(Protocol):
    """Somewhere to run transactions. `where` is how a person knows it; without any password."""

    @property
    def where(self) -> str: ...

    async def read(self, work: Work[T]) -> T:
        """Run `work` in a transaction that only reads."""
        ...

    async def write(self, work: Work[T], *, synced: bool = True) -> T:
        """Run `work` in a transaction and commit it, or nothing of it.

        What is not `synced` survives the death of this process but not that of the machine.
        """
        ...

    async def scrub(self) -> None:
        """Let nothing that was deleted be left in the database's files."""
        ...

    async def close(self) -> None: ...


class Sqlite:
    """A file. Waits up to `busy_s` for another program to finish its own write."""

    def __init__(self, path: Path, *, busy_s: float) -> None:
        self.where = str(path)
        with translated(self.where):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Made here rather than by SQLite, so that nobody else on the machine can read it.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._writer = _Lane(path, busy_s, "BEGIN IMMEDIATE")
        self._reader = _Lane(path, busy_s, "BEGIN")

    async def read(self, work: Work[T]) -> T:
        return await self._reader.run(work)

    async def write(self, work: Work[T], *, synced: bool = True) -> T:
        return await self._writer.run(work, synced=synced)

    async def scrub(self) -> None:
        await self._writer.checkpoint()

    async def close(self) -> None:
        await self._reader.close()
        await self._writer.close()


class _Lane:
    """One connection and the one thread that uses it."""

    def __init__(self, path: Path, busy_s: float, begin: str) -> None:
        self._where = str(path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="rehearse-store")
        self._engine = create_engine(
            URL.create("sqlite", database=str(path)), poolclass=StaticPool, hide_parameters=True
        )
        self._connection: Connection | None = None
        self._synced: bool | None = None

        @event.listens_for(self._engine, "connect")
        def prepare(connection: SqliteConnection, _: object) -> None:
            # We begin transactions ourselves; the driver would only do so before the first write.
            connection.isolation_level = None
            connection.execute(f"PRAGMA busy_timeout = {round(busy_s * 1000)}")
            _write_ahead(connection, busy_s)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")

        @event.listens_for(self._engine, "begin")
        def start(connection: Connection) -> None:
            # Past SQLAlchemy, which would take ten times as long for it.
            _raw(connection).execute(begin)

    async def run(self, work: Work[T], *, synced: bool = True) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transaction, work, synced)

    def _transaction(self, work: Work[T], synced: bool) -> T:
        with translated(self._where):
            if self._connection is None:
                self._connection = self._engine.connect()
            if synced != self._synced:  # SQLite takes this between transactions only
                _raw(self._connection).execute(f"PRAGMA synchronous = {'FULL' if synced else 'NORMAL'}")
                self._synced = synced
            with self._connection.begin():
                return work(self._connection)

    async def checkpoint(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._checkpoint)

    def _checkpoint(self) -> None:
        with translated(self._where), self._engine.connect() as connection:
            # A checkpoint cannot run inside a transaction.
            _raw(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._engine.dispose()


def _write_ahead(connection: SqliteConnection, busy_s: float) -> None:
    """Switch to the write-ahead log, for which SQLite heeds no busy timeout when several open a new file at once."""
    deadline = time.monotonic() + busy_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except SqliteError as error:
            if error.sqlite_errorcode & 0xFF != SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(BUSY_PAUSE_S)
        else:
            return


def _raw(connection: Connection) -> SqliteConnection:
    """The driver's own connection."""
    return cast("SqliteConnection", connection.connection.dbapi_connection)


class Postgres:
    """A server, over asyncpg."""

    def __init__(self, url: URL) -> None:
        self.where = url.render_as_string(hide_password=True)
        self._engine = create_async_engine(url, pool_pre_ping=True, hide_parameters=True)

    async def read(self, work: Work[T]) -> T:
        return await self.write(work)

    async def write(self, work: Work[T], *, synced: bool = True) -> T:
        with translated(self.where, server=True):
            async with self._engine.begin() as connection:
                if not synced:
                    await connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                return await connection.run_sync(work)

    async def scrub(self) -> None:
        pass

    async def close(self) -> None:
        await self._engine.dispose()
