"""The conversation a session amounts to: every post with its card, in order, rebuilt from nothing but the session.

This is what a page shows after a reload, what a surface finishes after a restart, and, as a difference between two
sessions, what surfaces are told when something was recorded. Cards that are still growing are made by the interviewer.
"""

from __future__ import annotations

from engine.events import AnswerCard, Card, HintCard, ModelAnswerCard, QuestionCard, ReportCard
from engine.feedback.cards import settled_card
from engine.inbound import Action
from engine.interviews import level_name
from engine.session import Session, Turn

Post = tuple[str, Card]


def posts(session: Session) -> tuple[Post, ...]:
    """Every settled post of the interview with its card, in the order it is read."""
    shown = [post for turn in session.turns for post in _turn_posts(session, turn)]
    if session.report is not None:
        shown.append(("report", ReportCard(title=session.setup.type.title, report=session.report)))
    return tuple(shown)


def news(before: Session | None, after: Session) -> tuple[Post, ...]:
    """The posts that are new or look different now."""
    if before is None or before.number != after.number:
        return posts(after)
    # Only the turns that changed, and the newest ones (their buttons come and go), can look different.
    fresh = {turn.number for turn, old in zip(after.turns, before.turns, strict=False) if turn is not old}
    fresh |= {session.turn.number for session in (before, after) if session.turn is not None}
    was = dict(post for turn in before.turns if turn.number in fresh for post in _turn_posts(before, turn))
    now = [post for turn in after.turns if turn.number in fresh for post in _turn_posts(after, turn)]
    if after.report is not None and after.report is not before.report:
        now.append(("report", ReportCard(title=after.setup.type.title, report=after.report)))
    return tuple((post, card) for post, card in now if was.get(post) != card)


def question_number(session: Session, turn: int, kind: str) -> int:
    """The number shown on this turn: follow-ups bear that of their question, swapped questions do not count."""
    mains = sum(t.question.kind == "main" and not t.swapped for t in session.turns if t.number < turn)
    return mains + (kind == "main")


def question_actions(session: Session, turn: Turn) -> tuple[Action, ...]:
    """The buttons a question card bears now."""
    if turn is not session.turn or session.over or session.stopped or turn.skipped or turn.swapped:
        return ()
    if session.paused:
        return ("resume", "stop")
    if session.advanced or turn.attempt.feedback is not None:
        return ()
    hint: tuple[Action, ...] = ("hint",) if turn.attempt.hints < len(turn.question.hints) else ()
    open_still = bool(turn.attempt.parts) and (not turn.attempt.submitted or turn.attempt.waits)
    done: tuple[Action, ...] = ("done",) if open_still else ()
    return (*done, *hint, "skip", "repeat", "easier", "harder", "pause", "stop")


def feedback_actions(session: Session, turn: Turn) -> tuple[Action, ...]:
    """The buttons the newest feedback of a turn bears now."""
    model: tuple[Action, ...] = () if turn.model_answer or turn.model_answer_wanted else ("model_answer",)
    thumbs: tuple[Action, ...] = ("helpful", "unhelpful")
    on: tuple[Action, ...] = ()
    if turn is session.turn and not (session.over or session.stopped or session.advanced or session.paused):
        on = ("next", "retry")
    return (*on, *model, *thumbs)


def _turn_posts(session: Session, turn: Turn) -> list[Post]:
    n, question = turn.number, turn.question
    shown: list[Post] = [
        (
            f"q{n}",
            QuestionCard(
                turn=n,
                number=question_number(session, n, question.kind),
                total=session.setup.questions,
                kind=question.kind,
                level=question.level,
                level_name=level_name(question.level),
                level_reason=turn.level_reason,
                topic=question.topic,
                text=question.text,
                minutes=question.minutes,
                actions=question_actions(session, turn),
            ),
        )
    ]
    rungs = len(question.hints)
    shown += [
        (f"h{n}.{rung}", HintCard(turn=n, rung=rung, rungs=rungs, text=question.hints[rung - 1]))
        for rung in range(1, turn.attempt.hints + 1)
    ]
    for k, attempt in enumerate(turn.attempts, start=1):
        if attempt.parts:
            shown.append((f"a{n}.{k}", AnswerCard(turn=n, attempt=k, text=attempt.text)))
        if attempt.feedback is not None:
            newest = attempt.feedback is turn.feedback
            actions = feedback_actions(session, turn) if newest else ()
            shown.append((f"f{n}.{k}", settled_card(session, turn, k, actions)))
    if turn.model_answer:
        engine = turn.model_answer_origin.label if turn.model_answer_origin else ""
        shown.append((f"m{n}", ModelAnswerCard(turn=n, text=turn.model_answer, engine=engine)))
    return shown
