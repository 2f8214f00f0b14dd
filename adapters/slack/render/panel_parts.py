"""The parts of an admin's panel as blocks. Every word is literal: what looks like a mention, a link or a style is none.

Tables and charts are blocks of their own in messages alone; a modal or Home has letters of one width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from adapters.charts import Point, Trend
from adapters.markdown import plain
from adapters.slack.names import go_id
from adapters.slack.render.blocks import button, escaped, figures, line, pieces, plain_text, rich, section, small, text
from adapters.slack.render.figures import table as data_table
from adapters.slack.render.figures import trend
from adapters.slack.render.page import BLOCK_CHARS, Json, Look, text_chars
from adapters.slack.render.prose import headed, packed
from adapters.surface.panels import Code, Facts, Go, Heading, Mention, Part, Row, Series, Table, Words
from adapters.surface.words import one_line, units

WIDE_CHARS = 58
"""So many letters of one width stand in a line of a modal on a desk."""
CELL_CHARS = 400
SPARKS = "▁▂▃▄▅▆▇█"
NOTHING = "–"
_ACTS = re.compile(r"[*_~`]|:[\w+'-]+:|^\s*>", re.MULTILINE)
"""What `mrkdwn` makes something of."""
_USER, _GROUP = re.compile(r"[UW][A-Z0-9]{2,}"), re.compile(r"S[A-Z0-9]{2,}")


def part_blocks(part: Part, look: Look | None = None) -> list[Json]:
    """The blocks of a part: of a message that has this look, or of a modal where there is none."""
    match part:
        case Heading():
            return headed(part.text) if part.text.strip() else []
        case Words():
            return small(part.text) if part.small else literal(part.text)
        case Facts():
            return facts(part)
        case Row():
            return row_blocks(part)
        case Table():
            return table_blocks(part, look)
        case Code():
            return [figures(piece) for piece in pieces(part.text) if piece.strip()]
        case Series():
            return series_blocks(part, look)
        case Mention():
            return mention(part)
        case _:
            assert_never(part)


def literal(words: str) -> list[Json]:
    """Sentences as they stand."""
    return packed(line(text(piece)) for piece in pieces(words) if piece.strip())


def mention(part: Mention) -> list[Json]:
    """Somebody by name. In a modal, and in somebody else's direct message, Slack tells them nothing of it."""
    if _GROUP.fullmatch(part.user):
        whom: Json = {"type": "usergroup", "usergroup_id": part.user}
    else:
        whom = {"type": "user", "user_id": part.user} if _USER.fullmatch(part.user) else text(part.user or NOTHING)
    before, after = ([text(piece) for piece in pieces(words) if piece] for words in (part.before, part.after))
    return packed([line(*before, whom, *after)])


def facts(part: Facts) -> list[Json]:
    lines: list[Json] = []
    for name, value in part.pairs:
        first, *rest = [piece for piece in pieces(value) if piece.strip()] or [NOTHING]
        named = [piece for piece in pieces(name) if piece.strip()]
        lines += [line(text(piece, bold=True)) for piece in named[:-1]]
        lines.append(line(*(text(f"{piece}  ", bold=True) for piece in named[-1:]), text(first)))
        lines += [line(text(piece)) for piece in rest]
    return packed(lines)


def row_blocks(part: Row) -> list[Json]:
    """One thing of a list; bold where its words do not act upon being bold."""
    title, about = one_line(plain(part.title)), plain(part.about).strip()
    beside = go_button(part.button) if part.button is not None else None
    if (name := _named(part)) and len(about) <= 1_000:
        apart = bool(_ACTS.search(about))
        words = section(f"{name}\n{'' if apart else escaped(about)}".rstrip(), beside)
        return [words, *(literal(about) if apart else [])]
    whole = f"{title}\n{about}".strip()
    if units(whole) > BLOCK_CHARS // 2 or text_chars(whole) > BLOCK_CHARS:
        named = [section_of(plain_text(title, 150), beside)] if beside is not None else []
        return [*named, *literal(whole)]
    if _ACTS.search(whole) or not title:
        return [section_of(plain_text(" ") | {"text": whole or " "}, beside)]
    return [section(f"*{escaped(title)}*\n{escaped(about)}".rstrip(), beside)]


