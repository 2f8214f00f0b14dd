"""What one interview came to, in a row of figures: read off a session, never off anybody's words.

The store writes it beside the facts that change it. What many of them amount to is `overview.py` and `trends.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.feedback.model import OFFLINE
from engine.report import report_numbers
from engine.session import Session
from engine.trials.observing import GIVEN_UP_S

State = Literal["open", "completed", "stopped"]
Judge = Literal["", "model", "offline", "both"]


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """The mean of one criterion, 0–1, and how many answers it rests on; `None` of none."""

    criterion: str
    title: str
    score: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One interview. `home` is the scope whose rules it goes by; `judge` says who reviewed its answers."""

    session: str
    person: str
    home: str
    type_id: str
    title: str
    role: str
    began_at: float
    ended_at: float | None
    state: State
    answers: int
    score: float | None
    criteria: tuple[CriterionScore, ...]
    hints: int
    judge: Judge


@dataclass(frozen=True, slots=True)
class Held:
    """An outcome, what the person thought of the feedback, and when something last happened in it.

    `opinion` is thumbs up less thumbs down; `None` while there are none.
    """

    outcome: Outcome
    changed_at: float
    opinion: int | None = None

    def completed(self, now: float) -> bool | None:
        """Held to its planned end; `False` when it was stopped or given up, `None` while it goes on."""
        match self.outcome.state:
            case "completed":
                return True
            case "stopped":
                return False
            case "open":
                return False if now - self.changed_at >= GIVEN_UP_S else None


def outcome_of(session: Session) -> Outcome:
    """The outcome as the session stands."""
    numbers = report_numbers(session)
    ended = session.over or session.stopped
    return Outcome(
        session=session.id,
        person=session.key.person,
        home=session.setup.home or session.key.scope,
        type_id=session.setup.type.id,
        title=session.setup.type.title,
        role=session.setup.role,
        began_at=session.began_at,
        ended_at=session.updated_at if ended else None,
        state="stopped" if session.stopped else "completed" if session.over else "open",
        answers=numbers.answered,
        score=numbers.score,
        criteria=tuple(CriterionScore(c.criterion, c.title, c.score, c.n) for c in numbers.criteria),
        hints=sum(turn.attempt.hints for turn in session.turns),
        judge=_judge(session),
    )


def _judge(session: Session) -> Judge:
    """A review that came from several counts for all of them."""
    offline, model = False, False
    for turn in session.turns:
        if turn.feedback is not None:
            providers = {origin.provider for origin in turn.feedback.origins.values()}
            offline = offline or OFFLINE in providers
            model = model or bool(providers - {OFFLINE})
    return "both" if offline and model else "offline" if offline else "model" if model else ""
