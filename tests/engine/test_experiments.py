"""Traffic splits: even, stable, independent, and a ramp that moves nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiments import BASIS_POINTS, Allocation, bucket, pin

UNITS = [f"user-{number}" for number in range(10_000)]


def test_buckets_are_spread_evenly_and_independently() -> None:
    halves = [bucket("review:1", unit) < 5_000 for unit in UNITS]
    others = [bucket("review:2", unit) < 5_000 for unit in UNITS]
    assert abs(sum(halves) - 5_000) < 250
    assert abs(sum(one == other for one, other in zip(halves, others, strict=True)) - 5_000) < 250


@given(st.text(), st.text())
def test_a_bucket_is_stable_and_in_range(salt: str, unit: str) -> None:
    assert 0 <= bucket(salt, unit) == bucket(salt, unit) < BASIS_POINTS


def test_a_known_bucket_stays_where_it_is() -> None:
    assert bucket("review:1", "user-1") == 650


@given(st.integers(0, 5_000), st.integers(0, 5_000), st.integers(0, 5_000), st.sampled_from(UNITS))
def test_widening_moves_nobody_out(narrow: int, more: int, other: int, unit: str) -> None:
    before = pin("s", unit, [Allocation("a", narrow)], otherwise="old")
    after = pin("s", unit, [Allocation("a", min(narrow + more, BASIS_POINTS))], otherwise="old")
    assert before == "old" or after == "a"
    beside = pin("s", unit, [Allocation("a", narrow), Allocation("b", other)], otherwise="old")
    assert before == "old" or beside == "a"


def test_shares_are_kept() -> None:
    allocations = [Allocation("a", 500), Allocation("b", 2_500), Allocation("c", 1_000)]
    drawn = [pin("s", unit, allocations, otherwise="old") for unit in UNITS]
    for name, share in (("a", 500), ("b", 2_500), ("c", 1_000), ("old", 6_000)):
        assert abs(drawn.count(name) - share) < 250
    assert pin("s", "anyone", [], otherwise="old") == "old"
    assert pin("s", "anyone", [Allocation("all", BASIS_POINTS)], otherwise="old") == "all"


@pytest.mark.parametrize("shares", [(-1,), (6_000, 5_000)])
def test_impossible_shares_are_refused(shares: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="basis points"):
        pin("s", "u", [Allocation("x", share) for share in shares], otherwise="old")
