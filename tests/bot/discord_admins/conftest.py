"""Rehearse as it runs, in a server with its owner and somebody who practises."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.discord_admins.office import Office, open_office
from tests.wire.discord.people import Person
from tests.wire.discord.server import serve_discord


@pytest.fixture
async def office(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    async with serve_discord() as wire, open_office(wire, monkeypatch) as office:
        yield office


@pytest.fixture
def boss(office: Office) -> Person:
    """Who owns the server."""
    return office.owner


@pytest.fixture
def ann(office: Office) -> Person:
    """Somebody who practises."""
    return office.person("Ann")
