"""Blocks that show figures: charts, sortable tables, plain tables; and rich text, which their cells may hold.

Numbers: Slack's reference pages of `data_visualization`, `data_table`, `table` and `rich_text`; two charts a message is
not in the reference but is what Slack enforces.
"""

from __future__ import annotations

from typing import Any

from tests.wire.slack.problems import Json, Problems

CHARTS_PER_MESSAGE = 2


def data_visualization(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id title chart")
    problems.string(said, "title", at, 50)
    problems.charts += 1
    if problems.charts > CHARTS_PER_MESSAGE:
        problems.add(at, f"no more than {CHARTS_PER_MESSAGE} data_visualization blocks allowed")
    chart = problems.object(said, "chart", at)
    if chart is None:
        return
    at = f"{at}/chart"
    problems.one_of(chart, "type", at, ("pie", "bar", "line", "area"), required=True)
    if chart.get("type") == "pie":
        problems.keys(chart, at, "segments")
        for number, segment in enumerate(problems.items(chart, "segments", at, 12)):
            _point(segment, f"{at}/segments/{number}", problems, positive=True)
        return
    problems.keys(chart, at, "series axis_config")
    categories: list[Any] = []
    axis = problems.object(chart, "axis_config", at)
    if axis is not None:
        problems.keys(axis, f"{at}/axis_config", "categories x_label y_label")
        problems.string(axis, "x_label", f"{at}/axis_config", 50, required=False, shortest=0)
        problems.string(axis, "y_label", f"{at}/axis_config", 50, required=False, shortest=0)
        categories = problems.items(axis, "categories", f"{at}/axis_config", 20)
        for number, category in enumerate(categories):
            problems.length(str(category), f"{at}/axis_config/categories/{number}", 20)
        if len(set(map(str, categories))) != len(categories):
            problems.add(f"{at}/axis_config/categories", "must be unique")
    names: list[str] = []
    for number, series in enumerate(problems.items(chart, "series", at, 12)):
        there = f"{at}/series/{number}"
        if not isinstance(series, dict):
            problems.add(there, "must be an object")
            continue
        problems.keys(series, there, "name data")
        names.append(problems.string(series, "name", there, 20))
        points = problems.items(series, "data", there, 20)
        for index, point in enumerate(points):
            _point(point, f"{there}/data/{index}", problems, positive=False)
        labels = [point.get("label") for point in points if isinstance(point, dict)]
        if sorted(map(str, labels)) != sorted(map(str, categories)):
            problems.add(f"{there}/data", "must have exactly one data point per category")
    if len(set(names)) != len(names):
        problems.add(f"{at}/series", "names must be unique")


def _point(said: Any, at: str, problems: Problems, *, positive: bool) -> None:
    if not isinstance(said, dict):
        problems.add(at, "must be an object")
        return
    problems.keys(said, at, "label value")
    problems.string(said, "label", at, 20)
    problems.number(said, "value", at, 0 if positive else float("-inf"), float("inf"), required=True)
    if positive and said.get("value") == 0:
        problems.add(f"{at}/value", "must be greater than 0")


def data_table(said: Json, at: str, problems: Problems) -> None:
    """A header row and at most 100 rows under it."""
    problems.keys(said, at, "block_id rows caption page_size row_header_column_index column_settings")
    problems.string(said, "caption", at, 10_000)
    problems.number(said, "page_size", at, 1, 100)
    _rows(said, at, problems, 101, ("raw_text", "raw_number", "rich_text"))
    if _chars(said.get("rows")) > 10_000:
        problems.add(f"{at}/rows", "no more than 10000 characters allowed in all cells")


def table(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id rows column_settings")
    _rows(said, at, problems, 100, ("raw_text", "raw_number", "rich_text"))
    problems.items(said, "column_settings", at, 20, required=False)


def _rows(said: Json, at: str, problems: Problems, most: int, cells: tuple[str, ...]) -> None:
    widths: set[int] = set()
    for number, row in enumerate(problems.items(said, "rows", at, most)):
        there = f"{at}/rows/{number}"
        if not isinstance(row, list):
            problems.add(there, "must be an array")
            continue
        widths.add(len(row))
        if not 1 <= len(row) <= 20:
            problems.add(there, "must have between 1 and 20 cells")
        for column, cell in enumerate(row):
            _cell(cell, f"{there}/{column}", problems, cells)
    if len(widths) > 1:
        problems.add(f"{at}/rows", "all rows must have the same number of cells")


def _cell(said: Any, at: str, problems: Problems, allowed: tuple[str, ...]) -> None:
    if not isinstance(said, dict):
        problems.add(at, "must be an object")
        return
    problems.one_of(said, "type", at, allowed, required=True)
    match said.get("type"):
        case "raw_text":
            problems.keys(said, at, "text")
            problems.string(said, "text", at, 10_000)
        case "raw_number":
            problems.keys(said, at, "value text")
            problems.number(said, "value", at, float("-inf"), float("inf"), required=True)
            problems.string(said, "text", at, 10_000, required=False)
        case "rich_text":
            rich_text(said, at, problems)
        case _:
            pass


def _chars(said: Any) -> int:
    if isinstance(said, dict):
        return sum(
            len(value) if key == "text" and isinstance(value, str) else _chars(value) for key, value in said.items()
        )
    return sum(map(_chars, said)) if isinstance(said, list) else 0


_PARTS = {
    "text": "text style", "link": "url text style unsafe", "emoji": "name unicode skin_tone style url",
    "user": "user_id style", "usergroup": "usergroup_id style", "channel": "channel_id style",
    "broadcast": "range style",
    "date": "timestamp format url fallback style", "color": "value style", "team": "team_id style",
}  # fmt: skip
_NEEDED = {"text": "text", "link": "url", "emoji": "name", "user": "user_id", "channel": "channel_id"}
_STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}


def rich_text(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "block_id elements")
    for number, element in enumerate(problems.items(said, "elements", at, 1000)):
        there = f"{at}/elements/{number}"
        if not isinstance(element, dict):
            problems.add(there, "must be an object")
            continue
        match element.get("type"):
            case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
                problems.keys(element, there, "elements border language")
                _parts(element, there, problems)
            case "rich_text_list":
                problems.keys(element, there, "elements style indent offset border")
                problems.one_of(element, "style", there, ("bullet", "ordered"), required=True)
                problems.number(element, "indent", there, 0, 8)
                for index, item in enumerate(problems.items(element, "elements", there, 1000)):
                    if not isinstance(item, dict) or item.get("type") != "rich_text_section":
                        problems.add(f"{there}/elements/{index}", "must be a rich_text_section")
                    else:
                        _parts(item, f"{there}/elements/{index}", problems)
            case other:
                problems.add(f"{there}/type", f"unsupported type of element: {other}")


def _parts(said: Json, at: str, problems: Problems) -> None:
    for number, part in enumerate(problems.items(said, "elements", at, 1000, least=0)):
        there = f"{at}/elements/{number}"
        kind = part.get("type") if isinstance(part, dict) else None
        if not isinstance(part, dict) or kind not in _PARTS:
            problems.add(there, f"unsupported type of element: {kind}")
            continue
        problems.keys(part, there, _PARTS[kind])
        if kind in _NEEDED:
            problems.string(part, _NEEDED[kind], there, 12_000)
        style = part.get("style")
        if style is not None and (not isinstance(style, dict) or style.keys() - _STYLES):
            problems.add(f"{there}/style", "has unknown styles")
