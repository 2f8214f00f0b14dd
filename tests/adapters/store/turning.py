"""A process that holds interview after interview and says each thing only once the store has it.

`python -m tests.adapters.store.turning FILE SEED`; killed by `test_kill.py` at some point or other.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from adapters.store.opening import open_store
from engine.facts import Advanced, Answered, Asked, Begun, Fact, Reviewed, Submitted
from engine.inbound import Inbound, Wrote
from engine.keys import ThreadKey
from engine.ports import Lease, Store
from tests.kit.interviews import feedback, question, setup

ANSWER = "because " * 500


def key(number: int) -> ThreadKey:
    return ThreadKey(platform="test", user=f"user-{number}")


async def recorded(lease: Lease, *facts: Fact, read: Inbound | None = None) -> None:
    await lease.record(*facts, read=read)
    assert lease.session is not None
    print("version", lease.session.id, lease.session.version, flush=True)


async def converse(store: Store, number: int, turns: int) -> None:
    who = key(number)
    async with store.lease(who) as lease:
        assert lease is not None
        await recorded(lease, Begun(at=0, key=who, number=1, setup=setup(questions=20)))
        for turn in range(1, turns + 1):
            await recorded(lease, Asked(at=0, turn=turn, question=question()))
            wrote = Wrote(id=str(turn), key=who, at=0, message=str(turn), text=ANSWER)
            assert await store.deliver(wrote)
            print("delivered", who, turn, flush=True)
            await recorded(lease, Answered(at=0, turn=turn, message=str(turn), text=ANSWER), read=wrote)
            await recorded(lease, Submitted(at=0, turn=turn))
            await recorded(lease, Reviewed(at=0, turn=turn, attempt=1, revision=1, feedback=feedback()))
            await recorded(lease, Advanced(at=0))


async def main(path: Path, first: int) -> None:
    async with open_store(path) as store:
        print("ready", flush=True)
        for number in range(first, first + 1_000, 4):
            await asyncio.gather(*(converse(store, n, 3) for n in range(number, number + 4)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
