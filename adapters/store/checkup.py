"""Is the database usable? A look at it for `rehearse doctor`: nothing is made, migrated or repaired."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url
from sqlalchemy.exc import ArgumentError

from adapters.store.database import Database, Postgres, Sqlite
from adapters.store.errors import unavailable
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
    if path is not None and not path.exists():
        return Examined(None)
    database = _server(str(where)) if path is None else Sqlite(path, busy_s=BUSY_S)
    try:
        revision = await database.read(_revision)
        if path is not None and (complaint := await database.read(_complaint)) != "ok":
            raise unavailable("corrupt", complaint, str(path))
    finally:
        await database.close()
    if revision is not None and revision not in REVISIONS:
        raise StoreTooNew(found=revision, known=HEAD)
    return Examined(revision, path.stat().st_size if path else 0)


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


def _complaint(connection: Connection) -> str:
    """SQLite's own word on the file: "ok", or the first thing that is wrong."""
    said: object = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    return str(said)
