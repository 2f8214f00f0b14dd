"""Evidence that may be looked at as often as one likes: right to nine digits, and wrong no more often than it says.

The reference is computed in another way: counts exactly, in fractions, one prediction after another; means by adding
up the bets themselves over a fine grid.
"""

from __future__ import annotations

import random
from fractions import Fraction
from math import exp, inf, isclose, log, pi, sqrt
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.trials.sequential import (
    CONCENTRATION,
    Interval,
    Moments,
    Sides,
    counts_log_e,
    either,
    interval,
    mean_log_e,
    p_value,
    spread,
    units_needed,
)

ALPHA = 0.05
value = st.floats(-100, 100)
values = st.lists(value, min_size=2, max_size=60)


def drawn(seed: int, mean: float, n: int) -> list[float]:
    draw = random.Random(seed)
    return [draw.gauss(mean, 1) for _ in range(n)]


sample = st.builds(drawn, st.integers(0, 10**6), st.floats(-0.5, 0.5), st.integers(30, 200))


def moments(of: list[float]) -> Moments:
    made = Moments()
    for each in of:
        made.add(each)
    return made


def sides(control: list[float], candidate: list[float]) -> Sides:
    return Sides(moments(control), moments(candidate))


def predicted(counts: tuple[int, int], share: Fraction) -> Fraction:
    """What betting on each unit's side, by those before it, makes of 1 when the shares are as planned."""
    shares, weight = (1 - share, share), Fraction(int(CONCENTRATION))
    wealth, seen = Fraction(1), [0, 0]
    for side, count in enumerate(counts):
        for _ in range(count):
            prediction = (weight * shares[side] + seen[side]) / (weight + sum(seen))
            wealth *= prediction / shares[side]
            seen[side] += 1
    return wealth


def wagered(control: list[float], candidate: list[float], difference: float) -> float:
    """What bets of every size on the standardised difference make of 1, the sizes spread normally around nothing."""
    units = len(control) + len(candidate)
    error = sqrt(variance(control) / len(control) + variance(candidate) / len(candidate))
    total = (fmean(candidate) - fmean(control) - difference) / error * sqrt(units)
    width = sqrt(spread(ALPHA))
    centre, narrow = total * width**2 / (units * width**2 + 1), width / sqrt(units * width**2 + 1)
    steps = [centre + narrow * place / 20 for place in range(-240, 241)]
    bets = (exp(size * total - units * size**2 / 2 - (size / width) ** 2 / 2) for size in steps)
    return sum(bets) * narrow / 20 / (width * sqrt(2 * pi))


@given(values)
def test_moments_are_those_of_the_sample(sample: list[float]) -> None:
    made = moments(sample)
    assert made.n == len(sample)
    assert isclose(made.mean, fmean(sample), abs_tol=1e-9)
    assert isclose(made.variance, variance(sample), rel_tol=1e-9, abs_tol=1e-6)
    assert Moments().variance == 0


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 99))
def test_counts_weigh_what_predicting_each_unit_would(control: int, candidate: int, percent: int) -> None:
    exact = predicted((control, candidate), Fraction(percent, 100))
    found = counts_log_e((control, candidate), (1 - percent / 100, percent / 100))
    assert found == pytest.approx(log(exact.numerator) - log(exact.denominator), abs=1e-9)


@given(sample, sample, st.floats(-0.3, 0.3))
def test_means_weigh_what_the_bets_add_up_to(control: list[float], candidate: list[float], difference: float) -> None:
    found = mean_log_e(sides(control, candidate), ALPHA, difference=difference)
    assert found == pytest.approx(log(wagered(control, candidate, difference)), rel=1e-9, abs=1e-9)


@given(st.lists(st.tuples(sample, sample), min_size=1, max_size=3))
def test_an_interval_ends_where_the_evidence_of_all_stages_begins(
    stages: list[tuple[list[float], list[float]]],
) -> None:
    where = interval([sides(*stage) for stage in stages], ALPHA)
    if where is not None:
        assert where.low < where.difference < where.high
        assert where.units == sum(len(control) + len(candidate) for control, candidate in stages)
        for end in (where.low, where.high):
            assert sum(log(wagered(*stage, end)) for stage in stages) == pytest.approx(log(1 / ALPHA), abs=1e-8)


