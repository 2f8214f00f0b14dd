"""Tests that stay honest however often somebody looks: evidence as e-values, and intervals that hold at every look.

An e-value is what a bet against "no difference" would have made of 1; when there is none, it reaches 1/α with a chance
of at most α, over all looks together. So nobody has to plan when to look, or to stop. Two kinds stand here:

* means: the asymptotic confidence sequence of Waudby-Smith and others (arXiv 2103.06476, eq. 9);
* counts: the sequential multinomial test of Lindon and Malek (2020), for how units fall to the sides of a trial.

Each stage of a ramp is a trial of its own, because time changes people as well; their evidence is multiplied, here as
a sum of logarithms. What is measured, and what follows from it, is left to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, inf, lgamma, log, sqrt

TUNED_TO = 500
"""At how many units the interval is to be narrowest; it holds at any number."""
FEWEST = 30
"""Units per side before a mean says anything: the sequence is asymptotic."""
CONCENTRATION = 20.0
"""How near to the planned shares the other shares lie that the test of counts bets on."""


@dataclass(slots=True)
class Moments:
    """Count, mean and spread of what was added, in one pass (Welford)."""

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0

    def add(self, value: float) -> None:
        self.n += 1
        delta = value - self.mean
        self.mean += delta / self.n
        self.squares += delta * (value - self.mean)

    @property
    def variance(self) -> float:
        """Of the sample; 0 for fewer than two values."""
        return self.squares / (self.n - 1) if self.n > 1 else 0.0


@dataclass(frozen=True, slots=True)
class Sides:
    """The same figure on both sides of one stage."""

    control: Moments
    candidate: Moments


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference, candidate less control, and where it lies at this and every other look. `units` it rests on."""

    difference: float
    low: float
    high: float
    units: int


def spread(alpha: float, tuned_to: int = TUNED_TO) -> float:
    """The ρ² with which the interval of level α is narrowest at so many units."""
    return (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / tuned_to


def mean_log_e(sides: Sides, alpha: float, *, difference: float = 0.0) -> float:
    """The evidence of one stage against this difference of means; 0 while it says nothing."""
    weighed = _weighed(sides, alpha)
    if weighed is None:
        return 0.0
    weight, found, penalty = weighed
    return weight * (found - difference) ** 2 - penalty


def interval(stages: Iterable[Sides], alpha: float) -> Interval | None:
    """Every difference that the stages together have no evidence of 1/α against.

    `None` while no stage has enough units, and where the stages contradict each other so much that no one difference
    fits them all.
    """
    known = [(weighed, sides) for sides in stages if (weighed := _weighed(sides, alpha))]
    total = sum(weight for (weight, _, _), _ in known)
    if not total:
        return None
    centre = sum(weight * found for (weight, found, _), _ in known) / total
    apart = sum(weight * (found - centre) ** 2 for (weight, found, _), _ in known)
    room = -log(alpha) + sum(penalty for (_, _, penalty), _ in known) - apart
    if room < 0:
        return None
    half = sqrt(room / total)
    units = sum(sides.control.n + sides.candidate.n for _, sides in known)
    return Interval(centre, centre - half, centre + half, units)


def units_needed(difference: float, variance: float, share: float, alpha: float) -> float:
    """About how many units, both sides together, until such a difference shows. `share` is the candidate's, 0 to 1."""
    if not (0 < share < 1) or variance <= 0 or difference == 0:
        return inf
    rho2, spread_of_both = spread(alpha), variance / (share * (1 - share))

    def evidence(units: float) -> float:
        k = units * rho2 + 1
        return rho2 * difference**2 * units**2 / (2 * k * spread_of_both) - log(k) / 2

    few, many = 0.0, 1.0
    while evidence(many) < -log(alpha):
        many *= 2
    for _ in range(60):
        middle = (few + many) / 2
        few, many = (middle, many) if evidence(middle) < -log(alpha) else (few, middle)
    return many


def counts_log_e(counts: Sequence[int], shares: Sequence[float], concentration: float = CONCENTRATION) -> float:
    """The evidence that units do not fall in these shares. A share of 0 or 1 leaves nothing to find out."""
    if not all(0 < share < 1 for share in shares):
        return 0.0
    prior = [concentration * share for share in shares]
    posterior = [weight + count for weight, count in zip(prior, counts, strict=True)]
    planned = sum(count * log(share) for count, share in zip(counts, shares, strict=True))
    return _log_beta(posterior) - _log_beta(prior) - planned


def either(first: float, second: float) -> float:
    """The evidence of two e-values that may hang together: their mean, as logarithms."""
    most = max(first, second)
    return most + log((exp(first - most) + exp(second - most)) / 2)


def p_value(log_e: float) -> float:
    """The p-value that holds at every look."""
    return min(1.0, exp(-log_e)) if log_e > 0 else 1.0


def _weighed(sides: Sides, alpha: float) -> tuple[float, float, float] | None:
    """Weight, difference and penalty of a stage: its evidence against θ is weight · (difference − θ)² − penalty."""
    control, candidate = sides.control, sides.candidate
    if min(control.n, candidate.n) < FEWEST:
        return None
    variance = control.variance / control.n + candidate.variance / candidate.n
    if variance <= 0:
        return None
    units = control.n + candidate.n
    k = units * spread(alpha) + 1
    return spread(alpha) * units / (2 * k * variance), candidate.mean - control.mean, log(k) / 2


def _log_beta(weights: Sequence[float]) -> float:
    return sum(map(lgamma, weights)) - lgamma(sum(weights))
