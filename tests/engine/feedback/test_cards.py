"""The settled card: rebuilt from the session alone, saying what has to be said."""

from __future__ import annotations

import pytest

from engine.feedback.cards import BROKE_OFF, OFFLINE_NOTE, STAND_IN, settled_card
from engine.feedback.evidence import NOT_VERIFIED
from engine.feedback.model import CriterionFeedback, Origin
from engine.feedback.visible import READ_CHARS
from engine.session import Session
from tests.kit.interviews import feedback, setup
from tests.kit.talk import Talk

OFFLINE = {"headline": Origin(provider="offline", model="checklist")}


def reviewed(text: str = "my answer", **changes: object) -> Talk:
    talk = Talk(setup())
    talk.ask()
    talk.say(text)
    talk.press("done")
    talk.review(given=feedback(4, 3, None, 2, **changes))
    return talk


def card_of(session: Session, attempt: int = 1):
    return settled_card(session, session.turns[0], attempt, ("next",))


def test_levels_anchors_and_totals() -> None:
    card = card_of(reviewed().live)
    assert [each.level for each in card.sections] == [4, 3, None, 2]
    assert [each.meets for each in card.sections] == [True, False, None, False]
    assert [each.anchor for each in card.sections] == ["complete", "sound core", "", "a start"]
    assert [each.next_anchor for each in card.sections] == ["foresight", "complete", "", "sound core"]
    assert card.score == pytest.approx((0.75 * 30 + 0.5 * 25 + 0.25 * 20) / 75)
    assert (card.state, card.actions, card.before, card.notes) == ("settled", ("next",), None, ())


def test_a_second_attempt_shows_the_first_score() -> None:
    talk = reviewed()
    talk.press("retry")
    talk.say("better")
    talk.press("done")
    talk.review(5, 5, 5, 5)
    assert card_of(talk.live, 2).before == card_of(talk.live, 1).score


def test_an_attempt_without_feedback_has_no_card() -> None:
    talk = Talk(setup())
    talk.ask()
    with pytest.raises(ValueError, match="no feedback"):
        card_of(talk.live)


def test_criteria_that_changed_names_are_shown_as_they_were_kept() -> None:
    session = reviewed(criteria=(CriterionFeedback(criterion="old_one", level=4),)).live
    card = card_of(session)
    assert [each.state for each in card.sections] == ["waiting"] * 4


def test_what_has_to_be_said() -> None:
    assert card_of(reviewed(origins=OFFLINE).live).notes == (OFFLINE_NOTE,)
    unsure = (CriterionFeedback(criterion="completeness", level=5, reason=NOT_VERIFIED),)
    assert "your wording" in card_of(reviewed(criteria=unsure).live).notes[0]
    assert card_of(reviewed("x" * (READ_CHARS + 1)).live).notes == (
        "Only the first 24,000 characters of your answer were read.",
    )
    missing = {"headline": "Gone.", "rewrite": "Gone.", "summary": "A headline"}
    assert card_of(reviewed(missing=missing).live).notes == ("Gone.",)


@pytest.mark.parametrize(("origins", "note"), [(OFFLINE, STAND_IN), ({}, BROKE_OFF)])
def test_a_provisional_review_says_what_follows(origins: dict[str, Origin], note: str) -> None:
    talk = Talk(setup())
    talk.ask()
    talk.say("my answer")
    talk.press("done")
    talk.review(given=feedback(origins=origins), provisional=True)
    assert card_of(talk.live).notes == (note,)
    assert card_of(talk.live).provisional
