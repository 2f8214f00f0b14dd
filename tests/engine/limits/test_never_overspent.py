"""Whatever is reserved, settled, lost and begun anew in whatever order: no budget is negative, none is overspent."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.store.opening import open_store
from engine.keys import ThreadKey
from engine.limits.ledger import Ledger
from engine.limits.model import MEASURES, Amounts, Limits, PersonLimits, WorkspaceLimits
from engine.ports import Account
from tests.contracts.store import Clock
from tests.kit.ledger_memory import MemoryLedger
from tests.kit.memory import MemoryStore

HOME = "slack/T1"
PEOPLE = [Account(HOME, ThreadKey(platform="slack", workspace="T1", user=user)) for user in ("ada", "bob", "cy")]
PERSON, ALL = 100, 180
LIMITS = Limits(
    person=PersonLimits(tokens=PERSON, cost_micros=PERSON, answers=5),
    workspace=WorkspaceLimits(tokens=ALL, cost_micros=ALL, answers=8),
)

Act = tuple[Literal["reserve", "settle", "lose", "take", "wait"], int, int]
acts = st.lists(
    st.tuples(st.sampled_from(("reserve", "settle", "lose", "take", "wait")), st.integers(0, 2), st.integers(0, 60)),
    max_size=60,
)


async def play(ledger: Ledger, clock: Clock, script: list[Act], *, at_once: int = 1) -> None:
    """Do all of it; after every round nothing is negative, and nothing is above its limit."""
    ids = count(1)
    held: list[tuple[Account, str, int]] = []

    async def act(what: str, who: int, amount: int) -> None:
        account = PEOPLE[who]
        match what:
            case "reserve":
                id = f"r{next(ids)}"
                wanted = Amounts(tokens=amount, cost_micros=amount)
                if await ledger.reserve(account, id, wanted, LIMITS, for_s=30) is None:
                    held.append((account, id, amount))
            case "settle" if held:
                of, id, most = held.pop(who % len(held))
                truth = min(amount, most)  # a reservation is the most a call can take
                await ledger.settle(of, id, Amounts(tokens=truth, cost_micros=truth))
            case "take":
                await ledger.take(account, f"t{next(ids)}", Amounts(answers=1), LIMITS)
            case "lose" if held:
                del held[0]
            case "wait":
                held.clear()  # a call that takes longer than its reservation has been given up
                clock.now += 31 * amount
            case _:
                pass

    for n in range(0, len(script), at_once):
        await asyncio.gather(*(act(*each) for each in script[n : n + at_once]))
        for account in PEOPLE:
            used = await ledger.used(HOME, account.person)
            for measure in MEASURES:
                for whose in ("person", "workspace"):
                    most = LIMITS.of_a_day(whose, measure)
                    assert 0 <= used.of(whose).of(measure) <= (10**9 if most is None else most)
        whole = (await ledger.used(HOME)).workspace
        mine = [(await ledger.used(HOME, account.person)).person for account in PEOPLE]
        assert sum(mine, start=Amounts()) == whole


@given(acts)
def test_in_memory(script: list[Act]) -> None:
    clock = Clock()
    asyncio.run(play(MemoryLedger(MemoryStore(), clock), clock, script))


@settings(max_examples=12, deadline=None)
@given(acts, st.sampled_from((1, 5)))
def test_on_sqlite_also_when_much_happens_at_once(
    tmp_path_factory: pytest.TempPathFactory, script: list[Act], at_once: int
) -> None:
    async def on(path: Path) -> None:
        clock = Clock()
        async with open_store(path, now=clock) as store:
            await play(store.ledger, clock, script, at_once=at_once)

    asyncio.run(on(tmp_path_factory.mktemp("ledger") / "rehearse.db"))
