"""A team's questions as YAML, as CSV and as plain lines: read from a file or from what was pasted, and written again.

CSV is what a spreadsheet saves: comma or semicolon, with or without a mark at its beginning, line breaks inside quotes.
A cell is text whatever it begins with. So that no spreadsheet takes one for a formula, what begins with = + - or @ is
written with ' before it, which is taken off again when it is read.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from adapters.library.type_files import FILE_BYTES, dumped, read_yaml
from engine.errors import Wrong
from engine.questions import MOST_QUESTIONS

COLUMNS = ("question", "topic", "level", "minutes", "key_points", "cues", "hints", "follow_ups")
_ALIASES = {"text": "question", "points": "key_points", "key_point": "key_points", "hint": "hints",
            "follow_up": "follow_ups", "difficulty": "level", "time": "minutes"}  # fmt: skip
_LISTS = ("hints", "follow_ups")
_FORMULA = re.compile(r"\A[=+\-@']")
_MARKED = re.compile(r"\A'(?=[=+\-@'])")
_BULLET = re.compile(r"\A\s*[-*•]\s+")
_YAML = re.compile(r"^\s*(?:-\s+)?(?:text|questions)\s*:", re.MULTILINE)

Plain = list[object]


def read_questions(raw: bytes, *, name: str = "") -> Plain:
    """Plain values for `set_of`, whatever they were written in. Raises `Wrong` under `file`, with the line.

    `name` is the file's, "" for what was pasted; without a telling ending the text itself says what it is.
    """
    if len(raw) > FILE_BYTES:
        raise Wrong({"file": f"{name or 'This'} is larger than {FILE_BYTES // 1_000} kB."})
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Wrong({"file": f"{name or 'This'} is not UTF-8. Save it as CSV UTF-8, or as YAML."}) from error
    ending = name.rpartition(".")[2].casefold()
    if ending in ("yaml", "yml") or (ending not in ("csv", "txt") and _YAML.search(text)):
        return _from_yaml(raw, name or "the text")
    if ending == "csv" or (ending != "txt" and _headed(text)):
        return _from_csv(text, name or "the text")
    return _from_lines(text)


def written_csv(questions: Sequence[object]) -> str:
    """Plain questions, as `Types.export` gives them, as CSV."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for question in questions:
        writer.writerow([_safe(cell) for cell in _cells(cast("Mapping[str, object]", question))])
    return made.getvalue()


def written_yaml(questions: Sequence[object]) -> str:
    """The same as YAML."""
    return dumped({"questions": list(questions)})


def _from_yaml(raw: bytes, name: str) -> Plain:
    value = read_yaml(raw, name=name)
    if isinstance(value, dict):
        inner = value.get("questions", value.get("own_questions"))
        value = inner if isinstance(inner, list) else value
    if not isinstance(value, list):
        raise Wrong({"file": f"{name}: expected a list of questions, each with a text and its key_points."})
    return _few(cast("Plain", value), name)


def _headed(text: str) -> bool:
    first = text.lstrip().partition("\n")[0]
    names = [cell.strip().strip('"').casefold() for cell in re.split("[,;\t]", first)]
    return "question" in names and len(names) > 1


def _from_csv(text: str, name: str) -> Plain:
    head = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise Wrong({"file": f"{name}, line {reader.line_num}: {error}."}) from error
    if not rows:
        raise Wrong({"file": f"{name} is empty."})
    columns = [_column(cell, name) for cell in rows[0][1]]
    if "question" not in columns:
        raise Wrong({"file": f"{name}, line 1: one column must be called question. Known are {', '.join(COLUMNS)}."})
    if len(set(columns)) != len(columns):
        raise Wrong({"file": f"{name}, line 1: a column is there twice."})
    return _few([_from_row(columns, row, f"{name}, line {line}") for line, row in rows[1:]], name)


def _column(cell: str, name: str) -> str:
    written = re.sub(r"[\s-]+", "_", cell.strip().casefold())
    known = _ALIASES.get(written, written)
    if known not in COLUMNS:
        raise Wrong({"file": f"{name}, line 1: there is no column {cell[:40]!r}. Known are {', '.join(COLUMNS)}."})
    return known


