"""One running world per file; in it, for every test, a server with a new person."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from itertools import count

import pytest
import pytest_asyncio

from tests.adapters.discord.world import World, open_world
from tests.wire.discord.people import Person
from tests.wire.discord.world import MANAGE_THREADS, USUAL, Channel

_numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here runs on the loop its world runs on."""
    for item in items:
        if "world" in getattr(item, "fixturenames", ()) and str(__package__) in item.nodeid.replace("/", "."):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncGenerator[World]:
    async with open_world() as world:
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def you(world: World) -> AsyncGenerator[Person]:
    you = world.discord.person(f"You{next(_numbers)}")
    world.discord.guild(f"Guild of {you.account.name}", [you], bot_permissions=USUAL | MANAGE_THREADS)
    yield you
    world.discord.behave()
    await world.rest()


@pytest.fixture
def ann(world: World, you: Person) -> Person:
    ann = world.discord.person(f"Ann{next(_numbers)}")
    ann.joins(next(guild for guild in world.discord.house.guilds.values() if you.id in guild.members))
    return ann


@pytest.fixture
def general(world: World, you: Person) -> Channel:
    """#general of the server that the person is in."""
    guild = next(guild for guild in world.discord.house.guilds.values() if you.id in guild.members)
    return world.discord.channel(guild)
