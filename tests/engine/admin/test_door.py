"""The admins' door as a whole: every act asks for a role before it does anything, and none was forgotten.

Doors are found, not listed: every class below `engine.admin` whose acts take an actor. A door made without its parts
shows that the role is asked for first: whoever is let in finds nothing there, and whoever is not never gets that far.
"""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Awaitable, Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import cast, get_args

import pytest

import engine.admin
from engine.admin.data import Data
from engine.admin.limits import LimitsDoor
from engine.admin.people import People
from engine.admin.prompts import Prompts
from engine.admin.roles import ADMIN_ROLES, NEEDS, Actor, AdminRole, at_least
from engine.admin.team import Team
from engine.admin.type_drafts import TypeDrafts
from engine.admin.types import Types
from engine.errors import NotAllowed
from tests.kit.admin_memory import MemoryAdmin

DOORS = {Data, LimitsDoor, People, Prompts, Team, TypeDrafts, Types}
"""What must be found at least: were the search broken, nothing else would fail."""
OPEN = {
    "People.role": "says only what somebody may do themselves",
    "Sharing": "candidates show their own interviews; a coach reads what was shown to them",
    "Rating": "a coach rates what was shown to them; `Sharing.readable` asks for the role where it was shared",
    "TypeRecords": "stands behind `Types`, which asks for the role; nobody else has one",
}
"""Acts that need no role of the door's, and why. Their own tests say who may do what."""
BEHIND = {"TypeRecords": {"type_records.py", "types.py"}}
"""Parts of a door, and the only files that may name them."""

Act = Callable[..., Awaitable[object]]


def acts(of: type) -> dict[str, Act]:
    """The public coroutines of a class that are done by an actor."""
    found = {name: each for name, each in inspect.getmembers(of, inspect.iscoroutinefunction) if name[0] != "_"}
    return {name: cast("Act", each) for name, each in found.items() if "actor" in inspect.signature(each).parameters}


def classes() -> Iterator[type]:
    for module in pkgutil.walk_packages(engine.admin.__path__, "engine.admin."):
        for _, each in inspect.getmembers(import_module(module.name), inspect.isclass):
            if each.__module__ == module.name and not getattr(each, "_is_protocol", False):
                yield each


FOUND = {each for each in classes() if acts(each)}
BY_NAME: list[type] = sorted(FOUND, key=lambda each: each.__name__)
GUARDED = [
    pytest.param(each, name, id=f"{each.__name__}.{name}")
    for each in BY_NAME
    for name in acts(each)
    if each.__name__ not in OPEN and f"{each.__name__}.{name}" not in OPEN
]


def actor(standing: AdminRole | None) -> Actor:
    return Actor("slack", "T1", "U1", standing=standing)


def bare(door: type, people: People) -> object:
    """A door that knows the roles and nothing else."""
    return object.__new__(type(door.__name__, (door,), {"roles": property(lambda _: people)}))


def test_every_door_is_found() -> None:
    assert FOUND >= DOORS
    assert {each.__name__ for each in FOUND - DOORS} <= set(OPEN)


@pytest.mark.parametrize("door", [pytest.param(each, id=each.__name__) for each in BY_NAME if each in DOORS])
def test_a_door_has_no_public_coroutine_that_nobody_does(door: type) -> None:
    public = {name for name, _ in inspect.getmembers(door, inspect.iscoroutinefunction) if name[0] != "_"}
    assert public == set(acts(door))
    assert all(next(iter(list(inspect.signature(act).parameters)[1:])) == "actor" for act in acts(door).values())


@pytest.mark.parametrize(("door", "name"), GUARDED)
def test_every_act_says_which_role_it_needs(door: type, name: str) -> None:
    assert getattr(acts(door)[name], NEEDS, None) in get_args(AdminRole)


@pytest.mark.parametrize("part", BEHIND)
def test_what_stands_behind_a_door_is_reached_through_it_alone(part: str) -> None:
    top = Path(engine.admin.__path__[0]).parents[1]
    files = [path for folder in ("engine", "adapters", "bot") for path in (top / folder).rglob("*.py")]
    assert {path.name for path in files if re.search(rf"\b{part}\b", path.read_text())} == BEHIND[part]


@pytest.mark.parametrize("standing", [None, *ADMIN_ROLES])
@pytest.mark.parametrize(("door", "name"), GUARDED)
async def test_only_who_has_the_role_gets_through(door: type, name: str, standing: AdminRole | None) -> None:
    store = MemoryAdmin()
    people = People(store=store, now=lambda: 0.0, pseudonym=lambda text: text)
    act = cast("Act", getattr(bare(door, people), name))
    needed = cast("AdminRole", getattr(acts(door)[name], NEEDS))
    # Inside there is nothing to work with, not even the act's other arguments.
    expected = (AttributeError, TypeError) if at_least(standing, needed) else NotAllowed
    with pytest.raises(expected) as refused:
        await act(actor(standing))
    if isinstance(refused.value, NotAllowed):
        assert refused.value.needs == needed
        assert needed in refused.value.hint
    assert (store.records, store.entries, store.granted, store.seated) == ({}, [], {}, {})


async def test_a_role_is_looked_up_again_for_every_act() -> None:
    store = MemoryAdmin()
    people = People(store=store, now=lambda: 0.0, pseudonym=lambda text: text)
    owner, delegate = actor("owner"), Actor("slack", "T1", "U2")
    await people.grant(owner, "user", "U2", "admin")
    await people.grant(delegate, "user", "U3", "viewer")
    await people.revoke(owner, "user", "U2")
    with pytest.raises(NotAllowed):
        await people.grant(delegate, "user", "U4", "viewer")
    assert [grant.subject for grant in await people.grants(owner)] == ["U3"]


async def test_who_runs_the_program_may_do_everything_wherever_they_work() -> None:
    people = People(store=MemoryAdmin(), now=lambda: 0.0, pseudonym=lambda text: text)
    operator = Actor("local", "-", "operator", operator=True, on="slack/T1")
    assert await people.role(operator) == "owner"
    await people.grant(operator, "user", "U1", "owner")
    assert await people.role(actor(None)) == "owner"
