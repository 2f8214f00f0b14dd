"""The small signs a terminal can show: bars, ticks and a trend chart, in plain letters where there is nothing better.

A score always stands as a number beside its bar; colour only repeats what the number says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

GOOD_FROM, FAIR_FROM = 0.7, 0.4
BAR_CELLS = 10
CHART_ROWS = 6


@dataclass(frozen=True, slots=True)
class Point:
    """One column of a chart: two lines of caption, and a score 0–1 if there is one."""

    name: str
    level: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Marks:
    """One set of signs."""

    full: str
    empty: str
    yes: str
    no: str
    arrow: str
    dot: str
    bar_line: str
    axis: str
    bullet: str
    up: str
    down: str
    spinner: str


FINE = Marks("█", "░", "✓", "○", "→", "●", "┄", "┤", "•", "▲", "▼", "dots")
PLAIN = Marks("#", ".", "+", "-", "->", "o", "-", "|", "*", "up", "down", "line")


def marks_for(console: Console) -> Marks:
    """The signs this terminal's encoding can show."""
    return FINE if console.encoding.startswith("utf") else PLAIN


def score_style(score: float) -> str:
    """The colour of a score, 0–1."""
    return "green" if score >= GOOD_FROM else "yellow" if score >= FAIR_FROM else "red"


def score_bar(score: float | None, marks: Marks, cells: int = BAR_CELLS) -> Text:
    """A bar and its number; “not scored” where there is none."""
    if score is None:
        return Text(f"{marks.empty * cells} not scored", style="dim")
    filled = round(score * cells)
    bar = Text(marks.full * filled, style=score_style(score))
    bar.append(marks.empty * (cells - filled), style="dim")
    bar.append(f" {score:.2f}", style=f"bold {score_style(score)}")
    return bar


def trend_chart(points: Sequence[Point], bar: float | None, marks: Marks) -> Text:
    """A small chart, one column per point; `bar` is drawn as a line across."""
    width = 1 + max((max(len(point.name), len(point.level)) for point in points), default=1)
    chart = Text(no_wrap=True, overflow="crop")
    for row in range(CHART_ROWS - 1, -1, -1):
        chart.append(f"{row / (CHART_ROWS - 1):.2f} {marks.axis}", style="dim")
        on_bar = bar is not None and _row(bar) == row
        for score in (point.score for point in points):
            here = score is not None and _row(score) == row
            fill = marks.bar_line if on_bar else " "
            chart.append(fill * (width // 2), style="dim")
            chart.append(marks.dot if here else fill, style=f"bold {score_style(score or 0.0)}" if here else "dim")
            chart.append(fill * (width - width // 2), style="dim")
        chart.append(f" bar {bar:.2f}" if on_bar else "", style="dim")
        chart.append("\n")
    names = "".join(point.name.center(width + 1) for point in points)
    levels = "".join(point.level.center(width + 1) for point in points)
    chart.append(f"{' ' * 6}{names}\n{' ' * 6}{levels}", style="dim")
    return chart


def _row(score: float) -> int:
    return int(score * (CHART_ROWS - 1) + 0.5)
