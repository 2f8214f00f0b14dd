"""One JSON object, read while it is being written: which of its top-level sections are already whole?

A single pass in pure Python, helped by regular expressions: every character is looked at once, however the text is cut
into pieces. A partial JSON parser cannot do this job alone: it shows `{"level": 4` as 4 while 42 is on its way. So the
scanner only finds where values begin and end, and leaves reading them to `pydantic_core`.

What a section may hold is the business of whoever asked for it; what to do when a stream dies is the router's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, cast

from pydantic_core import from_json

MAX_CHARS = 256 * 1024
MAX_DEPTH = 64
_MAX_KEY_CHARS = 256

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_STRUCTURE = re.compile(r'["{}\[\]]')
_LITERAL_END = re.compile(r"[,}]")
_NUMBER_TAIL = re.compile(r"[-+0-9.eE]+\Z")


class SectionScanner:
    """Reads the text of one JSON object as it arrives, and knows its top-level sections.

    Whatever stands before the first brace (a byte order mark, a fence, a preamble) and after the last one is passed
    over. A key that comes a second time is ignored. `text` is all that was fed, up to the final brace; `spans` says
    where in it the value of each complete section stands; `open` is the section being written and where its value
    begins; `closed` says that the final brace was seen.
    """

    def __init__(self) -> None:
        self.text: str = ""
        self.spans: dict[str, tuple[int, int]] = {}
        self.open: tuple[str, int] | None = None
        self.closed: bool = False
        self._at: int = 0
        self._read: Callable[[], bool] = self._preamble
        self._name: str = ""
        self._begin: int = 0
        self._depth: int = 0
        self._completed: list[str] = []

    def feed(self, text: str) -> tuple[str, ...]:
        """The names of the sections that this piece of text completed, in order.

        A number or a literal is complete only when the comma or brace behind it has come. Raises `ValueError` when the
        text is no JSON object, deeper than `MAX_DEPTH` or longer than `MAX_CHARS`; `spans` still holds what was whole.
        """
        if self.closed:
            return ()
        if len(self.text) + len(text) > MAX_CHARS:
            raise ValueError(f"more than {MAX_CHARS} characters")
        self.text += text
        self._completed = []
        while self._at < len(self.text) and self._read():
            pass
        return tuple(self._completed)

    def cut(self, keep: int) -> None:
        """Forget everything from offset `keep` on. Sections that ended by then stay complete."""
        kept = self.text[:keep]
        self.spans = {name: span for name, span in self.spans.items() if span[1] <= keep}
        self._at = max((end for _, end in self.spans.values()), default=0)
        self._read = self._after_value if self.spans else self._preamble
        self._depth = 0
        self.open = None
        self.closed = False
        self.text = kept[: self._at]
        self.feed(kept[self._at :])

    def value(self, name: str) -> object:
        """What a complete section holds. `ValueError` when it is not strict JSON, `KeyError` when it is not whole."""
        begin, end = self.spans[name]
        return parse(self.text[begin:end])

    def open_value(self) -> object | None:
        """What is certain of the section being written; `None` while nothing is.

        Strings are true prefixes (half an escape is held back); a number that may still grow is left out.
        """
        if self.open is None or self._read == self._literal:
            return None
        written = self.text[self.open[1] :]
        if self._read != self._string:
            written = _NUMBER_TAIL.sub("", written)
        try:
            return parse(written, partial="trailing-strings")
        except ValueError:
            return None

    def _preamble(self) -> bool:
        brace = self.text.find("{", self._at)
        self._at = len(self.text) if brace < 0 else brace + 1
        self._read = self._preamble if brace < 0 else self._key
        return True

    def _key(self) -> bool:
        match self._next():
            case "":
                return False
            case "}":
                return self._close()
            case '"':
                end = _end_of_run(_STRING, self.text, self._at + 1)
                if end - self._at > _MAX_KEY_CHARS:
                    raise ValueError(f"a key of more than {_MAX_KEY_CHARS} characters")
                if not self.text.startswith('"', end):
                    return False
                self._name = str(parse(self.text[self._at : end + 1]))
                self._at = end + 1
                self._read = self._colon
                return True
            case other:
                raise ValueError(f"{other!r} where a key was due")

    def _colon(self) -> bool:
        match self._next():
            case "":
                return False
            case ":":
                self._at += 1
                self._read = self._value
                return True
            case other:
                raise ValueError(f"{other!r} where a colon was due")

    def _value(self) -> bool:
        first = self._next()
        if not first:
            return False
        if first in ",}:]":
            raise ValueError(f"{first!r} where a value was due")
        self._begin = self._at
        if self._name not in self.spans:
            self.open = (self._name, self._at)
        self._read = self._nested if first in "{[" else self._string if first == '"' else self._literal
        if first == '"':
            self._at += 1
        return True

    def _string(self) -> bool:
        self._at = _end_of_run(_STRING, self.text, self._at)
        if not self.text.startswith('"', self._at):
            return False
        self._at += 1
        if self._depth:
            self._read = self._nested
        else:
            self._complete(self._at)
        return True

    def _nested(self) -> bool:
        match = _STRUCTURE.search(self.text, self._at)
        if match is None:
            self._at = len(self.text)
            return False
        self._at = match.end()
        mark = match.group()
        if mark == '"':
            self._read = self._string
            return True
        self._depth += 1 if mark in "{[" else -1
        if self._depth >= MAX_DEPTH:
            raise ValueError(f"nested deeper than {MAX_DEPTH}")
        if self._depth == 0:
            self._complete(self._at)
        return True

    def _literal(self) -> bool:
        match = _LITERAL_END.search(self.text, self._at)
        if match is None:
            self._at = len(self.text)
            return False
        self._at = match.start()
        self._complete(self._begin + len(self.text[self._begin : self._at].rstrip()))
        return True

    def _after_value(self) -> bool:
        match self._next():
            case "":
                return False
            case "}":
                return self._close()
            case ",":
                self._at += 1
                self._read = self._key
                return True
            case other:
                raise ValueError(f"{other!r} where a comma was due")

    def _complete(self, end: int) -> None:
        self.open = None
        self._read = self._after_value
        if self._name not in self.spans:
            self.spans[self._name] = (self._begin, end)
            self._completed.append(self._name)

    def _close(self) -> bool:
        self._at += 1
        self.text = self.text[: self._at]
        self.closed = True
        return False

    def _next(self) -> str:
        self._at = _end_of_run(_SPACE, self.text, self._at)
        return self.text[self._at : self._at + 1]


def parse(text: str, *, partial: Literal["off", "trailing-strings"] = "off") -> object:
    """Strict JSON (no NaN, no trailing comma); every way of being wrong is a `ValueError`."""
    try:
        return cast("object", from_json(text, allow_inf_nan=False, allow_partial=partial))
    except TypeError as error:  # what pydantic_core says of a `str` that is not valid Unicode
        raise ValueError("lone surrogate") from error


def _end_of_run(pattern: re.Pattern[str], text: str, begin: int) -> int:
    match = pattern.match(text, begin)
    return match.end() if match else begin
