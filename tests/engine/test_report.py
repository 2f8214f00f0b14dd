"""The report's figures are means of what was scored, and what was not is said."""

from __future__ import annotations

from engine.report import advised_fixes, report_numbers
from tests.kit.interviews import feedback, setup
from tests.kit.talk import Talk


def interview(*levels: tuple[int | None, int | None, int | None, int | None], **changes: object) -> Talk:
    talk = Talk(setup(questions=max(1, len(levels)), **changes))
    for one in levels:
        talk.ask()
        talk.say("an answer")
        talk.press("done")
        talk.review(*one)
        talk.press("next")
    return talk


def test_a_report_without_answers_has_no_numbers() -> None:
    talk = Talk(setup())
    talk.press("stop")
    report = report_numbers(talk.live)
    assert report.score is None
    assert report.trend == ()
    assert "nothing to score" in report.summary


def test_null_is_not_zero() -> None:
    report = report_numbers(interview((None, 5, 5, 5), (None, 1, 1, 1)).live)
    accuracy, clarity = report.criteria[0], report.criteria[1]
    assert (accuracy.score, accuracy.n) == (None, 0)
    assert (clarity.score, clarity.n) == (0.5, 2)
    assert report.score == 0.5
    assert "2 answers were reviewed. The mean score is 0.50" in report.summary


def test_nothing_scored_shows_no_numbers() -> None:
    report = report_numbers(interview((None, None, None, None)).live)
    assert report.score is None
    assert report.unscored == 1
    assert "None could be scored" in report.summary


def test_strongest_and_weakest_are_named_when_they_differ() -> None:
    assert (
        "Technical accuracy was strongest, completeness has most to gain"
        in report_numbers(interview((5, 3, 3, 1)).live).summary
    )
    assert "strongest" not in report_numbers(interview((3, 3, 3, 3)).live).summary


def test_three_fixes_the_weakest_first_each_once() -> None:
    talk = interview((5, 1, 3, None), (5, 1, 3, 2))
    assert advised_fixes(talk.live)[:2] == ("fix communication_clarity", "fix completeness")
    assert len(report_numbers(talk.live).fixes) == 3


def test_the_trend_shows_levels_scores_and_hints() -> None:
    talk = Talk(setup(questions=2))
    talk.ask()
    talk.press("hint")
    talk.say("an answer")
    talk.press("done")
    talk.review(5, 5, 5, 5)
    talk.press("next")
    talk.ask()
    talk.press("skip")
    report = report_numbers(talk.live)
    assert [(p.turn, p.level, p.score, p.hints) for p in report.trend] == [(1, 3, 1.0, 1)]
    assert (report.answered, report.skipped) == (1, 1)
    assert report.drill == "drill"
    assert report.engine == "gpt-test"


def test_weights_decide_the_total() -> None:
    assert feedback(5, None, None, 1).score({"technical_accuracy": 75, "completeness": 25}) == 0.75
    assert feedback(5, 5, 5, 5).score({"technical_accuracy": 0}) is None
