"""Installations: kept for all processes, renewed by one of them, and gone when the app is removed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.store.installations import SqlInstallations
from adapters.store.sql import SqlStore
from tests.adapters.store.worlds import DatabaseWorld


@pytest.fixture
def shelf(store: SqlStore) -> SqlInstallations:
    return store.installations("app")


@pytest.fixture
async def other_process(world: DatabaseWorld) -> AsyncIterator[SqlInstallations]:
    async with world.open() as store:
        yield store.installations("app")


async def test_a_workspace_has_its_newest_installation(shelf: SqlInstallations) -> None:
    assert await shelf.of_team("T1") is None
    await shelf.put("", "T1", "first")
    await shelf.put("E1", "T1", "second")
    await shelf.put("E1", "T1", "third")
    kept = await shelf.of_team("T1")
    assert kept is not None
    assert (kept.enterprise, kept.team, kept.body) == ("E1", "T1", "third")
    assert [kept.body for kept in await shelf.all()] == ["third"]


async def test_apps_are_strangers(shelf: SqlInstallations, store: SqlStore) -> None:
    await shelf.put("", "T1", "body")
    stranger = store.installations("another")
    assert await stranger.of_team("T1") is None
    assert list(await stranger.all()) == []
    await stranger.drop("", "T1")
    assert await shelf.of_team("T1") is not None


async def test_a_workspace_may_go_by_its_organisation(shelf: SqlInstallations) -> None:
    await shelf.put("E1", "", "for all")
    assert await shelf.of_team("T1") is None
    await shelf.join("T1", "E1")
    await shelf.join("T2", "E1")
    for team in ("T1", "T2"):
        kept = await shelf.of_team(team)
        assert kept is not None
        assert (kept.team, kept.body) == ("", "for all")
    await shelf.put("E1", "T2", "its own")
    own = await shelf.of_team("T2")
    assert own is not None
    assert own.body == "its own"


async def test_one_workspace_leaves_and_the_organisation_stays(shelf: SqlInstallations) -> None:
    await shelf.put("E1", "", "for all")
    for team in ("T1", "T2"):
        await shelf.join(team, "E1")
    assert list(await shelf.drop("E1", "T1")) == ["T1"]
    assert await shelf.of_team("T1") is None
    assert await shelf.of_team("T2") is not None
    assert list(await shelf.drop("E1", "")) == ["T2"]
    assert await shelf.of_organisation("E1") is None
    assert await shelf.of_team("T2") is None


async def test_one_process_renews_a_token(
    shelf: SqlInstallations, other_process: SqlInstallations, world: DatabaseWorld
) -> None:
    await shelf.put("", "T1", "old")
    until = world.clock.now + 60
    claims = await asyncio.gather(*(each.claim("", "T1", 1, until) for each in (shelf, other_process) * 4))
    assert sorted(claims) == [False] * 7 + [True]
    assert await shelf.replace("", "T1", 1, "new")
    assert not await other_process.claim("", "T1", 1, until), "this version is gone"
    assert not await other_process.replace("", "T1", 1, "newer")
    kept = await other_process.of_team("T1")
    assert kept is not None
    assert (kept.body, kept.version) == ("new", 2)
    assert await other_process.claim("", "T1", 2, until)


async def test_a_claim_ends_and_can_be_given_back(shelf: SqlInstallations, world: DatabaseWorld) -> None:
    await shelf.put("", "T1", "body")
    assert await shelf.claim("", "T1", 1, world.clock.now + 60)
    await shelf.release("", "T1", 1)
    assert await shelf.claim("", "T1", 1, world.clock.now + 60)
    world.clock.now += 60
    assert await shelf.claim("", "T1", 1, world.clock.now + 60)


async def test_a_state_is_good_once_and_for_a_while(
    shelf: SqlInstallations, other_process: SqlInstallations, world: DatabaseWorld
) -> None:
    await shelf.keep_state("one", world.clock.now + 600)
    await shelf.keep_state("late", world.clock.now + 600)
    assert not await shelf.take_state("another")
    assert sorted(await asyncio.gather(shelf.take_state("one"), other_process.take_state("one"))) == [False, True]
    world.clock.now += 600
    assert not await shelf.take_state("late")
    await shelf.keep_state("new", world.clock.now + 600)
    assert len(await world.rows("SELECT state FROM oauth_states")) == 1, "what is over is swept out"
    assert "new" not in str(await world.rows("SELECT * FROM oauth_states"))
