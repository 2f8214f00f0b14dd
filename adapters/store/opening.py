"""Opening the store: from a path or an address to a database that is there, up to date, and ours to write to."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from adapters.store.context import Context
from adapters.store.database import Database, Postgres, Sqlite
from adapters.store.errors import translated
from adapters.store.migrate import migrate
from adapters.store.processes import Processes, UnknownProcesses, processes_beside
from adapters.store.sql import SqlStore
from engine.errors import SettingsError

LEASE_S = 30.0
POLL_S = 1.0
BUSY_S = 5.0


@asynccontextmanager
async def open_store(
    where: str | Path,
    *,
    now: Callable[[], float] = time.time,
    lease_s: float = LEASE_S,
    poll_s: float = POLL_S,
    busy_s: float = BUSY_S,
) -> AsyncGenerator[SqlStore]:
    """The store at a path, or at an address such as `DATABASE_URL` holds; made, and brought up to date, when it is not.

    Raises `SettingsError` for an address that is none, `StoreUnavailable` when the database cannot be used (its `hint`
    says what to do), and `StoreTooNew`. A lease outlives its process by at most `lease_s`; another program's write is
    waited for up to `busy_s`. Leave the context only after every lease: it waits for what is being written.
    """
    url = None if isinstance(where, Path) or "://" not in where else _parsed(where)
    database, processes = _connected(Path(where) if url is None else url, busy_s)
    try:
        await migrate(database)
        yield SqlStore(Context(database, processes, now, lease_s, poll_s))
    finally:
        processes.close()
        await database.close()


def _connected(where: URL | Path, busy_s: float) -> tuple[Database, Processes]:
    if isinstance(where, Path):
        database = Sqlite(where, busy_s=busy_s)
        with translated(str(where)):
            return database, processes_beside(where)
    backend = where.get_backend_name()
    if backend == "sqlite":
        if not where.database or where.database == ":memory:":
            raise SettingsError("DATABASE_URL: a database in memory would lose every interview; name a file.")
        return _connected(Path(where.database), busy_s)
    if backend in {"postgresql", "postgres"}:
        try:
            return Postgres(where.set(drivername="postgresql+asyncpg")), UnknownProcesses()
        except ModuleNotFoundError as error:
            raise SettingsError("PostgreSQL needs one more package: pip install 'rehearse[postgres]'.") from error
    raise SettingsError(f"DATABASE_URL: {backend} is not supported; use sqlite:///file or postgresql://…")


def _parsed(address: str) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError) as error:
        # The address may hold a password, so it is not repeated.
        raise SettingsError("DATABASE_URL is not a database address; use sqlite:///file or postgresql://…") from error
