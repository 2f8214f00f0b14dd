"""A transcript in several fields or blocks, and put together again as it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adapters.markdown import plain
from adapters.surface.words import units

_BETWEEN = {"s": " ", "n": "\n", "x": ""}
_MARKS = {" ": "s", "\n": "n"}


def transcript_shown(transcript: str) -> str:
    """The transcript as it can be shown and read back."""
    return plain(transcript).strip()


def parts(words: str, most: int) -> Iterator[tuple[str, str]]:
    """The text in parts of at most `most` characters, each with a letter for what stood before it."""
    between = "x"
    while words:
        at = len(words[:most] if units(words[:most]) <= most else words[: most // 2])
        if at < len(words):
            at = next((n for n in range(at, at // 2, -1) if words[n].isspace() and not words[n - 1].isspace()), at)
        yield between, words[:at]
        between = _MARKS.get(words[at : at + 1], "x")
        words = words[at:] if between == "x" else words[at + 1 :]


def joined(found: Iterable[tuple[str, str]]) -> str:
    """The parts as one text again, in order; empty ones leave no gap."""
    said = ""
    for between, part in found:
        said += (_BETWEEN.get(between, " ") if said and part else "") + part
    return said


def part_name(n: int, of: int) -> str:
    """What the field of the `n`-th part is called, counted from 0."""
    return "Your answer" if of == 1 else f"Your answer, part {n + 1} of {of}"
