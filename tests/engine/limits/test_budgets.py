"""Limits at work: rules found, use counted, and nothing that stops an interview because a ledger cannot be written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from engine.admin.roles import EVERYWHERE
from engine.errors import OverLimit, StoreUnavailable
from engine.keys import ThreadKey
from engine.limits.alerts import Alert, due_alerts
from engine.limits.budgets import RESERVED_S, Budgets
from engine.limits.model import NO_LIMITS, NOTHING, Amounts, Limits, PersonLimits, WorkspaceLimits
from engine.limits.rules import FRESH_S, Rules, read_limits
from engine.ports import Account
from tests.kit.ledger_memory import MemoryLedger
from tests.kit.limited import Limited
from tests.kit.loop import virtual
from tests.kit.memory import MemoryStore

HOME = "slack/T1"
KEY = ThreadKey(platform="slack", workspace="T1", channel="C", user="U1")
MINE = Account(HOME, KEY)
HARD = Limits(person=PersonLimits(tokens=100), workspace=WorkspaceLimits(tokens=150))


def world() -> Limited:
    return Limited(asyncio.get_running_loop().time)


async def test_a_workspace_has_its_own_limits_or_those_of_everywhere() -> None:
    limited = Limited(float)
    assert (await limited.rules.rule(HOME)).limits == NO_LIMITS
    await limited.limit(HARD)
    rule = await limited.rules.rule(HOME)
    assert (rule.limits, rule.version, rule.own) == (HARD, 0, False)
    assert (await limited.rules.rule(EVERYWHERE)).own
    await limited.limit(Limits(), HOME)
    rule = await limited.rules.rule(HOME)
    assert (rule.limits, rule.version, rule.own) == (NO_LIMITS, 1, True)


@virtual
async def test_limits_are_remembered_for_a_moment_only() -> None:
    limited = world()
    other = Rules(store=limited.admin, now=limited.now)
    assert await other.limits(HOME) == NO_LIMITS
    await limited.limit(HARD)
    assert await other.limits(HOME) == NO_LIMITS
    await asyncio.sleep(FRESH_S + 0.1)
    assert await other.limits(HOME) == HARD


async def test_not_more_is_remembered_than_fits() -> None:
    rules = Limited(float).rules
    for n in range(10_002):
        await rules.limits(f"slack/T{n}")
    assert await rules.limits("slack/T1") == NO_LIMITS


def test_limits_that_cannot_be_read_are_none() -> None:
    assert read_limits('{"person": {"hats": 3}}') == NO_LIMITS
    assert read_limits(HARD.model_dump_json()) == HARD


async def test_interviews_answers_and_audio_are_counted_and_limited() -> None:
    limited = Limited(float)
    budgets = limited.budgets
    await limited.limit(Limits(person=PersonLimits(interviews=1, answers=1, audio_minutes=1, answer_chars=500)))
    await budgets.begin(HOME, KEY, "b")
    with pytest.raises(OverLimit, match="person interviews"):
        await budgets.begin(HOME, KEY, "c")
    assert await budgets.answer(MINE, "a1") is None
    refused = await budgets.answer(MINE, "a2")
    assert refused is not None
    assert "1 answer for today is used up" in refused.hint
    await budgets.hear(HOME, KEY, 40.2, "clip")
    await budgets.hear(HOME, KEY, 40.2, "clip")
    with pytest.raises(OverLimit, match="person audio_s"):
        await budgets.hear(HOME, KEY, 30)
    await budgets.hear(HOME, KEY, 20)
    assert await budgets.answer_chars(HOME) == 500
    used = await limited.ledger.used(HOME, KEY.person)
    assert used.person == Amounts(interviews=1, answers=1, audio_s=60)


@virtual
async def test_without_limits_answers_are_counted_once_and_written_down_soon() -> None:
    limited = world()
    limited.store.snapshots[KEY] = None  # pyright: ignore[reportArgumentType] - only that there is one counts
    async with limited.budgets as budgets:
        for id in ("a1", "a1", "a2"):
            assert await budgets.answer(MINE, id) is None
        await budgets.settle(MINE, await budgets.reserve(MINE, lambda: Amounts(tokens=10**9)), Amounts(tokens=7))
        budgets.note(MINE, NOTHING)
        assert (await limited.ledger.used(HOME)).workspace == NOTHING
        await asyncio.sleep(5)
        assert (await limited.ledger.used(HOME, KEY.person)).person == Amounts(answers=2, tokens=7)
        await budgets.answer(MINE, "a3")
    assert (await limited.ledger.used(HOME)).workspace.answers == 3
    assert await budgets.answer_chars(HOME) == 40_000


async def test_only_the_last_answers_are_remembered() -> None:
    limited = Limited(float)
    for n in range(10_005):
        await limited.budgets.answer(MINE, f"a{n}")
    await limited.budgets.answer(MINE, "a10004")
    await limited.budgets.write_down()
    assert (await limited.ledger.used(HOME)).workspace.answers == 10_005


class Broken(MemoryLedger):
    broken = True

    async def reserve(self, account: Account, id: str, wanted: Amounts, limits: Limits, *, for_s: float) -> None:
        raise StoreUnavailable("full", "The disk is full.")

    async def settle(self, account: Account, id: str, truth: Amounts) -> None:
        raise StoreUnavailable("full", "The disk is full.")

    async def book(self, uses: Sequence[tuple[Account, Amounts]]) -> None:
        if self.broken:
            raise StoreUnavailable("full", "The disk is full.")
        await super().book(uses)


async def test_a_ledger_that_cannot_be_written_stops_no_interview_and_forgets_nothing() -> None:
    limited = Limited(float)
    await limited.limit(HARD)
    ledger = Broken(MemoryStore(), float)
    budgets = Budgets(ledger=ledger, rules=limited.rules, now=float, marker=str)
    assert await budgets.reserve(MINE, lambda: Amounts(tokens=1)) == ""
    await budgets.settle(MINE, "", Amounts(tokens=5))
    await budgets.settle(MINE, "call:1", Amounts(tokens=5))
    await budgets.write_down()
    ledger.broken = False
    await budgets.write_down()
    assert (await ledger.used(HOME)).workspace.tokens == 5


async def test_a_reservation_is_refused_when_the_rest_is_too_small_and_settled_by_the_truth() -> None:
    limited = Limited(float)
    await limited.limit(HARD)
    held = await limited.budgets.reserve(MINE, lambda: Amounts(tokens=90))
    with pytest.raises(OverLimit, match="person tokens"):
        await limited.budgets.reserve(MINE, lambda: Amounts(tokens=20))
    await limited.budgets.settle(MINE, held, Amounts(tokens=30))
    assert await limited.budgets.reserve(MINE, lambda: Amounts(tokens=70))
    assert limited.ledger.holds["call:3"].expires_at == RESERVED_S


async def test_admins_hear_of_half_of_80_percent_and_of_the_end_once_a_day() -> None:
    now = 0.0
    limited = Limited(lambda: now)
    await limited.limit(Limits(workspace=WorkspaceLimits(tokens=100, answers=10)))

    async def due(*platforms: str) -> list[Alert]:
        return [alert async for alert in due_alerts(limited.ledger, limited.rules, platforms or ("slack",))]

    async def use(**amounts: int) -> None:
        await limited.ledger.book([(MINE, Amounts(**amounts))])

    assert await due() == []
    await use(tokens=49, interviews=3)
    assert await due() == []
    await use(tokens=1)
    assert await due("discord") == []
    assert await due() == [Alert(HOME, "tokens", 50, 50, 100)]
    assert await due() == []
    await use(tokens=60, answers=8)
    assert await due() == [Alert(HOME, "answers", 80, 8, 10), Alert(HOME, "tokens", 100, 110, 100)]
    assert await due() == []
    now = 86_400.0
    await use(answers=10)
    assert await due() == [Alert(HOME, "answers", 100, 10, 10)]
