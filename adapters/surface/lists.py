"""A person's interviews in a row: what, when, how far, how well."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.surface.figures import report_of
from adapters.surface.wording import ROLES
from engine.keys import ThreadKey
from engine.session import Session


@dataclass(frozen=True, slots=True)
class Row:
    """One interview as a list shows it."""

    session: str
    key: ThreadKey
    title: str
    role: str
    began_at: float
    answered: int
    questions: int
    score: float | None
    state: str

    @property
    def over(self) -> bool:
        return self.state in ("finished", "stopped")


def row(session: Session) -> Row:
    report = report_of(session)
    return Row(
        session=session.id,
        key=session.key,
        title=session.setup.type.title,
        role=ROLES[session.setup.role],
        began_at=session.began_at,
        answered=report.answered,
        questions=session.setup.questions,
        score=report.score,
        state=state_of(session),
    )


def state_of(session: Session) -> str:
    """In a word, where an interview stands."""
    if session.over:
        return "stopped" if session.stopped else "finished"
    return "paused" if session.paused else "open"
