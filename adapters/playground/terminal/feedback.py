"""The feedback card: whole once it has settled, and while it grows as much of it as the screen can hold.

While it grows, only this card is repainted, so it must never be taller than the screen: criteria that have settled give
up their prose first and keep their score. The settled card is printed once, in full, and scrolls like everything else.
"""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from adapters.playground.terminal.clean import plain
from adapters.playground.terminal.marks import Marks, score_bar
from adapters.surface.cards import closing_texts, feedback_name, points_found
from adapters.surface.marks import count
from engine.events import FeedbackCard, SectionView

LINES_LEFT_FREE = 2
INDENT = (0, 0, 0, 2)
SCORE_CELLS = 22
"""The widest score, with its level and its mark: all bars begin in one column."""


def feedback_panel(card: FeedbackCard, marks: Marks, *, brief: int = 0) -> Panel:
    """The card with all it holds; with `brief`, so many settled criteria and the key points give up their prose."""
    growing = card.state == "growing"
    body: list[RenderableType] = []
    if card.headline:
        body.append(Text(plain(card.headline), style="bold"))
    for number, section in enumerate(card.sections):
        body.extend(_section(section, marks, brief=number < brief and section.state == "settled"))
    body.extend(_extras(card, marks, brief=brief > 0))
    if growing and card.status:
        body.append(Text(plain(card.status), style="italic dim"))
    return Panel(
        Group(*_spaced(body)) if not growing else Group(*body),
        title=_title(card, marks),
        subtitle=_footer(card),
        title_align="left",
        subtitle_align="right",
        border_style="dim" if growing else "blue",
        padding=(0, 1),
    )


@dataclass(frozen=True, slots=True)
class GrowingFeedback:
    """A feedback card for a live display: never taller than the screen."""

    card: FeedbackCard
    marks: Marks

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        most = max(options.size.height - LINES_LEFT_FREE, 5)
        lines = console.render_lines(feedback_panel(self.card, self.marks), options, pad=False)
        for brief in range(1, len(self.card.sections) + 1):
            if len(lines) <= most:
                break
            lines = console.render_lines(feedback_panel(self.card, self.marks, brief=brief), options, pad=False)
        # The newest words stand at the end, so a card that still does not fit loses lines above its last ones.
        kept = lines if len(lines) <= most else [lines[0], *lines[len(lines) - most + 1 :]]
        for number, line in enumerate(kept):
            yield from line
            if number < len(kept) - 1:
                yield Text("\n", end="")


def _title(card: FeedbackCard, marks: Marks) -> Text:
    title = Text(feedback_name(card))
    if card.score is not None:
        title.append(f" · {card.score:.2f}", style="bold")
    if card.bar is not None:
        title.append(f" (bar {card.bar:.2f})")
    if card.score is not None and card.before is not None:
        change = card.score - card.before
        sign = marks.up if change > 0 else marks.down if change < 0 else "="
        title.append(f" {sign} {change:+.2f} from {card.before:.2f}", style="bold")
    return title


def _footer(card: FeedbackCard) -> str | None:
    hints = f"{count(card.hints, 'hint')} used" if card.hints else ""
    parts = [plain(card.engine), f"{card.confidence} confidence" if card.state == "settled" else "", hints]
    return " · ".join(part for part in parts if part) or None


def _section(section: SectionView, marks: Marks, *, brief: bool) -> list[RenderableType]:
    if section.state == "waiting":
        return [Text(f"{marks.no} {plain(section.title)}", style="dim")]
    head = Table.grid(expand=True, padding=(0, 1))
    head.add_column(ratio=1)
    head.add_column(no_wrap=True, min_width=SCORE_CELLS)
    title = Text(plain(section.title), style="bold")
    title.append(f"  {section.weight} %", style="dim")
    if section.state == "growing":
        head.add_row(title, Text("…", style="dim"))
    else:
        level = f"  {section.level}/5" if section.level is not None else ""
        mark = "" if section.meets is None else f" {marks.yes if section.meets else marks.no}"
        head.add_row(title, Text.assemble(score_bar(section.score, marks), level, mark))
    if brief:
        return [head]
    lines: list[RenderableType] = [head]
    if section.assessment:
        lines.append(Padding(Text(plain(section.assessment)), INDENT))
    quotes = [" ".join(plain(quote).split()) for quote in section.quotes]
    lines.extend(Padding(Text(f"“{quote}”", style="italic dim"), INDENT) for quote in quotes)
    if section.fix:
        lines.append(Padding(Text.assemble((f"{marks.arrow} ", "bold cyan"), plain(section.fix)), INDENT))
    if section.reason:
        lines.append(Padding(Text(f"Not scored: {plain(section.reason)}", style="dim"), INDENT))
    return [Group(*lines)]


def _extras(card: FeedbackCard, marks: Marks, *, brief: bool) -> list[RenderableType]:
    parts: list[RenderableType] = []
    if card.checklist and brief:
        parts.append(Text(f"Key points: {points_found(card)}", style="dim"))
    elif card.checklist:
        ticks = [
            Text.assemble(
                (f"{marks.yes} " if item.found else f"{marks.no} ", "green" if item.found else "dim"),
                (plain(item.point), "" if item.found else "dim"),
            )
            for item in card.checklist
        ]
        parts.append(Group(Text("Key points", style="bold"), *(Padding(tick, INDENT) for tick in ticks)))
    for name, text in (
        *closing_texts(card),
        *(("Note", note) for note in card.notes),
    ):
        if text:
            parts.append(Group(Text(name, style="bold"), Padding(Text(plain(text)), INDENT)))
    return parts


def _spaced(parts: list[RenderableType]) -> list[RenderableType]:
    return [each for part in parts for each in (part, Text(""))][:-1]
