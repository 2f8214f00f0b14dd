"""Longer texts as `rich_text`, where every character is literal: paragraphs, code blocks, code and bold words.

The little Markdown that models write becomes style; whatever else looks like markup stands as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from adapters.markdown import stretches
from adapters.slack.render.blocks import HEADER_CHARS, header, line, pieces, rich, text
from adapters.slack.render.page import BLOCK_CHARS, Json, text_chars, units

_STYLED = re.compile(r"`([^`\n]{1,300})`|\*\*(?=\S)([^*\n]{1,300})(?<=\S)\*\*")

_BULLET = re.compile(r"^([ \t]*)[-*][ \t]+(?=\S)", re.MULTILINE)


def prose(words: str) -> list[Json]:
    """The text as `rich_text` blocks; none for an empty one."""
    return packed(stretched(words))


def headed(name: str) -> list[Json]:
    """A header; a name that no header holds stands under it in full."""
    whole = units(name) <= HEADER_CHARS
    return [header(name), *([] if whole else prose(name))]


def stretched(words: str) -> Iterator[Json]:
    """The text as elements of `rich_text`."""
    for stretch in stretches(words):
        words = stretch.told if stretch.code else _BULLET.sub("\\1• ", stretch.text)
        for piece in pieces(words):
            if stretch.code:
                yield {"type": "rich_text_preformatted", "elements": [text(piece)]}
            else:
                yield line(*styled(piece))


def styled(words: str) -> Iterator[Json]:
    """Runs of text: `code` and **bold** as styles, the rest literally."""
    at = 0
    for found in _STYLED.finditer(words):
        if found.start() > at:
            yield text(words[at : found.start()])
        code, bold = found.groups()
        yield text(code, code=True) if code is not None else text(bold, bold=True)
        at = found.end()
    if at < len(words):
        yield text(words[at:])


def packed(elements: Iterable[Json]) -> list[Json]:
    """The elements in as few `rich_text` blocks as they fit."""
    blocks: list[Json] = []
    held: list[Json] = []
    size = 0
    for element in elements:
        more = text_chars(element)
        if held and size + more > BLOCK_CHARS:
            blocks.append(rich(*held))
            held, size = [], 0
        held.append(element)
        size += more
    return [*blocks, rich(*held)] if held else blocks
