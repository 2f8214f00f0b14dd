"""Where a figure lies, by the values it was counted from: the usual 95 % ranges, for a reader and not for a decision.

    shares      Wilson's score interval
    means       Student's t, its quantile by Cornish and Fisher's expansion
    quantiles   order statistics, by the normal approximation of how many values lie below

Values of one person hang together, and are worth fewer than their number: `distinct`, by the design effect of survey
statistics. Every range rests on that number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt
from statistics import NormalDist, fmean, variance

Z = NormalDist().inv_cdf(0.975)
FEWEST = 5
"""Of fewer values nothing is said about where a mean or a quantile lies."""


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both included."""

    low: float
    high: float


def distinct(people: Sequence[Sequence[float]]) -> float:
    """How many values these are worth, when each inner sequence is one person's: their number, or fewer."""
    values = [value for person in people for value in person]
    groups, n = [person for person in people if person], len(values)
    if n < 2 or len(groups) < 2 or len(groups) == n:
        return float(n)
    mean = fmean(values)
    alone = variance(values, mean) / n
    together = sum((sum(person) - len(person) * mean) ** 2 for person in groups)
    together *= len(groups) / (len(groups) - 1) / n**2
    if alone <= 0 or together <= alone:
        return float(n)
    return max(n * alone / together, 1.0)


def of_rate(hits: int, n: int, worth: float) -> Range:
    """Of a share."""
    share, z2 = hits / n, Z * Z
    centre = (share + z2 / (2 * worth)) / (1 + z2 / worth)
    half = Z / (1 + z2 / worth) * sqrt(share * (1 - share) / worth + z2 / (4 * worth**2))
    return Range(max(0.0, centre - half), min(1.0, centre + half))


def of_mean(values: Sequence[float], worth: float) -> Range | None:
    """Of a mean."""
    if worth < FEWEST:
        return None
    mean = fmean(values)
    half = student(worth - 1) * sqrt(variance(values, mean) / worth)
    return Range(mean - half, mean + half)


def of_quantile(ordered: Sequence[float], quantile: float, worth: float) -> Range | None:
    """Of a quantile; `None` where its range would reach beyond what was seen."""
    if worth < FEWEST:
        return None
    half = Z * sqrt(quantile * (1 - quantile) / worth)
    low, high = quantile - half, quantile + half
    if low <= 0 or high >= 1:
        return None
    last = len(ordered) - 1
    return Range(ordered[floor(low * len(ordered))], ordered[min(floor(high * len(ordered)), last)])


def student(freedom: float) -> float:
    """The 97.5 % quantile of Student's t, to three digits from four degrees of freedom on."""
    z, v = Z, freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92_160 * v**4)
    )
