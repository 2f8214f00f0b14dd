"""Everything about somebody, read for them and deleted for them: from every table that has a `person` column.

A platform whose conversations stand in no workspace ("-": Discord's direct messages) knows a person under the same id
in each of its workspaces, where they may have been given a role or used something up. So whoever is forgotten there is
forgotten in all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import cast

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select

from adapters.store import rows
from adapters.store.tables import (
    handles,
    installation_teams,
    installations,
    leases,
    mailbox,
    metadata,
    preferences,
    sessions,
)
from adapters.store.tables_admin import admin_audit, admin_draft, admin_record
from engine.admin.roles import EVERYWHERE
from engine.keys import scope_of

NOWHERE = "-"
GONE = "gone"
"""What stands in the place of a person's id where an admin named them: a list that let only them in lets nobody in."""
_APART = {sessions.name, preferences.name}
_JSON = ("body", "criteria")

Meant = Callable[[ColumnElement[str]], ColumnElement[bool]]


def forget_person(connection: Connection, platform: str, workspace: str, user: str) -> int:
    """Delete everything about a person; how many interviews that were."""
    interviews = _delete(connection, "person", _person(platform, workspace, user))
    _unname(connection, platform, workspace, user)
    return interviews


def forget_everybody(connection: Connection, platform: str, workspace: str) -> int:
    """Delete everything about everybody in a workspace, what its admins set, and that it installed the app.

    The audit stays; who did what is a keyed hash there. An interview may be held elsewhere by the rules of this
    workspace, and goes with it.
    """
    scope = scope_of(platform, workspace)
    interviews = 0
    threads = select(sessions.c.key).where(sessions.c.home == scope)
    for table in (mailbox, handles, leases):
        connection.execute(delete(table).where(table.c.key.in_(threads)))
    for column in ("home", "scope"):
        interviews += _delete(connection, column, lambda column: column == scope)
    interviews += _delete(connection, "person", lambda column: _begins(column, f"{scope}/"))
    connection.execute(delete(installations).where(installations.c.team == workspace))
    connection.execute(delete(installation_teams).where(installation_teams.c.team == workspace))
    return interviews


def about(connection: Connection, platform: str, workspace: str, user: str) -> Mapping[str, list[Mapping[str, object]]]:
    """Every row about a person but for interviews and preferences, by the name of its table."""
    meant = _person(platform, workspace, user)
    found: dict[str, list[Mapping[str, object]]] = {}
    for table in metadata.sorted_tables:
        whose = table.columns.get("person")
        if whose is None or table.name in _APART:
            continue
        of_table = connection.execute(select(table).where(meant(whose))).mappings().all()
        found[table.name] = [_plain(_row(row)) for row in of_table]
    return found


def _delete(connection: Connection, column: str, meant: Meant) -> int:
    interviews = 0
    # Children first.
    for table in reversed(metadata.sorted_tables):
        whose = cast("ColumnElement[str] | None", table.columns.get(column))
        if whose is not None and table.name != admin_audit.name:
            count = connection.execute(delete(table).where(meant(whose))).rowcount
            interviews = count if table.name == sessions.name else interviews
    return interviews


def _person(platform: str, workspace: str, user: str) -> Meant:
    person = rows.person(platform, workspace, user)
    if workspace != NOWHERE:
        return lambda column: column == person
    first, last = f"{platform}/", person[person.rindex("/") :]
    return lambda column: or_(column == person, and_(_begins(column, first), _ends(column, last)))


# LIKE would take no account of letter case on SQLite.
def _begins(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return func.substr(column, 1, len(text)) == text


def _ends(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    return and_(func.length(column) >= len(text), func.substr(column, func.length(column) - len(text) + 1) == text)


def _unname(connection: Connection, platform: str, workspace: str, user: str) -> None:
    """Take the person's id out of what admins wrote: who may use a type, a form that is not done."""
    quoted = json.dumps(user)
    connection.execute(delete(admin_draft).where(admin_draft.c.body.contains(quoted, autoescape=True)))
    own = _begins(admin_record.c.scope, f"{platform}/")
    if workspace != NOWHERE:
        own = admin_record.c.scope == scope_of(platform, workspace)
    named = and_(or_(own, admin_record.c.scope == EVERYWHERE), admin_record.c.body.contains(quoted, autoescape=True))
    found = [_row(row) for row in connection.execute(select(admin_record).where(named)).mappings().all()]
    if not found:
        return
    # A version is never changed, but it may be replaced as a whole.
    connection.execute(delete(admin_record).where(named))
    connection.execute(insert(admin_record), [row | {"body": _without(str(row["body"]), user)} for row in found])


def _without(body: str, user: str) -> str:
    return json.dumps(_replaced(cast("object", json.loads(body)), user), ensure_ascii=False, separators=(",", ":"))


def _replaced(value: object, user: str) -> object:
    if isinstance(value, dict):
        return {name: _replaced(each, user) for name, each in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_replaced(each, user) for each in cast("list[object]", value)]
    return GONE if value == user else value


def _row(row: object) -> dict[str, object]:
    return dict(cast("Mapping[str, object]", row))


def _plain(row: Mapping[str, object]) -> Mapping[str, object]:
    return {name: _parsed(name, value) for name, value in row.items() if name != "person"}


def _parsed(name: str, value: object) -> object:
    return cast("object", json.loads(value)) if name in _JSON and isinstance(value, str) else value
