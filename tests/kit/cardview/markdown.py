"""Discord's Markdown read as its client reads it, for pictures and to see whether anything in a text can act.

The rules and their order are those of the client (a dialect of simple-markdown), as far as they are known. `tree` gives
nodes; a leaf has text, the others have children.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

ACTING = frozenset({"link", "mention", "emoji", "time", "spoiler"})
"""What words of others must never become."""


@dataclass(frozen=True, slots=True)
class Node:
    kind: str
    text: str = ""
    children: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: str
    pattern: re.Pattern[str]
    at_line: bool = False
    leaf: bool = False


def _rule(kind: str, pattern: str, *, at_line: bool = False, leaf: bool = False) -> _Rule:
    return _Rule(kind, re.compile(pattern, re.IGNORECASE | re.ASCII), at_line, leaf)


_RULES = (
    _rule("pre", r"```(?:[a-z0-9_+\-.#]+?\n)?\n*([^\n][\s\S]*?)\n*```", leaf=True),
    _rule("quote", r" *>>> ([\s\S]*)", at_line=True),
    _rule("quote", r"((?: *> [^\n]*(?:\n|$))+)", at_line=True),
    _rule("small", r" *-# +([^\n]+)(?:\n|$)", at_line=True),
    _rule("h", r" *#{1,3} +([^\n]+)(?:\n|$)", at_line=True),
    _rule("item", r" *(?:[*+-]|\d+\.) +([^\n]+)(?:\n|$)", at_line=True),
    _rule("text", r"\\([^0-9A-Za-z\s])", leaf=True),
    _rule("link", r"<((?:https?|mailto|tel|sms|discord):[^ >]+|[^ >@\n]+@[^ >\n]+\.[^ >\n]+|\+\d[^>\n]*)>", leaf=True),
    _rule("mention", r"(<(?:@[!&]?|#)\d+>|</[^:>\n]+:\d+>|<id:\w+>|@(?:everyone|here))", leaf=True),
    _rule("emoji", r"<a?(:\w+:)\d+>", leaf=True),
    _rule("time", r"<t:(-?\d+)(?::[a-z])?>", leaf=True),
    _rule("link", r"((?:https?|steam|discord)://[^\s<]+[^<.,:;\"'\]\s])", leaf=True),
    _rule("link", r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?(?:\([^)]*\)|[^\s\\]|\\.)+?>?\s*\)"),
    _rule("b", r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)"),
    _rule("u", r"__((?:\\[\s\S]|[^\\])+?)__(?!_)"),
    _rule("i", r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b"),
    _rule("i", r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)"),
    _rule("s", r"~~([\s\S]+?)~~(?!_)"),
    _rule("code", r"(?:(?<!`)(`)(?!`)([\s\S]*?[^`])\1(?!`)|(``)([\s\S]*?[^`])\3(?!`))", leaf=True),
    _rule("spoiler", r"\|\|([\s\S]+?)\|\|"),
    _rule("emoji", r":([a-z0-9_+-]+):", leaf=True),
)
_PLAIN = re.compile(r"[\s\S]+?(?=[^0-9A-Za-z\s\u00c0-\uffff]|\n|\w+:\S|\Z)", re.ASCII)


def tree(markdown: str, *, nested: bool = False) -> list[Node]:
    """The text as nodes, in order."""
    nodes: list[Node] = []
    at, words = 0, ""
    while at < len(markdown):
        line_start = at == 0 or markdown[at - 1] == "\n"
        made = _match(markdown, at, line_start and not nested)
        if made is None:
            end = at + 1 if markdown[at] == "\n" else _end_of_plain(markdown, at)
            words += markdown[at:end]
            at = end
            continue
        node, at = made
        if node.kind == "text":
            words += node.text
            continue
        if words:
            nodes.append(Node("text", words))
            words = ""
        nodes.append(node)
    return [*nodes, Node("text", words)] if words else nodes


def _end_of_plain(markdown: str, at: int) -> int:
    found = _PLAIN.match(markdown, at)
    return found.end() if found else len(markdown)


def _match(markdown: str, at: int, line_start: bool) -> tuple[Node, int] | None:
    for rule in _RULES:
        if rule.at_line and not line_start:
            continue
        found = rule.pattern.match(markdown, at)
        if found is None:
            continue
        inside = next((group for group in found.groups()[::-1] if group is not None), "")
        if rule.kind == "quote":
            inside = re.sub(r"^ *> ?", "", inside, flags=re.MULTILINE)
            return Node("quote", children=tuple(tree(inside.rstrip("\n")))), found.end()
        if rule.leaf:
            return Node(rule.kind, inside), found.end()
        return Node(rule.kind, children=tuple(tree(inside, nested=True))), found.end()
    return None


def kinds(nodes: Sequence[Node]) -> Iterator[str]:
    """The kinds of all nodes, inner ones as well."""
    for node in nodes:
        yield node.kind
        yield from kinds(node.children)


def shown(nodes: Sequence[Node]) -> str:
    """What a reader sees, without any style."""
    return "".join(node.text + shown(node.children) + ("\n" if node.kind in _OF_LINES else "") for node in nodes)


_OF_LINES = frozenset({"h", "small", "item", "quote", "pre"})


def html(nodes: Sequence[Node]) -> str:
    return "".join(_html(node) for node in nodes)


def _html(node: Node) -> str:
    inside = html(node.children) if node.children else escape(node.text).replace("\n", "<br>")
    match node.kind:
        case "text":
            return inside
        case "h":
            return f"<h3>{inside}</h3>"
        case "small":
            return f"<small>{inside}</small>"
        case "quote":
            return f"<blockquote>{inside}</blockquote>"
        case "item":
            return f"<li>{inside}</li>"
        case "pre":
            return f"<pre>{escape(node.text)}</pre>"
        case "time":
            return f'<span class="time">{datetime.fromtimestamp(int(node.text), UTC):%-d %B %Y}</span>'
        case kind if kind in ACTING:
            return f'<span class="{kind}">{inside}</span>'
        case kind:
            return f"<{kind}>{inside}</{kind}>"
