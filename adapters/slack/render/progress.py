"""Progress over interviews: a line of their scores, and what became of each criterion."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.names import HOME_START
from adapters.slack.render.blocks import actions, button, fallback, header, line, rich, text
from adapters.slack.render.figures import table, trend
from adapters.slack.render.page import Json, Look, Page, paged
from adapters.surface.figures import criteria_rows, interviews_trend, progress_words, report_of
from adapters.surface.wording import NOTHING_YET
from engine.facts import Report
from engine.session import Session

TITLE = "Your progress"


def progress_pages(sessions: Sequence[Session], look: Look) -> tuple[Page, ...]:
    """From a person's interviews, newest first."""
    start = [actions(button("Start an interview", HOME_START, style="primary"))]
    if not sessions:
        return paged([header(TITLE), rich(line(text(NOTHING_YET)))], NOTHING_YET, tail=start)
    oldest_first = list(reversed(sessions))
    reports = [report_of(session) for session in oldest_first]
    drawn = trend(interviews_trend(oldest_first), look, first="Interview", note="About", file="progress.png")
    said = progress_words(reports)
    blocks = [header(TITLE), rich(line(text(said))), *drawn.blocks, *_criteria(reports, look)]
    return paged(blocks, fallback(TITLE, said), tail=start, files=drawn.files)


def _criteria(reports: Sequence[Report], look: Look) -> list[Json]:
    rows = [(title, first, lately, str(n)) for title, first, lately, n in criteria_rows(reports)]
    head = ("Criterion", "At first", "Lately", "Interviews")
    return table("By criterion", head, rows, look) if rows else []
