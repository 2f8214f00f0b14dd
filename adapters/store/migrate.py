"""Bringing a database up to date, by itself, when it is opened.

Alembic is only imported when there is something to do: a start with nothing to migrate should cost nothing. The
migrations stand in `migrations/versions/`, and their files' names begin with their revisions.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, String, column, inspect, select, table

from adapters.store.database import Database
from adapters.store.statements import alone
from engine.errors import StoreTooNew

FOLDER = Path(__file__).parent / "migrations"
REVISIONS = tuple(sorted(script.name[:4] for script in (FOLDER / "versions").glob("[0-9]*.py")))
"""Every revision that this version knows, oldest first."""
HEAD = REVISIONS[-1]


async def migrate(database: Database) -> None:
    """Raises `StoreTooNew`, and changes nothing, when the database has a revision that is not known here."""
    if await database.read(_revision) != HEAD:
        await database.write(_upgrade)


def _revision(connection: Connection) -> str | None:
    """The revision of the database; `None` when it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision = connection.scalar(select(column("version_num", String)).select_from(table("alembic_version")))
    if revision is not None and revision not in REVISIONS:
        raise StoreTooNew(found=revision, known=HEAD)
    return revision


def _upgrade(connection: Connection) -> None:
    alone(connection)
    # Another process may have been quicker.
    if _revision(connection) == HEAD:
        return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
