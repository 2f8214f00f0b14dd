"""Limits in memory: a ledger, the rules, budgets, and a model whose calls are charged to them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from engine.admin.records import Entry
from engine.admin.roles import EVERYWHERE
from engine.keys import ThreadKey
from engine.limits.budgets import Budgets
from engine.limits.model import Limits
from engine.limits.rules import RECORD, Rules
from engine.llm.metered import Metered
from engine.ports import LLMProvider, Usage
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.ledger_memory import MemoryLedger
from tests.kit.memory import MemoryStore

PRICE = 2
"""Millionths of a dollar for each token of a model whose name begins with m."""


def price(model: str, usage: Usage) -> int | None:
    return (usage.input + usage.output) * PRICE if model.startswith("m") else None


class Limited:
    """Everything there is to a limit. `told` is what candidates were told by the metered provider."""

    def __init__(self, now: Callable[[], float], store: MemoryStore | None = None) -> None:
        self.now = now
        self.store = store or MemoryStore()
        self.admin = MemoryAdmin(now)
        self.ledger = MemoryLedger(self.store, now)
        self.rules = Rules(store=self.admin, now=now)
        ids = count(1)
        self.budgets = Budgets(ledger=self.ledger, rules=self.rules, now=now, marker=lambda: str(next(ids)))
        self.told: list[tuple[ThreadKey, str]] = []

    async def limit(self, limits: Limits, scope: str = EVERYWHERE) -> None:
        """Set limits, as an admin does."""
        known = await self.admin.newest(scope, "limits", RECORD)
        entry = Entry(scope, self.now(), "admin", "admin", "limits.change", f"limits:{RECORD}", "set the limits")
        body = limits.model_dump_json()
        await self.admin.put(scope, "limits", RECORD, body, seen=known.version if known else 0, entry=entry)
        self.rules.changed()

    def metered(self, provider: LLMProvider, fallback: LLMProvider | None = None) -> Metered:
        """The provider, charged."""
        return Metered(
            provider,
            budgets=self.budgets,
            price=price,
            models=[provider.model],
            now=self.now,
            tell=lambda key, sentence: self.told.append((key, sentence)),
            fallback=fallback,
        )
