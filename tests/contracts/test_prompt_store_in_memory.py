"""The prompts that engine tests use behave as kept prompts do."""

from __future__ import annotations

import pytest

from tests.contracts.prompt_store import Place, PromptStoreContract
from tests.contracts.store import Clock
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.memory import MemoryStore
from tests.kit.prompts_memory import MemoryPrompts


class TestMemory(PromptStoreContract):
    @pytest.fixture
    def place(self) -> Place:
        store, clock = MemoryStore(), Clock()
        admin = MemoryAdmin(clock)
        return Place(MemoryPrompts(interviews=store, now=clock, admin=admin), store, clock, admin)
