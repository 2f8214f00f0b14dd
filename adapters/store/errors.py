"""Where the database's exceptions become ours: what is wrong, in a sentence, and what to do about it.

Statements and their parameters never reach an error's text: they would carry a candidate's words into the log.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from engine.errors import StoreUnavailable, VersionConflict

TRY_AGAIN = "The database had a problem. Nothing of your interview is lost; please try again in a moment."

# By SQLite's primary result code, and PostgreSQL's SQLSTATE.
_KIND_OF_CODE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_CORRUPT: "corrupt",
    sqlite3.SQLITE_NOTADB: "corrupt",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_CANTOPEN: "readonly",
    sqlite3.SQLITE_PERM: "readonly",
    sqlite3.SQLITE_IOERR: "broken",
}
_KIND_OF_STATE = {"53100": "full", "55P03": "locked", "25006": "readonly", "42501": "readonly", "XX001": "corrupt"}
_HINTS = {
    "locked": "{where} is locked by another program. Close what else has it open, then try again.",
    "full": "The disk that holds {where} is full. Free some space and try again; what was saved before is still there.",
    "corrupt": "{where} is damaged, or not a database. Move it away to start afresh, or put a backup in its place.",
    "readonly": "Rehearse may not write to {where}. Change its permissions, or set REHEARSE_HOME to another folder.",
    "broken": "The disk that holds {where} reports errors. Check the disk, then try again.",
    "server": "The database server of {where} cannot be used. Check that it runs and that DATABASE_URL is right.",
}


@contextmanager
def translated(where: str, *, server: bool = False) -> Generator[None]:
    """Turn what a database raises inside into `StoreUnavailable` or `VersionConflict`; `where` names it to a person."""
    try:
        yield
    except IntegrityError as error:
        raise VersionConflict(_said(error)) from error
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise _unavailable(error, where, server) from error


def unavailable(kind: str, detail: str, where: str) -> StoreUnavailable:
    """The error of this kind, a key of the hints above; `detail` goes to the log."""
    return StoreUnavailable(f"{where}: {detail}", _HINTS[kind].format(where=where))


def _unavailable(error: Exception, where: str, server: bool) -> StoreUnavailable:
    cause: object = error.orig if isinstance(error, DBAPIError) else error
    kind = _kind_on_server(cause) if server else _kind_of_file(cause)
    if kind is None:
        return StoreUnavailable(f"{where}: {_said(error)}", TRY_AGAIN)
    return unavailable(kind, _said(error), where)


def _kind_of_file(cause: object) -> str | None:
    if isinstance(cause, sqlite3.Error):
        code: object = getattr(cause, "sqlite_errorcode", None)
        return _KIND_OF_CODE.get(code & 0xFF) if isinstance(code, int) else None
    if isinstance(cause, OSError):
        return "full" if cause.errno == errno.ENOSPC else "readonly"
    return None


def _kind_on_server(cause: object) -> str | None:
    state: object = getattr(cause, "sqlstate", None)
    if isinstance(state, str):
        # Connections, wrong passwords, unknown databases, a server that is shutting down.
        return _KIND_OF_STATE.get(state, "server" if state[:2] in {"08", "28", "3D", "57"} else None)
    return "server" if isinstance(cause, OSError) else None


def _said(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    first_line = str(cause).partition("\n")[0]
    return f"{type(cause).__name__}: {first_line}"
