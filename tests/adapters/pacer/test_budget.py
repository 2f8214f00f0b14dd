"""A bucket never lets more through than its platform does, and learns when it believed too much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pacer.budget import Budget
from adapters.pacer.forecast import affordable, spare_at

waits = st.lists(st.floats(0, 20, allow_nan=False), min_size=1, max_size=80)


@given(waits, st.sampled_from([20.0, 50.0, 100.0, 300.0]))
def test_whatever_the_pattern_a_platform_with_this_limit_never_refuses(waits: list[float], rate: float) -> None:
    budget, now = Budget("edits", rate), 0.0
    tokens, depth, at = rate / 5, rate / 5, 0.0
    for wait in waits:
        now += wait
        while budget.has(now):
            budget.take(now)
            tokens = min(depth, tokens + (now - at) * rate / 60)
            at = now
            assert tokens >= 1 - 1e-6
            tokens -= 1


@given(waits)
def test_the_moment_it_names_is_the_first_at_which_there_is_a_token(waits: list[float]) -> None:
    budget, now = Budget("edits", 50), 0.0
    for wait in waits:
        now += wait
        while budget.has(now):
            budget.take(now)
        ready = budget.ready_at(now)
        assert not budget.has(ready - 0.01)
        assert budget.has(ready)
        now = ready


def test_a_burst_is_nine_tenths_of_twelve_seconds_and_the_rate_97_percent() -> None:
    budget = Budget("edits", 50)
    taken = 0
    while budget.has(0):
        budget.take(0)
        taken += 1
    assert taken == 9
    assert budget.ready_at(0) == pytest.approx(1 / (50 / 60 * 0.97))


def test_a_refusal_empties_it_for_as_long_as_was_asked() -> None:
    budget = Budget("edits", 50)
    budget.refused(10, 30)
    assert not budget.has(39.9)
    assert budget.ready_at(20) == 40
    assert budget.has(40)
    budget.take(40)
    assert not budget.has(40)


def test_it_believes_less_once_per_wait_and_a_little_more_with_each_success() -> None:
    budget = Budget("edits", 60)
    full = budget.rate
    budget.refused(0, 10)
    budget.refused(5, 10)
    assert budget.rate == pytest.approx(full * 0.7)
    assert budget.ready_at(5) == 15
    for _ in range(10):
        budget.succeeded()
    assert budget.rate == pytest.approx(full * 0.8)
    assert budget.cautious
    for _ in range(5):
        budget.succeeded()
    assert budget.rate == pytest.approx(full * 0.85)
    for _ in range(200):
        budget.succeeded()
    assert (budget.rate, budget.cautious) == (pytest.approx(full), False)


def test_near_the_rate_that_was_refused_it_is_slow_to_believe_more() -> None:
    budget = Budget("edits", 60)
    full = budget.rate
    budget.refused(0, 10)
    for _ in range(15):
        budget.succeeded()
    before = budget.rate
    budget.succeeded()
    assert budget.rate - before == pytest.approx(full * 0.001)


def test_it_never_believes_so_little_that_nothing_could_ever_be_written() -> None:
    budget, now = Budget("starts", 20), 0.0
    for _ in range(50):
        budget.refused(now, 1)
        now = budget.ready_at(now)
        assert budget.has(now)
    assert budget.ready_at(now, 1) < now + 120


def test_what_will_be_needed_is_kept() -> None:
    budget = Budget("edits", 60, burst=5)  # 4.5 tokens, 0.97 a second
    assert affordable(budget, 0, [1, 1, 1, 1])
    assert not affordable(budget, 0, [1, 1, 1, 1, 1])
    assert affordable(budget, 0, [1, 1, 1, 1, 3])
    assert not affordable(budget, 0, [], cost=5)


def test_a_spent_token_does_no_harm_after_the_bucket_is_full_again() -> None:
    budget = Budget("edits", 60, burst=5)
    assert affordable(budget, 0, [20] * 50)


def test_of_a_bucket_that_fills_in_a_moment_nothing_is_kept() -> None:
    assert spare_at(Budget("overall", 48 * 60, burst=2), 0, [0.0] * 50) == 0
    assert spare_at(Budget("edits", 60, burst=2), 0, [0.0] * 50) > 0
