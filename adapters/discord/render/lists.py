"""A person's interviews in a row, with the one thing to do about each; and the line over all of them."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.discord.names import HISTORY, PROGRESS, START, report_id, resume_id
from adapters.discord.render.page import MOST_PAGES, Json, Page, paged
from adapters.discord.render.parts import BLURPLE, PRIMARY, button, row, section, text, texts
from adapters.discord.render.report import listed, trend_shown
from adapters.discord.render.words import escaped, small
from adapters.surface.figures import criteria_rows, interviews_trend, progress_words, report_of
from adapters.surface.lists import Row
from adapters.surface.lists import row as row_of
from adapters.surface.marks import count, score_bar, score_words
from adapters.surface.wording import NOTHING_YET
from engine.session import Session

ROWS = 10 * MOST_PAGES
"""How many interviews a history shows; a page holds ten rows and its buttons."""
YOURS, PROGRESS_TITLE = "Your interviews", "Your progress"


def history_pages(sessions: Sequence[Session]) -> tuple[Page, ...]:
    """Earlier interviews, newest first."""
    start = [row(button("Start an interview", START, PRIMARY), button("Progress", PROGRESS))]
    if not sessions:
        return paged(texts([f"### {YOURS}\n{NOTHING_YET}"]), title=YOURS, accent=BLURPLE, tail=start)
    left = len(sessions) - ROWS
    note = small(f"The {ROWS} newest of {len(sessions)}. /interview export has all of them.") if left > 0 else ""
    made = texts([f"### {YOURS}" + (f"\n{note}" if note else "")])
    rows = [row_of(session) for session in sessions[:ROWS]]
    newest = {each.key: each.session for each in reversed(rows) if not each.over}
    made += [row_section(each, resumable=newest.get(each.key) == each.session) for each in rows]
    return paged(made, title=YOURS, accent=BLURPLE, tail=start)


def row_section(each: Row, *, resumable: bool = True) -> Json:
    """An interview with its report, or with the way back into it: only the newest open one of a place is gone on with,
    and no two buttons of a message may have the same id."""
    first = f"**{escaped(each.title)}** · {each.role} · <t:{int(each.began_at)}:D>"
    if not each.over:
        words = f"{first}\n{each.answered} of {count(each.questions, 'question')} answered · {each.state}"
        return section([words], button("Resume", resume_id(each.key), PRIMARY)) if resumable else text(words)
    score = score_words(None) if each.score is None else f"{score_bar(each.score)} **{score_words(each.score)}**"
    stopped = " · ended early" if each.state == "stopped" else ""
    words = f"{first}\n{score} · {count(each.answered, 'answer')}{stopped}"
    return section([words], button("Report", report_id(each.session)))


def progress_pages(sessions: Sequence[Session]) -> tuple[Page, ...]:
    """From a person's interviews, newest first: their line, and what became of each criterion."""
    buttons = [row(button("Start an interview", START, PRIMARY), button("History", HISTORY))]
    if not sessions:
        empty = texts([f"### {PROGRESS_TITLE}\n{NOTHING_YET}"])
        return paged(empty, title=PROGRESS_TITLE, accent=BLURPLE, tail=buttons)
    oldest_first = list(reversed(sessions))
    reports = [report_of(session) for session in oldest_first]
    drawn, files = trend_shown(interviews_trend(oldest_first), "progress.png")
    lines = [
        f"**{lately}** {escaped(title)} · at first {first}"
        + ("" if n == len(reports) else f" · {count(n, 'interview')}")
        for title, first, lately, n in criteria_rows(reports)
    ]
    by_criterion = listed("By criterion, lately and at first", lines) if lines else []
    made = [*texts([f"### {PROGRESS_TITLE}\n{progress_words(reports)}"]), *drawn, *texts(by_criterion)]
    return paged(made, title=PROGRESS_TITLE, accent=BLURPLE, tail=buttons, files=files, file="progress.md")
