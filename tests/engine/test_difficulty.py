"""The level follows the last three scores, and only them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.difficulty import next_level
from engine.feedback.model import mean

scores = st.lists(st.none() | st.floats(0, 1), max_size=8)


@pytest.mark.parametrize(
    ("level", "given_scores", "expected"),
    [
        (3, [], 3),
        (3, [1.0], 3),
        (3, [1.0, None], 3),
        (3, [0.81, 0.81], 4),
        (3, [0.8, 0.8], 3),
        (3, [0.4, 0.4], 3),
        (3, [0.39, 0.39], 2),
        (3, [0.0, 1.0, 1.0, 0.9], 4),
        (3, [1.0, None, 0.7], 4),
        (5, [1.0, 1.0], 5),
        (1, [0.0, 0.0], 1),
    ],
)
def test_the_mean_of_the_last_three_moves_the_level_by_one(
    level: int, given_scores: list[float | None], expected: int
) -> None:
    moved, reason = next_level(level, given_scores)
    assert moved == expected
    assert bool(reason) == (moved != level)


@given(st.integers(1, 5), scores)
def test_a_level_never_leaves_its_range_and_never_jumps(level: int, given_scores: list[float | None]) -> None:
    moved, _ = next_level(level, given_scores)
    assert 1 <= moved <= 5
    assert abs(moved - level) <= 1


@given(scores)
def test_what_was_not_scored_changes_nothing(given_scores: list[float | None]) -> None:
    known = [score for score in given_scores if score is not None]
    assert next_level(3, given_scores) == next_level(3, list(known))


def test_the_mean_of_nothing_is_nothing() -> None:
    assert mean([None, None]) is None
