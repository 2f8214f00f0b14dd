"""What was used, durably, in the words of whoever asks: the port of the ledger.

`adapters/store/ledger.py` keeps these promises; `tests/contracts/ledger.py` holds it to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.admin.records import Entry
from engine.limits.model import Amounts, Limits, Refusal, Used
from engine.ports import Account


@dataclass(frozen=True, slots=True)
class Lift:
    """On one day, a person of a scope may use `times` as much as others; `None`: without a limit of their own.

    `person` is `ThreadKey.person`. The budgets of the workspace hold all the same.
    """

    scope: str
    person: str
    day: int
    times: int | None


@dataclass(frozen=True, slots=True)
class DayUse:
    """What was used on a day (its number since the epoch)."""

    day: int
    used: Amounts


class Ledger(Protocol):
    """Each call is one transaction, and those that decide come one by one: no two share the last of a budget.

    Days are those of the ledger's clock. Whatever it decides, it decides by `limits` as a `Lift` of the day lifts them.
    What a person used goes when the person is forgotten; what their workspace used stays.
    """

    async def reserve(
        self, account: Account, id: str, wanted: Amounts, limits: Limits, *, for_s: float
    ) -> Refusal | None:
        """Set aside the most that something will take; `None` when that was possible.

        It counts until it is settled, or `for_s` seconds have passed. `id` is used once.
        """
        ...

    async def settle(self, account: Account, id: str, truth: Amounts) -> None:
        """Put what was really used in the place of a reservation, once; also when that is more, or has expired.

        It counts for the day of the reservation. A person who was forgotten meanwhile stays so.
        """
        ...

    async def take(self, account: Account, id: str, wanted: Amounts, limits: Limits) -> Refusal | None:
        """Use something now whose amount is known; `None` when that was possible.

        The same `id` is counted once a day.
        """
        ...

    async def begin(self, account: Account, id: str, limits: Limits) -> Refusal | None:
        """Take an interview, if no more stand open than may; an interview stands open until it is over.

        One in which nothing happened for a day does not count. Where one stands open under the very same key, nothing
        is decided or counted: it will not begin.
        """
        ...

    async def book(self, uses: Sequence[tuple[Account, Amounts]]) -> None:
        """Count what was used without a limit. Nothing is kept of a person who has no interview (any more)."""
        ...

    async def used(self, scope: str, person: str = "") -> Used:
        """What was used today; the person's part is nothing without a `person`."""
        ...

    async def days(self, scope: str, days: int, person: str = "") -> Sequence[DayUse]:
        """What a workspace, or a person there, used on each of the last days, oldest first, days without use too."""
        ...

    async def active(self) -> Sequence[str]:
        """The scopes that used something today."""
        ...

    async def first(self, scope: str, what: str) -> bool:
        """`True` the first time somebody asks this today."""
        ...

    async def lift(self, lift: Lift, *, entry: Entry) -> None:
        """Let a person use more, with its line of the audit; once more: instead of what was lifted before."""
        ...

    async def unlift(self, scope: str, person: str, *, entry: Entry) -> bool:
        """Take today's lift back; `False` when there was none, and then nothing is written."""
        ...

    async def lifts(self, scope: str) -> Sequence[Lift]:
        """Today's lifts of a scope, in the order of the persons."""
        ...

    async def sweep(self, *, keep_days: int) -> None:
        """Forget what is older than so many days."""
        ...
