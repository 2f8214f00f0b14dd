"""Where an interview happens: one person in one thread of one workspace on one platform.

A thread may hold many interviews, one after another; `session_id` numbers them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Self
from urllib.parse import quote, unquote

from pydantic import BaseModel, Field


class ThreadKey(BaseModel, frozen=True, extra="forbid"):
    """The address of a conversation. Every part is the platform's own id, at most 200 characters."""

    platform: str = Field(min_length=1, max_length=40)
    workspace: str = Field(default="-", min_length=1, max_length=200)
    channel: str = Field(default="-", min_length=1, max_length=200)
    thread: str = Field(default="-", min_length=1, max_length=200)
    user: str = Field(min_length=1, max_length=200)

    def __str__(self) -> str:
        return _text(self.platform, self.workspace, self.channel, self.thread, self.user)

    @property
    def person(self) -> str:
        """Whose conversation it is, wherever it stands: one person in one workspace of one platform."""
        return _text(self.platform, self.workspace, self.user)

    @property
    def scope(self) -> str:
        """Whose rules hold there, unless the interview says otherwise: the workspace's."""
        return scope_of(self.platform, self.workspace)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key whose `str()` this is. Raises `ValueError` for anything else."""
        parts = [unquote(part) for part in text.split("/")]
        if len(parts) != 5:
            raise ValueError(f"not a thread key: {text!r}")
        platform, workspace, channel, thread, user = parts
        return cls(platform=platform, workspace=workspace, channel=channel, thread=thread, user=user)


def scope_of(platform: str, workspace: str) -> str:
    """A workspace in one word: what admins set is kept under it."""
    return _text(platform, workspace)


def person_of(platform: str, workspace: str, user: str) -> str:
    """A person of a workspace in one word, as `ThreadKey.person`."""
    return _text(platform, workspace, user)


@lru_cache(maxsize=4_096)  # asked for many times in every step
def _text(*parts: str) -> str:
    return "/".join(quote(part, safe="-_.~@") for part in parts)


def session_id(key: ThreadKey, number: int) -> str:
    """The id of the `number`-th interview (from 1) held under this key."""
    return f"{key}#{number}"
