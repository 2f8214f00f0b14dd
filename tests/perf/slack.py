"""What people see in one Slack workspace that many of them share: Rehearse beside an edit every second and slack_sdk's
`chat_stream`.

`python -m tests.perf.slack` prints two tables. The first is played in virtual time, with the documented limits and an
hour's worth of interviews in a minute; the second against a local Slack in a process of its own, with real sockets, so
that the CPU counted is the bot's alone. `python -m tests.perf.slack virtual` or `… real` prints one of them, and
`… real 50` only the rows of so many people. What the columns mean stands in `slack_sight.py`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from tests.perf.slack_play import EDITS, ENGINE, OURS, STREAM, STREAM_RETRIED, Scenario, virtual
from tests.perf.slack_real import real
from tests.perf.slack_sight import NEVER, Figures
from tests.perf.table import table

HEAD = (
    "one workspace", "bot", "answers", "first text s", "section-1 lag s", "staleness s", "writes/answer", "429/answer",
    "finish lag s", "never final", "CPU ms/answer-s", "bars",
)  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that must hold of a row."""

    name: str
    value: Callable[[Figures], float]
    at_most: float


NO_429 = Bar("429", lambda found: float(sum(found.limited.values())), 0)
FEW_429 = Bar("429", lambda found: found.limited_per_answer, 0.3)
NONE_LOST = Bar("lost", lambda found: float(found.never_final), 0)
SECTION = Bar("section-1 p95", lambda found: found.p("section_1", 0.95), 0.3)
CPU = Bar("CPU", lambda found: found.cpu_ms, 3.0)


def finish(at_most: float) -> Bar:
    return Bar("finish p95", lambda found: found.p("finish", 0.95), at_most)


def bars(scenario: Scenario, *, cpu: bool) -> tuple[Bar, ...]:
    """What Rehearse must keep; others are only looked at."""
    if scenario.bot != OURS:
        return ()
    if scenario.scale < 1:
        return FEW_429, NONE_LOST
    if scenario.steady_s:
        return NONE_LOST, finish(0.5)
    if scenario.n == 1:
        return NONE_LOST, Bar("staleness p50", lambda found: found.p("staleness", 0.5), 0.3)
    if scenario.n < 50:
        return NO_429, NONE_LOST, SECTION, finish(0.3)
    return (NONE_LOST, finish(1.0), CPU) if cpu else (NONE_LOST, finish(1.0))


def row(scenario: Scenario, found: Figures, *, cpu: bool) -> tuple[object, ...]:
    if scenario.bot == ENGINE:
        return (scenario.name, scenario.bot, found.answers, *[""] * 7, f"{found.cpu_ms:.1f}", "")
    judged = [
        f"{bar.name} ≤ {bar.at_most:g} {'met' if kept(bar, found) else 'MISSED'}" for bar in bars(scenario, cpu=cpu)
    ]
    return (
        scenario.name, scenario.bot, found.answers, _pair(found, "first_text"), _pair(found, "section_1"),
        _pair(found, "staleness"), f"{found.writes_per_answer:.1f}", f"{found.limited_per_answer:.2f}",
        _pair(found, "finish"), f"{found.never_final}/{found.answers}", f"{found.cpu_ms:.1f}" if cpu else "",
        ", ".join(judged),
    )  # fmt: skip


def kept(bar: Bar, found: Figures) -> bool:
    return bar.value(found) <= bar.at_most


def _pair(found: Figures, name: str) -> str:
    seconds = (found.p(name, 0.5), found.p(name, 0.95))
    return " / ".join("never" if value == NEVER else f"{value:.2f}" for value in seconds)


def in_processes(scenarios: Sequence[Scenario], kind: str) -> list[Figures]:
    """Each played in a process of its own, as none should inherit another's garbage; two at a time if nobody minds."""

    def one(scenario: Scenario) -> Figures:
        command = [sys.executable, "-m", "tests.perf.slack", "--play", kind, json.dumps(asdict(scenario))]
        return Figures(**json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))

    alone = [each for each in scenarios if kind == "real" and each.bot in (OURS, ENGINE)]
    found = {each: one(each) for each in alone}
    rest = [each for each in scenarios if each not in found]
    with ThreadPoolExecutor(max_workers=2) as pool:
        found |= zip(rest, pool.map(one, rest), strict=True)
    return [found[each] for each in scenarios]


def show(title: str, kind: str, scenarios: Sequence[Scenario]) -> bool:
    """Print a table; whether all bars were kept."""
    cpu = kind == "real"
    all_found = list(zip(scenarios, in_processes(scenarios, kind), strict=True))
    print(f"\n{title} (p50 / p95)")
    print(table(HEAD, [row(scenario, found, cpu=cpu) for scenario, found in all_found]), flush=True)
    return all(kept(bar, found) for scenario, found in all_found for bar in bars(scenario, cpu=cpu))


def main() -> int:
    """Print what was chosen; 1 when a bar was missed."""
    if sys.argv[1:2] == ["--play"]:
        scenario = Scenario(**json.loads(sys.argv[3]))
        print(json.dumps(asdict((virtual if sys.argv[2] == "virtual" else real)(scenario))))
        return 0
    chosen = [word for word in sys.argv[1:] if word.isdecimal()]
    kinds = [word for word in sys.argv[1:] if word in ("virtual", "real")] or ["virtual", "real"]
    titles = {
        "virtual": ("In virtual time", VIRTUAL),
        "real": ("Against a local Slack in a process of its own", REAL),
    }
    kept_all = True
    for kind in kinds:
        title, scenarios = titles[kind]
        wanted = [each for each in scenarios if not chosen or str(each.n) in chosen]
        kept_all &= show(title, kind, wanted)
    return 0 if kept_all else 1


if __name__ == "__main__":
    sys.exit(main())
