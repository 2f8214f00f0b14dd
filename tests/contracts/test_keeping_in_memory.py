"""What lets go of interviews in engine tests behaves as the kept one does."""

from __future__ import annotations

import pytest

from tests.contracts.keeping import KeepingContract, Kept
from tests.kit.keeping_memory import MemoryKeeping
from tests.kit.memory import MemoryStore


class TestMemory(KeepingContract):
    @pytest.fixture
    def kept(self) -> Kept:
        store = MemoryStore()
        return Kept(store, MemoryKeeping(store))
