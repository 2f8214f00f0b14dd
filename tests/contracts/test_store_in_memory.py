"""The store that engine tests use behaves as a store."""

from __future__ import annotations

import pytest

from engine.ports import Lease, Store
from tests.contracts.store import HOSTILE, StoreContract
from tests.kit.memory import MemoryStore


class TestMemory(StoreContract):
    """Two promises are not for it: it hands back the very text it was given, and trusts that facts can be folded."""

    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()

    async def test_a_fact_that_cannot_be_folded_changes_nothing(self, store: Store, lease: Lease) -> None:
        pytest.skip("the memory store trusts its facts")

    @pytest.mark.parametrize("text", [text for name, text in HOSTILE.items() if name != "surrogates"])
    async def test_any_text_is_kept(self, store: Store, lease: Lease, text: str) -> None:
        await super().test_any_text_is_kept(store, lease, text)
