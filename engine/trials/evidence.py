"""From interviews to evidence about one figure: who counts, and how surely the two sides differ.

Sides are drawn by person, so a person counts once in each stage, with the first interview that has the figure. Counting
every interview, or every turn, as if it were somebody else finds differences where there are none: with a hundred
regulars, in most rollouts of a version that differs in nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log

from engine.experiments import BASIS_POINTS
from engine.trials.observing import Observation
from engine.trials.rollout import Rollout
from engine.trials.sequential import Interval, Moments, Sides, counts_log_e, either, interval, mean_log_e

Reading = Callable[[Observation], float | None]
"""A figure of one interview; 0 or 1 for yes and no, `None` when it has none."""


@dataclass(frozen=True, slots=True)
class Side:
    """Who counts on one side of a rollout, over all stages."""

    units: int
    mean: float | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a figure compares. `log_e` is the evidence against "no difference"; `interval` where the difference lies.

    For yes-or-no figures the evidence comes from exact counts and the interval is that of a mean, so that now and then
    one is sure before the other is.
    """

    control: Side
    candidate: Side
    log_e: float
    interval: Interval | None
    difference: float | None

    @property
    def units(self) -> int:
        return self.control.units + self.candidate.units

    def shows(self, alpha: float) -> bool:
        """There is a difference, at a level that holds however often this was asked."""
        return self.log_e >= -log(alpha)


@dataclass(frozen=True, slots=True)
class Staged:
    """The values that count in one stage, by side. `share` is the candidate's, 0 to 1."""

    share: float
    control: Sequence[float]
    candidate: Sequence[float]


def staged(rollout: Rollout, observations: Iterable[Observation], reading: Reading) -> list[Staged]:
    """What counts, by stage; `observations` oldest first. Stages with one side only, such as a hold, are left out."""
    sides: dict[int, tuple[list[float], list[float]]] = {stage.seq: ([], []) for stage in rollout.stages}
    seen: set[tuple[int, str]] = set()
    for each in observations:
        if each.rollout != rollout.id or each.stage not in sides or (each.stage, each.person) in seen:
            continue
        if (value := reading(each)) is not None:
            seen.add((each.stage, each.person))
            sides[each.stage][each.candidate].append(value)
    shares = {stage.seq: stage.share_bp for stage in rollout.stages if 0 < stage.share_bp < BASIS_POINTS}
    return [Staged(share / BASIS_POINTS, *sides[seq]) for seq, share in shares.items()]


def of_rate(stages: Sequence[Staged], alpha: float) -> Evidence:
    """The evidence about a figure that is yes or no."""

    def stream(outcome: float) -> float:
        return sum(
            counts_log_e((stage.control.count(outcome), stage.candidate.count(outcome)), (1 - stage.share, stage.share))
            for stage in stages
        )

    return _evidence(stages, either(stream(0.0), stream(1.0)), alpha)


def of_mean(stages: Sequence[Staged], alpha: float) -> Evidence:
    """The evidence about a figure that is a number."""
    return _evidence(stages, sum(mean_log_e(sides, alpha) for sides in map(_sides, stages)), alpha)


def of_shares(stages: Sequence[Staged]) -> float:
    """The evidence that people did not fall to the two sides as planned; any figure will do that everybody has."""
    return sum(
        counts_log_e((len(stage.control), len(stage.candidate)), (1 - stage.share, stage.share)) for stage in stages
    )


def _evidence(stages: Sequence[Staged], log_e: float, alpha: float) -> Evidence:
    return Evidence(
        control=_side(value for stage in stages for value in stage.control),
        candidate=_side(value for stage in stages for value in stage.candidate),
        log_e=log_e,
        interval=interval(map(_sides, stages), alpha),
        difference=_difference(stages),
    )


def _difference(stages: Sequence[Staged]) -> float | None:
    """The mean of the stages' differences, each by how much it has to say."""
    pairs = [
        (len(stage.control) * len(stage.candidate) / (len(stage.control) + len(stage.candidate)), stage)
        for stage in stages
        if stage.control and stage.candidate
    ]
    total = sum(weight for weight, _ in pairs)
    if not total:
        return None
    return sum(
        weight * (sum(stage.candidate) / len(stage.candidate) - sum(stage.control) / len(stage.control))
        for weight, stage in pairs
    ) / total  # fmt: skip


def _side(values: Iterable[float]) -> Side:
    known = list(values)
    return Side(len(known), sum(known) / len(known) if known else None)


def _sides(stage: Staged) -> Sides:
    control, candidate = Moments(), Moments()
    for moments, values in ((control, stage.control), (candidate, stage.candidate)):
        for value in values:
            moments.add(value)
    return Sides(control, candidate)
