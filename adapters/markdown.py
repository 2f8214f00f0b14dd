"""Markdown that other people's words cannot act in: made literal, held back while it grows, split between messages.

What a platform makes of Markdown is its adapter's business; this is what all of them need. A backslash is used only
where Markdown has no other way to be literal; links, mentions and HTML are broken by an invisible joiner, which no
parser can read differently.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

JOINER = "\u2060"
"""Takes no room and cannot be broken at; between two characters it keeps them from meaning something together."""

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]*)[ \t]*$")
_LANGUAGES = frozenset((
    "", "bash", "c", "c#", "c++", "cpp", "css", "go", "graphql", "html", "http", "java", "javascript", "js", "json",
    "kotlin", "lua", "markdown", "md", "php", "plaintext", "proto", "py", "python", "r", "rb", "ruby", "rust", "scala",
    "sh", "shell", "sql", "swift", "text", "toml", "ts", "tsx", "txt", "typescript", "xml", "yaml", "yml",
))  # fmt: skip
_INDENT = re.compile(r"^[ \t]+(?=\S)", re.MULTILINE)
_MARKS = re.compile(r"[\\`*_~<&@#>|\]:=\-+]|(?<=\S)\n(?=\S)")
_OPENER = re.compile(r"[\[<]")
_LINK_WORD = re.compile(r"(?:https?|ftp|file|slack|discord)$", re.IGNORECASE)
"""An address may go on after a space."""
_MARK = re.compile(r"(?:^|\n)[ \t]*[-+=]+$")
"""A mark that may be a rule, or the bullet of an item that has not begun."""
_LINK_BEGINS = (
    "http:/", "https:/", "ftp:/", "file:/", "slack:/", "discord:/", "mailto:", "javascript:", "data:", "www.",
    "discord.gg/",
)  # fmt: skip
_GAP = "[number?]"
"""What the engine writes in place of a figure that nobody named."""
_SPACES = " \n\t"
_LOOSE = f"{_SPACES}@"
_SPACE = re.compile(r"[ \n\t]")
_INSIDE = re.compile(r"[!<\[@]")
"""Where a link or a mention may begin in the middle of a word."""
_WORD = 200
_REACH = 2_500
"""The longest link that `engine/feedback/inert.py` looks for, and then some."""


def plain(text: str) -> str:
    """Without control and direction characters and lone surrogates; one kind of line end. Emoji stay whole."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _CONTROL.sub("", text)
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def literal(text: str) -> str:
    """Markdown that shows `text` as it is written: nothing in it formats, links, mentions or becomes HTML.

    Each character is judged by its neighbours alone, so of a text that grows by whole words the earlier Markdown stays
    a prefix of the later.
    """
    text = _INDENT.sub(lambda spaces: "\u00a0" * len(spaces.group().expandtabs(4)), plain(text))
    return _MARKS.sub(lambda mark: _calm(text, mark.start()), text)


def _calm(text: str, at: int) -> str:
    """What stands for the character at `at`, given its neighbours."""
    mark, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    line_start = before in ("", "\n", "\u00a0")
    match mark:
        case "\n":
            return "  \n"
        case "`" | "|":
            return f"\\{mark}"
        case "\\":
            return "\\\\" if after and not after.isalnum() and not after.isspace() else mark
        case "*":
            return mark if before == " " and not after.strip() else "\\*"
        case "_":
            return mark if before.isalnum() and after.isalnum() else "\\_"
        case "~":
            return "\\~" if after.strip() or before.strip() else mark
        case "<" | "&":
            return mark + JOINER if after.strip() and (mark == "<" or after.isalnum() or after == "#") else mark
        case "@":
            return mark + JOINER if after.strip() else mark
        case "]":
            return mark + JOINER if after and after in "([:" else mark
        case ":":
            return mark + JOINER if after == "/" or before.lower() == "o" else mark
        case "#" | ">":
            return f"\\{mark}" if line_start else mark
        case _:
            # A line of dashes or equal signs is a rule or makes a heading of the line above; a list item may be one.
            return f"\\{mark}" if line_start and (after == mark or not after.strip(" \t")) and after != " " else mark


