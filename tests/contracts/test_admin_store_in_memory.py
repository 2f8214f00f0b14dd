"""The admins' store that engine tests use behaves as the kept one does."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tests.contracts.admin_store import AdminStoreContract, Place, Places
from tests.contracts.store import Clock
from tests.kit.admin_memory import MemoryAdmin


class TestMemory(AdminStoreContract):
    @pytest.fixture
    def places(self) -> Places:
        clock = Clock()
        admin = MemoryAdmin(clock)

        @asynccontextmanager
        async def opened() -> AsyncGenerator[Place]:
            yield Place(admin, clock)

        return opened
