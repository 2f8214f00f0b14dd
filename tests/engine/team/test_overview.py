"""A team at a glance: what is counted, and what is hidden so that nobody can be found in a figure."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.team.crowd import LEAST_PEOPLE, parted, people
from engine.team.outcome import Held
from engine.team.overview import Bill, overview, use
from engine.trials.figures import Rate
from engine.trials.observing import TurnMetric
from tests.engine.team.helds import DAY, NOW, held

HELD = st.lists(
    st.builds(
        held,
        st.sampled_from("abcdefg"),
        st.sampled_from(("behavioral", "coding", "system-design", "own")),
        at=st.floats(NOW - 90 * DAY, NOW),
        score=st.none() | st.floats(0, 1),
        state=st.sampled_from(("open", "completed", "stopped")),
        opinion=st.none() | st.integers(-3, 3),
        answers=st.integers(0, 5),
    ),
    max_size=40,
)


def metric(**changes: Any) -> TurnMetric:
    usual: dict[str, Any] = {
        "turn": 1, "ref": "review@1", "provider": "openai", "model": "gpt", "took_ms": 4_000, "first_section_ms": 1_000,
        "input_tokens": 90, "output_tokens": 10, "schema_ok": True, "repaired": False, "trouble": None, "score": 0.5,
        "at": NOW, "cost_micros": 7,
    }  # fmt: skip
    return TurnMetric(**(usual | changes))


def test_types_are_counted_the_most_used_first() -> None:
    found = overview(
        [
            *(held(person, "coding", score=score) for person, score in zip("abcd", (0.2, 0.4, None, 0.9), strict=True)),
            *(held(person, state="stopped") for person in "abc"),
            held("a", "behavioral", at=NOW, title="Renamed", answers=4, hints=2, judge="offline"),
            held("b", "coding"),
        ],
        [], Bill(), now=NOW,
    )  # fmt: skip
    assert [(each.type_id, each.title) for each in found.types] == [("coding", "Coding"), ("behavioral", "Renamed")]
    coding, behavioral = (each.use for each in found.types)
    assert coding is not None
    assert behavioral is not None
    assert found.total is not None
    assert (coding.interviews, coding.people, coding.scored, coding.score) == (5, 4, 4, 0.5)
    assert (behavioral.completed, behavioral.hints, behavioral.answers) == (Rate(1, 4), 2, 10)
    assert behavioral.offline == Rate(1, 4)
    assert (found.total.interviews, found.total.people, found.all_counted) == (9, 4, True)


def test_interviews_that_go_on_are_neither_completed_nor_given_up() -> None:
    fresh, old = held("a", state="open", at=NOW - 10), held("b", state="open", at=NOW - 2 * DAY)
    assert use([fresh, old, held("c")], now=NOW).completed == Rate(1, 2)


def test_a_type_that_fewer_than_three_people_used_is_not_shown_and_cannot_be_reckoned() -> None:
    found = overview([*(held(p) for p in "abcd"), held("a", "coding"), held("b", "coding")], [], Bill(), now=NOW)
    assert [(each.type_id, each.use is None) for each in found.types] == [("behavioral", False), ("coding", True)]
    assert found.total is not None
    assert (found.total.interviews, found.all_counted) == (4, False)


def test_hidden_types_count_in_all_when_three_people_are_hidden_together() -> None:
    rare = [held("a", "coding"), held("b", "coding"), held("c", "own")]
    found = overview([*(held(p) for p in "abc"), *rare], [], Bill(), now=NOW)
    assert found.total is not None
    assert (found.total.interviews, found.all_counted) == (6, True)


def test_nothing_is_shown_of_a_team_of_two() -> None:
    found = overview([held("a", opinion=1), held("b", opinion=1)], [], Bill(), now=NOW)
    assert (found.total, found.satisfaction, found.all_counted) == (None, None, False)
    assert [each.use for each in found.types] == [None]


def test_satisfaction_says_how_many_answered() -> None:
    opinions = (1, 2, -1, 0, None, None)
    found = overview([held(p, opinion=o) for p, o in zip("abcdef", opinions, strict=True)], [], Bill(), now=NOW)
    assert found.satisfaction is not None
    assert (found.satisfaction.satisfied, found.satisfaction.rated) == (Rate(2, 4), Rate(4, 6))
    two = overview([held(p, opinion=1 if p in "ab" else None) for p in "abcdef"], [], Bill(), now=NOW)
    assert two.satisfaction is None


def test_what_was_spent_is_shown_by_model_and_in_all() -> None:
    reviews = [
        metric(),
        metric(took_ms=6_000, first_section_ms=0),
        metric(model="flash", provider="gemini"),
        metric(trouble="absent"),
        metric(trouble="fallback", provider="offline", model="offline", cost_micros=0),
    ]
    spent = overview([], reviews, Bill(tokens=9_000, cost_micros=20), now=NOW).spent
    assert (spent.reviews, spent.stood_in, spent.tokens, spent.cost_micros) == (5, 1, 9_000, 28)
    assert [(each.provider, each.reviews, each.absent) for each in spent.models] == [
        ("gemini", 1, Rate(0, 1)),
        ("openai", 3, Rate(1, 3)),
    ]
    of_openai = spent.models[1]
    assert of_openai.first_section_ms is not None
    assert of_openai.took_ms is not None
    assert (of_openai.first_section_ms.n, of_openai.took_ms.n, of_openai.input_tokens) == (2, 3, 270)


@given(HELD)
def test_no_figure_rests_on_fewer_than_three_people_nor_does_any_difference(interviews: list[Held]) -> None:
    found = overview(interviews, [], Bill(), now=NOW)
    for each in found.types:
        if each.use is not None:
            assert each.use.people >= LEAST_PEOPLE
    parts = parted(interviews, lambda each: each.outcome.type_id)
    shown = {each.outcome.session for part in parts.shown.values() for each in part}
    beside = [each for each in parts.total if each.outcome.session not in shown]
    assert people(beside) == 0 or people(beside) >= LEAST_PEOPLE
    assert found.total is None or found.total.people >= LEAST_PEOPLE
    if found.satisfaction is not None:
        assert people(each for each in interviews if each.opinion is not None) >= LEAST_PEOPLE


@given(HELD)
def test_every_interview_is_in_one_part_and_no_rate_exceeds_what_it_is_of(interviews: list[Held]) -> None:
    parts = parted(interviews, lambda each: each.outcome.type_id)
    assert parts.shown.keys().isdisjoint(parts.hidden)
    assert parts.shown.keys() | parts.hidden == {each.outcome.type_id for each in interviews}
    whole = use(interviews, now=NOW)
    assert whole.interviews == len(interviews)
    assert 0 <= whole.completed.hits <= whole.completed.n <= whole.interviews
    assert whole.score is None or -1e-9 <= whole.score <= 1 + 1e-9
