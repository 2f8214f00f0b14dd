"""`python -m tests.wire.slack --port N [--limits documented|scaled:0.6]`: the server in a process of its own.

Prints its URL as the first line, then serves until it is interrupted. Acts and state: `/_wire/…`, see `admin.py`.
"""

from __future__ import annotations

import argparse
import asyncio

from tests.wire.slack.limits import Limits
from tests.wire.slack.web import serve_slack


async def serve(port: int, limits: Limits | None, *, echoes: bool) -> None:
    async with serve_slack(limits, port) as slack:
        slack.echoes = echoes
        print(slack.url, flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.wire.slack", description="A local Slack.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--limits", default="none", help="none, documented, or scaled:FACTOR")
    parser.add_argument("--no-echoes", action="store_true", help="do not send the app's own messages back to it")
    given = parser.parse_args()
    match given.limits.partition(":"):
        case ("documented", _, _):
            limits = Limits.documented()
        case ("scaled", _, factor):
            limits = Limits.scaled(float(factor))
        case _:
            limits = None
    try:
        asyncio.run(serve(given.port, limits, echoes=not given.no_echoes))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
