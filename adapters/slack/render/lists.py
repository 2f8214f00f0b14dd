"""A person's interviews in a row, each with a button for its report, or to go on."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.names import HISTORY_VIEW, HOME_RESUME, HOME_START, SHOW_REPORT
from adapters.slack.render.blocks import actions, button, escaped, header, line, plain_text, rich, section, text
from adapters.slack.render.page import VIEW_BLOCKS, Json, Page, paged
from adapters.surface.lists import Row, row
from adapters.surface.marks import count, score_bar, score_words
from adapters.surface.wording import NOTHING_YET
from engine.session import Session


def row_block(each: Row) -> Json:
    """An interview with the one thing to do about it."""
    when = f"<!date^{int(each.began_at)}^{{date_short_pretty}}|earlier>"
    first = f"*{escaped(each.title)}* · {each.role} · {when}"
    if not each.over:
        words = f"{first}\n{each.answered} of {count(each.questions, 'question')} answered · {each.state}"
        return section(words, button("Resume", HOME_RESUME, str(each.key), style="primary"))
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
