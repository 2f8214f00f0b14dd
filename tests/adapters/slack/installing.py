"""An app that many workspaces install, as one process has it: shelf, seal, rotation and workspaces."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation

from adapters.slack.installs import Installs
from adapters.slack.many import ManyWorkspaces
from adapters.slack.rotation import Rotation
from adapters.slack.sealing import Seal
from adapters.slack.workspaces import open_session, web_client
from adapters.store.opening import open_store
from tests.wire.slack import Slack, Team

KEYS = [Fernet.generate_key().decode() for _ in range(2)]


class Process:
    """What one process makes of the database they share. `now` is the local Slack's time."""

    def __init__(self, slack: Slack, installs: Installs, session: aiohttp.ClientSession) -> None:
        self.slack = slack
        self.installs = installs
        self.session = session
        url = f"{slack.url}/api"
        self.client = web_client(None, session=session, base_url=url)
        self.rotation = Rotation(installs, self.client, slack.app.client_secret)
        self.workspaces = ManyWorkspaces(installs, self.rotation, session=session, base_url=url)

    async def install(self, team: Team, *, rotates: bool = False) -> None:
        """As if somebody had been through the pages."""
        grant = self.slack.grants[team.bot_token]
        if rotates:
            grant.expires_at, grant.refresh = self.slack.now() + 43_200, f"refresh-{team.id}"
        await self.installs.async_save(
            Installation(
                user_id="U0INSTALLER",
                enterprise_id=team.enterprise or None,
                team_id=None if team.org_wide else team.id,
                team_name=team.name,
                bot_token=team.bot_token,
                bot_id=team.bot_id,
                bot_user_id=team.bot_user,
                bot_scopes=team.scopes,
                bot_refresh_token=grant.refresh or None,
                bot_token_expires_at=round(self.installs.now() + 43_200) if rotates else None,
                is_enterprise_install=team.org_wide,
            )
        )


@asynccontextmanager
async def process(slack: Slack, path: Path, *, keys: list[str] = KEYS[:1]) -> AsyncGenerator[Process]:
    def now() -> float:
        return time.time() + slack.skew_s

    async with open_store(path, now=now) as store, open_session() as session:
        installs = Installs(store.installations(slack.app.client_id), Seal(keys), slack.app.client_id, now=now)
        yield Process(slack, installs, session)
