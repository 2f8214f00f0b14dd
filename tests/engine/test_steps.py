"""What is due, as people meet it: each test is a short conversation."""

from __future__ import annotations

from engine.facts import ModelAnswered, Postponed
from engine.feedback.model import Origin
from engine.session import OWED_TRIES
from engine.steps import Ask, ModelAnswer, Review, Summarise, due_at, next_step
from tests.kit.interviews import setup
from tests.kit.talk import Talk


def answered(talk: Talk, *levels: int | None) -> None:
    talk.ask()
    talk.say("an answer of mine")
    talk.press("done")
    talk.review(*levels)


def test_nothing_is_due_before_anything_began() -> None:
    assert next_step(None) is None
    assert due_at(None) is None


def test_an_interview_runs_from_the_first_question_to_the_report() -> None:
    talk = Talk(setup())
    assert talk.step == Ask(1, "main", 0, 3)
    answered(talk, 3, 3, 3, 3)
    assert talk.step is None
    talk.press("next")
    assert talk.step == Ask(2, "main", 0, 3)
    answered(talk, 3, 3, 3, 3)
    assert talk.step is None
    talk.press("next")
    assert talk.step == Summarise(2)
    talk.summarise()
    assert talk.step is None
    assert talk.live.over


def test_a_pause_ends_an_answer_and_done_ends_it_at_once() -> None:
    talk = Talk(setup(quiet_s=3.0))
    talk.ask()
    assert talk.step is None
    talk.now = 2000.0
    talk.say("first part")
    assert talk.step == Review(1, 1, 1, due_at=2003.0)
    assert due_at(talk.session) == 2003.0
    talk.now = 2002.0
    talk.say("second part")
    assert talk.step == Review(1, 1, 2, due_at=2005.0)
    talk.press("done")
    assert talk.step == Review(1, 1, 2)


def test_a_message_during_the_review_makes_another_review_due() -> None:
    talk = Talk(setup())
    talk.ask()
    talk.say("one", message="m1")
    talk.press("done")
    first = talk.step
    talk.say("two")
    assert talk.step != first
    talk.edit("m1", "one, better")
    assert isinstance(talk.step, Review)
    assert talk.step.revision == 3
    assert talk.live.turns[0].attempt.text == "one, better\ntwo"


def test_deleting_the_whole_answer_leaves_the_question_open() -> None:
    talk = Talk(setup())
    talk.ask()
    talk.say("one", message="m1")
    talk.edit("m1", None)
    assert talk.step is None


def test_a_weak_answer_gets_its_follow_ups_and_a_complete_one_none() -> None:
    talk = Talk(setup(type_follow_ups=1))
    answered(talk, 3, 3, 3, 3)
    talk.press("next")
    assert talk.step == Ask(2, "follow_up", 1, 3)
    answered(talk, 3, 3, 3, 3)
    talk.press("next")
    assert isinstance(talk.step, Ask)
    assert talk.step.kind == "main"
    answered(talk, 5, 5, 5, 5)
    talk.press("next")
    assert isinstance(talk.step, Summarise)


def test_two_good_answers_raise_the_level_with_a_reason() -> None:
    talk = Talk(setup(questions=4))
    for _ in range(2):
        answered(talk, 5, 5, 5, 5)
        talk.press("next")
    assert isinstance(talk.step, Ask)
    assert talk.step.level == 4
    assert "averaged 1.00" in talk.step.reason
    talk.ask()
    assert talk.live.level == 4


def test_what_could_not_be_scored_moves_nothing() -> None:
    talk = Talk(setup(questions=4))
    answered(talk, None, None, None, None)
    talk.press("next")
    answered(talk, 1, 1, 1, 1)
    talk.press("next")
    assert isinstance(talk.step, Ask)
    assert talk.step.level == 3


def test_choosing_a_level_overrides_what_the_scores_say() -> None:
    talk = Talk(setup(questions=5))
    for _ in range(2):
        answered(talk, 1, 1, 1, 1)
        talk.press("next")
    talk.ask()
    assert talk.live.level == 2
    talk.say("something")
    talk.press("harder")
    talk.press("done")
    talk.review(1, 1, 1, 1)
    talk.press("next")
    assert isinstance(talk.step, Ask)
    assert (talk.step.level, talk.step.reason) == (3, "You chose this level.")


def test_easier_swaps_an_unanswered_question_and_it_does_not_count() -> None:
    talk = Talk(setup())
    talk.ask()
    talk.press("easier")
    assert talk.step == Ask(2, "main", 0, 2, "You chose this level.")
    talk.ask()
    assert talk.live.asked == 1


