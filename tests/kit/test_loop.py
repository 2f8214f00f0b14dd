"""Virtual time: jumps when nothing is ready, waits for threads, and says where a deadlock stands."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest

from tests.kit.loop import Deadlock, run_virtual, virtual


def test_an_hour_of_sleep_takes_no_time() -> None:
    async def main() -> float:
        await asyncio.sleep(3600)
        return asyncio.get_running_loop().time()

    began = time.perf_counter()
    assert run_virtual(main()) == pytest.approx(3600)
    assert time.perf_counter() - began < 5


def test_timers_fire_in_order_and_at_their_time() -> None:
    seen: list[tuple[str, float]] = []

    async def note(name: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        seen.append((name, round(asyncio.get_running_loop().time(), 6)))

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for name, after_s in [("late", 90_000.0), ("soon", 0.1), ("between", 7.3)]:
                group.create_task(note(name, after_s))

    run_virtual(main())
    assert seen == [("soon", 0.1), ("between", 7.3), ("late", 90_000.0)]


def test_a_timeout_strikes_at_its_deadline() -> None:
    async def main() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(20):
                await asyncio.Event().wait()
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) == pytest.approx(20)


def test_the_clock_stands_still_while_a_thread_works() -> None:
    release = threading.Event()

    async def main() -> tuple[bool, float]:
        loop = asyncio.get_running_loop()
        loop.call_soon(threading.Timer(0.05, release.set).start)
        async with asyncio.timeout(1):
            done = await asyncio.to_thread(release.wait, 10)
        return done, loop.time()

    assert run_virtual(main()) == (True, 0.0)


def test_time_goes_on_after_a_thread_has_finished() -> None:
    async def main() -> float:
        await asyncio.to_thread(int)
        await asyncio.sleep(5)
        return asyncio.get_running_loop().time()

    assert run_virtual(main()) == pytest.approx(5)


def test_a_deadlock_names_the_task_and_its_line() -> None:
    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.Event().wait(), name="the one that waits")

    with pytest.raises(Deadlock, match=r"the one that waits at .*locks\.py:\d+"):
        run_virtual(main())


def test_sockets_are_refused() -> None:
    async def main() -> None:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            await asyncio.get_running_loop().sock_recv(ours, 1)

    with pytest.raises(RuntimeError, match="real clock"):
        run_virtual(main())


@virtual
async def test_a_decorated_test_takes_fixtures(tmp_path: object) -> None:
    await asyncio.sleep(86_400 * 3)
    assert tmp_path is not None
    assert asyncio.get_running_loop().time() == pytest.approx(86_400 * 3)
