"""What each task is to know of a session, as the plain values of `engine/material.py`.

Earlier turns are remembered by one sentence and a score, the last three answered ones in full.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.facts import Report
from engine.interviews import Question
from engine.material import (
    FollowUpMaterial,
    ModelAnswerMaterial,
    PastTurn,
    QuestionMaterial,
    ReportMaterial,
    ReviewMaterial,
)
from engine.session import Session, Turn
from engine.steps import Ask

IN_FULL = 3


def past_turns(session: Session, *, before: int | None = None) -> tuple[PastTurn, ...]:
    """The turns with a smaller number than `before` (default: all), oldest first."""
    turns = [turn for turn in session.turns if before is None or turn.number < before]
    full = {turn.number for turn in [turn for turn in turns if turn.answered][-IN_FULL:]}
    return tuple(_past(session, turn, in_full=turn.number in full) for turn in turns)


def question_material(session: Session, step: Ask, seeds: Sequence[Question]) -> QuestionMaterial:
    """For the next main question. `seeds` as in `QuestionMaterial`."""
    setup = session.setup
    return QuestionMaterial(
        format=setup.type.format,
        type_title=setup.type.title,
        level=step.level,
        role=setup.role,
        expects=setup.bar.expects,
        focus=setup.focus,
        language=setup.language,
        past=past_turns(session),
        seeds=tuple(seeds),
    )


def follow_up_material(session: Session, step: Ask) -> FollowUpMaterial:
    """For a follow-up to the turn `step.parent`, on the strength of what was said last.

    What is uncovered comes from the checklists so far: a point found in any answer of the thread is covered.
    """
    parent = session.turns[step.parent - 1]
    thread = [turn for turn in session.turns if turn.number == step.parent or turn.question.parent == step.parent]
    asked = tuple(turn.question.text for turn in thread)
    checks = [item for turn in thread if turn.feedback for item in turn.feedback.checklist]
    found = {item.point for item in checks if item.found}
    return FollowUpMaterial(
        format=session.setup.type.format,
        level=step.level,
        role=session.setup.role,
        language=session.setup.language,
        question=thread[-1].question.text,
        answer=answer_of(thread[-1]),
        key_points=parent.question.key_points,
        uncovered=tuple(dict.fromkeys(item.point for item in checks if item.point not in found)),
        candidates=tuple(text for text in parent.question.follow_ups if text not in asked),
        asked_before=asked,
    )


def review_material(session: Session, turn: Turn) -> ReviewMaterial:
    """For the review of a turn's latest attempt."""
    setup, question = session.setup, turn.question
    return ReviewMaterial(
        format=setup.type.format,
        level=question.level,
        role=setup.role,
        expects=setup.bar.expects,
        meets=setup.bar.meets,
        language=setup.language,
        topic=question.topic,
        question=question.text,
        minutes=question.minutes,
        key_points=question.key_points,
        cues=question.cues,
        criteria=setup.type.criteria,
        answer=turn.attempt.text,
        past=past_turns(session, before=turn.number),
    )


def model_answer_material(session: Session, turn: Turn) -> ModelAnswerMaterial:
    """For a model answer to a turn's question."""
    return ModelAnswerMaterial(
        format=session.setup.type.format,
        level=turn.question.level,
        role=session.setup.role,
        language=session.setup.language,
        question=turn.question.text,
        key_points=turn.question.key_points,
        cues=turn.question.cues,
    )


def report_material(session: Session, numbers: Report) -> ReportMaterial:
    """For the closing words on `numbers`, which are already computed."""
    reviews = [turn.feedback for turn in session.turns if turn.feedback]
    return ReportMaterial(
        type_title=session.setup.type.title,
        role=session.setup.role,
        language=session.setup.language,
        numbers=numbers,
        past=past_turns(session),
        fixes=tuple(dict.fromkeys(item.fix for review in reviews for item in review.criteria if item.fix)),
        drills=tuple(dict.fromkeys(review.next_drill for review in reviews if review.next_drill)),
    )


def answer_of(turn: Turn) -> str:
    """What was said last: an attempt that has only just begun does not hide the one before it."""
    return next((attempt.text for attempt in reversed(turn.attempts) if attempt.parts), "")


def _past(session: Session, turn: Turn, *, in_full: bool) -> PastTurn:
    answered = turn.answered and not turn.skipped
    summary = turn.feedback.summary if turn.feedback else ""
    return PastTurn(
        number=turn.number,
        topic=turn.question.topic,
        question=turn.question.text,
        answer=answer_of(turn) if in_full else "",
        summary=summary or ("Answered, not reviewed." if answered else "Not answered."),
        score=session.score(turn),
    )
