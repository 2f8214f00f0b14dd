"""A person's interviews in a row: what, when, how far, how well; with a button for the report, or to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.slack.names import HISTORY_VIEW, HOME_RESUME, HOME_START, SHOW_REPORT
from adapters.slack.render.blocks import actions, button, escaped, header, line, plain_text, rich, section, text
from adapters.slack.render.marks import ROLES, count, score_bar, score_words
from adapters.slack.render.page import VIEW_BLOCKS, Json, Page, paged
from engine.report import report_numbers
from engine.session import Session

NOTHING_YET = "No interview yet. Your first one takes about ten minutes, and nobody else sees it."


@dataclass(frozen=True, slots=True)
class Row:
    """One interview as a list shows it."""

    session: str
    key: str
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
    report = session.report or report_numbers(session)
    return Row(
        session=session.id,
        key=str(session.key),
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


def row_block(each: Row) -> Json:
    """An interview with the one thing to do about it."""
    when = f"<!date^{int(each.began_at)}^{{date_short_pretty}}|earlier>"
    first = f"*{escaped(each.title)}* · {each.role} · {when}"
    if not each.over:
        words = f"{first}\n{each.answered} of {count(each.questions, 'question')} answered · {each.state}"
        return section(words, button("Resume", HOME_RESUME, each.key, style="primary"))
    score = f"{score_bar(each.score)} *{score_words(each.score)}*" if each.score is not None else score_words(None)
    stopped = " · ended early" if each.state == "stopped" else ""
    words = f"{first}\n{score} · {count(each.answered, 'answer')}{stopped}"
    return section(words, button("Report", SHOW_REPORT, each.session))


def history_pages(sessions: Sequence[Session]) -> tuple[Page, ...]:
    """Earlier interviews, newest first."""
    start = [actions(button("Start an interview", HOME_START, style="primary"))]
    if not sessions:
        return paged([rich(line(text(NOTHING_YET)))], NOTHING_YET, tail=start)
    blocks = [header("Your interviews"), *(row_block(row(session)) for session in sessions)]
    return paged(blocks, f"Your {count(len(sessions), 'interview')}", tail=start)


def history_view(sessions: Sequence[Session]) -> Json:
    """The same as a modal, which holds the newest of them."""
    rows = [row_block(row(session)) for session in sessions[:VIEW_BLOCKS]]
    return {
        "type": "modal",
        "callback_id": HISTORY_VIEW,
        "title": plain_text("Your interviews", 24),
        "close": plain_text("Close", 24),
        "blocks": rows or [rich(line(text(NOTHING_YET)))],
    }
