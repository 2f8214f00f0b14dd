"""Other people's text for a terminal: nothing in it may move the cursor, change a colour or turn the line around."""

from __future__ import annotations

import re

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200c\u200e-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """Without control, direction and zero-width characters (the joiner inside emoji stays) and lone surrogates."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\t", "    "))
