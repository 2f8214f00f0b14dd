"""A conversation can be rebuilt from its session, and what is new is what looks different."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.conversation import news, posts
from engine.events import FeedbackCard, HintCard, ModelAnswerCard, QuestionCard
from engine.facts import ModelAnswered
from engine.feedback.model import Origin
from engine.session import Session, fold
from tests.engine.test_receive import ACTIONS, work
from tests.kit.interviews import KEY, setup
from tests.kit.talk import Talk


def card(talk: Talk, post: str) -> object:
    return dict(posts(talk.live))[post]


def test_a_whole_interview_reads_in_order() -> None:
    talk = Talk(setup(questions=1))
    talk.ask()
    talk.press("hint")
    talk.say("first go")
    talk.press("done")
    talk.review(2, 2, 2, 2)
    talk.press("retry")
    talk.say("second go")
    talk.press("done")
    talk.review(4, 4, 4, 4)
    talk.press("model_answer")
    origin = Origin(provider="offline", model="checklist")
    talk.record(ModelAnswered(at=0.0, turn=1, text="like so", origin=origin))
    talk.press("next")
    talk.summarise()
    assert [post for post, _ in posts(talk.live)] == [
        "q1", "h1.1", "a1.1", "f1.1", "a1.2", "f1.2", "m1", "report",
    ]  # fmt: skip
    second = card(talk, "f1.2")
    assert isinstance(second, FeedbackCard)
    assert (second.before, second.score, second.hints) == (0.25, 0.75, 1)
    model_answer = card(talk, "m1")
    assert isinstance(model_answer, ModelAnswerCard)
    assert model_answer.engine == "offline checklist"


def test_question_numbers_leave_out_swapped_questions_and_follow_ups() -> None:
    talk = Talk(setup(type_follow_ups=1))
    talk.ask()
    talk.press("easier")
    talk.ask()
    talk.say("an answer")
    talk.press("done")
    talk.review()
    talk.press("next")
    talk.ask()
    numbers = [c.number for _, c in posts(talk.live) if isinstance(c, QuestionCard)]
    assert numbers == [1, 1, 1]


def test_buttons_stand_only_where_they_do_something() -> None:
    talk = Talk(setup())
    talk.ask()
    question = card(talk, "q1")
    assert isinstance(question, QuestionCard)
    assert "done" not in question.actions
    assert "hint" in question.actions
    talk.say("an answer")
    talk.press("pause")
    paused = card(talk, "q1")
    assert isinstance(paused, QuestionCard)
    assert paused.actions == ("resume", "stop")
    talk.press("done")
    talk.review()
    reviewed, feedback = card(talk, "q1"), card(talk, "f1.1")
    assert isinstance(reviewed, QuestionCard)
    assert isinstance(feedback, FeedbackCard)
    assert reviewed.actions == ()
    assert feedback.actions[:2] == ("next", "retry")
    talk.press("next")
    talk.ask()
    old = card(talk, "f1.1")
    assert isinstance(old, FeedbackCard)
    assert old.actions == ("model_answer", "helpful", "unhelpful")


def test_the_last_hint_takes_its_button_along() -> None:
    talk = Talk(setup())
    talk.ask()
    talk.press("hint")
    talk.press("hint")
    question, hint = card(talk, "q1"), card(talk, "h1.2")
    assert isinstance(question, QuestionCard)
    assert isinstance(hint, HintCard)
    assert "hint" not in question.actions
    assert (hint.rung, hint.rungs) == (2, 2)


def test_a_new_interview_is_all_news() -> None:
    talk = Talk(setup())
    talk.ask()
    assert news(None, talk.live) == posts(talk.live)


@given(
    st.lists(st.sampled_from([*ACTIONS, "say", "work", "work", "work"]), max_size=30), st.sampled_from(["each", "end"])
)
def test_the_news_added_up_is_the_conversation(doings: list[str], when: str) -> None:
    """A surface that only hears the news shows the same as one that reads the whole session."""
    talk = Talk(setup(type_feedback=when, type_follow_ups=1, questions=3))
    shown: dict[str, object] = {}
    before: Session | None = None
    for doing in doings:
        match doing:
            case "say":
                talk.say("an answer")
            case "work":
                work(talk, 3)
            case _:
                talk.press(next(action for action in ACTIONS if action == doing))
        shown |= dict(news(before, talk.live))
        before = talk.session
        assert shown == dict(posts(talk.live))
    assert fold(talk.facts) == talk.session
    assert talk.live.key == KEY
