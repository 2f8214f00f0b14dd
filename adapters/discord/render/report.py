"""The end of an interview: what it comes to, by criterion and over its questions, what to fix, one drill."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.charts import Point, Trend
from adapters.discord.names import HISTORY, PROGRESS, START, panel_id
from adapters.discord.render.page import ALT_CHARS, Attachment, Json, Page, paged
from adapters.discord.render.parts import AMBER, GREEN, GREY, PRIMARY, button, picture, row, texts
from adapters.discord.render.words import escaped, named, packed, prose, small
from adapters.surface.cards import answers_counted, criterion_note, reviewed
from adapters.surface.figures import report_trend, trend_words
from adapters.surface.marks import NOT_SCORED, score_bar, score_words
from adapters.surface.panels.share import share_path
from adapters.surface.wording import WRITING_REPORT
from adapters.surface.words import shortened
from engine.events import ReportCard
from engine.facts import Report

SHARE = "Share with a coach…"


def report_pages(card: ReportCard, session: str = "") -> tuple[Page, ...]:
    """The report, or a word of patience while it is being written. `session`: whose report can be shared."""
    name = f"Report · {escaped(card.title)}"
    report = card.report
    if report is None:
        return paged(texts([f"### {name}\n*{WRITING_REPORT}*"]), title=name, accent=GREY)
    above = [f"### {name}\n{_overall(report)}", *prose(report.summary), *_criteria(report)]
    drawn, files = trend_shown(report_trend(report), "report.png")
    below = [*_fixes(report), *named("Next drill", report.drill), small(reviewed(escaped(report.engine)))]
    met = report.score is not None and report.bar is not None and round(report.score, 2) >= round(report.bar, 2)
    accent = GREY if report.score is None else GREEN if met else AMBER
    made = [*texts(above), *drawn, *texts(below)]
    return paged(made, title=name, accent=accent, tail=_buttons(session), files=files, file="report.md")


def trend_shown(trend: Trend, file: str) -> tuple[list[Json], tuple[Attachment, ...]]:
    """Scores one after the other as a picture and as figures. A line begins with two scores."""
    scored = [point for point in trend.points if point.score is not None]
    if len(scored) < 2:
        return [], ()
    drawn = Attachment(file, shortened(trend_words(trend), ALT_CHARS), trend)
    return [picture(drawn), *texts(listed(trend.title, map(_point, trend.points)))], (drawn,)


def listed(caption: str, lines: Iterable[str]) -> list[str]:
    """Lines under a caption; not a table, since the letters of a phone's are too wide for one."""
    return packed([f"**{caption}**", *lines], "\n")


def _point(point: Point) -> str:
    score = "–" if point.score is None else f"{point.score:.2f}"
    note = " · ".join(part for part in (point.note, NOT_SCORED if point.score is None else "") if part)
    return f"{score_bar(point.score)} **{score}** {escaped(point.name)} · {escaped(note)}"


def _overall(report: Report) -> str:
    asked = "" if report.bar is None else f" · bar for the role {report.bar:.2f}"
    said = f"{score_bar(report.score)} **{score_words(report.score)}**{asked}"
    return f"{said} · {answers_counted(report)}"


def _criteria(report: Report) -> list[str]:
    lines = [
        f"{score_bar(each.score)} **{'–' if each.score is None else f'{each.score:.2f}'}** {escaped(each.title)}"
        + criterion_note(report, each)
        for each in report.criteria
    ]
    return listed("By criterion", lines) if lines else []


def _fixes(report: Report) -> list[str]:
    lines = [
        f"**{number}.** {piece}" if n == 0 and not piece.startswith("```") else piece
        for number, fix in enumerate(report.fixes, 1)
        for n, piece in enumerate(prose(fix))
    ]
    return listed("To work on", lines) if lines else []


def _buttons(session: str) -> list[Json]:
    made = [button("Start another", START, PRIMARY), button("History", HISTORY), button("Progress", PROGRESS)]
    if session:
        made.append(button(SHARE, panel_id(share_path(session), beside=True)))
    return [row(*made)]
