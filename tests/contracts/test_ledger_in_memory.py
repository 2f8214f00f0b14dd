"""The ledger that engine tests use behaves as a kept one does."""

from __future__ import annotations

import pytest

from engine.keys import ThreadKey
from tests.contracts.ledger import LedgerContract, Place
from tests.contracts.store import Clock
from tests.kit.ledger_memory import MemoryLedger
from tests.kit.memory import MemoryStore


class TestMemory(LedgerContract):
    @pytest.fixture
    def place(self) -> Place:
        store, clock = MemoryStore(), Clock()
        ledger = MemoryLedger(store, clock)

        async def forget(key: ThreadKey) -> None:
            await store.forget(platform=key.platform, workspace=key.workspace, user=key.user)
            ledger.forget(key.person)

        return Place(ledger, store, clock, forget)
