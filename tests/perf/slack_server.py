"""The local Slack of `tests/wire/slack` as a process for `slack_real.py`, with people who already have their threads.

It prints one line when it is ready; for every line it reads it prints what was written so far.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict

from tests.perf.chat_sight import Write
from tests.perf.slack_virtual import accepted, places
from tests.wire.slack import Limits, Slack, serve_slack


def written(slack: Slack) -> list[Write]:
    """Every accepted write and every refused call."""
    refused = [
        Write(call.at, call.method, str(call.args.get("channel", "")), accepted=False, limited=call.status == 429)
        for call in slack.calls
        if not call.ok
    ]
    return [*(accepted(write, write.at) for write in slack.timeline), *refused]


async def main(scale: float, people: int) -> None:
    """Serve until standard input ends."""
    async with serve_slack() as slack:
        slack.echoes = False
        ready = {"url": f"{slack.url}/api/", "token": slack.team.bot_token, "places": places(slack, people)}
        slack.limits = Limits.scaled(scale)
        print(json.dumps(ready), flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            print(json.dumps([asdict(write) for write in written(slack)]), flush=True)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), int(sys.argv[2])))
