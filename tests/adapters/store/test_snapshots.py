"""Snapshots are a cache: what cannot be read is folded anew from the facts."""

from __future__ import annotations

import pytest

from adapters.store.sql import SqlStore
from engine.errors import StoreError
from engine.facts import Fact, Stopped
from engine.session import fold
from tests.adapters.store.worlds import DatabaseWorld
from tests.contracts.store import KEY, START, WHOLE, answered, asked, begun, record, wrote


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sessions SET shape = 'of another version'",
        "UPDATE sessions SET snapshot = '{}'",
        "UPDATE sessions SET snapshot = 'rubbish', shape = ''",
    ],
)
async def test_a_snapshot_of_another_version_is_made_again(store: SqlStore, world: DatabaseWorld, change: str) -> None:
    before = await record(store, *WHOLE[:-2])
    await world.run(change)
    assert await store.session(KEY) == before
    assert await store.sessions(platform=KEY.platform, workspace=KEY.workspace, user=KEY.user) == [before]
    after = await record(store, Stopped(at=START))
    assert after == fold([*WHOLE[:-2], Stopped(at=START)])
    await world.run("UPDATE sessions SET shape = shape")
    assert await store.session(KEY) == after


async def test_a_snapshot_that_is_behind_is_caught_up_with(store: SqlStore, world: DatabaseWorld) -> None:
    facts: list[Fact] = [begun(), asked()]
    await record(store, *facts)
    async with store.lease(KEY) as lease:
        assert lease is not None
        for n in range(20):
            said = wrote(f"w{n}")
            await store.deliver(said)
            facts.append(answered(f"m{n}"))
            await lease.record(facts[-1], read=said)
            assert await store.session(KEY) == fold(facts) == lease.session
    assert await store.sessions(platform=KEY.platform, workspace=KEY.workspace, user=KEY.user) == [fold(facts)]


async def test_facts_that_cannot_be_read_are_an_error_without_anybodys_words(
    store: SqlStore, world: DatabaseWorld
) -> None:
    await record(store, begun(), asked())
    body = '{"kind": "answered", "text": "secret words"}'
    await world.run(
        "UPDATE sessions SET shape = ''",
        f"INSERT INTO facts (session_id, seq, person, kind, at, body) SELECT id, 3, person, 'answered', 0, '{body}' "
        "FROM sessions",
    )
    with pytest.raises(StoreError, match="cannot be read") as caught:
        await store.session(KEY)
    assert "secret" not in repr(caught.value)
    assert caught.value.__cause__ is None


async def test_a_session_without_facts_is_an_error(store: SqlStore, world: DatabaseWorld) -> None:
    await record(store, begun(), asked(), answered())
    await world.run("UPDATE sessions SET shape = ''", "DELETE FROM facts")
    with pytest.raises(StoreError, match="no facts"):
        await store.session(KEY)
