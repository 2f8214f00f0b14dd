"""Work that must not stop half-way, and bells."""

from __future__ import annotations

import asyncio

import pytest

from adapters.store.waiting import Bells, to_the_end
from tests.kit.loop import virtual


@virtual
async def test_work_returns_or_raises_as_if_it_were_awaited() -> None:
    async def work(fail: bool) -> int:
        await asyncio.sleep(1)
        if fail:
            raise ZeroDivisionError
        return 7

    assert await to_the_end(work(False)) == 7
    with pytest.raises(ZeroDivisionError):
        await to_the_end(work(True))


@pytest.mark.parametrize("fails", [False, True])
@virtual
async def test_a_cancelled_caller_waits_for_the_work_to_end(fails: bool) -> None:
    ended = False

    async def work() -> None:
        nonlocal ended
        await asyncio.sleep(10)
        ended = True
        if fails:
            raise ZeroDivisionError

    task = asyncio.create_task(to_the_end(work()))
    for _ in range(3):
        await asyncio.sleep(1)
        task.cancel()
    assert not task.done()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended


@virtual
async def test_a_bell_is_heard_by_those_who_listen_to_it() -> None:
    bells = Bells()
    with bells.delivery("nobody listens"):
        assert bells.expects("nobody listens")
    assert not bells.expects("nobody listens")
    one, two, other = asyncio.Event(), asyncio.Event(), asyncio.Event()
    with bells.listen("a", one), bells.listen("a", two), bells.listen("b", other):
        with bells.delivery("a"):
            assert not one.is_set()
        assert (one.is_set(), two.is_set(), other.is_set()) == (True, True, False)
    assert not bells._listening
