"""What an interview showed, and the figures of a version: counted, with how many they rest on."""

from __future__ import annotations

from typing import Any

import pytest

from engine.facts import Reviewed
from engine.feedback.model import Origin
from engine.feedback.reader import ABSENT, UNUSABLE
from engine.trials.figures import Rate, by_version, figures, spread
from engine.trials.observing import GIVEN_UP_S, Observation, TurnMetric, turn_metric
from tests.kit.interviews import WEIGHTS, feedback

MODEL, STAND_IN = Origin(provider="p", model="m"), Origin(provider="offline", model="checklist", fallback=True)


def metric(**changes: Any) -> TurnMetric | None:
    fields: dict[str, Any] = {"prompt": "review@1", "origins": {"headline": MODEL}, "took_ms": 5, "input_tokens": 7}
    made = feedback(**(fields | changes))
    return turn_metric(Reviewed(at=3.0, turn=2, attempt=1, revision=1, feedback=made), WEIGHTS)


def turn(took_ms: int = 1_000, **changes: Any) -> TurnMetric:
    fields: dict[str, Any] = {
        "turn": 1, "ref": "review@1", "provider": "p", "model": "m", "took_ms": took_ms,
        "first_section_ms": took_ms // 4,
        "input_tokens": 100, "output_tokens": 50, "schema_ok": True, "repaired": False, "trouble": None, "score": 0.5,
        "at": 0.0, "cost_micros": 200,
    }  # fmt: skip
    return TurnMetric(**(fields | changes))


def seen(person: str = "ada", *turns: TurnMetric, **changes: Any) -> Observation:
    fields: dict[str, Any] = {"session": person, "person": person, "ref": "review@1", "at": 0.0, "turns": turns}
    return Observation(**(fields | changes))


def test_a_review_is_measured_by_what_it_took() -> None:
    made = metric(first_section_ms=2, output_tokens=3)
    assert made is not None
    assert (made.turn, made.ref, made.provider, made.model, made.at) == (2, "review@1", "p", "m", 3.0)
    assert (made.took_ms, made.first_section_ms, made.tokens, made.score) == (5, 2, 10, 0.5)
    assert (made.schema_ok, made.repaired, made.trouble, made.cost_micros) == (True, False, None, 0)


def test_trouble_is_told_apart() -> None:
    unreadable, absent = metric(missing={"rewrite": UNUSABLE}, repaired=True), metric(missing={"rewrite": ABSENT})
    assert unreadable is not None
    assert absent is not None
    assert (unreadable.schema_ok, unreadable.repaired, unreadable.trouble) == (False, True, None)
    assert (absent.schema_ok, absent.repaired, absent.trouble) == (True, False, "absent")
    stood_in = metric(origins={"headline": MODEL, "summary": STAND_IN})
    assert stood_in is not None
    assert (stood_in.trouble, stood_in.provider) == ("fallback", "offline")
    nothing = metric(headline="", origins={}, missing={"headline": ABSENT})
    assert nothing is not None
    assert (nothing.provider, nothing.trouble) == ("", "absent")


def test_where_no_version_was_asked_nothing_is_measured() -> None:
    assert metric(prompt="") is None
    assert metric(headline="That is the question itself.", origins={}, missing={"summary": "…"}) is None


def test_an_interview_ends_by_plan_by_choice_or_by_silence() -> None:
    assert seen(over=True).completed(0.0) is True
    assert seen(over=True, stopped=True).completed(0.0) is False
    assert seen(changed_at=5.0).completed(5.0) is None
    assert seen(changed_at=5.0).completed(5.0 + GIVEN_UP_S) is False


@pytest.mark.parametrize(("ratings", "satisfied"), [({}, None), ({1: 1, 2: 1, 3: -1}, True), ({1: 1, 2: -1}, False)])
def test_a_person_is_satisfied_by_more_thumbs_up_than_down(ratings: dict[int, int], satisfied: bool | None) -> None:
    assert seen(ratings=ratings).satisfied is satisfied


def test_figures_say_what_they_rest_on() -> None:
    interviews = [
        seen("ada", turn(1_000), turn(3_000, repaired=True), ratings={1: 1}, over=True),
        seen("ada", turn(2_000, schema_ok=False, score=None), ratings={1: -1}, stopped=True),
        seen("bob", turn(60_000, trouble="fallback"), turn(6_000, trouble="absent", first_section_ms=0)),
        seen("eve"),
    ]
    found = figures(interviews, now=0.0)
    assert (found.sessions, found.people, found.reviews) == (4, 3, 4)
    assert found.took_ms == spread([1_000, 2_000, 3_000, 6_000])
    assert found.first_section_ms == spread([250, 500, 750])
    assert found.tokens == spread([300, 150, 150])
    assert found.cost_micros == spread([400, 200, 200])
    assert found.score == spread([0.5, 0.5, 0.5])
    assert (found.unreadable, found.repaired, found.absent) == (Rate(1, 4), Rate(1, 4), Rate(1, 4))
    assert (found.stood_in, found.finished) == (Rate(1, 5), Rate(1, 2))
    assert (found.satisfied, found.rated, found.rated.share) == (Rate(1, 2), Rate(2, 4), 0.5)


def test_of_nothing_there_are_no_figures() -> None:
    found = figures([], now=0.0)
    assert (found.sessions, found.took_ms, found.satisfied.share) == (0, None, None)


def test_a_spread_is_mean_median_and_the_95th_of_a_hundred() -> None:
    lies = spread(range(1, 101))
    assert lies is not None
    assert (lies.n, lies.mean, lies.median, lies.p95) == (100, 50.5, 50.5, 95)
    assert spread([7]) == type(lies)(1, 7, 7, 7)


def test_versions_stand_side_by_side() -> None:
    found = by_version([seen(ref="review@2"), seen(ref="review@1"), seen(ref="review@2")], now=0.0)
    assert {ref: each.sessions for ref, each in found.items()} == {"review@2": 2, "review@1": 1}
    assert list(found) == ["review@2", "review@1"]
