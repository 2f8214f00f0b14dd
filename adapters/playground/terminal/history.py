"""Earlier interviews, newest first: when, what, how far, how well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from adapters.playground.terminal.clean import plain
from adapters.playground.terminal.marks import Marks, score_bar
from adapters.surface.figures import report_of
from adapters.surface.lists import state_of
from engine.session import Session

NOTHING_YET = "No interview yet. `rehearse practice` starts one."


def history_view(sessions: Sequence[Session], marks: Marks) -> RenderableType:
    """A table of interviews."""
    if not sessions:
        return Text(NOTHING_YET)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("Began", "Interview", "Role", "Answered", "Score", ""):
        table.add_column(name, no_wrap=name != "Interview")
    for session in sessions:
        report = report_of(session)
        began = datetime.fromtimestamp(session.began_at).astimezone()
        table.add_row(
            f"{began:%Y-%m-%d %H:%M}",
            plain(session.setup.type.title),
            session.setup.role,
            f"{report.answered} of {session.setup.questions}",
            score_bar(report.score, marks),
            state_of(session),
        )
    return table


def history_entry(session: Session) -> dict[str, object]:
    """The same about one interview, for scripts. `score` is 0–1, `began_at` epoch seconds."""
    report = report_of(session)
    return {
        "session": session.id,
        "began_at": session.began_at,
        "type": session.setup.type.id,
        "role": session.setup.role,
        "questions": session.setup.questions,
        "answered": report.answered,
        "score": report.score,
        "state": state_of(session),
    }
