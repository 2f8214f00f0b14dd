"""Where an interview stands, and how commands are called."""

from __future__ import annotations

from engine.keys import ThreadKey

PLATFORM = "discord"
COMMAND = "/interview"

FORMS = "forms:"
"""In a key's channel: the interview stands in private messages of this channel and is answered by forms."""


def thread_key(channel: str, user: str, *, forms: bool = False) -> ThreadKey:
    """The address of an interview: a direct message or private thread, or (`forms`) private messages in a channel.

    The workspace is always "-": a person's interviews belong together, wherever they were begun.
    """
    where = channel if not forms or channel.startswith(FORMS) else FORMS + channel
    return ThreadKey(platform=PLATFORM, channel=where, user=user)


def by_forms(key: ThreadKey) -> bool:
    """Whether the interview is answered by forms, in messages that only the candidate sees."""
    return key.channel.startswith(FORMS)


def channel_of(key: ThreadKey) -> str:
    """The id of the channel where the interview stands."""
    return key.channel.removeprefix(FORMS)
