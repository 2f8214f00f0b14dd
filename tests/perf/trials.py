"""How often a rollout names a winner where there is none, when somebody looks every ten interviews: one in twenty is
promised. Beside it, what the same data say to the usual ways of looking. `python -m tests.perf.trials`.

Every row is a thousand rollouts of a version that differs in nothing, but for the last ones: how long a true difference
takes, whole verdicts with all their guardrails, and what such a verdict costs.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from math import log, sqrt
from statistics import median

from engine.trials.rollout import Rollout, Stage
from engine.trials.sequential import Moments, Sides, counts_log_e, either, mean_log_e
from engine.trials.verdict import Comparison, compare
from tests.engine.trials.test_verdict import held, rated, reviews, rollout
from tests.perf.table import table

SEEDS, LOOK, ALPHA = 1_000, 10, 0.05
RAMP = ((0.05, 0.65, 400), (0.25, 0.75, 400), (0.5, 0.85, 400))
Counts = tuple[list[int], list[int]]
"""Dissatisfied and satisfied people, each on the control's and on the candidate's side."""


def evidence(counts: Counts, share: float) -> list[float]:
    return [counts_log_e(each, (1 - share, share)) for each in counts]


def looks_different(counts: Counts) -> bool:
    """The usual test of two shares, at 5 %."""
    (no_a, no_b), (yes_a, yes_b) = counts
    a, b = no_a + yes_a, no_b + yes_b
    if min(a, b) < 30:
        return False
    pooled = (yes_a + yes_b) / (a + b)
    error = sqrt(pooled * (1 - pooled) * (1 / a + 1 / b))
    return error > 0 and abs(yes_b / b - yes_a / a) / error > 1.96


def ramp(seed: int, stages: Sequence[tuple[float, float, int]], *, lift: float = 0.0) -> tuple[int | None, bool]:
    """After how many people we name a winner, and whether the usual test, on all stages together, would have."""
    draw, earlier, usual, seen = random.Random(seed).random, [0.0, 0.0], False, 0
    pooled: Counts = ([0, 0], [0, 0])
    for share, satisfied, people in stages:
        counts: Counts = ([0, 0], [0, 0])
        for _ in range(people):
            side = draw() < share
            yes = draw() < satisfied + lift * side
            counts[yes][side] += 1
            pooled[yes][side] += 1
            seen += 1
            if seen % LOOK == 0:
                usual = usual or looks_different(pooled)
                now = evidence(counts, share)
                if either(earlier[0] + now[0], earlier[1] + now[1]) >= -log(ALPHA):
                    return seen, usual
        earlier = [before + more for before, more in zip(earlier, evidence(counts, share), strict=True)]
    return None, usual


def times(seed: int) -> tuple[int | None, bool]:
    """The same for how long something takes, over a thousand people."""
    draw, both, usual = random.Random(seed), (Moments(), Moments()), False
    for seen in range(1, 1_001):
        both[draw.random() < 0.5].add(draw.expovariate(1))
        if seen % LOOK == 0 and min(both[0].n, both[1].n) >= 30:
            error = sqrt(both[0].variance / both[0].n + both[1].variance / both[1].n)
            usual = usual or abs(both[1].mean - both[0].mean) / error > 1.96
            if mean_log_e(Sides(*both), ALPHA) >= -log(ALPHA):
                return seen, usual
    return None, usual


def regulars(seed: int) -> tuple[int | None, bool]:
    """A hundred people who come again and again, each with a mind of their own; usually, every interview counts."""
    draw = random.Random(seed)
    minds, places = ([draw.betavariate(1.1, 0.4) for _ in range(100)], [draw.random() for _ in range(100)])
    every: list[float] = [0.0, 0.0]
    once: list[float] = [0.0, 0.0]
    winner, usual = None, False
    for share, people in ((0.25, 600), (0.5, 1_400)):
        counts, first, seen_here = ([0, 0], [0, 0]), ([0, 0], [0, 0]), set[int]()
        for seen in range(1, people + 1):
            who = draw.randrange(100)
            yes, side = draw.random() < minds[who], places[who] < share
            counts[yes][side] += 1
            if who not in seen_here:
                seen_here.add(who)
                first[yes][side] += 1
            if seen % LOOK == 0:
                for before, these in ((every, counts), (once, first)):
                    now = evidence(these, share)
                    if either(before[0] + now[0], before[1] + now[1]) >= -log(ALPHA):
                        usual, winner = (usual, seen) if before is once else (True, winner)
        every = [before + more for before, more in zip(every, evidence(counts, share), strict=True)]
        once = [before + more for before, more in zip(once, evidence(first, share), strict=True)]
    return winner, usual


def row(name: str, one: Callable[[int], tuple[int | None, bool]], seeds: int = SEEDS) -> tuple[list[object], bool]:
    outcomes = [one(seed) for seed in range(seeds)]
    ours = sum(winner is not None for winner, _ in outcomes) / seeds
    usual = sum(usual for _, usual in outcomes) / seeds
    return [name, f"{ours:.1%}", f"{usual:.1%}"], ours <= ALPHA


def whole(seed: int) -> str:
    """What is advised about a version that differs in nothing, at any of the looks of a thousand interviews."""
    people = held(1_000, rated(0.8, 0.8, response=0.6), reviews(), seed=seed)
    for seen in range(50, 1_001, 50):
        if (verdict := compare(rollout(), people[:seen], now=0.0).verdict).advice != "wait":
            return verdict.advice
    return "wait"


def found_after(control: float, candidate: float, seeds: int = 300) -> list[object]:
    lengths = [ramp(seed, ((0.5, control, 3_000),), lift=candidate - control)[0] or 3_000 for seed in range(seeds)]
    return [f"{control:.0%} → {candidate:.0%}", round(median(lengths)), sorted(lengths)[int(0.9 * seeds)]]


def verdict_of_many(count: int = 10_000) -> tuple[Comparison, float]:
    stages = tuple(Stage(seq, share, float(seq)) for seq, share in ((1, 500), (2, 2_500), (3, 5_000)))
    of = Rollout("review", "review@1", "review@2", "review:1", "ada", 0.0, stages, id=1)
    people = [
        each
        for stage, share in ((1, 0.05), (2, 0.25), (3, 0.5))
        for each in held(count // 3, rated(0.8, 0.8), reviews(), share=share, seed=stage, stage=stage)
    ]
    began = time.perf_counter()
    return compare(of, people, now=0.0), (time.perf_counter() - began) * 1000


def main() -> int:
    """Print the tables; 1 when a bar is missed."""
    told = [
        row("satisfaction, half and half", lambda seed: ramp(seed, ((0.5, 0.8, 1_000),))),
        row("satisfaction, a tenth", lambda seed: ramp(seed, ((0.1, 0.8, 1_000),))),
        row("failures, one in fifty", lambda seed: ramp(seed, ((0.5, 0.98, 1_000),))),
        row("times", times),
        row("5 → 25 → 50 % beside 65 → 75 → 85 %", lambda seed: ramp(seed, RAMP)),
        row("a hundred regulars, 25 → 50 %", regulars),
    ]
    print(table(("a winner where there is none", "ours", "the usual way"), [cells for cells, _ in told]))
    shows = [found_after(0.8, 0.9), found_after(0.8, 0.7), found_after(0.98, 0.9), found_after(0.75, 0.85)]
    print("\n" + table(("people until a true difference shows", "median", "nine in ten"), shows))
    advised = [whole(seed) for seed in range(200)]
    alarms = sum(advice in {"hold", "roll back"} for advice in advised) / len(advised)
    promoted = advised.count("promote") / len(advised)
    print(f"\nwhole verdicts, 200 rollouts, 20 looks each: {promoted:.1%} promoted, {alarms:.1%} alarms")
    comparison, took_ms = verdict_of_many()
    interviews = comparison.control.sessions + comparison.candidate.sessions
    print(f"a verdict on {interviews:,} interviews: {took_ms:.0f} ms")
    met = all(holds for _, holds in told) and promoted <= ALPHA and alarms <= ALPHA
    print(f"bar, at most 5 % false winners, each: {'met' if met else 'MISSED'}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
