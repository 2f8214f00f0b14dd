"""Rollouts: a share that only grows, sides that nobody leaves, and never more than everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.experiments import BASIS_POINTS
from engine.trials.rollout import Rollout, assigned, opened, percent

PEOPLE = [f"test/w/{number}" for number in range(2_000)]
share = st.integers(1, BASIS_POINTS)


def rollout(share_bp: int = 500, number: int = 1) -> Rollout:
    made = opened("review", "review@1", "review@2", share_bp, number=number, by="ada", at=0.0)
    return replace(made, id=7)


def candidates(of: Rollout) -> set[str]:
    assignments = {person: assigned({"review": "review@1"}, [of], person) for person in PEOPLE}
    return {person for person, each in assignments.items() if each.prompts["review"] == "review@2"}


@given(st.lists(share, min_size=1, max_size=6), st.sampled_from(PEOPLE))
def test_a_ramp_only_adds(shares: list[int], person: str) -> None:
    first, *later = sorted(set(shares))
    now, was = rollout(first), False
    for number, share_bp in enumerate([first, *later], 1):
        now = now if number == 1 else now.raised(share_bp, at=float(number))
        got = assigned({"review": "review@1", "report": "report@1"}, [now], person)
        arm = got.arms["review"]
        assert (arm.rollout, arm.stage, arm.candidate) == (7, number, got.prompts["review"] == "review@2")
        assert got.prompts["report"] == "report@1"
        assert arm.candidate or not was
        was = arm.candidate
        assert sum(stage.ended_at is None for stage in now.stages) == 1
        assert now.stage.share_bp <= BASIS_POINTS


@settings(max_examples=20)
@given(share)
def test_people_fall_evenly_by_their_share(share_bp: int) -> None:
    found = len(candidates(rollout(share_bp)))
    expected = len(PEOPLE) * share_bp / BASIS_POINTS
    assert abs(found - expected) <= 5 * (expected * (1 - share_bp / BASIS_POINTS)) ** 0.5 + 1


def test_another_rollout_tries_others() -> None:
    both = candidates(rollout(2_500)) & candidates(rollout(2_500, number=2))
    assert 80 <= len(both) <= 170


def test_a_hold_is_for_everybody_and_ends_where_it_began() -> None:
    before = rollout().raised(2_500, at=1.0)
    held = before.on_hold(at=2.0)
    assert held.held
    assert candidates(held) == set()
    again = held.resumed(at=3.0)
    assert candidates(again) == candidates(before)
    assert [stage.share_bp for stage in again.stages] == [500, 2_500, 0, 2_500]
    assert again.reached_bp == 2_500


def test_a_closed_rollout_assigns_nobody() -> None:
    ended = rollout().closed(at=5.0, reason="enough")
    assert not ended.open
    assert not ended.held
    assert (ended.closed_at, ended.close_reason, ended.stage.ended_at) == (5.0, "enough", 5.0)
    assert assigned({"review": "review@1"}, [ended], "anyone").arms == {}


def test_what_a_rollout_cannot_do_is_said() -> None:
    with pytest.raises(ValueError, match=r"can only be raised; it is 5 % now"):
        rollout().raised(500, at=1.0)
    with pytest.raises(ValueError, match=r"from 0 % to 100 %, not 100.01 %"):
        rollout().raised(10_001, at=1.0)
    with pytest.raises(ValueError, match=r"from 0.01 % to 100 %, not 0 %"):
        rollout(0)
    with pytest.raises(ValueError, match="in production already"):
        opened("review", "review@1", "review@1", 500, number=1, by="ada", at=0.0)
    with pytest.raises(ValueError, match="not on hold"):
        rollout().resumed(at=1.0)
    held = rollout().on_hold(at=1.0)
    with pytest.raises(ValueError, match="on hold already"):
        held.on_hold(at=2.0)
    with pytest.raises(ValueError, match="resume it before"):
        held.raised(2_500, at=2.0)
    assert percent(250) == "2.5 %"
