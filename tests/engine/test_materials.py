"""What each task is told of a session."""

from __future__ import annotations

from engine.facts import ModelAnswerWanted
from engine.feedback.model import ChecklistItem
from engine.prompting.materials import (
    answer_of,
    follow_up_material,
    model_answer_material,
    past_turns,
    question_material,
    report_material,
    review_material,
)
from engine.report import report_numbers
from engine.steps import Ask
from tests.kit.interviews import feedback, question, setup
from tests.kit.talk import Talk

ASK = Ask(turn=9, kind="main", parent=0, level=4)


def played(turns: int = 5) -> Talk:
    talk = Talk(setup(questions=8, focus="queues", language="de"))
    for number in range(1, turns + 1):
        talk.ask(topic=f"topic{number}", text=f"Question number {number}?")
        talk.say(f"answer {number}")
        talk.press("done")
        talk.review(given=feedback(3, 3, 3, 3, summary=f"memory {number}"))
        talk.press("next")
    return talk


def test_the_last_three_answers_are_remembered_whole_and_older_ones_by_a_sentence() -> None:
    past = past_turns(played().live)
    assert [turn.answer for turn in past] == ["", "", "answer 3", "answer 4", "answer 5"]
    assert [turn.summary for turn in past] == [f"memory {n}" for n in range(1, 6)]
    assert {turn.score for turn in past} == {0.5}
    assert [turn.number for turn in past_turns(played().live, before=3)] == [1, 2]


def test_a_skipped_turn_is_remembered_as_not_answered() -> None:
    talk = played(1)
    talk.ask()
    talk.press("skip")
    past = past_turns(talk.live)
    assert [(turn.answer, turn.summary, turn.score) for turn in past[1:]] == [("", "Not answered.", None)]


def test_an_answer_not_reviewed_yet_says_so() -> None:
    talk = Talk(setup(type_feedback="end"))
    talk.ask()
    talk.say("first")
    talk.press("done")
    talk.ask()
    assert past_turns(talk.live)[0].summary == "Answered, not reviewed."


def test_a_question_is_asked_with_the_set_up_and_all_that_was_asked() -> None:
    material = question_material(played().live, ASK, ())
    assert (material.level, material.focus, material.language, material.role) == (4, "queues", "de", "mid")
    assert len(material.past) == 5


def test_a_review_sees_the_whole_attempt_and_the_role() -> None:
    talk = played(4)
    talk.ask(minutes=7)
    talk.say("one")
    talk.say("two")
    turn = talk.live.turns[-1]
    material = review_material(talk.live, turn)
    assert (material.answer, material.meets, material.minutes) == ("one\ntwo", 3.5, 7)
    assert [past.answer for past in material.past] == ["", "answer 2", "answer 3", "answer 4"]
    assert material.criteria == talk.live.setup.type.criteria


def test_a_follow_up_knows_what_no_answer_of_the_thread_covered() -> None:
    talk = Talk(setup(type_follow_ups=2))
    talk.ask(follow_ups=("And then?", "Why so?"), key_points=("a", "b", "c"), cues=())
    talk.say("mine")
    talk.press("done")
    talk.review(
        given=feedback(
            checklist=(ChecklistItem(point="a", quote="q"), ChecklistItem(point="b"), ChecklistItem(point="c"))
        )
    )
    talk.press("next")
    first = follow_up_material(talk.live, Ask(turn=2, kind="follow_up", parent=1, level=3))
    assert (first.uncovered, first.candidates, first.answer) == (("b", "c"), ("And then?", "Why so?"), "mine")
    talk.ask(text="And then?", key_points=("b",), cues=())
    talk.say("more")
    talk.press("done")
    talk.review(given=feedback(checklist=(ChecklistItem(point="b", quote="more"),)))
    second = follow_up_material(talk.live, Ask(turn=3, kind="follow_up", parent=1, level=3))
    assert (second.uncovered, second.candidates, second.answer) == (("c",), ("Why so?",), "more")
    assert second.question == "And then?"
    assert second.key_points == ("a", "b", "c")
    assert len(second.asked_before) == 2


def test_an_attempt_that_has_only_begun_does_not_hide_the_last_one() -> None:
    talk = played(1)
    again = Talk(setup())
    again.ask()
    assert answer_of(again.live.turns[0]) == ""
    talk = Talk(setup())
    talk.ask()
    talk.say("first go")
    talk.press("done")
    talk.review()
    talk.press("retry")
    assert answer_of(talk.live.turns[0]) == "first go"


def test_a_model_answer_needs_the_question_only() -> None:
    talk = played(1)
    talk.record(ModelAnswerWanted(at=talk.now, turn=1))
    material = model_answer_material(talk.live, talk.live.turns[0])
    assert (material.question, material.key_points) == ("Question number 1?", question().key_points)


def test_a_report_gathers_the_advice_each_once() -> None:
    session = played(3).live
    material = report_material(session, report_numbers(session))
    assert len(material.fixes) == 4
    assert material.drills == ("drill",)
    assert material.numbers.answered == 3
