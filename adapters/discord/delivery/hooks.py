"""Interaction tokens: for a quarter of an hour they pay for messages outside the bot's overall limit.

Through its token a message can be edited that answers the interaction, and the message whose button was pressed.
Messages that only one person sees can be reached in no other way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast

from adapters.discord.delivery.limits import Kind, Limits
from adapters.pacer.limit import Limit

USED_S = 14 * 60.0
"""A token lives for 15 minutes."""
BEGUN_S = 13 * 60.0
"""What begins after this would have to go on without it at once."""
MOST = 6
"""More tokens than a conversation has use for at once."""

What = Literal["create", "edit", "delete"]
HOOK_KINDS: Mapping[What, Kind] = {"create": "hook create", "edit": "hook edit", "delete": "hook delete"}


@dataclass(eq=False, slots=True)
class Hook:
    """`message` is the one whose button was pressed, "" where there is none, and `at` epoch seconds."""

    application: str
    token: str
    at: float
    message: str = ""
    lost: bool = False
    full: bool = False
    """It allows no more messages, which is so for apps of one person."""
    mark: str = field(init=False)
    """What a handle remembers it by."""

    def __post_init__(self) -> None:
        self.mark = hashlib.sha256(self.token.encode()).hexdigest()[:10]

    def path(self, message: str = "") -> str:
        root = f"/webhooks/{self.application}/{self.token}"
        if not message:
            return root
        return f"{root}/messages/{'@original' if message == self.message else message}"

    def text(self) -> str:
        return json.dumps([self.application, self.token, float(self.at), self.message])


Way = Hook | Literal["bot"]
"""How a message is written."""


def path(way: Way, channel: str, message: str = "") -> str:
    if way != "bot":
        return way.path(message)
    return f"/channels/{channel}/messages/{message}" if message else f"/channels/{channel}/messages"


def costs(way: Way, what: What, channel: str, limits: Limits) -> tuple[Limit, ...]:
    """The limits a write counts in; the narrowest comes last."""
    if way != "bot":
        return (limits.window(kind(way, what), way.token),)
    return (limits.overall, limits.window(kind(way, what), channel))


def kind(way: Way, what: What) -> Kind:
    return what if way == "bot" else HOOK_KINDS[what]


class Hooks:
    """The tokens of one conversation. `now` is epoch seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._hooks: list[Hook] = []

    def note(self, hook: Hook) -> None:
        if all(hook.token != each.token for each in self._hooks):
            fresh = [each for each in self._hooks if not each.lost and each.at > self._now() - USED_S]
            self._hooks = sorted([*fresh, hook], key=lambda each: each.at)[-MOST:]

    def forget(self) -> None:
        self._hooks.clear()

    def newest(self) -> Hook | None:
        """The one to create a message with."""
        for hook in reversed(self._hooks):
            if not hook.lost and not hook.full:
                return hook if hook.at > self._now() - BEGUN_S else None
        return None

    def of(self, mark: str, message: str) -> Hook | None:
        """The one to edit this message with, which was created by the one with that mark."""
        for hook in reversed(self._hooks):
            reaches = hook.message == message or (mark and hook.mark == mark)
            if reaches and not hook.lost and hook.at > self._now() - USED_S:
                return hook
        return None


def read_hook(text: str) -> Hook | None:
    """The hook whose `text()` this is."""
    try:
        match cast("object", json.loads(text)):
            case [str(application), str(token), float(at), str(message)]:
                return Hook(application, token, at, message)
            case _:
                return None
    except ValueError:
        return None
