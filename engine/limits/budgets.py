"""The limits at work: asked before something is used, and told afterwards what it really was.

Where nobody set a limit nothing waits for the ledger: what was used is noted, and written down once in a while.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self

from engine.errors import OverLimit, StoreError
from engine.inbound import MESSAGE_CHARS
from engine.keys import ThreadKey
from engine.limits.ledger import Ledger
from engine.limits.model import Amounts
from engine.limits.rules import Rules
from engine.limits.words import over_limit
from engine.ports import Account

log = logging.getLogger(__name__)

WRITE_EVERY_S = 2.0
RESERVED_S = 900.0
"""After this long a call is over, whatever became of it."""
_REMEMBERED = 10_000


class Budgets:
    """An async context manager: leaving it writes down what is left to be written. `marker()` gives random digits."""

    def __init__(self, *, ledger: Ledger, rules: Rules, now: Callable[[], float], marker: Callable[[], str]) -> None:
        self._ledger = ledger
        self._rules = rules
        self._now = now
        self._marker = marker
        self._noted: list[tuple[Account, Amounts]] = []
        self._answered: dict[str, None] = {}
        self._writer: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._keep_writing(), name="write down use")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
        await self.write_down()

    async def begin(self, home: str, key: ThreadKey, id: str) -> None:
        """Count an interview that is about to begin, once per `id`. Raises `OverLimit`."""
        account = Account(home, key)
        limits = await self._rules.limits(home)
        if (refusal := await self._ledger.begin(account, f"{key}:{id}", limits)) is not None:
            raise over_limit(refusal, self._now())

    async def hear(self, home: str, key: ThreadKey, seconds: float, id: str = "") -> None:
        """Count a recording that is about to be written down, once per `id` where there is one. Raises `OverLimit`."""
        wanted = Amounts(audio_s=max(1, round(seconds)))
        unique = f"{key}:audio:{id or self._marker()}"
        limits = await self._rules.limits(home)
        if (refusal := await self._ledger.take(Account(home, key), unique, wanted, limits)) is not None:
            raise over_limit(refusal, self._now())

    async def answer(self, account: Account, id: str) -> OverLimit | None:
        """Count an answer that is about to be read, once per `id`; why it must wait, where it must."""
        limits = await self._rules.limits(account.home)
        if not limits.limits_any("answers"):
            if id not in self._answered:
                self._answered[id] = None
                if len(self._answered) > _REMEMBERED:
                    del self._answered[next(iter(self._answered))]
                self.note(account, Amounts(answers=1))
            return None
        refusal = await self._ledger.take(account, id, Amounts(answers=1), limits)
        return None if refusal is None else over_limit(refusal, self._now())

    async def answer_chars(self, home: str) -> int:
        """How long an answer may be there."""
        most = (await self._rules.limits(home)).person.answer_chars
        return MESSAGE_CHARS if most is None else most

    async def reserve(self, account: Account, most: Callable[[], Amounts]) -> str:
        """Set aside the most that a call may take; what to settle it with, "" where no limit is in its way.

        Raises `OverLimit`, and nothing else. `most` is only asked where it matters.
        """
        id = f"call:{self._marker()}"
        try:
            limits = await self._rules.limits(account.home)
            if not limits.limits_any("tokens", "cost_micros"):
                return ""
            refusal = await self._ledger.reserve(account, id, most(), limits, for_s=RESERVED_S)
        except StoreError as error:
            # What cannot be written down now is at least noted; an interview does not end because of it.
            log.warning("nothing set aside", extra={"error": str(error)})
            return ""
        if refusal is not None:
            raise over_limit(refusal, self._now())
        return id

    async def settle(self, account: Account, id: str, truth: Amounts) -> None:
        """Say what a call really took."""
        if not id:
            self.note(account, truth)
            return
        try:
            await self._ledger.settle(account, id, truth)
        except StoreError as error:
            # The answer is there, and worth more than its bill; the reservation stands for it until it expires.
            log.warning("use not written down", extra={"error": str(error)})

    def note(self, account: Account, amounts: Amounts) -> None:
        """Remember to write down what was used without a limit."""
        if amounts:
            self._noted.append((account, amounts))

    async def write_down(self) -> None:
        """Write down what was noted."""
        noted, self._noted = self._noted, []
        if not noted:
            return
        try:
            await self._ledger.book(noted)
        except StoreError as error:
            self._noted = [*noted, *self._noted][:_REMEMBERED]
            log.warning("use not written down", extra={"error": str(error)})

    async def _keep_writing(self) -> None:
        while True:
            await asyncio.sleep(WRITE_EVERY_S)
            await self.write_down()
