"""Other people's words cut to what a place holds, and the little Markdown that models write taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from adapters.markdown import plain

_STYLED = re.compile(r"`([^`\n]{1,300})`|\*\*(?=\S)([^*\n]{1,300})(?<=\S)\*\*")
_BULLET = re.compile(r"^([ \t]*)[-*][ \t]+(?=\S)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one style."""

    text: str
    style: Literal["", "code", "bold"] = ""


def runs(words: str) -> Iterator[Run]:
    """The text as runs: `code` and **bold** lose their marks, the rest stands as it is."""
    at = 0
    for found in _STYLED.finditer(words):
        if found.start() > at:
            yield Run(words[at : found.start()])
        code, bold = found.groups()
        yield Run(bold, "bold") if code is None else Run(code, "code")
        at = found.end()
    if at < len(words):
        yield Run(words[at:])


def dotted(words: str) -> str:
    """List items with a dot in place of a mark."""
    return _BULLET.sub("\\1• ", words)


def units(text: str) -> int:
    """The length in UTF-16 units, which is the most that a platform counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2


def one_line(words: str) -> str:
    return " ".join(words.split())


def shortened(text: str, most: int) -> str:
    """One line of at most `most` characters, for places that hold no more; said in full elsewhere."""
    line = one_line(plain(text))
    if units(line) <= most:
        return line
    cut = line[: most - 1]
    while units(cut) >= most:
        cut = cut[:-1]
    # Not within a word, unless it is a very long one; and without what leads over to the next.
    return f"{(cut[: max(cut.rfind(' '), most // 2)]).rstrip(' ,;:–—-')}…"


def in_short(text: str, most: int) -> str:
    """How a longer description begins: whole sentences, or clauses, or else words."""
    short = shortened(text, most)
    if not short.endswith("…"):
        return short
    if (end := short.rfind(". ")) > 0:
        return short[: end + 1]
    end = max(short.rfind(mark) for mark in [",", ":", ";", "–"])
    return f"{short[:end].rstrip()}…" if end >= most // 2 else short
