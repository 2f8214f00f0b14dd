"""Slack's way of writing turned into plain words. Pure."""

from __future__ import annotations

import re

ENTITY = re.compile(r"<([^<>\n]+)>")
EMOJI = re.compile(r":(?![\d:]+:)[\w+'-]+:(?::skin-tone-[2-6]:)?")
THUMBS = {":+1:": "👍", ":thumbsup:": "👍", ":-1:": "👎", ":thumbsdown:": "👎"}


def plain(text: str) -> str:
    """Slack's mark-up for links, names and channels as a reader sees it; `&amp;` and its like as characters."""
    shown = ENTITY.sub(lambda match: _entity(match.group(1)), text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _entity(inside: str) -> str:
    target, _, label = inside.partition("|")
    match target[:1]:
        case "@":
            return f"@{label or target[1:]}"
        case "#":
            return f"#{label or target[1:]}"
        case "!":
            return label or f"@{target[1:].partition('^')[0]}"
        case _:
            url = target.removeprefix("mailto:")
            return url if not label or label in url else f"{label} ({url})"


def only_emoji(text: str) -> bool:
    """Whether emoji and nothing else was written, as names (`:tada:`) or as characters."""
    bare = EMOJI.sub("", text)
    symbols = bare != text or any(ord(letter) > 0x2190 for letter in bare)
    return symbols and not any(letter.isalnum() for letter in bare)


def spoken(text: str) -> str:
    """The text with a lone thumb, which Slack writes as a name, as the character the interview understands."""
    return THUMBS.get(re.sub(r":skin-tone-[2-6]:", "", text.strip()), text)