def held(text: str) -> str:
    """As much of a growing text as nothing to come can change: whole words, and none from a link or mention on that is
    still open, because the engine takes those out once they are whole."""
    while text := text.rstrip(_LOOSE):
        end = _word_begin(text, len(text))
        for opener in _OPENER.finditer(text, max(0, len(text) - _REACH)):
            if opener.start() < end and not _over(text[opener.start() :]):
                end = _word_begin(text, opener.start())
                break
        shown = text[:end].rstrip(_LOOSE)
        if not (_may_vanish(text[end:].lstrip(_SPACES)) or _LINK_WORD.search(shown)):
            return _MARK.sub("", shown)
        text = shown  # which is what there is once the rest is taken out
    return ""


def _word_begin(text: str, before: int) -> int:
    return max(0, *(text.rfind(space, 0, before) for space in _SPACES))


def _may_vanish(rest: str) -> bool:
    """What begins so may be a link or a mention and nothing else."""
    word = _SPACE.split(rest, maxsplit=1)[0].lower().lstrip("@")
    if word[:1] in ("[", "<", "!"):
        return not word.startswith(_GAP)
    # What stands at the end of the word may itself vanish, and leave only its beginning.
    word = _INSIDE.split(word, maxsplit=1)[0][:_WORD]
    return any(_link_begins(word[at:]) and (at == 0 or _link_begins(word[:at])) for at in range(len(word)))


def _link_begins(word: str) -> bool:
    return any(begin.startswith(word) or word.startswith(begin) for begin in _LINK_BEGINS)


def _over(rest: str) -> bool:
    """What begins here with a bracket can no longer become a link or a mention: it has closed, and so has its word."""
    line, newline, _ = rest.partition("\n")
    if line[0] == "<" and len(line) > 1 and not (line[1].isalpha() or line[1] in "@#![<"):
        return True
    if newline and line[0] == "<":
        return all(_over(rest[at.start() :]) for at in re.finditer(r"\[", line))
    if newline:
        return line.partition("]")[2].rstrip(" \t<") != "("
    inside, close, after = line.partition(">" if line[0] == "<" else "]")
    if after.startswith("(") and line[0] == "[":
        _, close, after = after.partition(")")
    return len(inside) > _REACH or (bool(close) and _SPACE.search(after.rstrip(_SPACES)) is not None)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of lines: prose, or what stood between two fences (`code`), which `language` may name."""

    text: str
    code: bool = False
    language: str = ""
    open: bool = False

    @property
    def told(self) -> str:
        """The text, and what a fence names unless that is a well-known language and so no word of the text."""
        return self.text if self.language.lower() in _LANGUAGES else f"{self.language}\n{self.text}"


def stretches(text: str) -> Iterator[Stretch]:
    """Prose and code blocks in turn; a fence that is never closed is `open` and runs to the end."""
    fence, language, lines = "", "", list[str]()
    for line in plain(text).split("\n"):
        found = _FENCE.match(line)
        if not fence and found:
            if any(each.strip() for each in lines):
                yield Stretch("\n".join(lines).strip("\n"))
            fence, language, lines = found[1], found[2], []
        elif fence and found and found[1].startswith(fence) and not found[2]:
            yield Stretch("\n".join(lines), code=True, language=language)
            fence, language, lines = "", "", []
        else:
            lines.append(line)
    if fence:
        yield Stretch("\n".join(lines), code=True, language=language, open=True)
    elif any(each.strip() for each in lines):
        yield Stretch("\n".join(lines).strip("\n"))


def split(text: str, most: int) -> Iterator[str]:
    """The text in pieces of at most `most` characters, cut between paragraphs, lines, sentences or words.

    Nothing but white space at a cut is left out.
    """
    while len(text) > most:
        at = _cut(text, most)
        piece, rest = text[:at].rstrip(), text[at:]
        text = rest.lstrip("\n") if rest.startswith("\n") else rest.lstrip(" ")
        if piece:
            yield piece
    if text.strip():
        yield text


def _cut(text: str, most: int) -> int:
    window = text[: most + 1]
    for separator, least in (("\n\n", most // 3), ("\n", most // 3), (". ", most // 3), (" ", 1)):
        at = window.rfind(separator, least)
        if at != -1:
            return min(at + (1 if separator == ". " else 0), most) or most
    return most
