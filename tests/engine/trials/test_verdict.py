"""What a rollout is said to have shown: never a winner too early, and never one that breaks things."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from engine.trials.guardrails import Limits
from engine.trials.observing import Observation
from engine.trials.rollout import Rollout, opened
from engine.trials.verdict import Comparison, compare, described, rounded
from tests.engine.trials.test_figures import seen, turn

DAY = 86_400.0
Rule = Callable[[random.Random, bool], dict[str, Any]]


def rollout(share_bp: int = 5_000) -> Rollout:
    return replace(opened("review", "review@1", "review@2", share_bp, number=1, by="ada", at=0.0), id=1)


def rated(control: float, candidate: float, response: float = 1.0) -> Rule:
    """People who are satisfied with such a chance, and say so with another."""

    def one(draw: random.Random, is_candidate: bool) -> dict[str, Any]:
        satisfied = draw.random() < (candidate if is_candidate else control)
        return {"ratings": {1: 1 if satisfied else -1} if draw.random() < response else {}}

    return one


def reviews(**of_candidate: Any) -> Rule:
    """Reviews that differ a little from one another, and on the candidate's side in this as well."""

    def one(draw: random.Random, is_candidate: bool) -> dict[str, Any]:
        changes = {name: value(draw) for name, value in of_candidate.items()} if is_candidate else {}
        usual: dict[str, Any] = {
            "took_ms": round(draw.lognormvariate(9, 0.3)),
            "input_tokens": round(draw.lognormvariate(8, 0.2)),
            "score": draw.betavariate(5, 3),
        }
        return {"turns": (turn(**(usual | changes)),)}

    return one


def held(people: int, *rules: Rule, share: float = 0.5, seed: int = 1, stage: int = 1) -> list[Observation]:
    """Interviews of so many people in one stage."""
    draw = random.Random(seed)
    found: list[Observation] = []
    for number in range(people):
        is_candidate = draw.random() < share
        fields: dict[str, Any] = {"rollout": 1, "stage": stage, "candidate": is_candidate, "over": True}
        for rule in rules:
            fields |= rule(draw, is_candidate)
        found.append(seen(f"{seed}-{number}", **({"turns": (turn(),)} | fields)))
    return found


def compared(observations: list[Observation], limits: Limits | None = None, now: float = DAY) -> Comparison:
    return compare(rollout(), observations, now=now, limits=limits)


def test_before_anybody_came_it_says_how_many_it_takes() -> None:
    verdict = compared([]).verdict
    assert (verdict.advice, verdict.winner, verdict.more_sessions) == ("wait", None, 700)
    assert verdict.words == (
        "Not enough data: about 700 more sessions until 10 points would show (0 rated so far). "
        "Rated: none of the interviews with the candidate, none of the others."
    )


def test_a_small_difference_is_no_winner() -> None:
    verdict = compared(held(60, rated(0.7, 0.9, response=0.5))).verdict
    whole = compared(held(60, rated(0.7, 0.9))).verdict
    assert (verdict.advice, verdict.winner) == ("wait", None)
    assert verdict.more_sessions is not None
    assert whole.more_sessions is not None
    assert verdict.more_sessions > whole.more_sessions, "only half of them rate"
    assert "Not enough data" in verdict.words


def test_with_enough_people_so_far_the_difference_is_told_with_its_interval() -> None:
    verdict = compared(held(120, rated(0.8, 0.8))).verdict
    assert verdict.advice == "wait"
    assert "rated so far: " in verdict.words
    assert "a difference between -" in verdict.words


def test_a_better_candidate_is_promoted() -> None:
    found = compared(held(1_000, rated(0.75, 0.92)))
    assert (found.verdict.advice, found.verdict.winner) == ("promote", "candidate")
    assert "People are more satisfied with the candidate: 91 % of 466 against 73 % of 534" in found.verdict.words
    assert "a difference between +" in found.verdict.words
    assert found.control.sessions + found.candidate.sessions == found.satisfaction.units == 1_000


def test_a_worse_candidate_is_rolled_back() -> None:
    verdict = compared(held(1_000, rated(0.85, 0.6))).verdict
    assert (verdict.advice, verdict.winner) == ("roll back", "control")
    assert "less satisfied" in verdict.words


def test_a_difference_may_be_sure_before_its_size_is() -> None:
    people = held(100, rated(0.0, 1.0), share=0.2)
    found = compare(rollout(2_000), people, now=DAY)
    assert found.satisfaction.candidate.units < 30
    assert found.verdict.advice == "promote"
    assert "100 % of 18 against 0 % of 82. Rated" in found.verdict.words


def test_a_surely_small_difference_is_said_to_be_small() -> None:
    verdict = compared(held(6_000, rated(0.8, 0.8))).verdict
    assert (verdict.advice, verdict.winner) == ("wait", None)
    assert verdict.words.startswith("No difference worth having: 8")


def test_what_cannot_be_decided_for_a_month_is_held_and_not_shipped() -> None:
    verdict = compared(held(60, rated(0.8, 0.9)), now=30 * DAY).verdict
    assert verdict.advice == "hold"
    assert "It has been open for 30 days; better hold it." in verdict.words


