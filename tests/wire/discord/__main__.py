"""`python -m tests.wire.discord --port 0`: a Discord in a process of its own, until interrupted.

It prints where it is, one setting a line. Tests and benchmarks in other processes act in it by `admin`.
"""

from __future__ import annotations

import argparse
import asyncio
from contextlib import suppress

from tests.wire.discord.admin import Admin
from tests.wire.discord.limits import Limits
from tests.wire.discord.server import serve_discord


async def run(port: int, limits: Limits | None, round_trip_s: float) -> None:
    """Serve until cancelled."""
    async with serve_discord(limits, port, routes=lambda discord: Admin(discord).routes()) as discord:
        discord.rest.round_trip_s = round_trip_s
        print(f"DISCORD_API_URL={discord.rest_url}")
        print(f"DISCORD_GATEWAY_URL={discord.gateway_url}")
        print(f"DISCORD_TOKEN={discord.token}")
        print(f"WIRE_URL={discord.base_url}/_wire", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m tests.wire.discord", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--limits", choices=["none", "documented"], default="none")
    parser.add_argument("--round-trip", type=float, default=0.0, metavar="S", help="added to every REST call")
    given = parser.parse_args()
    limits = Limits.documented() if given.limits == "documented" else None
    with suppress(KeyboardInterrupt):
        asyncio.run(run(given.port, limits, given.round_trip))


if __name__ == "__main__":
    main()
