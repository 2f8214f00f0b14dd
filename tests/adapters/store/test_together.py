"""What belongs together is written together: a change with its line of history, facts with their figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from adapters.store.migrate import FOLDER
from adapters.store.sql import SqlStore
from engine.errors import StoreError
from engine.facts import Rated
from engine.prompting import Open, Promote, RollBack
from tests.adapters.store.worlds import DatabaseWorld, SqliteWorld
from tests.contracts.prompt_store import NAME, NEW, OLD, Place, act, hold_interview, reviewed
from tests.contracts.store import START, answered, asked, record

BROKEN = "CREATE TRIGGER broken BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'no'); END"


async def registered(store: SqlStore, world: DatabaseWorld) -> Place:
    await store.prompts.seed([OLD])
    await store.prompts.create(NEW, by="ada", message="")
    return Place(store.prompts, store, world.clock, store.admin)


async def test_a_change_without_its_line_of_history_is_none(sqlite: SqliteWorld) -> None:
    async with sqlite.open() as store:
        await registered(store, sqlite)
        before = await act(store.prompts, Promote(NEW.ref), RollBack(), Open(NEW.ref, 500))
        labels = await sqlite.rows("SELECT * FROM prompt_label_event")
        await sqlite.run(BROKEN.format(table="prompt_event"))
        for each in (Promote(NEW.ref), RollBack()):
            with pytest.raises(StoreError):
                await act(store.prompts, each)
        assert await store.prompts.standing(NAME) == before
        assert await sqlite.rows("SELECT * FROM prompt_label_event") == labels


@pytest.mark.parametrize("table", ["turn_metric", "rating"])
async def test_facts_without_their_figures_are_none(sqlite: SqliteWorld, table: str) -> None:
    async with sqlite.open() as store:
        place = await registered(store, sqlite)
        key = await hold_interview(place, "ada", asked(), answered())
        before = await store.session(key)
        await sqlite.run(BROKEN.format(table=table))
        with pytest.raises(StoreError):
            await record(store, reviewed(OLD.ref), Rated(at=START, turn=1, value=1), key=key)
        assert await store.session(key) == before


async def test_a_rollout_ends_and_its_candidate_is_promoted_in_one(store: SqlStore, world: DatabaseWorld) -> None:
    await registered(store, world)
    await act(store.prompts, Open(NEW.ref, 500), Promote(NEW.ref))
    assert await world.rows("SELECT close_reason FROM rollout WHERE closed_at IS NOT NULL") == [("because",)]
    assert await world.rows("SELECT count(*) FROM rollout_stage WHERE ended_at IS NULL") == [(0,)]
    assert await world.rows("SELECT ref, moved_by FROM prompt_label") == [(NEW.ref, "ada")]


@pytest.mark.parametrize("change", ["UPDATE prompt_event SET actor = 'nobody'", "DELETE FROM prompt_event"])
async def test_history_cannot_be_changed(store: SqlStore, world: DatabaseWorld, change: str) -> None:
    await registered(store, world)
    with pytest.raises(StoreError):
        await world.run(change)


async def test_what_was_done_before_there_was_a_history_is_remembered(world: DatabaseWorld) -> None:
    def older(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(FOLDER))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")

    if isinstance(world, SqliteWorld):
        Path(world.address).parent.mkdir()
    await world.with_connection(older)
    await world.run(
        "INSERT INTO prompt_version (ref, name, version, body, created_by, created_at, message, status) "
        "VALUES ('review@1', 'review', 1, '{}', 'seed', 5, 'shipped', 'active')",
        "INSERT INTO prompt_label_event (name, label, to_ref, actor, reason, at) "
        "VALUES ('review', 'production', 'review@1', 'seed', 'a new release', 5)",
    )
    async with world.open() as store:
        moved, created = await store.prompts.history("review")
        assert (moved.deed, moved.label, moved.before, moved.ref) == ("moved", "production", "", "review@1")
        assert (created.deed, created.actor, created.reason, created.at) == ("created", "seed", "shipped", 5)
        assert (await store.prompts.standing("review")).revision == 2


async def test_a_person_is_the_same_to_the_engine_and_to_the_tables(store: SqlStore, world: DatabaseWorld) -> None:
    key = await hold_interview(await registered(store, world), "ada lovelace%/")
    (seen,) = await store.prompts.observations(NAME)
    assert seen.person == key.person == "test/w/ada%20lovelace%25%2F"
