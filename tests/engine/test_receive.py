"""What people say and press, and what they hear when it cannot be done now."""

from __future__ import annotations

from typing import cast, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.facts import Answered, Begun, Paused, Rated, Resumed
from engine.inbound import INBOUND, MESSAGE_CHARS, Action, Begin
from engine.receive import HELP, NO_INTERVIEW, ON_ITS_WAY, OVER, REVIEWED, STOPPING, WORDS, command, receive
from engine.session import evolve, fold
from tests.kit.interviews import KEY, question, setup
from tests.kit.talk import Talk

ACTIONS: tuple[Action, ...] = get_args(Action)


def open_question(**changes: object) -> Talk:
    talk = Talk(setup(**changes))
    talk.ask()
    return talk


def reviewed() -> Talk:
    talk = open_question()
    talk.say("an answer", message="m1")
    talk.press("done")
    talk.review()
    return talk


@pytest.mark.parametrize("text", ["done", "Done.", "  DONE! ", "done\n"])
def test_a_command_is_one_however_it_is_written(text: str) -> None:
    assert command(text) == "done"


@pytest.mark.parametrize("text", ["we were done by noon", "", "hint " * 20, "the next question is hard"])
def test_a_sentence_is_not_a_command(text: str) -> None:
    assert command(text) is None


def test_every_button_has_a_word() -> None:
    assert set(WORDS.values()) == set(ACTIONS)


def test_without_an_interview_one_is_told_how_to_start() -> None:
    talk = Talk()
    assert talk.say("hello").says == NO_INTERVIEW
    assert talk.press("skip").says == NO_INTERVIEW
    assert talk.press("help").says == HELP
    assert talk.edit("m1", "x") == receive(None, Begin(id="b", key=KEY, at=0, setup=setup())).__class__()


def test_a_second_interview_begins_only_when_the_first_is_over() -> None:
    talk = Talk(setup())
    again = Begin(id="b2", key=KEY, at=2.0, setup=setup())
    assert "still open" in talk.take(again).says
    talk.press("stop")
    assert talk.say("wait").says == STOPPING
    assert talk.press("next").says == STOPPING
    talk.summarise()
    assert talk.say("hello?").says == OVER
    assert talk.press("next").says == OVER
    assert talk.take(again).facts == (Begun(at=2.0, key=KEY, number=2, setup=setup()),)
    assert talk.live.number == 2


def test_until_a_question_stands_nothing_can_be_answered() -> None:
    talk = Talk(setup())
    assert talk.say("hello").says == ON_ITS_WAY
    assert talk.press("hint").says == ON_ITS_WAY
    talk.ask()
    talk.press("skip")
    assert talk.say("hello").says == ON_ITS_WAY


def test_empty_and_endless_messages_add_nothing_and_say_why() -> None:
    talk = open_question()
    assert "empty" in talk.say(" \n\t ").says
    assert "40,000" in talk.say("x" * 200_000).says
    talk.say("x" * 30_000)
    assert "essential" in talk.say("y" * 20_000).says
    assert len(talk.live.turns[0].attempt.parts) == 1


def test_a_settled_answer_is_not_added_to() -> None:
    talk = reviewed()
    assert talk.say("one more thing").says == REVIEWED
    assert talk.press("done").says == REVIEWED
    assert "settled" in talk.edit("m1", "changed").says
    talk.press("next")
    assert talk.say("more").says == ON_ITS_WAY


def test_an_edit_changes_its_part_and_nothing_else() -> None:
    talk = open_question()
    talk.say("one", message="m1")
    talk.say("two", message="m2")
    assert talk.edit("m2", "two").facts == ()
    assert talk.edit("nowhere", "x").facts == ()
    talk.edit("m2", "   ")
    assert talk.live.turns[0].attempt.text == "one"
    assert "40,000" in talk.edit("m1", "z" * (MESSAGE_CHARS + 1)).says
    talk.press("skip")
    assert talk.edit("m1", "late").facts == ()


def test_done_and_next_say_what_is_missing() -> None:
    talk = open_question()
    assert "no answer yet" in talk.press("done").says
    assert "still open" in talk.press("next").says
    talk.say("an answer")
    assert "being read" in talk.press("next").says
    talk.press("done")
    assert talk.press("done").facts == ()


def test_hints_are_a_ladder_that_ends() -> None:
    talk = open_question()
    talk.press("hint")
    talk.say("hint")
    assert talk.live.turns[0].attempt.hints == 2
    assert "no more hints" in talk.press("hint").says
    bare = Talk(setup())
    bare.ask(hints=())
    assert "no hints" in bare.press("hint").says
    assert "try again" in reviewed().press("hint").says


def test_hints_stay_with_a_second_attempt() -> None:
    talk = open_question()
    talk.press("hint")
    talk.say("an answer")
    talk.press("done")
    talk.review()
    talk.press("retry")
    assert talk.live.turns[0].attempt.hints == 1


