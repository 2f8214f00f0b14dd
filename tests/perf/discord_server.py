"""The local Discord of `tests/wire/discord` as a process for `discord_real.py`, with people who have their direct
messages.

It prints one line when it is ready. For every line it reads it prints one: for "press" the presses of everybody, for
any other what was written so far.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict

from tests.perf.discord_play import ROUND_TRIP_S
from tests.perf.discord_virtual import people, presses, written
from tests.wire.discord.limits import Limits
from tests.wire.discord.server import serve_discord


async def main(count: int) -> None:
    """Serve until standard input ends."""
    async with serve_discord(Limits.documented()) as server:
        server.rest.round_trip_s = ROUND_TRIP_S
        ready = {"url": server.rest_url, "token": server.token, "channels": people(server, count)}
        print(json.dumps(ready), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line == "press\n":
                print(json.dumps(presses(server)), flush=True)
            else:
                print(json.dumps([asdict(write) for write in written(server, lambda each: each.monotonic)]), flush=True)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
