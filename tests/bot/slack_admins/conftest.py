"""A stage for every test, with an admin and somebody who practises."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.bot.slack_admins.stage import Desk, Stage, open_stage


@pytest.fixture
async def stage(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr("adapters.slack.person.HOME_EVERY_S", 0.05)
    monkeypatch.setattr("bot.slack_groups.KNOWN_FOR_S", 0.0)
    async with open_stage(monkeypatch) as stage:
        yield stage


@pytest.fixture
def boss(stage: Stage) -> Desk:
    """An admin of the Slack workspace."""
    return stage.desk(stage.wire.person("U1BOSS", "Boss", admin=True))


@pytest.fixture
def ann(stage: Stage) -> Desk:
    """Somebody who practises."""
    return stage.desk(stage.wire.person("U1ANN", "Ann"))
