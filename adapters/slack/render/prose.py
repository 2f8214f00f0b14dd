"""Longer texts as `rich_text`, where every character is literal: paragraphs, code blocks, code and bold words.

The little Markdown that models write becomes style; whatever else looks like markup stands as it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters.markdown import stretches
from adapters.slack.render.blocks import HEADER_CHARS, header, line, pieces, rich, text
from adapters.slack.render.page import BLOCK_CHARS, Json, text_chars
from adapters.surface.words import dotted, runs, units


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
        words = stretch.told if stretch.code else dotted(stretch.text)
        for piece in pieces(words):
            if stretch.code:
                yield {"type": "rich_text_preformatted", "elements": [text(piece)]}
            else:
                yield line(*styled(piece))


def styled(words: str) -> Iterator[Json]:
    """Runs of text: `code` and **bold** as styles, the rest literally."""
    for run in runs(words):
        yield text(run.text, **{run.style: True}) if run.style else text(run.text)


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
