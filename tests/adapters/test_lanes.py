"""What is done in one place comes in order, whatever each has to do first."""

from __future__ import annotations

import asyncio

import pytest

from adapters.lanes import Lanes

PLACE = "channel"


async def test_whoever_came_first_is_first_however_long_they_take() -> None:
    lanes, done, slow = Lanes(), list[str](), asyncio.Event()

    async def act(name: str, first: asyncio.Event | None = None) -> None:
        async with lanes.in_line(PLACE) as turn:
            if first is not None:
                await first.wait()
            await turn()
            done.append(name)

    tasks = [asyncio.create_task(act("slow", slow)), asyncio.create_task(act("quick"))]
    await asyncio.sleep(0)
    elsewhere = asyncio.create_task(_alone(lanes, done))
    await elsewhere
    assert done == ["elsewhere"]
    slow.set()
    await asyncio.gather(*tasks)
    assert done == ["elsewhere", "slow", "quick"]


async def _alone(lanes: Lanes, done: list[str]) -> None:
    async with lanes.in_line("another") as turn:
        await turn()
        done.append("elsewhere")


async def test_who_leaves_the_line_early_lets_nobody_past_those_before() -> None:
    lanes, done, slow = Lanes(), list[str](), asyncio.Event()

    async def first() -> None:
        async with lanes.in_line(PLACE) as turn:
            await slow.wait()
            await turn()
            done.append("first")

    async def leaves() -> None:
        async with lanes.in_line(PLACE):
            raise KeyError(PLACE)

    async def last() -> None:
        async with lanes.in_line(PLACE) as turn:
            await turn()
            done.append("last")

    tasks = [asyncio.create_task(each()) for each in (first, leaves, last)]
    with pytest.raises(KeyError):
        await tasks[1]
    assert done == []
    slow.set()
    await asyncio.gather(tasks[0], tasks[2])
    assert done == ["first", "last"]
    assert lanes._last == {}, "nothing is kept of a line that is over"


async def test_who_gives_up_waiting_keeps_nobody_waiting() -> None:
    lanes, done, slow = Lanes(), list[str](), asyncio.Event()

    async def act(name: str, first: asyncio.Event | None = None) -> None:
        async with lanes.in_line(PLACE) as turn:
            if first is not None:
                await first.wait()
            await turn()
            done.append(name)

    tasks = [asyncio.create_task(act(name, gate)) for name, gate in (("a", slow), ("b", None), ("c", None))]
    await asyncio.sleep(0)
    tasks[1].cancel()
    slow.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert done == ["a", "c"]