def _named(part: Row) -> str:
    """The mention of a person or a group, as `mrkdwn`; "" where the row is neither."""
    match part.who:
        case ("user", id) if _USER.fullmatch(id):
            return f"<@{id}>"
        case ("group", id) if _GROUP.fullmatch(id):
            return f"<!subteam^{id}>"
        case _:
            return ""


def section_of(words: Json, beside: Json | None) -> Json:
    block: Json = {"type": "section", "text": words, "expand": True}
    return block if beside is None else block | {"accessory": beside}


def go_button(go: Go, number: int = 0) -> Json:
    """`number` tells apart buttons of one row that lead to the same place."""
    style = "" if go.style == "plain" else go.style
    return button(go.label, go_id(go.path, number), go.path, style=style)


def table_blocks(part: Table, look: Look | None) -> list[Json]:
    """Figures as Slack's own table, under each other, or, where they are too wide, row by row."""
    if not part.rows:
        return [*named(part.title), *small("Nothing yet.")]
    narrow = all(units(cell) <= CELL_CHARS for row in (part.head, *part.rows) for cell in row)
    if look is not None and look.tables and narrow:
        return data_table(part.title or "Figures", part.head, part.rows, look)
    cells = [[one_line(plain(cell)) for cell in row] for row in (part.head, *part.rows)]
    widths = [max(len(row[n]) for row in cells) for n in range(len(part.head))]
    if sum(widths) + 2 * (len(widths) - 1) <= WIDE_CHARS:
        return [*named(part.title), *map(figures, under_each_other(cells, widths))]
    return [*named(part.title), *packed(_row_by_row(cells))]


def named(title: str) -> list[Json]:
    return packed(line(text(piece, bold=True)) for piece in pieces(title) if piece.strip())


def under_each_other(cells: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """Lines of columns, in texts that fit into blocks."""
    held = ""
    for row in cells:
        padded = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if held and text_chars(held) + text_chars(padded) > BLOCK_CHARS - 100:
            yield held.rstrip("\n")
            held = ""
        held += f"{padded}\n"
    if held.strip():
        yield held.rstrip("\n")


def _row_by_row(cells: Sequence[Sequence[str]]) -> Iterator[Json]:
    head, *rows = cells
    for first, *rest in rows:
        yield from (line(text(piece, bold=True)) for piece in pieces(first or NOTHING) if piece.strip())
        said = " · ".join(f"{name} {cell}".strip() for name, cell in zip(head[1:], rest, strict=True) if cell)
        yield from (line(text(piece)) for piece in pieces(said) if piece.strip())


def series_blocks(part: Series, look: Look | None) -> list[Json]:
    """Figures one after the other: drawn by Slack in a message, as a line of columns elsewhere."""
    notes = [*part.notes, *[""] * len(part.names)][: len(part.names)]
    known = [value for value in part.values if value is not None]
    if look is not None and look.charts and len(known) >= 2:
        points = tuple(Point(*each) for each in zip(part.names, part.values, notes, strict=True))
        return list(trend(Trend(part.title, points), look, first="When", note="Note", file="").blocks)
    shown = ["" if value is None else f"{value:.2f}" for value in part.values]
    rows = tuple(zip(part.names, shown, notes, strict=True))
    if not known:
        return [*named(part.title), *small("No figures yet.")]
    drawn = [*named(part.title), rich(line(text(sparks(part.values))))]
    return [*drawn, *table_blocks(Table(("", "", ""), rows), None)]


def sparks(values: Sequence[float | None]) -> str:
    """Figures 0–1 as columns side by side; a dot is a gap."""
    top = len(SPARKS) - 1
    return " ".join("·" if value is None else SPARKS[round(min(1.0, max(0.0, value)) * top)] for value in values)


def told(part: Part) -> str:
    """All that a part says, as plain text for a file."""
    match part:
        case Heading() | Words() | Code():
            return part.text
        case Facts():
            return "\n".join(f"{name}: {value}" for name, value in part.pairs)
        case Row():
            return f"{part.title}\n{part.about}".rstrip()
        case Table():
            return "\n".join([part.title, *("\t".join(row) for row in (part.head, *part.rows))]).lstrip()
        case Series():
            values = zip(part.names, part.values, strict=True)
            return "\n".join([part.title, *(f"{name}\t{NOTHING if v is None else v}" for name, v in values)])
        case Mention():
            return f"{part.before}@{part.user}{part.after}"
        case _:
            assert_never(part)
