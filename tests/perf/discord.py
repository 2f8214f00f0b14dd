"""What people see in Discord who all practise with one bot: Rehearse beside an edit every second with discord.py.

`python -m tests.perf.discord` prints two tables. The first is played in virtual time with the documented limits, the
second against a local Discord in a process of its own, with real sockets, so that the CPU counted is the bot's alone.
`… virtual` or `… real` prints one of them, and `… real 50` only the rows of so many people. What the columns mean
stands in `chat_sight.py`. Reviews are as long as 600 tokens are in English, but for those called long, which fill three
messages.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.perf.chat_bench import CPU, NO_429, NONE_LOST, Bar, Bench, Kind, quick
from tests.perf.chat_play import EDITS, ENGINE, OURS, Scenario
from tests.perf.chat_text import LONG, SHORT
from tests.perf.discord_real import real
from tests.perf.discord_virtual import virtual

OVERLAPPING = ((1, 0.3), (10, 0.3), (50, 5.0), (200, 10.0))
"""How many people answer within how many seconds; a review takes ten."""


def played(bot: str, *, tokens: bool, least: int = 1) -> list[Scenario]:
    return [
        Scenario(bot, n, within_s=within_s, tokens=tokens, chars=SHORT) for n, within_s in OVERLAPPING if n >= least
    ]


VIRTUAL = (
    *played(OURS, tokens=False),
    *played(OURS, tokens=True),
    *(Scenario(OURS, n, chars=LONG, note="long") for n in (1, 10)),
    *played(EDITS, tokens=False),
    *played(EDITS, tokens=True, least=50),
)

REAL = (
    Scenario(OURS, 50, within_s=5.0, chars=SHORT),
    *(Scenario(OURS, 200, within_s=10.0, tokens=tokens, chars=SHORT) for tokens in (False, True)),
    *(Scenario(bot, 50, within_s=5.0, chars=SHORT) for bot in (ENGINE, EDITS)),
)


def bars(scenario: Scenario, kind: Kind) -> Sequence[Bar]:
    """What Rehearse must keep; others are only looked at."""
    always = (NO_429, NONE_LOST)
    if scenario.chars == LONG:
        return always
    match scenario.n:
        case 1:
            return *always, quick("first_lag", 0.95, 0.1), quick("staleness", 0.5, 0.6), quick("finish", 0.95, 0.1)
        case 50:
            cost = (CPU,) if kind.costs else ()
            return *always, quick("staleness", 0.5, 0.7), quick("finish", 0.95, 0.3), *cost
        case 200 if scenario.tokens:
            return *always, quick("staleness", 0.5, 0.7), quick("finish", 0.95, 0.3)
        case 200:
            first = quick("first_lag", 0.95, 0.5)
            return *always, first, quick("staleness", 0.5, 2.5), quick("finish", 0.95, 0.8)
        case _:
            return always


DISCORD = Bench(
    "tests.perf.discord",
    "one bot",
    {
        "virtual": Kind("In virtual time", virtual, VIRTUAL, costs=False),
        "real": Kind("Against a local Discord in a process of its own", real, REAL, costs=True),
    },
    bars,
)

if __name__ == "__main__":
    sys.exit(DISCORD.main())
