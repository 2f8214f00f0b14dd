"""The tables: what is about a person says so, and what happened stays as it happened."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table

from adapters.store.migrate import FOLDER, HEAD, REVISIONS
from adapters.store.sql import SqlStore
from adapters.store.tables import metadata
from engine.errors import VersionConflict
from tests.adapters.store.worlds import DatabaseWorld
from tests.contracts.store import asked, begun, record
from tests.kit.interviews import KEY

TABLES = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]


@pytest.mark.parametrize("table", TABLES)
def test_every_table_says_what_personal_data_it_holds_and_for_how_long(table: Table) -> None:
    assert table.info["personal"] in {"words", "ids", "figures", "choices", "none"}
    assert table.info["kept"]
    assert ("person" in table.columns) == (table.info["personal"] != "none")


@pytest.mark.usefixtures("store")
async def test_migrations_build_exactly_these_tables(world: DatabaseWorld) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert await world.with_connection(differences) == []


def test_the_known_revisions_are_those_on_disk() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert tuple(reversed([script.revision for script in scripts.walk_revisions()])) == REVISIONS


VERSION = (
    "INSERT INTO prompt_version (ref, name, version, body, created_by, created_at, message, status) "
    "VALUES ('a@1', 'a', 1, '{}', 'someone', 0, '', 'draft')"
)
MOVE = (
    "INSERT INTO prompt_label_event (name, label, to_ref, actor, reason, at) "
    "VALUES ('a', 'production', 'a@1', '', '', 0)"
)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE facts SET body = 'it was otherwise'",
        "UPDATE prompt_label_event SET actor = 'nobody'",
        "DELETE FROM prompt_label_event",
        "UPDATE prompt_version SET body = '{\"a\": 1}'",
        "DELETE FROM prompt_version",
        "UPDATE prompt_version SET status = 'wonderful'",
    ],
)
async def test_what_happened_cannot_be_changed(store: SqlStore, world: DatabaseWorld, change: str) -> None:
    await record(store, begun(key=KEY), asked(), key=KEY)
    await world.run(VERSION, MOVE)
    with pytest.raises(VersionConflict):
        await world.run(change)


async def test_a_prompt_version_may_be_retired(store: SqlStore, world: DatabaseWorld) -> None:
    await world.run(VERSION)
    await world.run("UPDATE prompt_version SET status = 'retired'")
    assert await world.rows("SELECT status FROM prompt_version") == [("retired",)]


async def test_one_rollout_per_prompt_is_open(store: SqlStore, world: DatabaseWorld) -> None:
    opened = (
        "INSERT INTO rollout (name, control_ref, candidate_ref, salt, opened_by, opened_at) "
        "VALUES ('a', 'a@1', 'a@1', 's', 'admin', 0)"
    )
    await world.run(VERSION, opened)
    with pytest.raises(VersionConflict):
        await world.run(opened)
    await world.run("UPDATE rollout SET closed_at = 1", opened)
