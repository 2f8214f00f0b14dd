"""All benchmarks, one after another: `python -m tests.perf`, or some of them: `python -m tests.perf turns store`."""

from __future__ import annotations

import subprocess
import sys

ALL = {
    "streams": "CPU per streamed event, beside the bare SDKs",
    "turns": "engine and store per turn",
    "store": "a stored turn",
    "trials": "how often a rollout names a winner where there is none",
    "startup": "start, memory, and from the wire to the screen",
    "outage": "45 minutes of a dead provider, in virtual time",
    "slack": "many people in one Slack workspace, beside how others do it",
    "discord": "many people with one Discord bot, beside how others do it",
}


def main() -> int:
    """Each in a process of its own, so that none inherits another's memory. The worst exit code."""
    chosen = sys.argv[1:] or list(ALL)
    if unknown := [name for name in chosen if name not in ALL]:
        print(f"There is no benchmark {unknown[0]!r}. Choose from: {', '.join(ALL)}.", file=sys.stderr)
        return 2
    worst = 0
    for name in chosen:
        print(f"\n== {name}: {ALL[name]}", flush=True)
        worst = max(worst, subprocess.call([sys.executable, "-m", f"tests.perf.{name}"]))
    return worst


if __name__ == "__main__":
    sys.exit(main())
