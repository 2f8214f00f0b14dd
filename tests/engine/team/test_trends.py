"""Scores by criterion and week: what is a week, what is shown of one, and what the whole time's mean rests on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.team.crowd import LEAST_PEOPLE
from engine.team.outcome import Held
from engine.team.trends import WEEK_S, Trend, type_trends, week_of
from tests.engine.team.helds import DAY, NOW, held

SINCE = NOW - 30 * DAY


def of(interviews: list[Held], type_id: str = "behavioral") -> Trend:
    found = type_trends(interviews, type_id, since=SINCE, now=NOW)
    assert found is not None
    return found.trends[0]


def scored(person: str, weeks_ago: int, score: float | None, n: int = 1) -> Held:
    return held(person, at=week_of(NOW) - weeks_ago * WEEK_S, score=score, scores=(("depth", score, n),))


def test_a_week_begins_on_monday() -> None:
    for at in (NOW, 0.0, 3 * DAY + 86_399, 4 * DAY):
        monday = datetime.fromtimestamp(week_of(at), UTC)
        assert (monday.weekday(), monday.hour) == (0, 0)
        assert 0 <= at - week_of(at) < WEEK_S


def test_a_criterion_is_averaged_over_answers_week_by_week() -> None:
    found = of([scored("a", 1, 0.2, n=3), scored("b", 1, 0.6), scored("c", 1, None, n=0), scored("d", 1, 0.6),
                scored("a", 0, 1.0), scored("b", 0, 0.5), scored("c", 0, 0.0)])  # fmt: skip
    assert [(week.score, week.n, week.too_few) for week in found.weeks[-3:]] == [
        (None, 0, False),
        (pytest.approx(0.36), 5, False),
        (0.5, 3, False),
    ]
    assert (found.title, found.n, found.people, found.score) == ("Depth", 8, 4, pytest.approx(3.3 / 8))


def test_a_week_of_two_people_is_left_out_and_cannot_be_reckoned() -> None:
    found = of([scored("a", 1, 0.9), scored("b", 1, 0.9), *(scored(p, 0, 0.5) for p in "abc")])
    assert [(week.score, week.n, week.too_few) for week in found.weeks[-2:]] == [(None, 0, True), (0.5, 3, False)]
    assert (found.score, found.n, found.people) == (0.5, 3, 3)
    whole = type_trends(
        [scored("a", 1, 0.9), scored("b", 1, 0.9), *(scored(p, 0, 0.5) for p in "abc")], "behavioral",
        since=SINCE, now=NOW,
    )  # fmt: skip
    assert whole is not None
    assert whole.use is not None
    assert (whole.use.interviews, whole.use.score, whole.use.scored) == (5, 0.5, 3)


def test_hidden_weeks_count_together_when_three_people_are_in_them() -> None:
    found = of([scored("a", 2, 0.0), scored("b", 1, 0.3), scored("c", 0, 0.6)])
    assert [week.too_few for week in found.weeks[-3:]] == [True, True, True]
    assert (found.score, found.n, found.people) == (pytest.approx(0.3), 3, 3)


def test_the_newest_rubric_says_which_criteria_there_are() -> None:
    old = [held(p, at=NOW - 9 * DAY, scores=(("old", 0.1, 1),)) for p in "abc"]
    new = [held(p, at=NOW - DAY, scores=(("new", 0.9, 1), ("depth", None, 0)), title="Renamed") for p in "abc"]
    found = type_trends([*old, *new], "behavioral", since=SINCE, now=NOW)
    assert found is not None
    assert (found.title, [trend.criterion for trend in found.trends]) == ("Renamed", ["new", "depth"])
    assert (found.trends[1].score, found.trends[1].n) == (None, 0)


def test_a_type_of_two_people_has_no_trends_and_one_of_nobody_is_not_there() -> None:
    found = type_trends([held("a"), held("b")], "behavioral", since=SINCE, now=NOW)
    assert found is not None
    assert (found.use, found.trends) == (None, ())
    assert type_trends([held("a", "coding")], "behavioral", since=SINCE, now=NOW) is None


@given(
    st.lists(
        st.builds(scored, st.sampled_from("abcdef"), st.integers(0, 4), st.none() | st.floats(0, 1), st.integers(1, 3)),
        max_size=40,
    )
)
def test_every_week_that_is_shown_and_all_that_can_be_reckoned_rests_on_three_people(interviews: list[Held]) -> None:
    found = type_trends(interviews, "behavioral", since=SINCE, now=NOW)
    for trend in found.trends if found is not None else ():
        shown = {week.monday for week in trend.weeks if week.n}
        known = [each for each in interviews if each.outcome.criteria[0].score is not None]
        for monday in shown:
            here = {h.outcome.person for h in known if week_of(h.outcome.began_at) == monday}
            assert len(here) >= LEAST_PEOPLE
        rest = [each for each in known if week_of(each.outcome.began_at) not in shown]
        in_rest = trend.n - sum(week.n for week in trend.weeks)
        assert in_rest == 0 or len({each.outcome.person for each in rest}) >= LEAST_PEOPLE
        assert trend.people == 0 or trend.people >= LEAST_PEOPLE
        assert trend.score is None or -1e-9 <= trend.score <= 1 + 1e-9