def test_levels_end_somewhere() -> None:
    talk = Talk(setup(start_level=5))
    talk.ask()
    assert "hardest" in talk.press("harder").says
    low = Talk(setup(start_level=1))
    low.ask()
    assert "easiest" in low.press("easier").says


def test_easier_after_an_answer_waits_for_the_next_question() -> None:
    talk = reviewed()
    assert "next question" in talk.press("easier").says
    assert talk.live.level == 2
    assert not talk.live.turns[0].swapped


def test_pause_and_resume() -> None:
    talk = open_question()
    assert isinstance(talk.press("pause").facts[0], Paused)
    assert talk.press("pause").facts == ()
    resumed = talk.press("resume")
    assert isinstance(resumed.facts[0], Resumed)
    assert resumed.show == ("q1",)
    assert "not paused" in talk.press("resume").says
    talk.press("pause")
    assert [type(fact) for fact in talk.say("back again").facts] == [Resumed, Answered]
    talk.press("pause")
    assert [fact.kind for fact in talk.press("done").facts] == ["resumed", "submitted"]
    talk.press("pause")
    assert Talk(setup()).press("resume").show == ()


def test_buttons_of_an_old_question_do_nothing_to_the_new_one() -> None:
    talk = reviewed()
    talk.press("next")
    talk.ask()
    assert "behind us" in talk.press("skip", turn=1).says
    assert talk.live.turns[1].skipped is False


def test_repeat_shows_the_question_again() -> None:
    assert open_question().press("repeat").show == ("q1",)


def test_skip_after_feedback_is_next_and_retry_needs_feedback() -> None:
    talk = open_question()
    assert "just answer" in talk.press("retry").says
    done = reviewed()
    done.press("skip")
    assert done.live.advanced


def test_thumbs_and_model_answers_come_after_an_attempt() -> None:
    talk = open_question()
    assert "your own attempt" in talk.press("model_answer").says
    assert "no feedback to rate" in talk.press("helpful").says
    done = reviewed()
    assert done.press("helpful").facts == (Rated(at=done.now, turn=1, value=1),)
    assert done.press("helpful").facts == ()
    assert done.say("👎").facts == (Rated(at=done.now, turn=1, value=-1),)
    assert done.press("model_answer").facts != ()
    assert done.press("model_answer").facts == ()


def test_the_fold_of_nothing_is_nothing_and_facts_need_a_beginning() -> None:
    assert fold([]) is None
    with pytest.raises(ValueError, match="nothing has begun"):
        evolve(None, Paused(at=0.0))


moves = st.lists(
    st.one_of(
        st.tuples(st.just("press"), st.sampled_from(ACTIONS)),
        st.tuples(st.just("say"), st.sampled_from(["an answer", "hint", "", "next", "stop it", "x" * 50])),
        st.tuples(st.just("edit"), st.sampled_from(["m1", "m2", "m3"])),
        st.tuples(st.just("work"), st.sampled_from([1, 3, 5])),
    ),
    max_size=40,
)


@given(moves, st.sampled_from(["each", "end"]), st.integers(0, 2))
def test_whatever_people_do_an_interview_stays_one(done: list[tuple[str, object]], when: str, follow_ups: int) -> None:
    """Any order of doings: no crash, everything stored reads back the same, and `stop` always leads to a report."""
    talk = Talk(setup(type_feedback=when, type_follow_ups=follow_ups))
    for what, value in done:
        match what:
            case "press":
                talk.press(cast("Action", value))
            case "say":
                talk.say(str(value))
            case "edit":
                talk.edit(str(value), "changed")
            case _:
                work(talk, int(str(value)))
        assert talk.live.asked <= talk.live.setup.questions
    assert fold(list(talk.facts)) == talk.session
    assert type(talk.live).model_validate_json(talk.live.model_dump_json()) == talk.session
    talk.press("stop")
    for _ in range(20):
        work(talk, 3)
    assert talk.live.over


def work(talk: Talk, level: int) -> None:
    """Do whatever step is due, if any."""
    from engine.facts import ModelAnswered
    from engine.feedback.model import Origin
    from engine.steps import Ask, ModelAnswer, Review, Summarise

    match talk.step:
        case Ask():
            talk.ask()
        case Review():
            talk.review(level, level, level, level)
        case Summarise():
            talk.summarise()
        case ModelAnswer(turn=turn):
            origin = Origin(provider="p", model="m")
            talk.record(ModelAnswered(at=talk.now, turn=turn, text="t", origin=origin))
        case None:
            pass


def test_inbound_reads_back_what_it_wrote() -> None:
    begin = Begin(id="b", key=KEY, at=1.0, setup=setup())
    assert INBOUND.validate_json(INBOUND.dump_json(begin)) == begin
    assert question().id
