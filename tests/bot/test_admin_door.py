"""The door as the program puts it together: whoever has no role changes nothing, by any act and on any page."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import fields
from typing import cast

import pytest
from sqlalchemy import Connection, select

from adapters.store.tables import metadata
from adapters.surface.panels import Filled, Form, Panel
from bot.admin import Admins
from bot.compose import App, assemble
from bot.config import read_settings
from engine.admin.roles import NEEDS, Actor
from engine.errors import NotAllowed

NOBODY = Actor("slack", "T1", "U1")
PAGES = {
    "menu", "people", "people/give", "people/give/user/U2/owner", "people/take/user/U2/yes", "people/told/yes", "audit",
    "data", "data/keep/0", "data/back/0", "data/purge/yes", "types", "types/new", "types/behavioral",
    "types/behavioral/archive/yes", "prompts", "prompts/review", "limits", "limits/undo/0/yes", "team", "share", "rate",
}  # fmt: skip
FORMS = {"people/give", "data/keep/0", "types/new", "prompts/review/new", "limits/edit/0"}

Act = Callable[..., Awaitable[object]]


@pytest.fixture
async def app() -> AsyncIterator[App]:
    async with assemble(read_settings()) as app:
        yield app


def doors(admins: Admins) -> Iterator[tuple[str, object]]:
    for field in fields(admins):
        door = cast("object", getattr(admins, field.name))
        if hasattr(door, "roles"):
            yield field.name, door


async def kept(app: App) -> str:
    """Every row of every table."""

    def rows(connection: Connection) -> str:
        return "\n".join(str(row) for table in metadata.sorted_tables for row in connection.execute(select(table)))

    return await app.store._database.read(rows)


async def test_no_act_of_any_door_does_anything_for_who_has_no_role(app: App) -> None:
    before = await kept(app)
    tried: list[str] = []
    for name, door in doors(app.admins):
        for act_name, act in inspect.getmembers(door, inspect.iscoroutinefunction):
            if hasattr(act, NEEDS):
                with pytest.raises(NotAllowed):
                    await cast("Act", act)(NOBODY)
                tried.append(f"{name}.{act_name}")
    assert len(tried) > 40, tried
    assert await kept(app) == before


async def test_no_page_does_anything_for_who_has_no_role(app: App) -> None:
    before = await kept(app)
    for path in sorted(PAGES):
        shown = await app.admins.panels.show(NOBODY, path)
        assert isinstance(shown, Panel | Form)
    assert await kept(app) == before


async def test_no_form_is_taken_from_who_has_no_role(app: App) -> None:
    for path in sorted(FORMS):
        refused = await app.admins.panels.submit(NOBODY, path, Filled({"people": ("U2",), "role": ("owner",)}))
        assert not isinstance(refused, Form)
    for scope in ("slack/T1", "*"):
        assert list(await app.store.admin.audit(scope)) == []
        assert list(await app.store.admin.grants(scope)) == []
