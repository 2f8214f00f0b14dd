"""A session: what the facts of one interview amount to. `evolve` is the only way it changes, and it is pure.

The fold trusts its facts: they were checked when they were made (`engine/receive.py`, `engine/interviewer.py`). What is
due next is read off a session by `engine/steps.py`.
"""

from __future__ import annotations

from typing import assert_never

from engine.difficulty import next_level
from engine.facts import (
    Advanced,
    Amended,
    Answered,
    Asked,
    AskedQuestion,
    Begun,
    Fact,
    Hinted,
    LaterFact,
    Levelled,
    ModelAnswered,
    ModelAnswerWanted,
    Paused,
    Postponed,
    Rated,
    Report,
    Resumed,
    Retried,
    Reviewed,
    Skipped,
    Stopped,
    Submitted,
    Summarised,
)
from engine.feedback.model import Feedback, Origin
from engine.interviews import Frozen, Level, Setup
from engine.keys import ThreadKey, session_id

REASON_CHOSEN = "You chose this level."
OWED_TRIES = 300
"""How often a full review is tried for, three days or so; then what there is stays, and no more is promised."""


class Part(Frozen):
    """One message of an answer."""

    message: str
    text: str


class Attempt(Frozen):
    """One go at a question. `revision` counts every change of its text; feedback is always of the whole text."""

    parts: tuple[Part, ...] = ()
    revision: int = 0
    last_at: float = 0.0
    submitted: bool = False
    hints: int = 0
    feedback: Feedback | None = None
    provisional: bool = False
    postponed_until: float = 0.0
    postponements: int = 0

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts)

    @property
    def waits(self) -> bool:
        """It is not to be read before `postponed_until`."""
        return bool(self.parts) and self.feedback is None and self.postponed_until > 0


class Turn(Frozen):
    """A question and every attempt at it; the last attempt is the one that counts."""

    number: int
    question: AskedQuestion
    asked_at: float
    attempts: tuple[Attempt, ...] = (Attempt(),)
    level_reason: str = ""
    skipped: bool = False
    swapped: bool = False
    model_answer_wanted: bool = False
    model_answer: str = ""
    model_answer_origin: Origin | None = None
    rating: int = 0

    @property
    def attempt(self) -> Attempt:
        return self.attempts[-1]

    @property
    def feedback(self) -> Feedback | None:
        """The feedback on the latest attempt that has any."""
        return next((a.feedback for a in reversed(self.attempts) if a.feedback is not None), None)

    @property
    def answered(self) -> bool:
        """Something was said, in any attempt."""
        return any(attempt.parts for attempt in self.attempts)


class Session(Frozen):
    """One interview. `version` counts its facts.

    `level` is the difficulty now: that of the last main question, or what the candidate chose since. Scores count
    towards the next level from `scores_from` on (a turn number), which is where the candidate last chose.
    """

    key: ThreadKey
    number: int
    version: int
    setup: Setup
    began_at: float
    updated_at: float
    level: Level
    level_chosen: bool = False
    scores_from: int = 1
    turns: tuple[Turn, ...] = ()
    advanced: bool = False
    paused: bool = False
    stopped: bool = False
    report: Report | None = None
    report_stale: bool = False

    @property
    def id(self) -> str:
        return session_id(self.key, self.number)

    @property
    def turn(self) -> Turn | None:
        """The newest turn."""
        return self.turns[-1] if self.turns else None

    @property
    def asked(self) -> int:
        """How many of the planned questions were asked: follow-ups and swapped questions do not count."""
        return sum(turn.question.kind == "main" and not turn.swapped for turn in self.turns)

    @property
    def over(self) -> bool:
        """Nothing more will be asked."""
        return self.report is not None

    @property
    def waiting(self) -> Turn | None:
        """The first turn whose answer has to wait before it is read, because a limit was reached."""
        return next((turn for turn in self.turns if turn.attempt.waits and not turn.skipped), None)

    def score(self, turn: Turn) -> float | None:
        """The weighted score of a turn's latest reviewed attempt, 0–1."""
        return turn.feedback.score(self.setup.bar.weights) if turn.feedback else None

    def planned_level(self) -> tuple[int, str]:
        """The level the next main question should have, and the reason to show ("" when there is nothing to say)."""
        if self.level_chosen:
            return self.level, REASON_CHOSEN
        return next_level(self.level, [self.score(turn) for turn in self.turns[self.scores_from - 1 :]])


def evolve(session: Session | None, fact: Fact) -> Session:
    """The session after one more fact."""
    if isinstance(fact, Begun):
        return Session(
            key=fact.key,
            number=fact.number,
            version=1,
            setup=fact.setup,
            began_at=fact.at,
            updated_at=fact.at,
            level=fact.setup.start_level,
        )
    if session is None:
        raise ValueError(f"{fact.kind}: nothing has begun")
    changed = _after(session, fact)
    return changed.model_copy(update={"version": session.version + 1, "updated_at": fact.at})


