"""Coaches' levels: which count, how they agree with the machine's, and what leaves the house of them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.team.ratings import CoachRating, agreement, compared, exported, newest, newest_blind, weighted_kappa
from tests.contracts.team_store import ADA, BOB, rating

LEVELS = st.none() | st.integers(1, 5)


def pairs(*levels: tuple[int | None, int | None]) -> list[CoachRating]:
    return [rating(level=a, machine=b, criterion=f"c{n}") for n, (a, b) in enumerate(levels)]


def test_the_newest_rating_counts_and_the_newest_blind_one_for_the_machine() -> None:
    first, second, seen = rating(level=2), rating(level=3, at=600.0), rating(level=5, at=700.0, blind=False)
    other = rating(BOB)
    assert newest([first, second, seen, other]) == [seen, other]
    assert newest_blind([first, second, seen, other]) == [second, other]


def test_agreement_stands_beside_what_a_constant_would_reach() -> None:
    found = agreement(pairs((3, 3), (3, 4), (3, 5), (2, 1), (None, 4), (4, None)))
    assert found is not None
    assert (found.pairs, found.exact, found.adjacent, found.abstained, found.coaches) == (4, 1, 3, 2, 1)
    assert (found.constant, found.constant_exact, found.constant_adjacent, found.kappa) == (3, 3, 4, None)
    assert agreement(pairs((None, 3), (3, None))) is None
    assert agreement([]) is None


def test_a_coefficient_needs_thirty_pairs() -> None:
    alike = pairs(*((n % 5 + 1, n % 5 + 1) for n in range(30)))
    found = agreement(alike)
    assert found is not None
    assert found.kappa == 1.0
    fewer = agreement(alike[:29])
    assert fewer is not None
    assert fewer.kappa is None


def test_weighted_kappa_agrees_with_a_worked_example() -> None:
    # Reckoned by hand: mean squared gap 4/6; by chance 84/36.
    levels = [(1, 2), (2, 2), (3, 4), (4, 4), (5, 4), (1, 2)]
    first, second = [a for a, _ in levels], [b for _, b in levels]
    seen = sum((a - b) ** 2 for a, b in levels) / 6
    chance = sum((a - b) ** 2 for a in first for b in second) / 36
    assert weighted_kappa(levels) == pytest.approx(1 - seen / chance)
    assert weighted_kappa([(3, 3), (3, 3)]) is None
    assert weighted_kappa([]) is None
    assert weighted_kappa([(1, 5), (5, 1)]) == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("theirs", "machine", "said"),
    [
        ({"a": 3, "b": 4}, {"a": 3, "b": 4}, "You and the machine gave the same level for 2 of 2 criteria."),
        (
            {"a": 3, "b": 4, "c": 1, "d": None},
            {"a": 3, "b": 5, "c": 4, "d": 2},
            "You and the machine gave the same level for 1 of 3 criteria, one level apart for 1, further apart for 1. "
            "1 criterion not scored by both.",
        ),
        (
            {"a": 2, "b": 1, "c": 1},
            {"a": 2, "b": None},
            "You and the machine gave the same level for 1 of 1 criterion. 2 criteria not scored by both.",
        ),
        ({"a": None}, {"a": 3}, "Nothing to compare: no criterion was scored by both of you."),
    ],
)
def test_agreement_on_one_answer_is_said_in_words(
    theirs: dict[str, int | None], machine: dict[str, int | None], said: str
) -> None:
    assert compared(theirs, machine) == said


def test_what_is_exported_holds_nobody() -> None:
    ratings = [rating(), rating(BOB, coach="d" * 16, at=510.0), rating(level=5, blind=False, at=900.0),
               replace(rating(criterion="z", level=None), at=501.0)]  # fmt: skip
    lines = exported(ratings)
    assert [(each["answer"], each["rater"], each["level"], each["machine_level"]) for each in lines] == [
        (1, 1, 4, 3), (1, 1, None, 3), (2, 2, 4, 3),
    ]  # fmt: skip
    text = json.dumps(lines)
    for secret in (str(ADA), ADA.person, BOB.person, "UADA", "UBOB", "slack", "c" * 16, "d" * 16, "500.0"):
        assert secret not in text


@given(st.lists(st.tuples(LEVELS, LEVELS), max_size=60))
def test_figures_of_agreement_stay_within_their_bounds(levels: list[tuple[int | None, int | None]]) -> None:
    found = agreement(pairs(*levels))
    if found is not None:
        assert 0 <= found.exact <= found.adjacent <= found.pairs <= len(levels)
        assert found.constant_exact <= found.constant_adjacent <= found.pairs
        assert found.kappa is None or -1 - 1e-9 <= found.kappa <= 1 + 1e-9
