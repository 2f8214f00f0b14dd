"""SIGKILL at any moment: everything the store said it had is there, whole, and work goes on within a second."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest

from adapters.store.opening import open_store
from engine.keys import ThreadKey
from engine.session import fold
from tests.adapters.store.worlds import SqliteWorld

SAID_BEFORE_THE_KILL = (1, 2, 7, 31, 90)


def said_before_being_killed(path: Path, first: int, lines: int) -> list[list[str]]:
    """What a process said about its interviews until it was killed."""
    command = [sys.executable, "-m", "tests.adapters.store.turning", str(path), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        said += process.stdout.readlines()
    return [line.split() for line in said if line.endswith("\n")]


@pytest.mark.process
async def test_nothing_is_lost_when_the_process_is_killed(sqlite: SqliteWorld) -> None:
    versions: defaultdict[str, int] = defaultdict(int)
    delivered: list[tuple[str, str]] = []
    for nth, lines in enumerate(SAID_BEFORE_THE_KILL):
        for line in said_before_being_killed(sqlite.path, nth * 1_000, lines):
            match line:
                case ["version", session, version]:
                    versions[session] = int(version)
                case ["delivered", key, id]:
                    delivered.append((key, id))
                case _:
                    assert line == ["ready"]
        killed = time.perf_counter()
        async with open_store(sqlite.path) as store:
            due = await store.due(time.time())
            for key in due:
                async with store.lease(key) as lease:
                    assert lease is not None, "no lease of a dead process is in the way"
            assert time.perf_counter() - killed < 1
            for session_id, version in versions.items():
                facts = list(await store.facts(session_id))
                assert len(facts) >= version
                session = fold(facts)
                assert session == await store.session(ThreadKey.parse(session_id.partition("#")[0]))
    assert (await sqlite.rows("PRAGMA integrity_check")) == [("ok",)]
    kept = {(key, id) for key, id in await sqlite.rows("SELECT key, id FROM mailbox")}
    assert set(delivered) <= kept
    # Each message is read exactly when the fact it became is there.
    answers = "SELECT count(*) FROM facts WHERE kind = 'answered'"
    assert await sqlite.rows(answers) == await sqlite.rows("SELECT count(*) FROM mailbox WHERE body IS NULL")
    assert sum(versions.values()) > 60
