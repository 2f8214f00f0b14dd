"""Figures as lines: what each rests on is beside it, and what nobody has is left out."""

from __future__ import annotations

from engine.trials.figures import Figures, figures, rate, spread
from engine.trials.lines import Line, lines, side_by_side
from engine.trials.observing import Observation
from engine.trials.ranges import Range, distinct, of_mean, of_quantile
from tests.engine.trials.test_figures import seen, turn


def of(*interviews: Observation) -> Figures:
    return figures(interviews, now=0.0)


MANY = of(
    *[
        seen(f"p{n}", turn(1_000 + 100 * n, cost_micros=1_000 * n), ratings={1: 1 if n % 5 else -1}, over=True)
        for n in range(40)
    ]
)


def told(found: Figures) -> dict[str, Line]:
    return {line.name: line for line in lines(found)}


def test_every_figure_says_where_it_lies_and_what_it_rests_on() -> None:
    line = told(MANY)
    assert line["Interviews"] == Line("Interviews", "40", 40)
    assert line["Satisfied, of those who rated"] == Line("Satisfied, of those who rated", "80 % (65–90)", 40)
    assert line["Review, mean"] == Line("Review, mean", "3.0 s (2.6 s to 3.3 s)", 40)
    assert line["Review, median"] == Line("Review, median", "3.0 s (2.3 s to 3.6 s)", 40)
    assert line["Review, p95"] == Line("Review, p95", "4.7 s", 40), "too few for a range"
    assert line["Cost per interview, mean"].value == "$0.0195 ($0.0158 to $0.0232)"
    assert line["Score"].value == "0.50 (0.50 to 0.50)"


def test_of_nothing_there_is_a_dash() -> None:
    assert {(line.value, line.n) for line in lines(of())[1:]} == {("–", 0)}


def test_the_sides_stand_beside_each_other_without_what_neither_has() -> None:
    rows = side_by_side(of(seen("ada", turn(2_000, cost_micros=0))), of())
    names = [row[0] for row in rows]
    assert rows[0] == ("Interviews", "1", "1", "0", "0")
    assert "Cost per interview, mean" not in names, "nobody reckoned it"
    assert [row for row in rows if row[0] == "Review, mean"] == [("Review, mean", "2.0 s", "1", "–", "0")]
    assert side_by_side(of(), of()) == [("Interviews", "0", "0", "0", "0")]


def test_few_values_have_no_range() -> None:
    assert of_mean([1, 2, 3], 3.0) is None
    assert of_quantile([1, 2, 3], 0.5, 3.0) is None
    few = spread([1, 2, 3])
    assert few is not None
    assert (few.mean_within, few.median_within, few.p95_within) == (None, None, None)
    assert rate().within is None
    assert rate([1.0]).within == Range(0.20654931437723745, 1.0)


def test_a_quantile_lies_between_values_that_were_seen() -> None:
    ordered = [float(n) for n in range(1, 101)]
    assert of_quantile(ordered, 0.5, 100.0) == Range(41.0, 60.0)
    assert of_quantile(ordered, 0.95, 100.0) == Range(91.0, 100.0)


def test_values_of_one_person_are_worth_fewer() -> None:
    assert distinct([[1.0, 2.0], [3.0]]) < 3
    assert distinct([[1.0], [2.0], [3.0]]) == 3
    assert distinct([[1.0, 2.0, 3.0]]) == 3, "of one person alone nobody can tell"
    assert distinct([[1.0, 1.0], [1.0]]) == 3
    assert distinct([]) == 0
