"""The app as somebody adds it: the least it may do in a server, and the links that add it.

Data, for the command that prints the links and the doctor that compares. What is asked of the gateway is `client.py`'s,
and the commands are `commands.py`'s.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import urlencode

AUTHORIZE_URL = "https://discord.com/oauth2/authorize"
PORTAL_URL = "https://discord.com/developers/applications"

PERMISSIONS: Mapping[str, tuple[int, str]] = {
    "View Channels": (1 << 10, "a private thread stands below a channel"),
    "Attach Files": (1 << 15, "charts, and feedback too long for a message, in a private thread"),
    "Read Message History": (1 << 16, "answers that were sent there while Rehearse was not running"),
    "Create Private Threads": (1 << 36, "an interview of somebody who takes no direct messages"),
    "Send Messages in Threads": (1 << 38, "questions and feedback there"),
}
"""What the bot may do in a server by the names Discord shows, and what for. Direct messages need none of it."""

IN_SERVERS, FOR_PEOPLE = "0", "1"
"""The two kinds of installation: into a server, and for oneself."""
INSTALLED_WITH: Mapping[str, tuple[str, ...]] = {
    IN_SERVERS: ("bot", "applications.commands"),
    FOR_PEOPLE: ("applications.commands",),
}
"""The scopes of each kind."""

MESSAGE_CONTENT_FLAGS = 1 << 18 | 1 << 19
"""Of an application: the message content intent is granted, or switched on for an app that few use."""


def permissions() -> int:
    """All that `PERMISSIONS` lists, as Discord writes it."""
    return sum(bit for bit, _ in PERMISSIONS.values())


def invite_link(application: str, kind: str) -> str:
    """Where somebody adds the app to a server of theirs (`IN_SERVERS`), or to their own account (`FOR_PEOPLE`)."""
    asked = {"client_id": application, "integration_type": kind, "scope": " ".join(INSTALLED_WITH[kind])}
    if kind == IN_SERVERS:
        asked["permissions"] = str(permissions())
    return f"{AUTHORIZE_URL}?{urlencode(asked)}"


def application_of(token: str) -> str | None:
    """The id of the application, which the first part of a bot's token spells; `None` when this one's does not."""
    first = token.partition(".")[0]
    try:
        spelt = base64.b64decode(first + "=" * (-len(first) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return spelt.decode() if spelt.isdigit() and len(spelt) <= 20 else None
