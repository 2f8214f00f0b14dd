"""Discord's way of writing turned into plain words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

EMOJI = re.compile(r"<a?:(\w+):\d+>")
_MENTION = re.compile(r"<@!?(\d+)>")
_COMMAND = re.compile(r"</([^:>\n]+):\d+>")


def plain(text: str, names: Mapping[str, str]) -> str:
    """Mentions, custom emoji and commands as a reader sees them. `names` are those of the people mentioned, by id."""
    text = _MENTION.sub(lambda found: f"@{names[found[1]]}" if found[1] in names else found[0], text)
    return _COMMAND.sub(r"/\1", EMOJI.sub(r":\1:", text))


def only_emoji(text: str) -> bool:
    """Whether emoji and nothing else was written, as names (`:tada:`) or as characters."""
    bare = re.sub(r":(?![\d:]+:)\w+:", "", text)
    symbols = bare != text or any(ord(letter) > 0x2190 for letter in bare)
    return symbols and not any(letter.isalnum() for letter in bare)
