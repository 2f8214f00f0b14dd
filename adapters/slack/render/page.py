"""What rendering makes: pages, each one Slack message, and how blocks are shared out between them.

Numbers: Slack's Block Kit reference; more than about 13,200 characters in one message are refused with
`msg_blocks_too_long`, which is not in the reference. Nothing is ever cut to fit; what is too much goes on another page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from adapters.charts import Chart
from adapters.surface.words import units

Json = dict[str, object]

PAGE_BLOCKS, VIEW_BLOCKS = 50, 100
PAGE_CHARS = 12_400
BLOCK_CHARS = 2_900
"""How long the text of one block may be: a little below Slack's 3,000."""
FALLBACK_CHARS = 2_900


@dataclass(frozen=True)
class Picture:
    """A chart as a PNG. Drawn when it is asked for, which takes some 30 ms: not on the event loop, please."""

    name: str
    alt: str
    chart: Chart

    @cached_property
    def png(self) -> bytes:
        return self.chart.png()


@dataclass(frozen=True, slots=True)
class Page:
    """One message. `text` is for notifications and screen readers; `files` are to be uploaded beside it."""

    blocks: tuple[Json, ...]
    text: str
    files: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What a workspace can show. Without `charts` there are tables and pictures, without `tables` plain figures."""

    charts: bool = True
    tables: bool = True
    feedback_buttons: bool = True


def chars(block: object) -> int:
    """How much a block adds to the size of its message: all its text, escaped, and something for itself."""
    return _OVERHEAD_CHARS + text_chars(block)


def text_chars(part: object) -> int:
    """The same of a part of a block."""
    if isinstance(part, str):
        return units(part) + 4 * part.count("&") + 3 * (part.count("<") + part.count(">"))
    if isinstance(part, dict):
        inside = cast("dict[str, object]", part)
        return sum(text_chars(value) for key, value in inside.items() if key in _HOLD_TEXT)
    return sum(map(text_chars, cast("list[object]", part))) if isinstance(part, list) else 0


_OVERHEAD_CHARS = 100
_HOLD_TEXT = frozenset(
    {"text", "elements", "rows", "caption", "title", "chart", "series", "data", "label", "name", "categories", "fields",
     "axis_config", "value"}
)  # fmt: skip


def paged(
    blocks: Iterable[Json], text: str, *, tail: Sequence[Json] = (), files: tuple[Picture, ...] = ()
) -> tuple[Page, ...]:
    """The blocks on as few pages as they fit, in order, `tail` together at the end of the last.

    `text` is the first page's, and the others' with their number.
    """
    sheets: list[list[Json]] = [[]]
    size = 0
    for block in blocks:
        more = chars(block)
        if sheets[-1] and (len(sheets[-1]) == PAGE_BLOCKS or size + more > PAGE_CHARS):
            sheets.append([])
            size = 0
        sheets[-1].append(block)
        size += more
    if len(sheets[-1]) + len(tail) > PAGE_BLOCKS or size + sum(map(chars, tail)) > PAGE_CHARS:
        sheets.append([])
    sheets[-1].extend(tail)
    last = len(sheets)
    return tuple(
        Page(
            blocks=tuple(sheet),
            text=text if number == 1 else f"{text[:FALLBACK_CHARS]} ({number} of {last})",
            files=files if number == last else (),
        )
        for number, sheet in enumerate(sheets, 1)
    )
