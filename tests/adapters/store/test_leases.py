"""Leases of processes that died, and of processes that live on while something goes wrong."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path

import pytest

from adapters.store.opening import open_store
from adapters.store.processes import LocalProcesses, UnknownProcesses, processes_beside
from engine.errors import LeaseLost
from tests.adapters.store.worlds import DatabaseWorld, SqliteWorld
from tests.contracts.store import KEY, LEASE_S, SOON_S, begun, is_free, wrote

HOLD = """
import asyncio, sys
from pathlib import Path
from adapters.store.opening import open_store
from tests.contracts.store import KEY
async def main():
    async with open_store(Path(sys.argv[1])) as store, store.lease(KEY) as lease:
        print("held" if lease else "refused", flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


@contextlib.contextmanager
def holder(path: Path) -> Generator[subprocess.Popen[str]]:
    """A process that holds the lease."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again: a row does not say when it changes."""
    async with asyncio.timeout(SOON_S):
        while not await done():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@pytest.mark.process
async def test_the_lease_of_a_killed_process_is_free_at_once(sqlite: SqliteWorld) -> None:
    async with open_store(sqlite.path) as store:
        await store.deliver(wrote("1"))
        with holder(sqlite.path) as process:
            assert not await is_free(store)
            assert list(await store.due(time.time())) == []
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            killed = time.perf_counter()
            assert list(await store.due(time.time())) == [KEY]
            assert await is_free(store)
            assert time.perf_counter() - killed < 1
    with holder(sqlite.path) as process:
        process.kill()
        process.wait()
        killed = time.perf_counter()
        async with open_store(sqlite.path) as store:
            assert await is_free(store)
        assert time.perf_counter() - killed < 1


@pytest.mark.process
async def test_the_lease_of_a_process_that_is_only_stopped_is_not_free(sqlite: SqliteWorld) -> None:
    with holder(sqlite.path) as process:
        os.kill(process.pid, signal.SIGSTOP)
        async with open_store(sqlite.path) as store:
            assert not await is_free(store)


async def test_a_lease_is_renewed_for_as_long_as_it_is_held(world: DatabaseWorld) -> None:
    async with open_store(world.address, now=world.clock, lease_s=0.03) as store, store.lease(KEY):
        world.clock.now += 1000

        async def renewed() -> bool:
            return await world.rows("SELECT expires_at FROM leases") == [(world.clock.now + 0.03,)]

        await until(renewed)


async def test_renewing_notices_that_the_lease_was_lost(sqlite: SqliteWorld) -> None:
    async with open_store(sqlite.path, now=sqlite.clock, lease_s=0.03, poll_s=600) as store:
        async with store.lease(KEY) as lease:
            assert lease is not None
            waiting = asyncio.create_task(lease.wait_for_mail())
            await sqlite.run("UPDATE leases SET process = 'somebody else'")
            async with asyncio.timeout(SOON_S):
                with pytest.raises(LeaseLost):
                    await waiting
            with pytest.raises(LeaseLost):
                await lease.record(begun())
        assert await sqlite.rows("SELECT process FROM leases") == [("somebody else",)]


async def test_a_lease_outlives_a_database_that_is_locked_for_a_while(
    sqlite: SqliteWorld, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    async def was_told() -> bool:
        return "lease not renewed" in caplog.text

    async with open_store(sqlite.path, now=sqlite.clock, lease_s=0.03, busy_s=0.01) as store:
        async with store.lease(KEY) as lease:
            assert lease is not None
            other = sqlite3.connect(sqlite.path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            await until(was_told)
            other.execute("ROLLBACK")
            await lease.record(begun())
            other.execute("BEGIN IMMEDIATE")
        assert "lease not given back" in caplog.text
        other.execute("ROLLBACK")
        other.close()
        sqlite.clock.now += LEASE_S
        assert await is_free(store)


async def test_a_lease_taken_while_being_cancelled_is_given_back(sqlite: SqliteWorld) -> None:
    async with sqlite.open() as store, sqlite.open() as peer:
        lock = sqlite3.connect(sqlite.path, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
        taking = asyncio.create_task(store.lease(KEY).__aenter__())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        taking.cancel()
        lock.execute("ROLLBACK")
        lock.close()
        with pytest.raises(asyncio.CancelledError):
            await taking
        assert await is_free(peer)


def test_a_process_is_known_to_be_dead_by_its_lock(tmp_path: Path) -> None:
    one, two = LocalProcesses(tmp_path / "p"), LocalProcesses(tmp_path / "p")
    assert one.dead([one.me, two.me]) == []
    two.close()
    assert one.dead([one.me, two.me, "never-heard-of"]) == [two.me, "never-heard-of"]
    one.close()


def test_what_dead_processes_left_is_cleared_away(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    (folder / "left").touch()
    one = LocalProcesses(folder)
    assert [path.name for path in folder.iterdir()] == [one.me]
    one.close()
    assert list(folder.iterdir()) == []


def test_where_there_are_no_such_locks_nobody_is_known_to_be_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.store.processes.sys.platform", "win32")
    unknown = processes_beside(tmp_path / "rehearse.db")
    assert isinstance(unknown, UnknownProcesses)
    assert unknown.dead([unknown.me, "another"]) == []
    unknown.close()


async def test_a_lease_is_kept_for_a_delivery_that_is_under_way(sqlite: SqliteWorld) -> None:
    async with sqlite.open() as store, store.lease(KEY) as lease:
        assert lease is not None
        delivery = asyncio.create_task(store.deliver(wrote("late")))
        await asyncio.sleep(0)
        assert not await lease.release_if_no_mail()
        assert delivery.done()
        assert [inbound.id for inbound in await lease.mail()] == ["late"]