def test_the_interval_is_that_of_the_paper() -> None:
    """Equation 9, for two samples: the pseudo-outcomes have the variance of the difference times their number."""
    draw = random.Random(7)
    control, candidate = ([draw.gauss(mean, 2) for _ in range(150)] for mean in (0, 1))
    n, rho2 = 300, spread(ALPHA)
    sigma = sqrt(n * (variance(control) / 150 + variance(candidate) / 150))
    half = sigma * sqrt(2 * (n * rho2 + 1) / (n**2 * rho2) * log(sqrt(n * rho2 + 1) / ALPHA))
    difference = fmean(candidate) - fmean(control)
    found = interval([sides(control, candidate)], ALPHA)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((difference - half, difference + half), abs=1e-9)


def test_little_or_nothing_says_nothing() -> None:
    few, same = [0.0, 1.0] * 10, [1.0] * 40
    assert mean_log_e(sides(few, few), ALPHA) == 0
    assert mean_log_e(sides(same, same), ALPHA) == 0
    assert interval([sides(few, few)], ALPHA) is None
    assert counts_log_e((5, 0), (1.0, 0.0)) == 0
    assert counts_log_e((0, 0), (0.5, 0.5)) == 0
    assert (p_value(0.0), p_value(-3.0), p_value(log(20))) == (1, 1, pytest.approx(0.05))
    assert either(log(30), -1e9) == pytest.approx(log(15))


def test_stages_that_contradict_each_other_leave_no_interval() -> None:
    low, high = [0.0, 0.1] * 300, [9.0, 9.1] * 300
    assert interval([sides(low, high), sides(high, low)], ALPHA) is None
    assert isinstance(interval([sides(low, high)], ALPHA), Interval)


def test_how_many_units_it_takes() -> None:
    quarter = 0.25
    assert units_needed(0.1, quarter, 0.5, ALPHA) == pytest.approx(934, abs=1)
    assert units_needed(0.1, quarter, 0.05, ALPHA) > 4 * units_needed(0.1, quarter, 0.5, ALPHA)
    for impossible in ((0.0, quarter, 0.5), (0.1, 0.0, 0.5), (0.1, quarter, 0.0), (0.1, quarter, 1.0)):
        assert units_needed(*impossible, ALPHA) == inf


# How often a difference is found where there is none, when somebody looks every ten people.

LOOKS = range(10, 1_001, 10)


def finds_rate(seed: int, stages: tuple[tuple[float, float, int], ...]) -> bool:
    """Whether a difference of satisfaction is found at any look. Stages: share, satisfied on both sides, people."""
    draw, earlier = random.Random(seed).random, [0.0, 0.0]
    for share, satisfied, people in stages:
        counts = ([0, 0], [0, 0])
        for number in range(1, people + 1):
            counts[draw() < satisfied][draw() < share] += 1
            if number % 10 == 0:
                now = [
                    log_e + counts_log_e(each, (1 - share, share)) for log_e, each in zip(earlier, counts, strict=True)
                ]
                if either(*now) >= log(1 / ALPHA):
                    return True
        earlier = [log_e + counts_log_e(each, (1 - share, share)) for log_e, each in zip(earlier, counts, strict=True)]
    return False


def finds_mean(seed: int) -> bool:
    draw = random.Random(seed)
    both = (Moments(), Moments())
    for number in range(1, LOOKS[-1] + 1):
        both[draw.random() < 0.5].add(draw.expovariate(1))
        if number % 10 == 0 and mean_log_e(Sides(*both), ALPHA) >= log(1 / ALPHA):
            return True
    return False


def test_of_equal_versions_at_most_one_in_twenty_wins_however_often_one_looks() -> None:
    found = sum(finds_rate(seed, ((0.5, 0.8, 1_000),)) for seed in range(1_000))
    assert found <= 50


def test_a_ramp_beside_a_trend_finds_no_more() -> None:
    """5 → 25 → 50 %, while both versions please 65 → 75 → 85 %: pooled, four in five would be found to differ."""
    found = sum(finds_rate(seed, ((0.05, 0.65, 400), (0.25, 0.75, 400), (0.5, 0.85, 400))) for seed in range(1_000))
    assert found <= 50


def test_of_equal_means_at_most_one_in_twenty_differs() -> None:
    assert sum(finds_mean(seed) for seed in range(400)) <= 20


def test_a_true_difference_is_found() -> None:
    def finds(seed: int) -> bool:
        draw, counts = random.Random(seed).random, ([0, 0], [0, 0])
        for _ in range(1_200):
            candidate = draw() < 0.5
            counts[draw() < (0.9 if candidate else 0.8)][candidate] += 1
        return either(*(counts_log_e(each, (0.5, 0.5)) for each in counts)) >= log(1 / ALPHA)

    assert sum(finds(seed) for seed in range(200)) >= 180
