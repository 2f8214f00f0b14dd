"""Text as a person sees it, and as two people would agree that it is the same text.

`visible` is what models read and what quotes are cut from; `Folded` finds a quote in it whatever its case, white space,
kind of quotation mark or way of writing an accent.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

READ_CHARS = 24_000
"""How much of an answer under review a model reads. Longer ones are cut, and it is said; what is kept is never cut."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("“”„‟″«»「」『』", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "*": "",
    }
)
# What a model puts around a quotation, and what a sentence it was cut from may have had.
_AROUND = " \t\n\"'“”‘’«»….,;:!?-–—*`"
# Of ASCII, only these change: white space and the back-tick; runs of white space and asterisks get shorter.
_ASCII_ALIKE = {code: " " for code in range(128) if chr(code).isspace()} | {ord("`"): "'"}
_UNEVEN = re.compile(r"\*|\s\s")


def visible(text: str) -> str:
    """Without invisible, direction-changing or control characters and lone surrogates; one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return _CONTROL.sub("", text)
    return _SURROGATE.sub("\ufffd", _CONTROL.sub("", _INVISIBLE.sub("", text)))


def fold(text: str) -> str:
    """The text in its simplest equal form, for searching words in it."""
    text = text.translate(_ALIKE)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_ALIKE)
    return " ".join(text.lower().split())


class Folded:
    """A text made simple, that remembers where each of its characters came from."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._from: Sequence[int] = range(len(text))
        self.folded = text.lower().translate(_ASCII_ALIKE)
        if text.isascii() and _UNEVEN.search(text) is None:
            return  # each character is one, which saves looking at each
        folded: list[str] = []
        origins: list[int] = []
        for at, char in enumerate(text):
            simple = _simple(char)
            if simple == " " and folded and folded[-1] == " ":
                continue
            folded.append(simple)
            origins.extend([at] * len(simple))
        self.folded, self._from = "".join(folded), origins

    def find(self, quote: str) -> tuple[int, int] | None:
        """Where in `text` the quote stands, as a slice; `None` when it does not."""
        wanted = Folded(quote.strip(_AROUND)).folded.strip()
        begin = self.folded.find(wanted) if wanted else -1
        if begin < 0:
            return None
        return self._from[begin], self._from[begin + len(wanted) - 1] + 1


@lru_cache(maxsize=8192)
def _simple(char: str) -> str:
    if char.isspace():
        return " "
    simple = unicodedata.normalize("NFKD", char.translate(_ALIKE))
    simple = unicodedata.normalize("NFKD", simple.casefold())
    return " ".join(simple.translate(_ALIKE).split()) if simple.strip() != simple else simple.translate(_ALIKE)
