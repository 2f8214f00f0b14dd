"""What is due now. `next_step` is a pure table over the session; the attendant does what it says and asks again.

A step equals another exactly when doing the one is as good as doing the other: it carries everything that would make a
result stale (turn, attempt, revision, level). `due_at` is when it may start, in epoch seconds; 0 means at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.facts import Kind
from engine.session import Session, Turn

COMPLETE_ENOUGH = 0.8
"""An answer that scored more than this gets no follow-up."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Put a question: the `turn`-th of the interview."""

    turn: int
    kind: Kind
    parent: int
    level: int
    reason: str = ""
    due_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Review:
    """Judge this revision of an answer. `again`: a provisional review exists and the full one is still owed."""

    turn: int
    attempt: int
    revision: int
    again: bool = False
    due_at: float = 0.0


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """Write a model answer for a turn."""

    turn: int
    due_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Summarise:
    """Write the final report, on this many reviews."""

    basis: int
    due_at: float = 0.0


Step = Ask | Review | ModelAnswer | Summarise


def next_step(session: Session | None) -> Step | None:
    """The step the session is due; `None` while it waits for its candidate (or is over)."""
    if session is None:
        return None
    if (wanted := next((t.number for t in session.turns if t.model_answer_wanted), 0)) > 0:
        return ModelAnswer(wanted)
    if session.stopped or session.report is not None:
        return _closing(session) or _owed(session)
    if session.paused:
        return _owed(session)
    turn = session.turn
    if turn is None:
        return _ask_main(session)
    if turn.skipped or turn.swapped:
        return _go_on(session, turn)
    if turn.attempt.feedback is None and turn.attempt.parts:
        attempt = turn.attempt
        quiet_at = 0.0 if attempt.submitted else attempt.last_at + session.setup.quiet_s
        due_at = max(quiet_at, attempt.postponed_until)
        if session.setup.type.feedback == "each":
            return Review(turn.number, len(turn.attempts), attempt.revision, due_at=due_at)
        return _go_on(session, turn, due_at)
    if session.advanced or (session.setup.type.feedback == "end" and turn.attempt.feedback is not None):
        return _go_on(session, turn)
    return _owed(session)


def due_at(session: Session | None) -> float | None:
    """When an attendant is needed for this session; `None` when only its candidate can move it."""
    step = next_step(session)
    return None if step is None else step.due_at


def _go_on(session: Session, turn: Turn, due_at: float = 0.0) -> Step | None:
    """After a turn is done with: a follow-up, the next main question, or the end."""
    if (parent := _follow_up_of(session, turn)) is not None:
        return Ask(turn.number + 1, "follow_up", parent, session.turns[parent - 1].question.level, due_at=due_at)
    if session.asked < session.setup.questions:
        return _ask_main(session, due_at)
    return _closing(session, due_at)


def _ask_main(session: Session, due_at: float = 0.0) -> Ask:
    level, reason = session.planned_level()
    return Ask(len(session.turns) + 1, "main", 0, level, reason, due_at)


def _follow_up_of(session: Session, turn: Turn) -> int | None:
    """The turn a follow-up would belong to, if one is wanted after `turn`."""
    if turn.skipped or turn.swapped or not turn.answered:
        return None
    parent = turn.question.parent or turn.number
    used = sum(t.question.parent == parent for t in session.turns)
    score = session.score(turn)
    if used >= session.setup.type.follow_ups or (score is not None and score > COMPLETE_ENOUGH):
        return None
    return parent


def _closing(session: Session, due_at: float = 0.0) -> Step | None:
    """What stands between the last answer and the report, then the report."""
    if session.setup.type.feedback == "end":
        for turn in session.turns:
            attempt = turn.attempt
            last_open = session.stopped and turn is session.turn and not attempt.submitted
            if attempt.parts and attempt.feedback is None and not turn.skipped and not last_open:
                due_at = max(due_at, attempt.postponed_until)
                return Review(turn.number, len(turn.attempts), attempt.revision, due_at=due_at)
    if session.report is None or (session.report_stale and _owed(session) is None):
        return Summarise(sum(turn.feedback is not None and not turn.attempt.provisional for turn in session.turns))
    return None


def _owed(session: Session) -> Step | None:
    """A full review that a model still owes, the earliest due first."""
    owed = [
        Review(turn.number, len(turn.attempts), turn.attempt.revision, again=True, due_at=turn.attempt.postponed_until)
        for turn in session.turns
        if turn.attempt.provisional
    ]
    return min(owed, key=lambda review: review.due_at, default=None)