def fold(facts: list[Fact]) -> Session | None:
    """The session that all these facts, oldest first, amount to."""
    session: Session | None = None
    for fact in facts:
        session = evolve(session, fact)
    return session


def _after(session: Session, fact: LaterFact) -> Session:
    match fact:
        case Asked():
            return _asked(session, fact)
        case Answered():
            part = Part(message=fact.message, text=fact.text)
            return _rewritten(session, fact.turn, fact.at, (*session.turns[fact.turn - 1].attempt.parts, part))
        case Amended():
            attempt = session.turns[fact.turn - 1].attempt
            return _rewritten(session, fact.turn, fact.at, _amended(attempt.parts, fact))
        case Submitted():
            return _with_attempt(session, fact.turn, submitted=True)
        case Hinted():
            return _with_attempt(session, fact.turn, hints=fact.rung)
        case Skipped():
            return _with_turn(session, fact.turn, skipped=True)
        case Reviewed():
            reviewed = _with_attempt(session, fact.turn, feedback=fact.feedback, provisional=fact.provisional,
                                     submitted=True, postponed_until=0.0)  # fmt: skip
            return reviewed.model_copy(update={"report_stale": session.report is not None})
        case Postponed():
            attempt = session.turns[fact.turn - 1].attempt
            if attempt.feedback is None:
                return _with_attempt(session, fact.turn, postponed_until=fact.until)
            count = attempt.postponements + 1
            return _with_attempt(session, fact.turn, postponed_until=fact.until, postponements=count,
                                 provisional=count < OWED_TRIES)  # fmt: skip
        case Advanced():
            return session.model_copy(update={"advanced": True})
        case Retried():
            attempts = session.turns[fact.turn - 1].attempts
            again = Attempt(hints=attempts[-1].hints)
            return _with_turn(session, fact.turn, attempts=(*attempts, again)).model_copy(update={"advanced": False})
        case ModelAnswerWanted():
            return _with_turn(session, fact.turn, model_answer_wanted=True)
        case ModelAnswered():
            return _with_turn(session, fact.turn, model_answer=fact.text, model_answer_origin=fact.origin,
                              model_answer_wanted=False)  # fmt: skip
        case Levelled():
            levelled = session.model_copy(
                update={"level": fact.level, "level_chosen": True, "scores_from": len(session.turns) + 1}
            )
            return _with_turn(levelled, len(session.turns), swapped=True) if fact.swap else levelled
        case Rated():
            return _with_turn(session, fact.turn, rating=fact.value)
        case Paused():
            return session.model_copy(update={"paused": True})
        case Resumed():
            return session.model_copy(update={"paused": False})
        case Stopped():
            return session.model_copy(update={"stopped": True, "paused": False})
        case Summarised():
            return session.model_copy(update={"report": fact.report, "report_stale": False})
        case _:
            assert_never(fact)


def _asked(session: Session, fact: Asked) -> Session:
    # Asking on closes the answer before: with feedback at the end, nobody else says that it is whole.
    before = session.turns
    if before and before[-1].attempt.parts:
        before = _with_attempt(session, len(before), submitted=True).turns
    turn = Turn(number=fact.turn, question=fact.question, asked_at=fact.at, level_reason=fact.reason)
    update: dict[str, object] = {"turns": (*before, turn), "advanced": False}
    if fact.question.kind == "main":
        update |= {"level": fact.question.level, "level_chosen": False}
    return session.model_copy(update=update)


def _amended(parts: tuple[Part, ...], fact: Amended) -> tuple[Part, ...]:
    if fact.text is None:
        return tuple(part for part in parts if part.message != fact.message)
    changed = Part(message=fact.message, text=fact.text)
    return tuple(changed if part.message == fact.message else part for part in parts)


def _rewritten(session: Session, turn: int, at: float, parts: tuple[Part, ...]) -> Session:
    revision = session.turns[turn - 1].attempt.revision + 1
    return _with_attempt(session, turn, parts=parts, revision=revision, last_at=at, submitted=False)


def _with_turn(session: Session, number: int, **update: object) -> Session:
    turn = session.turns[number - 1].model_copy(update=update)
    return session.model_copy(update={"turns": (*session.turns[: number - 1], turn, *session.turns[number:])})


def _with_attempt(session: Session, number: int, **update: object) -> Session:
    attempts = session.turns[number - 1].attempts
    return _with_turn(session, number, attempts=(*attempts[:-1], attempts[-1].model_copy(update=update)))
