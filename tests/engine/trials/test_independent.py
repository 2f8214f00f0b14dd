"""Our statistics beside SciPy's, to nine digits: the same numbers from another's code, by other ways of reckoning.

counts      a Dirichlet mixture against the planned shares: `dirichlet_multinomial` and `multinomial`
means       a normal mixture of bets, added up by adaptive quadrature
ranges      Wilson's interval by `binomtest`, Student's t by `stats.t`
"""

from __future__ import annotations

import random
from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, optimize, stats

from engine.trials.ranges import distinct, of_mean, of_rate, student
from engine.trials.sequential import CONCENTRATION, Moments, Sides, counts_log_e, interval, mean_log_e, spread

ALPHA = 0.05
count = st.integers(0, 3_000)


def sides(control: list[float], candidate: list[float]) -> Sides:
    made = Moments(), Moments()
    for moments, values in zip(made, (control, candidate), strict=True):
        for value in values:
            moments.add(value)
    return Sides(*made)


def wagered(control: list[float], candidate: list[float], difference: float) -> float:
    """Robbins's mixture over the size of the bet, as an integral."""
    units = len(control) + len(candidate)
    error = sqrt(np.var(control, ddof=1) / len(control) + np.var(candidate, ddof=1) / len(candidate))
    total = (np.mean(candidate) - np.mean(control) - difference) / error * sqrt(units)
    width = sqrt(spread(ALPHA))
    peak = total * width**2 / (units * width**2 + 1)
    top = peak * total - units * peak**2 / 2 - (peak / width) ** 2 / 2

    def bet(size: float) -> float:
        return exp(size * total - units * size**2 / 2 - (size / width) ** 2 / 2 - top)

    narrow = 12 * width / sqrt(units * width**2 + 1)
    found, _ = integrate.quad(bet, peak - narrow, peak + narrow, epsabs=0, epsrel=1e-12, points=[peak])
    return float(top + log(found / (width * sqrt(2 * np.pi))))


@given(count, count, st.integers(1, 9_999))
def test_counts_agree(control: int, candidate: int, share_bp: int) -> None:
    share = share_bp / 10_000
    shares, counts = np.array([1 - share, share]), [control, candidate]
    ours = counts_log_e(counts, tuple(shares))
    if control + candidate == 0:
        assert ours == 0
        return
    mixed = stats.dirichlet_multinomial.logpmf(counts, CONCENTRATION * shares, control + candidate)
    planned = stats.multinomial.logpmf(counts, control + candidate, shares)
    assert ours == pytest.approx(float(mixed - planned), rel=1e-9, abs=1e-9)


@given(st.integers(0, 10**6), st.integers(30, 400), st.integers(30, 400), st.floats(-0.5, 0.5), st.floats(-0.3, 0.3))
def test_means_agree(seed: int, few: int, many: int, lift: float, difference: float) -> None:
    draw = random.Random(seed)
    control, candidate = [draw.gauss(0, 1) for _ in range(few)], [draw.gauss(lift, 2) for _ in range(many)]
    ours = mean_log_e(sides(control, candidate), ALPHA, difference=difference)
    assert ours == pytest.approx(wagered(control, candidate, difference), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_an_interval_ends_where_the_integral_says_so(seed: int) -> None:
    draw = random.Random(seed)
    control, candidate = [draw.gauss(0, 1) for _ in range(200)], [draw.gauss(0.2, 1) for _ in range(150)]
    where = interval([sides(control, candidate)], ALPHA)
    assert where is not None

    def beyond(difference: float) -> float:
        return wagered(control, candidate, difference) - log(1 / ALPHA)

    low, high = (optimize.brentq(beyond, where.difference, where.difference + far, xtol=1e-13) for far in (-2, 2))
    assert (where.low, where.high) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_range_of_a_share_is_wilsons(rate: tuple[int, int]) -> None:
    hits, n = rate
    theirs = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson")
    ours = of_rate(hits, n, float(n))
    assert (ours.low, ours.high) == (pytest.approx(theirs.low, abs=1e-9), pytest.approx(theirs.high, abs=1e-9))


def test_the_range_of_a_mean_is_students_to_three_digits() -> None:
    for freedom in (4, 5, 8, 20, 100, 2.5e4):
        assert student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-3)
    values = [random.Random(n).gauss(3, 1) for n in range(40)]
    ours = of_mean(values, 40)
    theirs = stats.t.interval(0.95, 39, loc=np.mean(values), scale=stats.sem(values))
    assert ours is not None
    assert (ours.low, ours.high) == (pytest.approx(theirs[0], rel=1e-4), pytest.approx(theirs[1], rel=1e-4))


def test_a_person_who_answers_often_counts_for_less() -> None:
    """As many as a resampling of people would say: the spread of the mean is the same."""
    draw = random.Random(1)
    people = [
        [mind + draw.gauss(0, 0.3) for _ in range(draw.randrange(1, 9))]
        for mind in np.random.default_rng(1).normal(0, 1, 300)
    ]
    values = [value for person in people for value in person]
    worth = distinct(people)
    assert worth < len(values) / 2
    resampled = np.random.default_rng(2)
    means: list[float] = []
    for _ in range(2_000):
        chosen = [people[n] for n in resampled.integers(0, len(people), len(people))]
        means.append(float(np.mean([value for person in chosen for value in person])))
    assert sqrt(np.var(values, ddof=1) / worth) == pytest.approx(np.std(means), rel=0.05)
