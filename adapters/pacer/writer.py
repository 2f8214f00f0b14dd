"""What the governor and the writers say to one another: ranks, wishes, and what a writer must answer.

rank       what                                           gets a token
WAITED     what a person waits for: a question, a hint    before everything
FINAL      a post that is complete, by the time it ended  before everything else; never dropped
FIRST      the first text of a post                       if every expected final still finds its token
SECTION    a section that has become whole                if every expected final and first text does
PROGRESS   text that grew, the longest unseen first       from surplus, spread over the time that is left
TIDY       what is only cosmetic                          from surplus, when nothing else wants the budget
"""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from adapters.pacer.forecast import Need
from adapters.pacer.limit import Limit


class Rank(IntEnum):
    WAITED = 0
    FINAL = 1
    FIRST = 2
    SECTION = 3
    PROGRESS = 4
    TIDY = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What a writer would write now, for a token of each budget. Within a rank the smallest `since` comes first."""

    rank: Rank
    since: float
    costs: tuple[Limit, ...]
    not_before: float = 0.0


class Writer(Protocol):
    """A post. Hashable by identity; asked often, so `wish` and `needs` are cheap and `write` composes only then."""

    def wish(self, now: float) -> Wish | None:
        """What it would write now; `None` when everything is shown."""
        ...

    def needs(self, now: float) -> Iterable[Need]:
        """What it will surely write later. A writer with neither wish nor needs is forgotten until it is touched."""
        ...

    def write(self, wish: Wish, now: float) -> Coroutine[object, object, None] | None:
        """The write, composed from the newest snapshot; the tokens are taken once this has returned.

        `None` when there is nothing to write after all, or it would cost something else: then `wish` says so next.
        """
        ...
