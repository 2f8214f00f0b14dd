"""What the offline coach asks, and how it closes: from the bank where it can, and never making anything up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.llm.offline.asking import ask, follow_up
from adapters.llm.offline.closing import outline, report
from adapters.llm.offline.coach import Offline
from engine.facts import CriterionTrend, Report
from engine.interviews import Format
from engine.material import (
    FOLLOW_UP_SECTIONS,
    QUESTION_SECTIONS,
    REPORT_SECTIONS,
    FollowUpMaterial,
    Material,
    ModelAnswerMaterial,
    PastTurn,
    QuestionMaterial,
    ReportMaterial,
)
from engine.ports import Request
from tests.adapters.llm.offline.materials import question

FORMATS: tuple[Format, ...] = ("behavioral", "system_design", "coding", "custom")


def past(number: int, text: str) -> PastTurn:
    return PastTurn(number=number, topic="", question=text, answer="", summary="", score=None)


def for_question(format: Format = "behavioral", **changes: Any) -> QuestionMaterial:
    fields: dict[str, Any] = {
        "format": format, "type_title": "", "level": 2, "role": "mid", "expects": "", "focus": "", "language": "en",
    }  # fmt: skip
    return QuestionMaterial(**(fields | changes))


def for_follow_up(**changes: Any) -> FollowUpMaterial:
    asked = question("b2-01")
    fields: dict[str, Any] = {
        "format": "behavioral", "level": 2, "role": "mid", "language": "en", "question": asked.text, "answer": "",
        "key_points": asked.key_points, "candidates": asked.follow_ups,
    }  # fmt: skip
    return FollowUpMaterial(**(fields | changes))


def for_report(numbers: Report, **changes: Any) -> ReportMaterial:
    return ReportMaterial(type_title="Behavioral", role="mid", language="en", numbers=numbers, **changes)


def test_the_first_seed_is_asked_word_for_word() -> None:
    first, second = question("b2-01"), question("b2-02")
    asked = ask(for_question(seeds=(first, second)))
    assert (asked["question"], asked["topic"]) == (first.text, first.topic)
    assert ask(for_question(seeds=(first, second), past=(past(1, first.text),)))["question"] == second.text


@pytest.mark.parametrize("format", FORMATS)
def test_without_seeds_plain_questions_are_asked_in_turn(format: Format) -> None:
    turns: tuple[PastTurn, ...] = ()
    for number in range(1, 4):
        asked = ask(for_question(format, past=turns))
        assert asked["question"] not in {turn.question for turn in turns}
        assert not asked["key_points"]
        turns = (*turns, past(number, str(asked["question"])))
    assert ask(for_question(format, past=turns))["question"]


def test_the_follow_up_closest_to_what_was_left_out_is_asked() -> None:
    asked = question("b2-01")
    guard = "Put in a lasting guard: test, check, alert, process"
    assert follow_up(for_follow_up(uncovered=(guard,)))["question"] == asked.follow_ups[1]
    assert follow_up(for_follow_up())["question"] == asked.follow_ups[0]


def test_a_follow_up_is_about_the_points_it_shares_words_with() -> None:
    points = ("How long until you knew the first bad effect", "Something else entirely")
    assert follow_up(for_follow_up(uncovered=points))["key_points"] == [points[0]]


def test_without_candidates_the_gap_itself_is_asked_about_and_then_something_deeper() -> None:
    gap = "Told the people affected quickly and plainly"
    material = for_follow_up(candidates=(), uncovered=(gap,))
    first = follow_up(material)
    assert "told the people affected" in str(first["question"])
    assert first["key_points"] == [gap]
    deeper = follow_up(for_follow_up(candidates=(), uncovered=(gap,), asked_before=(str(first["question"]),)))
    assert deeper["key_points"] == []
    again = follow_up(for_follow_up(candidates=(), asked_before=(str(deeper["question"]),)))
    assert again["question"] != deeper["question"]
    both = (str(deeper["question"]), str(again["question"]))
    assert follow_up(for_follow_up(candidates=(), asked_before=both))["question"]


@pytest.mark.parametrize("format", FORMATS)
def test_an_outline_says_that_it_is_one(format: Format) -> None:
    points = ("The first point", "The second point")
    text = outline(
        ModelAnswerMaterial(format=format, level=2, role="mid", language="en", question="", key_points=points)
    )
    assert text.startswith("This is an outline")
    assert "no model wrote an answer" in text
    assert "1. The first point\n2. The second point" in text
    bare = outline(ModelAnswerMaterial(format=format, level=2, role="mid", language="en", question=""))
    assert "no outline on file" in bare


def test_a_report_holds_only_figures_that_were_computed() -> None:
    numbers = Report(
        summary="",
        score=0.5,
        bar=0.625,
        answered=3,
        skipped=1,
        criteria=(
            CriterionTrend(criterion="technical_accuracy", title="Accuracy", score=None, n=0),
            CriterionTrend(criterion="clarity", title="Clarity", score=0.75, n=3),
            CriterionTrend(criterion="completeness", title="Completeness", score=0.25, n=3),
        ),
    )
    said = report(for_report(numbers, fixes=("a", "b", "b", "c", "d"), drills=("one", "two")))
    assert said["summary"] == (
        "Offline checklist, low confidence. You answered 3 questions. 1 skipped. The mean score is 0.50 of 1; 0.62 is "
        "what this role asks for. Strongest: Clarity (0.75). Weakest: Completeness (0.25). Nobody has checked whether "
        "what you said is right."
    )
    assert said["fixes"] == ["b", "a", "c"]
    assert said["drill"] == "two"


def test_a_report_without_scores_says_so_and_still_has_a_drill() -> None:
    said = report(for_report(Report(summary="", answered=1)))
    assert "You answered 1 question. None of your answers could be scored" in said["summary"]
    assert said["fixes"] == []
    assert said["drill"]
    one = (CriterionTrend(criterion="clarity", title="Clarity", score=0.5, n=1),)
    plain = report(for_report(Report(summary="", score=0.5, answered=1, criteria=one, drill="Once more.")))
    assert str(plain["summary"]).endswith("The mean score is 0.50 of 1.")
    assert plain["drill"] == "Once more."


@pytest.mark.parametrize(
    ("material", "sections"),
    [
        (for_question(), QUESTION_SECTIONS),
        (for_follow_up(), FOLLOW_UP_SECTIONS),
        (for_report(Report(summary="")), REPORT_SECTIONS),
        (ModelAnswerMaterial(format="coding", level=2, role="mid", language="en", question=""), ()),
    ],
)
async def test_each_task_is_answered_in_its_sections(material: Material, sections: tuple[str, ...]) -> None:
    request = Request(purpose="conversation", task=material.task, messages=(), sections=sections, material=material)
    completion = await Offline(chunk_chars=7).complete(request)
    assert list(completion.sources) == list(sections or ("",))
    if sections:
        assert list(json.loads(completion.text)) == list(sections)
    else:
        assert "offline coach writes no answers" in completion.text
