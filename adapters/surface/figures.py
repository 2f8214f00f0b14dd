"""Scores one after the other: over an interview's answers, over a person's interviews; and each criterion's way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.charts import Point, Trend
from adapters.surface.marks import NOT_SCORED, count
from engine.facts import Report
from engine.feedback.model import mean
from engine.report import report_numbers
from engine.session import Session

ROUND = 3
"""What a criterion was at first is a mean over at most so many interviews, and what it was lately likewise."""


def report_trend(report: Report) -> Trend:
    """The line over the answers."""
    points = tuple(
        Point(
            name=f"Answer {n}",
            score=point.score,
            note=f"level {point.level}" + (f", {count(point.hints, 'hint')}" if point.hints else ""),
        )
        for n, point in enumerate(report.trend, 1)
    )
    return Trend("Over the interview", points, report.bar)


def report_of(session: Session) -> Report:
    """The report, or the figures there are without one."""
    return session.report or report_numbers(session)


def interviews_trend(sessions: Sequence[Session]) -> Trend:
    """A line over interviews, oldest first, named by their days."""
    points = tuple(
        Point(
            name=f"{datetime.fromtimestamp(session.began_at, UTC):%-d %b}",
            score=report_of(session).score,
            note=session.setup.type.title,
        )
        for session in sessions
    )
    return Trend("Over your interviews", points)


def trend_words(trend: Trend) -> str:
    """The picture in a sentence."""
    scored = [point for point in trend.points if point.score is not None]
    asked = f", bar for the role {trend.bar:.2f}" if trend.bar is not None else ""
    return f"{trend.title}: {', '.join(f'{point.name} {point.score:.2f}' for point in scored)}{asked}"


def progress_words(reports: Sequence[Report]) -> str:
    """What a person's interviews come to, oldest first, in two sentences."""
    scored = [report.score for report in reports if report.score is not None]
    said = f"{count(len(reports), 'interview')}, {count(sum(report.answered for report in reports), 'answer')}."
    if not scored:
        return f"{said} Nothing was scored yet."
    if len(scored) == 1:
        return f"{said} One score so far: {scored[0]:.2f} of 1. With a second one there is a line to draw."
    return f"{said} From {scored[0]:.2f} to {scored[-1]:.2f} of 1; the best was {max(scored):.2f}."


def criteria_rows(reports: Sequence[Report]) -> list[tuple[str, str, str, int]]:
    """For each criterion: its title, its score at first, lately, and of how many interviews, oldest first."""
    found: dict[str, list[float]] = {}
    titles: dict[str, str] = {}
    for report in reports:
        for each in report.criteria:
            titles[each.criterion] = each.title
            found.setdefault(each.criterion, []).extend([] if each.score is None else [each.score])
    return [(titles[name], *_then_and_now(known), len(known)) for name, known in found.items()]


def _then_and_now(known: Sequence[float]) -> tuple[str, str]:
    """Means over the first and the last few interviews; none of them counts for both, but for a single one."""
    few = max(1, min(ROUND, len(known) // 2))
    return _figure(mean(known[:few])), _figure(mean(known[-few:]))


def _figure(score: float | None) -> str:
    return NOT_SCORED if score is None else f"{score:.2f}"
