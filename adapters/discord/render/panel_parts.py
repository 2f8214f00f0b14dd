"""The parts of a panel as components: words made literal, rows with their buttons, figures, code, files.

Tables stand in letters of one width only where a phone shows their lines unbroken. A text of which every character
matters is shown as far as two texts hold it; a longer one goes along as a file, whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from adapters.charts import Point, Trend
from adapters.discord.render.page import Attachment, Json, attached
from adapters.discord.render.parts import picture, section, texts
from adapters.discord.render.words import code_block, escaped, packed, pieces, shortened, small
from adapters.markdown import plain
from adapters.surface.figures import trend_words
from adapters.surface.marks import NOT_SCORED, score_bar
from adapters.surface.panels import (
    Code,
    Download,
    Facts,
    Go,
    Heading,
    Mention,
    Part,
    Row,
    Series,
    Table,
    Words,
)
from adapters.surface.words import one_line, units

TITLE_CHARS = 200
TABLE_WIDTH, TABLE_CHARS = 44, 1_500
SHOWN_CODE = 2
NOTHING = "Nothing yet."
WHOLE = "This is only how it begins: the attached file has the whole of it."
ENDINGS = {"yaml": "yaml", "diff": "diff", "markdown": "md", "md": "md", "json": "json", "csv": "csv"}
_FIGURE = re.compile(r"[-+–~<>≈]?[\d.,\s]*[%a-z$€]{0,4}|–|")
_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(slots=True)
class Made:
    """What a panel comes to so far, and the files that go with it."""

    components: list[Json] = field(default_factory=list[Json])
    files: list[Attachment] = field(default_factory=list[Attachment])

    def say(self, contents: Sequence[str]) -> None:
        self.components += texts(contents)

    def attach(
        self, name: str, alt: str, *, text: str = "", raw: bytes = b"", trend: Trend | None = None
    ) -> Attachment:
        """A file under a name that no other has."""
        stem, dot, ending = (_NAME.sub("-", name).strip("-.") or "file").rpartition(".")
        known, tried, n = {file.name for file in self.files}, f"{stem}{dot}{ending}", 1
        while tried in known:
            n += 1
            tried = f"{stem}-{n}{dot}{ending}" if dot else f"{ending}-{n}"
        file = Attachment(tried, alt, trend, text, raw)
        self.files.append(file)
        return file

    def download(self, file: Download) -> None:
        kept = self.attach(file.name, file.about or file.name, raw=file.content or b"\n")
        self.say(list(pieces(file.about)))
        self.components.append(attached(kept.name))


def part_made(part: Part, made: Made, button: Callable[[Go], Json]) -> None:
    """Put a part behind what there is."""
    match part:
        case Words():
            made.say([small(piece) if part.small else piece for piece in pieces(part.text) if piece.strip()])
        case Heading():
            made.say(list(_bold(part.text)))
        case Facts():
            made.say(packed(_facts(part.pairs), "\n"))
        case Row():
            _row(part, made, button)
        case Table():
            made.say(_table(part))
        case Code():
            _code(part, made)
        case Series():
            _series(part, made)
        case Mention():
            made.say(_mention(part))
        case _:
            assert_never(part)


def _facts(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    for name, value in pairs:
        yield from _named(name, value, " ", colon=":")


def _bold(words: str) -> Iterator[str]:
    if units(words) > TITLE_CHARS:
        yield from pieces(words)
    elif words.strip():
        yield f"**{escaped(one_line(words))}**"


def _named(name: str, words: str, between: str = "\n", *, colon: str = "") -> Iterator[str]:
    """A name in bold, and the words after it."""
    heads = list(_bold(name + colon if name.strip() else name))
    first, *more = [*pieces(words, most=1_500)] or [""]
    if len(heads) == 1:
        yield f"{heads[0]}{between}{first}" if first else heads[0]
    else:
        yield from heads
        if first:
            yield first
    yield from more


def _row(part: Row, made: Made, button: Callable[[Go], Json]) -> None:
    contents = list(_of_somebody(part) if part.who and part.who[1].isdecimal() else _named(part.title, part.about))
    if part.button is None:
        made.say(contents)
        return
    first, *more = contents or ["–"]
    made.components.append(section([first], button(part.button)))
    made.say(more)


def _of_somebody(part: Row) -> Iterator[str]:
    """By the name that Discord shows for a person or a role, which nobody is called by."""
    assert part.who is not None
    kind, id = part.who
    first, *more = [*pieces(part.about, most=1_500)] or [""]
    yield f"**<@{'&' if kind == 'group' else ''}{id}>**\n{first}".rstrip()
    yield from more


def _table(part: Table) -> list[str]:
    """Figures side by side where they fit, or else a line per row that names them."""
    rows = [[one_line(cell) for cell in row] for row in (part.head, *part.rows)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(part.head))]
    lines = list(_bold(part.title))
    if not part.rows:
        return [*lines, small(NOTHING)]
    if sum(widths) + 2 * (len(widths) - 1) <= TABLE_WIDTH:
        right = [n > 0 and all(_FIGURE.fullmatch(row[n]) for row in rows[1:]) for n in range(len(widths))]
        drawn = [
            "  ".join(
                cell.rjust(width) if to_right else cell.ljust(width)
                for cell, width, to_right in zip(row, widths, right, strict=True)
            ).rstrip()
            for row in rows
        ]
        blocks = list(_blocks(drawn))
        return [f"{lines[0]}\n{blocks[0]}", *blocks[1:]] if len(lines) == 1 else [*lines, *blocks]
    head, *body = rows
    for row in body:
        named = " · ".join(
            f"{escaped(name)} {_figure(cell)}".strip() for name, cell in zip(head[1:], row[1:], strict=True) if cell
        )
        line = f"**{escaped(row[0]) or '–'}** · {named}" if named else f"**{escaped(row[0]) or '–'}**"
        lines += [line] if units(line) <= TABLE_CHARS else list(pieces(" · ".join(row)))
    return packed(lines, "\n")


def _figure(cell: str) -> str:
    """Set apart from the name of its column."""
    words = plain(cell).strip()
    return escaped(words) if not words or "`" in words or "@" in words else f"`{words}`"


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    """Lines of one width in blocks that fit, each under the first line."""
    head, *rest = lines
    taken: list[str] = []
    for line in rest:
        if taken and sum(map(len, taken)) + len(taken) + len(line) + len(head) > TABLE_CHARS:
            yield code_block("\n".join([head, *taken]))
            taken = []
        taken.append(line)
    yield code_block("\n".join([head, *taken]))


def _code(part: Code, made: Made) -> None:
    shown = list(pieces(part.text, lambda code: code_block(code, part.language)))
    if len(shown) <= SHOWN_CODE:
        made.say(shown)
        return
    file = made.attach(f"text.{ENDINGS.get(part.language, 'txt')}", "The whole of it", text=part.text)
    made.say([shown[0], small(WHOLE)])
    made.components.append(attached(file.name))


def _series(part: Series, made: Made) -> None:
    notes = part.notes or ("",) * len(part.names)
    points = tuple(Point(name, value, note) for name, value, note in zip(part.names, part.values, notes, strict=True))
    if sum(value is not None for value in part.values) > 1:
        trend = Trend(part.title, points)
        drawn = made.attach("figures.png", shortened(trend_words(trend), 1_000), trend=trend)
        made.components.append(picture(drawn))
    made.say(packed([*_bold(part.title), *_points(points)], "\n"))


def _points(points: Sequence[Point]) -> Iterator[str]:
    for point in points:
        figure = "–" if point.score is None else f"{point.score:.2f}"
        note = " · ".join(each for each in (point.note, NOT_SCORED if point.score is None else "") if each)
        line = f"{score_bar(point.score)} **{figure}** {escaped(one_line(point.name))}"
        yield from (
            [f"{line} · {escaped(one_line(note))}" if note else line]
            if units(note) < TABLE_CHARS
            else [
                line,
                *pieces(note),
            ]
        )


def _mention(part: Mention) -> list[str]:
    who = f"<@{part.user}>" if part.user.isdecimal() else escaped(part.user)
    before, after = escaped(part.before), escaped(part.after)
    if units(before + after) <= TABLE_CHARS:
        return [f"{before}{who}{after}"]
    return [*pieces(part.before), who, *pieces(part.after)]
