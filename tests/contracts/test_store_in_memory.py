"""The store that engine tests use behaves as a store."""

from __future__ import annotations

import pytest

from tests.contracts.store import StoreContract
from tests.kit.memory import MemoryStore


class TestMemory(StoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        return MemoryStore()