def _from_row(columns: Sequence[str], row: Sequence[str], where: str) -> dict[str, object]:
    if len(row) > len(columns):
        raise Wrong({"file": f"{where}: {len(row)} cells, but {len(columns)} columns. Put quotes around such text."})
    cells = {column: _MARKED.sub("", cell.strip(" \t\r\n")) for column, cell in zip(columns, row, strict=False)}
    made: dict[str, object] = {"text": cells.get("question", "")}
    if topic := cells.get("topic"):
        made["topic"] = topic
    for column in ("level", "minutes"):
        if number := cells.get(column):
            made[column] = _number(number, column, where)
    raw = dict(zip(columns, row, strict=False))
    if points := _entries(raw.get("key_points", "")):
        made["key_points"] = _points(points, raw.get("cues", ""), where)
    elif raw.get("cues", "").strip():
        raise Wrong({"file": f"{where}: there are cues, but no key points."})
    for column in _LISTS:
        if entries := _entries(raw.get(column, "")):
            made[column] = entries
    return made


def _points(points: Sequence[str], cues: str, where: str) -> Plain:
    lines = _lines(cues)
    while lines and not lines[-1]:
        lines.pop()
    if len(lines) > len(points):
        raise Wrong({"file": f"{where}: {len(lines)} lines of cues for {len(points)} key points."})
    made: Plain = []
    for number, point in enumerate(points):
        own = [each.strip() for each in lines[number].split(";") if each.strip()] if number < len(lines) else []
        made.append({"point": point, "cues": own} if own else point)
    return made


def _number(text: str, column: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise Wrong({"file": f"{where}: {column} must be a whole number, not {text[:20]!r}."})
    return int(text)


def _entries(cell: str) -> list[str]:
    """One per line of the cell; on a single line, with | between them."""
    return [entry for entry in _lines(cell) if entry]


def _lines(cell: str) -> list[str]:
    cell = _MARKED.sub("", cell)
    pieces = cell.split("\n") if "\n" in cell else cell.split("|")
    return [" ".join(piece.split()) for piece in pieces]


def _cells(question: Mapping[str, object]) -> Iterator[str]:
    points = [_point(each) for each in cast("Plain", question.get("key_points") or [])]
    yield str(question["text"])
    yield str(question.get("topic") or "")
    yield str(question.get("level") or "")
    yield str(question.get("minutes") or "")
    yield _cell([point for point, _ in points])
    yield _cell(["; ".join(cues) for _, cues in points]) if any(cues for _, cues in points) else ""
    for column in _LISTS:
        yield _cell(cast("list[str]", question.get(column) or []))


def _cell(entries: Sequence[str]) -> str:
    text = "\n".join(entries)
    # A single entry with | in it must not be taken for two.
    return f"{text}\n" if "|" in text and "\n" not in text else text


def _point(value: object) -> tuple[str, Sequence[str]]:
    if isinstance(value, str):
        return value, ()
    point = cast("Mapping[str, object]", value)
    return str(point["point"]), cast("Sequence[str]", point.get("cues") or ())


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _from_lines(text: str) -> Plain:
    """A question per line; lines below it that begin with - are its key points."""
    made: list[dict[str, object]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if bullet := _BULLET.match(line):
            if not made:
                raise Wrong({"file": f"Line {number}: a key point stands before the first question."})
            cast("Plain", made[-1].setdefault("key_points", [])).append(line[bullet.end() :].strip())
        else:
            made.append({"text": line.strip()})
    return _few(cast("Plain", made), "the text")


def _few(questions: Plain, name: str) -> Plain:
    if not questions:
        raise Wrong({"file": f"{name}: there is no question in it."})
    if len(questions) > MOST_QUESTIONS:
        raise Wrong({"file": f"{name}: {len(questions)} questions; there may be {MOST_QUESTIONS} at most."})
    return questions
