"""A model's words made harmless: nothing in them pings, links, hides or turns the reading direction.

Surfaces escape what their platform understands; this is for what no platform should be given. Links go because a
preview can carry data away, and no model here has a reason to send anyone anywhere.
"""

from __future__ import annotations

import re

from engine.feedback.visible import visible

TEXT_CHARS = 12_000

_ANGLED = re.compile(r"<(?:[@#!]|[a-z][a-z0-9+.-]{1,20}:)[^<>\n]{0,2000}>", re.IGNORECASE)
_MASKED = re.compile(
    r"!?\[([^\[\]\n]{0,300})\]\(\s*<?(?:[a-z][a-z0-9+.-]{1,20}:|//|www\.)[^)\n]{0,2000}\)", re.IGNORECASE
)
_BARE = re.compile(
    r"(?:https?|ftp|file|slack|discord)\s?:/\S+|\b(?:mailto:|javascript:|data:[a-z]+/|www\.|discord\.gg/)\S+",
    re.IGNORECASE,
)
_PING = re.compile(r"@(?=\s*(?:everyone|here|(?:channel|all)\b))", re.IGNORECASE)
# Nothing above can match without one of these.
_LIVELY = re.compile(r"[<@:\[]|www|discord", re.IGNORECASE)


def inert(text: str, at_most: int = TEXT_CHARS) -> str:
    """The text as it may be shown, at most `at_most` characters long; doing it twice changes nothing more."""
    text = visible(text[: 2 * at_most])
    while (calmer := _calm(text)) != text:
        text = calmer
    return text if len(text) <= at_most else f"{text[: at_most - 1].rstrip()}…"


def is_inert(text: str) -> bool:
    """Nothing in the text had to be made harmless."""
    return _calm(text) == text


def _calm(text: str) -> str:
    # What was taken out can bring halves of something together, hence the loop above; every pass makes it shorter.
    if _LIVELY.search(text) is None:
        return text
    text = _MASKED.sub(r"\1", text)
    text = _ANGLED.sub("", text)
    return _PING.sub("", _BARE.sub("", text))
