"""The end of an interview on one screen: the score, the criteria, a chart over the questions, fixes, one drill."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from adapters.playground.terminal.clean import plain
from adapters.playground.terminal.marks import Marks, Point, score_bar, trend_chart
from adapters.surface.wording import DISCLAIMER, WRITING_REPORT
from engine.events import ReportCard
from engine.facts import Report


def report_panel(card: ReportCard, marks: Marks) -> Panel:
    """The report, or a word of patience while it is being written."""
    report = card.report
    body: RenderableType = Text(WRITING_REPORT, style="italic dim") if report is None else _body(report, marks)
    return Panel(
        body,
        title=Text(f"Report · {plain(card.title)}", style="bold"),
        subtitle=f"{plain(report.engine)} · {DISCLAIMER}" if report and report.engine else DISCLAIMER,
        title_align="left",
        subtitle_align="right",
        border_style="green",
        padding=(0, 1),
    )


def _body(report: Report, marks: Marks) -> RenderableType:
    parts: list[RenderableType] = [Text(plain(report.summary)), _figures(report, marks)]
    if sum(point.score is not None for point in report.trend) > 1:
        points = [
            Point(f"Q{point.turn}", "L" + str(point.level) + "*" * bool(point.hints), point.score)
            for point in report.trend
        ]
        parts.append(trend_chart(points, report.bar, marks))
        hints = "; * with hints" if any(point.hints for point in report.trend) else ""
        parts.append(Text(f"L1 to L5: the question's level{hints}", style="dim"))
    if report.fixes:
        fixes = [Text.assemble((f"{n}. ", "bold cyan"), plain(fix)) for n, fix in enumerate(report.fixes, 1)]
        parts.append(Group(Text("To work on", style="bold"), *(Padding(fix, (0, 0, 0, 2)) for fix in fixes)))
    if report.drill:
        parts.append(Group(Text("Next drill", style="bold"), Padding(Text(plain(report.drill)), (0, 0, 0, 2))))
    return Group(*[each for part in parts for each in (part, Text(""))][:-1])


def _figures(report: Report, marks: Marks) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(style="dim", no_wrap=True)
    bar = f"bar {report.bar:.2f}" if report.bar is not None else ""
    table.add_row(Text("Overall", style="bold"), score_bar(report.score, marks), bar)
    for criterion in report.criteria:
        table.add_row(plain(criterion.title), score_bar(criterion.score, marks), f"{criterion.n} scored")
    counts = [f"{report.answered} answered", f"{report.skipped} skipped" if report.skipped else ""]
    counts.append(f"{report.unscored} not scored" if report.unscored else "")
    table.add_row("Questions", ", ".join(count for count in counts if count), "")
    return table
