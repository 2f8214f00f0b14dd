"""The team's store that engine tests use behaves as the kept one does."""

from __future__ import annotations

import pytest

from engine.facts import Fact
from engine.keys import ThreadKey
from engine.team.overview import Bill
from tests.contracts.team_store import Place, TeamStoreContract
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.team_memory import MemoryTeam


class TestMemory(TeamStoreContract):
    @pytest.fixture
    def place(self) -> Place:
        admin = MemoryAdmin()
        team = MemoryTeam(admin)

        async def record(key: ThreadKey, facts: list[Fact]) -> None:
            assert team.record(*facts).key == key

        async def charge(scope: str, day: int, bill: Bill) -> None:
            team.bills.append((scope, day, bill))

        async def forget(key: ThreadKey) -> None:
            team.forget(key.person)

        return Place(team, team, admin, record, charge, forget)
