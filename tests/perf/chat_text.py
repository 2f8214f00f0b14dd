"""The text that every bot is measured with: a review of 600 chunks in five sections, each chunk with a mark.

A mark tells which chunk has become visible with a write, whatever a bot does to the text. It is made of letters only,
because figures that are not in the answer are taken out of a review, and it counts on from round to round, so that a
second review in the same place is not mistaken for the first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from tests.kit.interviews import CRITERIA

CHUNKS, CHUNKS_PER_S, FIRST_S = 600, 60.0, 0.4
"""Ten seconds of a model, which says its first word after 0.4 s."""

LONG, SHORT = 14, 4
"""Characters of a chunk: a review of 8,400 characters, or one of 2,400, which is what 600 tokens are in English, and
fits into one message anywhere."""

CONSONANTS = "bcdfghjklmnprstvwxz"
LETTERS = CONSONANTS + CONSONANTS.upper()
MARK = re.compile(rf"q([{LETTERS}]{{2,3}})(?![A-Za-z])")
QUOTE = "I reverted it within ten minutes"

# Chunks of each part. An assessment may be 1,200 characters long, a fix 600. Only three fixes are shown, so which ones
# is not certain before the last criterion; the first criterion has none, so that its section is whole at its end.
HEADLINE, ASSESSMENT, FIX, FIXES, DRILL = 20, 80, 40, 3, 30
REWRITE = CHUNKS - HEADLINE - len(CRITERIA) * ASSESSMENT - FIXES * FIX - DRILL


def mark(round_: int, n: int) -> str:
    """The mark of the n-th chunk of a round (both from 0), which no word is."""
    rest, digits = round_ * CHUNKS + n, ""
    while rest or len(digits) < 2:
        rest, digit = divmod(rest, len(LETTERS))
        digits = LETTERS[digit] + digits
    return f"q{digits}"


def marks(text: str) -> set[tuple[int, int]]:
    """Round and number of every chunk that can be read in the text."""
    found: set[tuple[int, int]] = set()
    for digits in MARK.findall(text):
        value = 0
        for letter in digits:
            value = value * len(LETTERS) + LETTERS.index(letter)
        found.add(divmod(value, CHUNKS))
    return found


@dataclass(frozen=True, slots=True)
class Stream:
    """One review as a model writes it. `plain` is the same words for bots that know of no JSON.

    `ends` are the numbers of the last chunk of each of the five sections; `certain` says for each chunk which one has
    to be there before it is certain that it is to be shown.
    """

    pieces: tuple[str, ...]
    plain: tuple[str, ...]
    ends: tuple[int, ...]
    certain: tuple[int, ...]


@lru_cache
def stream(round_: int = 0, chars: int = LONG) -> Stream:
    """The review of a round, with so many characters to a chunk."""
    writer, fixes = _Writer(round_, chars), list[int]()
    writer.text('{"headline": "', HEADLINE)
    for n, criterion in enumerate(CRITERIA):
        writer.text(f', "{criterion}": {{"quotes": ["{QUOTE}"], "assessment": "', ASSESSMENT)
        if n >= len(CRITERIA) - FIXES:
            fixes += range(len(writer.plain), len(writer.plain) + FIX)
            writer.text(', "fix": "', FIX)
        else:
            writer.more(', "fix": ""')
        writer.more(f', "level": {2 + n % 3}}}')
        writer.end_section()
    writer.text(', "rewrite": "', REWRITE)
    writer.text(', "additional_notes": "", "next_drill": "', DRILL)
    writer.more(', "summary": "Told of a mistake and its repair."}')
    writer.end_section()
    assert len(writer.plain) == CHUNKS
    certain = list(range(CHUNKS))
    for n in fixes:
        certain[n] = writer.ends[-2]
    return Stream(tuple(writer.pieces), tuple(writer.plain), tuple(writer.ends), tuple(certain))


class _Writer:
    """Every chunk has a mark: what stands between two values comes with the last word of one, the first of the next."""

    def __init__(self, round_: int, chars: int) -> None:
        self.pieces: list[str] = []
        self.plain: list[str] = []
        self.ends: list[int] = []
        self._round = round_
        self._more = " oaiue iaoui"[: chars - SHORT]

    def text(self, before: str, chunks: int) -> None:
        for n in range(chunks):
            is_last = n == chunks - 1
            word = mark(self._round, len(self.plain)) + self._more
            self.pieces.append((before if n == 0 else "") + word + ('"' if is_last else " "))
            self.plain.append(word + ("\n\n" if is_last else " "))

    def more(self, json: str) -> None:
        self.pieces[-1] += json

    def end_section(self) -> None:
        self.ends.append(len(self.plain) - 1)