def test_on_hold_or_at_everybody_nothing_more_will_show() -> None:
    for of in (rollout().on_hold(at=1.0), rollout(10_000)):
        verdict = compare(of, [], now=DAY).verdict
        assert verdict.more_sessions is None
        assert "none to come at this share" in verdict.words


def test_a_person_counts_once_in_a_stage_with_the_first_interview_that_has_the_figure() -> None:
    fields: dict[str, Any] = {"rollout": 1, "stage": 1, "candidate": True}
    regular = [seen("ada", **fields), *(seen("ada", ratings={1: 1}, **fields) for _ in range(500))]
    found = compared(regular)
    assert (found.satisfaction.candidate.units, found.satisfaction.candidate.mean) == (1, 1.0)
    assert found.verdict.advice == "wait"
    assert found.candidate.sessions == 501


def test_other_rollouts_and_other_stages_do_not_count() -> None:
    strange = [seen("ada", rollout=9, stage=1, ratings={1: 1}), seen("ada", rollout=1, stage=4, ratings={1: 1})]
    assert compared(strange).satisfaction.units == 0


def test_stages_are_judged_each_by_itself() -> None:
    """A candidate that is shown to more people as everybody grows happier does not win by that."""
    ramp = rollout(500).raised(2_500, at=1.0).raised(5_000, at=2.0)
    people = [
        each
        for stage, (share, satisfied) in enumerate(((0.05, 0.5), (0.25, 0.7), (0.5, 0.95)), 1)
        for each in held(600, rated(satisfied, satisfied), share=share, seed=stage, stage=stage)
    ]
    found = compare(ramp, people, now=DAY)
    pooled = (found.satisfaction.candidate.mean or 0) - (found.satisfaction.control.mean or 0)
    assert pooled > 0.1
    assert found.verdict.advice == "wait"
    assert abs(found.satisfaction.difference or 0) < 0.05


GOOD = rated(0.75, 0.95)


@pytest.mark.parametrize(
    ("rule", "advice", "words"),
    [
        (reviews(schema_ok=lambda draw: draw.random() > 0.3), "roll back", "Reviews that cannot be read: 32 %"),
        (reviews(trouble=lambda draw: "absent" if draw.random() < 0.3 else None), "roll back", "never came: "),
        (reviews(took_ms=lambda draw: round(draw.lognormvariate(9.6, 0.3))), "roll back", "Reviews take 1.79"),
        (reviews(input_tokens=lambda draw: round(draw.lognormvariate(9, 0.2))), "roll back", "as many tokens"),
        (reviews(score=lambda draw: draw.betavariate(8, 2)), "hold", "Scores are 0.1"),
        (reviews(score=lambda draw: draw.betavariate(2, 8)), "hold", "lower with the candidate"),
        (lambda draw, candidate: {"stopped": candidate and draw.random() < 0.3}, "roll back", "held to their end: "),
    ],
)
def test_what_people_like_and_breaks_things_does_not_win(rule: Rule, advice: str, words: str) -> None:
    found = compared(held(1_000, GOOD, rule), Limits(unreadable_in_a_row=50))
    assert (found.verdict.advice, found.verdict.winner) == (advice, None)
    assert words in found.verdict.words
    assert [each.name for each in found.guardrails if each.alarm] != []


def test_equal_sides_set_off_no_alarm() -> None:
    found = compared(held(1_000, rated(0.8, 0.8), reviews()))
    assert list(found.alarms) == []
    assert {each.evidence.units for each in found.guardrails} == {1_000}


def test_people_who_do_not_fall_as_planned_hold_the_trial() -> None:
    found = compared(held(800, GOOD, share=0.65))
    assert found.verdict.advice == "hold"
    assert "people got the candidate, where 400 were to be expected" in found.verdict.words


def test_some_things_are_bad_enough_at_once() -> None:
    fields: dict[str, Any] = {"rollout": 1, "stage": 1, "candidate": True}
    broken = [seen("a", *(turn(schema_ok=False, at=float(n)) for n in range(3)), **fields)]
    assert compared(broken).verdict.words == "Roll back. The last 3 reviews could not be read."
    mended = [seen("a", *(turn(schema_ok=False, at=float(n)) for n in range(3)), turn(at=9.0), **fields)]
    assert list(compared(mended).alarms) == []
    slow = [seen("a", *(turn(90_000) for _ in range(20)), **fields)]
    assert "longer than 90 s; 60 s is the limit" in compared(slow).verdict.words
    dear = [seen("a", turn(cost_micros=400_000), **fields)]
    limit = Limits(session_micros=250_000)
    assert "An interview costs $0.400; $0.250 is the limit." in compared(dear, limit).verdict.words
    both = compared([*dear, *broken], replace(limit, session_micros=150_000))
    assert both.verdict.words == (
        "Roll back. The last 3 reviews could not be read. An interview costs $0.200; $0.150 is the limit."
    )


def test_a_rollout_is_told_in_a_few_words() -> None:
    assert described(rollout()) == "at 50 %"
    assert described(rollout().on_hold(at=1.0)) == "on hold at 50 %"
    assert described(rollout().closed(at=1.0, reason="enough")) == "closed: enough"


@pytest.mark.parametrize(("count", "told"), [(0.2, 1), (9.1, 10), (11, 11), (934, 940), (12_345, 13_000)])
def test_what_is_not_known_exactly_is_not_told_exactly(count: float, told: int) -> None:
    assert rounded(count) == told
