"""Progress over interviews: a line of their scores, and what became of each criterion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.charts import Point, Trend
from adapters.slack.names import HOME_START
from adapters.slack.render.blocks import actions, button, fallback, header, line, rich, text
from adapters.slack.render.figures import table, trend
from adapters.slack.render.lists import NOTHING_YET
from adapters.slack.render.marks import NOT_SCORED, count
from adapters.slack.render.page import Json, Look, Page, paged
from engine.facts import Report
from engine.feedback.model import mean
from engine.report import report_numbers
from engine.session import Session

TITLE = "Your progress"
ROUND = 3
"""What a criterion was at first is a mean over at most so many interviews, and what it was lately likewise."""


def progress_pages(sessions: Sequence[Session], look: Look) -> tuple[Page, ...]:
    """From a person's interviews, newest first."""
    start = [actions(button("Start an interview", HOME_START, style="primary"))]
    if not sessions:
        return paged([header(TITLE), rich(line(text(NOTHING_YET)))], NOTHING_YET, tail=start)
    oldest_first = list(reversed(sessions))
    reports = [session.report or report_numbers(session) for session in oldest_first]
    drawn = trend(scores(oldest_first), look, first="Interview", note="About", file="progress.png")
    said = _summary(reports)
    blocks = [header(TITLE), rich(line(text(said))), *drawn.blocks, *_criteria(reports, look)]
    return paged(blocks, fallback(TITLE, said), tail=start, files=drawn.files)


def scores(sessions: Sequence[Session]) -> Trend:
    """A line over interviews, oldest first, named by their days."""
    points = tuple(
        Point(
            name=f"{datetime.fromtimestamp(session.began_at, UTC):%-d %b}",
            score=(session.report or report_numbers(session)).score,
            note=session.setup.type.title,
        )
        for session in sessions
    )
    return Trend("Over your interviews", points)


def _summary(reports: Sequence[Report]) -> str:
    scored = [report.score for report in reports if report.score is not None]
    said = f"{count(len(reports), 'interview')}, {count(sum(report.answered for report in reports), 'answer')}."
    if not scored:
        return f"{said} Nothing was scored yet."
    if len(scored) == 1:
        return f"{said} One score so far: {scored[0]:.2f} of 1. With a second one there is a line to draw."
    return f"{said} From {scored[0]:.2f} to {scored[-1]:.2f} of 1; the best was {max(scored):.2f}."


def _criteria(reports: Sequence[Report], look: Look) -> list[Json]:
    found: dict[str, list[float]] = {}
    titles: dict[str, str] = {}
    for report in reports:
        for each in report.criteria:
            titles[each.criterion] = each.title
            found.setdefault(each.criterion, []).extend([] if each.score is None else [each.score])
    rows = [(titles[name], *_then_and_now(known), str(len(known))) for name, known in found.items()]
    head = ("Criterion", "At first", "Lately", "Interviews")
    return table("By criterion", head, rows, look) if rows else []


def _then_and_now(known: Sequence[float]) -> tuple[str, str]:
    """Means over the first and the last few interviews; none of them counts for both, but for a single one."""
    few = max(1, min(ROUND, len(known) // 2))
    return _figure(mean(known[:few])), _figure(mean(known[-few:]))


def _figure(score: float | None) -> str:
    return NOT_SCORED if score is None else f"{score:.2f}"
