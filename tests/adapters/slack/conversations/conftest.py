"""One running world per file and way of being reached; in it, for every test, a workspace with a new person.

Slack's budgets are per workspace, so no test waits for what another one has used up.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from itertools import count

import pytest
import pytest_asyncio

from tests.adapters.slack.world import World, open_world
from tests.wire.slack import Person

_numbers = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here runs on the loop its world runs on."""
    for item in items:
        if "world" in getattr(item, "fixturenames", ()) and str(__package__) in item.nodeid.replace("/", "."):
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["socket", "http"])
async def world(request: pytest.FixtureRequest) -> AsyncGenerator[World]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("adapters.slack.person.HOME_EVERY_S", 0.1)
        async with open_world(request.param) as world:
            yield world


@pytest_asyncio.fixture(loop_scope="module")
async def you(world: World) -> AsyncGenerator[Person]:
    n = next(_numbers)
    team = world.slack.add_team(f"T{n}")
    yield world.slack.person(f"U{n}YOU", "You", team=team)
    await world.rest()


@pytest.fixture
def ann(world: World, you: Person) -> Person:
    return world.slack.person(f"U{next(_numbers)}ANN", "Ann", team=you.team)
