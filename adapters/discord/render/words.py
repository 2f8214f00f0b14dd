"""Words in Discord's Markdown that cannot act, and the little Markdown of models that may.

A backslash makes a sign literal, and is always one itself; mentions, addresses, timestamps and emoji names are broken
by an invisible joiner, which no parser can read differently. `unescaped` takes both back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from adapters.markdown import JOINER, plain, split, stretches
from adapters.surface.words import dotted, one_line, runs, units
from adapters.surface.words import shortened as shortened

PIECE_CHARS, PIECE_BYTES = 1_800, 5_400
"""How much one text may hold: two fit on a page beside a head and buttons."""

LANGUAGE_CHARS = 20

_SIGNS = re.compile(r"[\\`*~|\[<]|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])_")
# What would begin a mention, an address, a timestamp or an emoji's name.
_LIVELY = re.compile(r"[<@](?=\S)|:(?=//|[^\s:]+:)|\b(?:discord(?:app)?\.\w+|dis\.gd)(?=/)", re.IGNORECASE)
_PING = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_RUN = re.compile("`{3,}")
_LINE = re.compile(r"^([ \t]*)(?:([#>+-])|(\d+)(?=[.)]))", re.MULTILINE)
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")


def escaped(text: str) -> str:
    """Markdown that shows the text as it is written: nothing in it formats, links, mentions or hides."""
    return _escaped(plain(text))


def _escaped(text: str) -> str:
    text = _SIGNS.sub(_backslashed, text)
    text = _LIVELY.sub(_joined, text)
    return _LINE.sub(_line_start, text)


def _backslashed(found: re.Match[str]) -> str:
    return "\\" + found.group()


def _joined(found: re.Match[str]) -> str:
    return found.group() + JOINER


def _line_start(found: re.Match[str]) -> str:
    spaces, sign, number = found.groups()
    return f"{spaces}\\{sign}" if sign else f"{spaces}{number}\\"


def unescaped(markdown: str) -> str:
    """What `escaped` was given."""
    return _ESCAPED.sub(r"\1", markdown.replace(JOINER, ""))


def small(words: str) -> str:
    """Small print: our own words, or `escaped` ones."""
    return f"-# {one_line(words)}"


def fits(content: str) -> bool:
    return units(content) <= PIECE_CHARS and len(content.encode()) <= PIECE_BYTES


def pieces(words: str, made: Callable[[str], str] = escaped, most: int = PIECE_CHARS) -> Iterator[str]:
    """The text made into Markdown in pieces, each of which fits into one text; none for a blank one."""
    for piece in split(plain(words), most):
        if fits(content := made(piece)):
            yield content
        else:
            yield from pieces(piece, made, most // 2)


def prose(words: str, most: int = PIECE_CHARS) -> Iterator[str]:
    """A longer text in pieces: paragraphs with code and bold words, code blocks; all other markup literally."""
    for stretch in stretches(words):
        if stretch.code:
            language = stretch.language if len(stretch.language) <= LANGUAGE_CHARS and stretch.text.strip() else ""
            if stretch.language != language:  # it names no language of anything, and would not be shown as one
                yield from pieces(stretch.language)
            yield from pieces(stretch.text, lambda code, name=language: code_block(code, name), most)
        else:
            yield from pieces(stretch.text, styled, most)


def named(name: str, words: str) -> Iterator[str]:
    """A longer text with a name above it; nothing where it is blank."""
    for n, piece in enumerate(prose(words, PIECE_CHARS - len(name) - 10)):
        yield f"**{name}**\n{piece}" if n == 0 else piece


def styled(words: str) -> str:
    """`code` and **bold** as styles, the rest literally; list items get a dot."""
    made = ""
    for run in runs(dotted(plain(words))):
        made = _beside(made, _STYLES[run.style](run.text))
    return made


def _code(words: str) -> str:
    return f"`{_PING.sub(_joined, words)}`"


def _bold(words: str) -> str:
    return f"**{_escaped(words)}**"


_STYLES: Mapping[str, Callable[[str], str]] = {"": _escaped, "code": _code, "bold": _bold}


def _beside(before: str, after: str) -> str:
    """Two runs next to each other: their marks must not run into one."""
    touching = before and after and before[-1] in "`*\\" and after[0] in "`*"
    return f"{before}{JOINER}{after}" if touching else before + after


def code_block(code: str, language: str = "") -> str:
    """Letters of one width, as they stand. A fence inside is broken, and what looks as if it called everybody."""
    inside = _RUN.sub(lambda run: JOINER.join(run.group()), _PING.sub(_joined, plain(code)))
    edge = JOINER if inside.endswith("`") else ""
    return f"```{language}\n{inside}{edge}\n```"


def quoted(words: str) -> Iterator[str]:
    """The words as quotations, in pieces."""
    yield from pieces(words, lambda piece: quote_lines(escaped(piece)))


def quote_lines(markdown: str) -> str:
    return "\n".join(f"> {line}" for line in markdown.split("\n"))


def packed(parts: Iterable[str], between: str = "\n\n") -> list[str]:
    """Texts put together into as few as they fit."""
    made: list[str] = []
    for part in parts:
        if made and fits(both := f"{made[-1]}{between}{part}"):
            made[-1] = both
        else:
            made.append(part)
    return made
