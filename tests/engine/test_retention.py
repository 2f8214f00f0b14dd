"""How long things are kept: which rule holds, what its days mean, and what an upgrade may not do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.admin.records import Entry
from engine.admin.roles import EVERYWHERE
from engine.facts import Begun
from engine.interviews import Audience
from engine.keys import ThreadKey
from engine.retention import (
    DAY_S,
    ID,
    UNTIL_DELETED,
    USUAL,
    Retention,
    Rule,
    Standing,
    Swept,
    bare,
    rule_of,
    sweep,
)
from engine.session import fold
from engine.steps import next_step
from tests.contracts.keeping import HOME, NOW, interview, key
from tests.contracts.store import record
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.interviews import setup
from tests.kit.keeping_memory import MemoryKeeping
from tests.kit.memory import MemoryStore


async def choose(store: MemoryAdmin, scope: str, body: str, *, archived: bool = False) -> None:
    seen = len(await store.versions(scope, "retention", ID))
    entry = Entry(scope, 0.0, "", "admin", "retention.set", f"retention:{ID}", "chose")
    await store.put(scope, "retention", ID, body, seen=seen, entry=entry, archived=archived)


async def test_the_nearest_rule_holds() -> None:
    store = MemoryAdmin()
    assert await rule_of(store, HOME) == Rule(USUAL)
    assert await rule_of(store, EVERYWHERE) == Rule(USUAL)
    assert await rule_of(store, "local/-") == Rule(UNTIL_DELETED)
    everywhere, own = Retention(answers_days=7, scores_days=70), Retention(answers_days=1)
    await choose(store, EVERYWHERE, everywhere.model_dump_json())
    assert await rule_of(store, HOME) == Rule(everywhere, 0, chosen=True)
    await choose(store, HOME, own.model_dump_json())
    assert await rule_of(store, HOME) == Rule(own, 1, chosen=True)
    await choose(store, HOME, own.model_dump_json(), archived=True)
    assert await rule_of(store, HOME) == Rule(everywhere, 2, chosen=True)


async def test_a_rule_of_a_later_version_is_left_alone() -> None:
    store = MemoryAdmin()
    await choose(store, HOME, '{"answers_days": 1, "moods_days": 2}')
    assert await rule_of(store, HOME) == Rule(USUAL, 1)


@pytest.mark.parametrize(
    ("answers", "scores", "fits"),
    [(30, 365, True), (30, 30, True), (30, None, True), (None, None, True), (31, 30, False), (None, 30, False)],
)
def test_scores_are_kept_at_least_as_long_as_answers(answers: int | None, scores: int | None, fits: bool) -> None:
    assert Retention(answers_days=answers, scores_days=scores).consistent == fits


days = st.none() | st.integers(1, 3_650)


@given(days, days, st.floats(0, 2 * NOW), st.booleans())
def test_an_upgrade_deletes_nothing_before_its_time(
    answers: int | None, scores: int | None, since: float, chosen: bool
) -> None:
    rule = Rule(Retention(answers_days=answers, scores_days=scores), chosen=chosen)
    for cutoff, kept in zip(rule.cutoffs(NOW, since), (answers, scores), strict=True):
        if kept is None or (not chosen and NOW - since < kept * DAY_S):
            assert cutoff is None
        else:
            assert cutoff == NOW - kept * DAY_S


async def test_each_scope_is_swept_by_its_own_rule() -> None:
    store, admin = MemoryStore(), MemoryAdmin()
    keeping = MemoryKeeping(store, since=NOW - 80 * DAY_S)
    for workspace in ("T1", "T2"):
        at = key("U1", workspace=workspace)
        await record(store, *interview(at, NOW - 100 * DAY_S), key=at)
    at = ThreadKey(platform="local", user="you")
    await record(store, *interview(at, NOW - 5_000 * DAY_S), key=at)
    assert await sweep(admin, keeping, NOW) == Swept()
    await choose(admin, HOME, Retention(answers_days=90, scores_days=90).model_dump_json())
    assert await sweep(admin, keeping, NOW) == Swept(whole=1)
    assert await sweep(admin, keeping, NOW + 10 * DAY_S) == Swept(words=1)
    assert await keeping.standing("slack/T2") == Standing(0, 1, 0, NOW - 100 * DAY_S)
    assert (await keeping.standing("local/-")).worded == 1


def test_what_is_left_says_nothing_of_anybody() -> None:
    session = fold(interview(key("U1"), NOW))
    assert session is not None
    audience = Audience(people=("U2",), groups=("S1",))
    begun = Begun(at=NOW, key=session.key, number=1, setup=setup(type_audience=audience))
    left = fold(list(bare(fold([begun]) or session)))
    assert left is not None
    assert "U2" not in left.model_dump_json()
    assert next_step(left) is None
