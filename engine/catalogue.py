"""Which interviews somebody may begin where they are, in the words of whoever asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.interviews import InterviewType


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Who wants an interview, and where. `home` is the scope whose rules hold there (`platform/workspace`).

    `channel` is the platform's id, "" where it does not matter; `groups` are the platform's groups the person is in.
    """

    home: str
    user: str
    channel: str = ""
    groups: frozenset[str] = frozenset()


class Catalogue(Protocol):
    """The interview types there are."""

    async def offered(self, where: Whereabouts) -> Mapping[str, InterviewType]:
        """What this person may begin there, by id, the usual one first. Never empty."""
        ...

    async def usual(self, where: Whereabouts) -> str:
        """The type that admins made usual there, if this person may begin it; "" where there is none."""
        ...


class Shipped:
    """A catalogue of the shipped types alone, for whom no admin has changed anything."""

    def __init__(self, types: Mapping[str, InterviewType]) -> None:
        self._types = types

    async def offered(self, where: Whereabouts) -> Mapping[str, InterviewType]:
        return self._types

    async def usual(self, where: Whereabouts) -> str:
        return ""