def test_a_skipped_question_counts_and_the_next_one_comes_by_itself() -> None:
    talk = Talk(setup())
    talk.ask()
    talk.press("skip")
    assert talk.step == Ask(2, "main", 0, 3)
    talk.ask()
    talk.press("skip")
    assert talk.step == Summarise(0)


def test_pausing_holds_everything_and_resuming_goes_on() -> None:
    talk = Talk(setup())
    talk.ask()
    talk.say("an answer")
    talk.press("pause")
    assert talk.step is None
    talk.press("resume")
    assert isinstance(talk.step, Review)


def test_stop_ends_a_running_review_and_the_report_is_due() -> None:
    talk = Talk(setup())
    talk.ask()
    talk.say("an answer")
    talk.press("done")
    talk.press("stop")
    assert talk.step == Summarise(0)


def test_trying_again_reviews_the_new_attempt_and_next_without_one_goes_on() -> None:
    talk = Talk(setup())
    answered(talk, 2, 2, 2, 2)
    talk.press("retry")
    assert talk.step is None
    talk.say("better")
    talk.press("done")
    assert talk.step == Review(1, 2, 1)
    talk.review(4, 4, 4, 4)
    assert talk.live.score(talk.live.turns[0]) == 0.75
    talk.press("retry")
    talk.press("next")
    assert isinstance(talk.step, Ask)
    assert talk.live.score(talk.live.turns[0]) == 0.75


def test_a_model_answer_is_due_when_wanted_and_only_once() -> None:
    talk = Talk(setup())
    answered(talk)
    talk.press("model_answer")
    assert talk.step == ModelAnswer(1)
    talk.record(ModelAnswered(at=0, turn=1, text="like so", origin=Origin(provider="p", model="m")))
    assert talk.step is None
    assert talk.press("model_answer").show == ("m1",)


def test_feedback_at_the_end_asks_on_and_reviews_all_before_the_report() -> None:
    talk = Talk(setup(type_feedback="end", type_follow_ups=1))
    talk.ask()
    talk.now = 50.0
    talk.say("first")
    assert talk.step == Ask(2, "follow_up", 1, 3, due_at=53.0)
    talk.ask()
    talk.say("more")
    talk.press("done")
    assert isinstance(talk.step, Ask)
    assert talk.step.kind == "main"
    talk.ask()
    talk.say("second")
    talk.press("done")
    talk.ask()
    talk.press("skip")
    assert talk.step == Review(1, 1, 1)
    for _ in range(3):
        talk.review()
    assert talk.step == Summarise(3)


def test_stopping_with_feedback_at_the_end_still_reviews_the_finished_answers() -> None:
    talk = Talk(setup(type_feedback="end", questions=3))
    talk.ask()
    talk.say("first")
    talk.press("done")
    talk.ask()
    talk.say("half an ans")
    talk.press("stop")
    assert talk.step == Review(1, 1, 1)
    talk.review()
    assert talk.step == Summarise(1)


def test_a_provisional_review_is_owed_until_the_full_one_is_there() -> None:
    talk = Talk(setup())
    talk.ask()
    talk.say("an answer")
    talk.press("done")
    talk.review(None, 3, None, 3, provisional=True)
    assert talk.step == Review(1, 1, 1, again=True)
    talk.record(Postponed(at=talk.now, turn=1, until=5000.0))
    assert talk.step == Review(1, 1, 1, again=True, due_at=5000.0)
    talk.press("next")
    talk.ask()
    assert talk.step == Review(1, 1, 1, again=True, due_at=5000.0)
    talk.press("pause")
    assert talk.step == Review(1, 1, 1, again=True, due_at=5000.0)
    talk.press("stop")
    assert talk.step == Summarise(0)
    talk.summarise()
    assert talk.step == Review(1, 1, 1, again=True, due_at=5000.0)
    talk.review(5, 5, 5, 5)
    assert talk.step == Summarise(1)
    talk.summarise()
    assert talk.step is None
    assert talk.live.report is not None
    assert talk.live.report.score == 1.0


def test_a_full_review_is_not_owed_for_ever() -> None:
    talk = Talk(setup())
    talk.ask()
    talk.say("an answer")
    talk.press("done")
    talk.review(None, 3, None, 3, provisional=True)
    for n in range(OWED_TRIES):
        assert isinstance(talk.step, Review)
        talk.record(Postponed(at=talk.now, turn=1, until=float(n)))
    assert talk.step is None
    assert not talk.live.turns[0].attempt.provisional
