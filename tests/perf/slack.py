"""What people see in one Slack workspace that many of them share: Rehearse beside an edit every second and slack_sdk's
`chat_stream`.

`python -m tests.perf.slack` prints two tables. The first is played in virtual time, with the documented limits and an
hour's worth of interviews in a minute; the second against a local Slack in a process of its own, with real sockets, so
that the CPU counted is the bot's alone. `python -m tests.perf.slack virtual` or `… real` prints one of them, and
`… real 50` only the rows of so many people. What the columns mean stands in `chat_sight.py`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.perf.chat_bench import CPU, NO_429, NONE_LOST, Bar, Bench, Kind, quick
from tests.perf.chat_play import EDITS, ENGINE, OURS, Scenario
from tests.perf.slack_peers import STREAM, STREAM_RETRIED
from tests.perf.slack_real import real
from tests.perf.slack_virtual import virtual

VIRTUAL = (
    *(Scenario(OURS, n) for n in (1, 10, 20)),
    Scenario(OURS, 50, within_s=5.0),
    Scenario(OURS, 200, steady_s=130.0),
    Scenario(OURS, 10, scale=0.6),
    Scenario(OURS, 50, scale=0.6, steady_s=390.0),
    *(Scenario(bot, n) for bot in (EDITS, STREAM, STREAM_RETRIED) for n in (1, 10)),
    *(Scenario(bot, 50, within_s=5.0) for bot in (EDITS, STREAM, STREAM_RETRIED)),
)
REAL = (
    *(Scenario(OURS, n) for n in (1, 10, 20)),
    Scenario(OURS, 50, within_s=5.0),
    Scenario(ENGINE, 50, within_s=5.0),
    *(Scenario(bot, 10) for bot in (EDITS, STREAM)),
    *(Scenario(bot, 50, within_s=5.0) for bot in (EDITS, STREAM)),
)
FEW_429 = Bar("429", lambda found: found.limited_per_answer, 0.3)


def bars(scenario: Scenario, kind: Kind) -> Sequence[Bar]:
    """What Rehearse must keep; others are only looked at."""
    if scenario.scale < 1:
        return FEW_429, NONE_LOST
    if scenario.steady_s:
        return NONE_LOST, quick("finish", 0.95, 0.5)
    if scenario.n == 1:
        return NONE_LOST, quick("staleness", 0.5, 0.3)
    if scenario.n < 50:
        return NO_429, NONE_LOST, quick("section_1", 0.95, 0.3), quick("finish", 0.95, 0.3)
    cost = (CPU,) if kind.costs else ()
    return NONE_LOST, quick("finish", 0.95, 1.0), *cost


SLACK = Bench(
    "tests.perf.slack",
    "one workspace",
    {
        "virtual": Kind("In virtual time", virtual, VIRTUAL, costs=False),
        "real": Kind("Against a local Slack in a process of its own", real, REAL, costs=True),
    },
    bars,
)

if __name__ == "__main__":
    sys.exit(SLACK.main())
