"""Tables of scenarios with their bars, each scenario played in a process of its own: what `python -m tests.perf.slack`
and its like are made of.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from tests.perf.chat_play import ENGINE, OURS, Scenario
from tests.perf.chat_sight import NEVER, Figures
from tests.perf.table import table

COLUMNS = (
    "bot", "answers", "first text s", "first lag s", "section-1 lag s", "staleness s", "writes/answer", "429/answer",
    "finish lag s", "never final", "CPU ms/answer-s", "bars",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that must hold of a row."""

    name: str
    value: Callable[[Figures], float]
    at_most: float

    def kept(self, found: Figures) -> bool:
        return self.value(found) <= self.at_most


NO_429 = Bar("429", lambda found: float(sum(found.limited.values())), 0)
NONE_LOST = Bar("lost", lambda found: float(found.never_final), 0)
CPU = Bar("CPU", lambda found: found.cpu_ms, 3.0)


def quick(name: str, share: float, at_most: float) -> Bar:
    """A percentile of one of the lists of `Figures`."""
    return Bar(f"{name.replace('_', ' ')} p{share * 100:.0f}", lambda found: found.p(name, share), at_most)


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to play, and what is played so. `costs`: the CPU that is counted means something."""

    title: str
    play: Callable[[Scenario], Figures]
    scenarios: Sequence[Scenario]
    costs: bool


@dataclass(frozen=True, slots=True)
class Bench:
    """A platform's benchmark. `module` runs it; `bars` are what ours must keep in a scenario, of this kind."""

    module: str
    place: str
    kinds: Mapping[str, Kind]
    bars: Callable[[Scenario, Kind], Sequence[Bar]]

    def main(self) -> int:
        """Print what the command line chooses: kinds by name, numbers of people. 1 when a bar was missed."""
        if sys.argv[1:2] == ["--play"]:
            print(json.dumps(asdict(self.kinds[sys.argv[2]].play(Scenario(**json.loads(sys.argv[3]))))))
            return 0
        numbers = [word for word in sys.argv[1:] if word.isdecimal()]
        names = [word for word in sys.argv[1:] if word in self.kinds] or list(self.kinds)
        kept = True
        for name in names:
            scenarios = [each for each in self.kinds[name].scenarios if not numbers or str(each.n) in numbers]
            kept &= self._show(name, scenarios)
        return 0 if kept else 1

    def _show(self, name: str, scenarios: Sequence[Scenario]) -> bool:
        """Print a table; whether all bars were kept."""
        kind = self.kinds[name]
        all_found = list(zip(scenarios, self._in_processes(name, scenarios), strict=True))
        print(f"\n{kind.title} (p50 / p95)")
        print(table((self.place, *COLUMNS), [self._row(*each, kind) for each in all_found]), flush=True)
        return all(bar.kept(found) for scenario, found in all_found for bar in self._bars(scenario, kind))

    def _in_processes(self, name: str, scenarios: Sequence[Scenario]) -> list[Figures]:
        """Each in a process of its own, as none should inherit another's garbage; two at a time if nobody minds."""

        def one(scenario: Scenario) -> Figures:
            command = [sys.executable, "-m", self.module, "--play", name, json.dumps(asdict(scenario))]
            return Figures(**json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))

        alone = [each for each in scenarios if self.kinds[name].costs and each.bot == OURS]
        found = {each: one(each) for each in alone}
        rest = [each for each in scenarios if each not in found]
        with ThreadPoolExecutor(max_workers=2) as pool:
            found |= zip(rest, pool.map(one, rest), strict=True)
        return [found[each] for each in scenarios]

    def _bars(self, scenario: Scenario, kind: Kind) -> Sequence[Bar]:
        return self.bars(scenario, kind) if scenario.bot == OURS else ()

    def _row(self, scenario: Scenario, found: Figures, kind: Kind) -> tuple[object, ...]:
        cpu = f"{found.cpu_ms:.1f}" if kind.costs else ""
        if scenario.bot == ENGINE:
            return (scenario.name, scenario.bot, found.answers, *[""] * (len(COLUMNS) - 4), cpu, "")
        judged = [
            f"{bar.name} ≤ {bar.at_most:g} {'met' if bar.kept(found) else 'MISSED'}"
            for bar in self._bars(scenario, kind)
        ]
        return (
            scenario.name, scenario.bot, found.answers, _pair(found, "first_text"), _pair(found, "first_lag"),
            _pair(found, "section_1"), _pair(found, "staleness"), f"{found.writes_per_answer:.1f}",
            f"{found.limited_per_answer:.2f}", _pair(found, "finish"), f"{found.never_final}/{found.answers}", cpu,
            ", ".join(judged),
        )  # fmt: skip


def _pair(found: Figures, name: str) -> str:
    seconds = (found.p(name, 0.5), found.p(name, 0.95))
    return " / ".join("never" if value == NEVER else f"{value:.2f}" for value in seconds)
