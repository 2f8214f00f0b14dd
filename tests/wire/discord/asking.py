"""A bare HTTP client that knows nothing of limits, for what discord.py would smooth over."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.wire.discord.limits import Limits
from tests.wire.discord.server import Discord, serve_discord


class Asking:
    """A client that knows nothing of limits."""

    def __init__(self, wire: Discord, session: aiohttp.ClientSession) -> None:
        self._wire, self._session = wire, session

    async def __call__(
        self, method: str, path: str, body: object = None, *, token: bool = True
    ) -> tuple[int, Any, dict[str, str]]:
        headers = {"Authorization": f"Bot {self._wire.token}"} if token else {}
        async with self._session.request(method, self._wire.rest_url + path, json=body, headers=headers) as response:
            found = await (response.json() if response.content_type == "application/json" else response.text())
            return response.status, found, dict(response.headers)


@asynccontextmanager
async def asking(limits: Limits | None = None) -> AsyncGenerator[tuple[Discord, Asking]]:
    async with serve_discord(limits) as wire, aiohttp.ClientSession() as session:
        yield wire, Asking(wire, session)
