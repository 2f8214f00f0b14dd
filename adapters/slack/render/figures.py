"""Figures in the best form a workspace can show: Slack's own charts, else sortable tables, else letters of one width.

Where charts are refused a picture goes with the page as well. In Home views, which hold no charts, bars are drawn in
letters by whoever makes the view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.charts import Point, Trend
from adapters.slack.render.blocks import figures, plain_text, small
from adapters.slack.render.page import BLOCK_CHARS, Json, Look, Picture, text_chars
from adapters.surface.figures import trend_words
from adapters.surface.marks import NOT_SCORED
from adapters.surface.words import shortened

CATEGORIES, LABEL_CHARS, TITLE_CHARS = 20, 20, 50
TABLE_ROWS, TABLE_CHARS, PAGE_ROWS = 100, 9_800, 10
ASKED = "Bar for the role"


@dataclass(frozen=True, slots=True)
class Shown:
    """Blocks to show and pictures to upload beside them."""

    blocks: tuple[Json, ...]
    files: tuple[Picture, ...] = ()


def trend(trend: Trend, look: Look, *, first: str, note: str, file: str) -> Shown:
    """Scores one after the other. `first` and `note` name the columns of a point's name and note.

    The line begins with two scores; what is not scored stands in the table only.
    """
    scored = [point for point in trend.points if point.score is not None]
    table_needed = not look.charts or len(scored) < len(trend.points) or len(trend.points) > CATEGORIES
    if len(scored) < 2:
        return Shown(())
    rows = [
        (point.name, point.note, f"{point.score:.2f}" if point.score is not None else NOT_SCORED)
        for point in trend.points
    ]
    blocks: list[Json] = []
    if look.charts:
        blocks.append(_line(trend, scored[-CATEGORIES:]))
    if table_needed:
        blocks += table(trend.title, (first, note, "Score, 0 to 1"), rows, look)
    pictures = () if look.charts else (Picture(file, alt(trend), trend),)
    return Shown(tuple(blocks), pictures)


def alt(trend: Trend) -> str:
    """The picture in a sentence."""
    return shortened(trend_words(trend), 1_900)


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], look: Look) -> list[Json]:
    """Rows of cells; a column that is empty throughout is left out."""
    kept = [n for n in range(len(head)) if n == 0 or any(row[n] for row in rows)]
    cells = [[row[n] for n in kept] for row in (head, *rows)]
    if look.tables:
        return [_data_table(caption, [cells[0], *body]) for body in _shared_out(cells[1:])]
    return [*small(caption), *map(figures, _columns(cells))]


def _line(trend: Trend, points: Sequence[Point]) -> Json:
    labels = _unique([shortened(point.name, LABEL_CHARS) for point in points])

    def series(name: str, values: Sequence[float]) -> Json:
        data = [{"label": label, "value": round(value, 2)} for label, value in zip(labels, values, strict=True)]
        return {"name": name, "data": data}

    drawn = [series("Score", [point.score or 0.0 for point in points])]
    if trend.bar is not None:
        drawn.append(series(ASKED, [trend.bar] * len(points)))
    title = trend.title if len(points) == len(trend.points) else f"{trend.title}, last {len(points)} scores"
    axis: Json = {"categories": labels, "y_label": "Score, 0 to 1"}
    chart: Json = {"type": "line", "series": drawn, "axis_config": axis}
    return {"type": "data_visualization", "title": shortened(title, TITLE_CHARS), "chart": chart}


def _unique(labels: Sequence[str]) -> list[str]:
    """Categories must differ: the second of a name gets its number."""
    seen: dict[str, int] = {}
    made: list[str] = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        made.append(label if seen[label] == 1 else f"{label[: LABEL_CHARS - 4]} ({seen[label]})")
    return made


def _shared_out(rows: Sequence[Sequence[str]]) -> list[list[Sequence[str]]]:
    """The rows in as few tables as they fit."""
    tables: list[list[Sequence[str]]] = []
    size = 0
    for row in rows:
        more = sum(map(text_chars, row))
        if not tables or len(tables[-1]) == TABLE_ROWS or size + more > TABLE_CHARS:
            tables.append([])
            size = 0
        tables[-1].append(row)
        size += more
    return tables


def _data_table(caption: str, rows: Sequence[Sequence[str]]) -> Json:
    return {
        "type": "data_table",
        "caption": shortened(caption, 150) or "Scores",
        "page_size": min(PAGE_ROWS, len(rows) - 1),
        "rows": [[{"type": "raw_text", "text": plain_text(cell)["text"]} for cell in row] for row in rows],
    }


def _columns(cells: Sequence[Sequence[str]]) -> list[str]:
    """The cells under each other, in texts that fit into blocks."""
    clean = [[shortened(cell, 60) for cell in row] for row in cells]
    widths = [max(len(row[n]) for row in clean) for n in range(len(clean[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in clean]
    texts = [""]
    for each in lines:
        if len(texts[-1]) + len(each) + 1 > BLOCK_CHARS // 2:
            texts.append("")
        texts[-1] += f"{each}\n" if each else ""
    return [made.rstrip("\n") for made in texts if made.strip()]
