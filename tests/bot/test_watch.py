"""Chores: done when their time comes, whatever happened the last time, and gone when nobody needs them."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.watch import Chore, watching


class Counted:
    def __init__(self, fails: int = 0) -> None:
        self.times: list[float] = []
        self.fails = fails
        self.done = asyncio.Condition()

    async def __call__(self) -> None:
        self.times.append(asyncio.get_running_loop().time())
        async with self.done:
            self.done.notify_all()
        if len(self.times) <= self.fails:
            raise RuntimeError("no luck")


async def until(counted: Counted, count: int) -> None:
    async with asyncio.timeout(5), counted.done:
        await counted.done.wait_for(lambda: len(counted.times) >= count)


async def test_a_chore_is_done_again_and_again() -> None:
    counted = Counted()
    async with watching([Chore("count", 0.001, counted)]):
        await until(counted, 3)
    done = len(counted.times)
    assert counted.times == sorted(counted.times)
    await asyncio.sleep(0)
    assert len(counted.times) == done


async def test_one_that_fails_is_tried_again_and_keeps_no_other(caplog: pytest.LogCaptureFixture) -> None:
    unlucky, other = Counted(fails=2), Counted()
    with caplog.at_level(logging.ERROR):
        async with watching([Chore("unlucky", 0.001, unlucky), Chore("other", 0.001, other)]):
            await until(unlucky, 3)
            await until(other, 3)
    assert [record.message for record in caplog.records] == ["a chore failed"] * 2


async def test_leaving_cancels_what_is_under_way_and_waits_for_it() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with watching([Chore("endless", 1.0, endless, first_s=0.0)]):
        await begun.wait()
    assert ended.is_set()


async def test_a_start_is_not_held_up() -> None:
    counted = Counted()
    async with watching([Chore("later", 3_600.0, counted)]):
        await asyncio.sleep(0)
    assert counted.times == []
