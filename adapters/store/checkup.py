"""Is the database usable? A look at it for `rehearse doctor`: nothing is made, migrated or repaired."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import aiosqlite
from sqlalchemy import Connection, inspect, make_url
from sqlalchemy.exc import ArgumentError

from adapters.store.database import Database, Postgres
from adapters.store.errors import translated, unavailable
from adapters.store.migrate import HEAD, REVISIONS
from engine.errors import SettingsError, StoreTooNew

BUSY_S = 2.0


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found. `revision` is `None` for a database that is not there, or still empty."""

    revision: str | None
    size_bytes: int = 0

    @property
    def is_current(self) -> bool:
        """Nothing would be migrated at the next start."""
        return self.revision == HEAD


async def examine(where: str | Path) -> Examined:
    """Look at the database at a path or an address.

    Raises what `open_store` would raise: `StoreUnavailable`, also for a file that fails SQLite's own check,
    `StoreTooNew`, `SettingsError`.
    """
    path = _path(where)
    if path is None:
        revision = await _server_revision(str(where))
    elif path.exists():
        revision = await _file_revision(path)
    else:
        return Examined(None)
    if revision is not None and revision not in REVISIONS:
        raise StoreTooNew(found=revision, known=HEAD)
    return Examined(revision, path.stat().st_size if path else 0)


async def _file_revision(path: Path) -> str | None:
    """The revision of an undamaged file. It is opened to be read only: a look at it must not change it."""
    with translated(str(path)):
        async with aiosqlite.connect(_read_only(path), uri=True, timeout=BUSY_S) as file:
            if (complaint := await _first(file, "PRAGMA quick_check(1)")) != "ok":
                raise unavailable("corrupt", str(complaint), str(path))
            if await _first(file, "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'") is None:
                return None
            found = await _first(file, "SELECT version_num FROM alembic_version")
            return None if found is None else str(found)


def _read_only(path: Path) -> str:
    return f"{path.absolute().as_uri()}?mode=ro"


async def _first(file: aiosqlite.Connection, query: str) -> object:
    async with file.execute(query) as rows:
        row = await rows.fetchone()
    return None if row is None else cast("object", row[0])


async def _server_revision(where: str) -> str | None:
    database = _server(where)
    try:
        return await database.read(_revision)
    finally:
        await database.close()


def _path(where: str | Path) -> Path | None:
    if isinstance(where, Path) or "://" not in where:
        return Path(where)
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise SettingsError("DATABASE_URL is not a database address; use sqlite:///file or postgresql://…") from None
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _server(where: str) -> Database:
    try:
        return Postgres(make_url(where).set(drivername="postgresql+asyncpg"))
    except ModuleNotFoundError as error:
        raise SettingsError("PostgreSQL needs one more package: pip install 'rehearse[postgres]'.") from error


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: object = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)
