"""The end of an interview: what it comes to, by criterion and over its questions, what to fix, one drill."""

from __future__ import annotations

from adapters.slack.names import HOME_HISTORY, HOME_START
from adapters.slack.render.blocks import actions, button, fallback, line, pieces, rich, small, text
from adapters.slack.render.figures import trend
from adapters.slack.render.page import Json, Look, Page, paged
from adapters.slack.render.panel_parts import go_button
from adapters.slack.render.prose import headed, packed, prose, stretched, styled
from adapters.surface.cards import answers_counted, criterion_note, reviewed
from adapters.surface.figures import report_trend
from adapters.surface.marks import score_bar, score_words
from adapters.surface.panels import Go
from adapters.surface.panels.share import share_path
from adapters.surface.wording import WRITING_REPORT
from engine.events import ReportCard
from engine.facts import Report

SHARE_WORDS = "Share with a coach…"


def report_pages(card: ReportCard, look: Look, session: str = "") -> tuple[Page, ...]:
    """The report, or a word of patience while it is being written. A coach may be shown the one of `session`."""
    name = f"Report · {card.title}"
    if card.report is None:
        return paged([*headed(name), rich(line(text(WRITING_REPORT, italic=True)))], fallback(name, WRITING_REPORT))
    report = card.report
    drawn = trend(report_trend(report), look, first="Answer", note="Level and hints", file="report.png")
    blocks = [*headed(name), rich(_overall(report)), *prose(report.summary), *_criteria(report), *drawn.blocks]
    blocks += [*_fixes(report), *_drill(report), *small(reviewed(report.engine))]
    return paged(
        blocks, fallback(name, score_words(report.score), report.summary), tail=_buttons(session), files=drawn.files
    )


def _overall(report: Report) -> Json:
    runs = [
        text("Overall ", bold=True),
        text(f"{score_bar(report.score)} "),
        text(score_words(report.score), bold=True),
    ]
    if report.bar is not None:
        runs.append(text(f" · bar for the role {report.bar:.2f}"))
    return line(*runs, text(f" · {answers_counted(report)}"))


def _criteria(report: Report) -> list[Json]:
    if not report.criteria:
        return []
    lines = [
        line(
            text(f"{score_bar(each.score)} "),
            text("–" if each.score is None else f"{each.score:.2f}", bold=True),
            text(f" {each.title}{criterion_note(report, each)}"),
        )
        for each in report.criteria
    ]
    return packed([line(text("By criterion", bold=True)), *lines])


def _fixes(report: Report) -> list[Json]:
    lines = [
        line(*([text(f"{number}. ", bold=True)] if n == 0 else []), *styled(piece))
        for number, fix in enumerate(report.fixes, 1)
        for n, piece in enumerate(pieces(fix))
    ]
    return packed([line(text("To work on", bold=True)), *lines]) if lines else []


def _drill(report: Report) -> list[Json]:
    if not report.drill.strip():
        return []
    return packed([line(text("Next drill", bold=True)), *stretched(report.drill)])


def _buttons(session: str) -> list[Json]:
    share = [go_button(Go(SHARE_WORDS, share_path(session)))] if session else []
    return [actions(button("Start another", HOME_START, style="primary"), button("History", HOME_HISTORY), *share)]
