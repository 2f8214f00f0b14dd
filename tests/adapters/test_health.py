"""What a probe is told."""

from __future__ import annotations

import aiohttp

from adapters.health import health_routes, serve
from engine.errors import StoreUnavailable


async def asked(path: str, *, away: bool = False) -> tuple[int, object]:
    async def ready() -> None:
        if away:
            raise StoreUnavailable("away", "wait")

    routes = health_routes(ready, lambda: {"slack": True, "discord": False})
    async with (
        serve(routes, "127.0.0.1", 0) as url,
        aiohttp.ClientSession() as session,
        session.get(url + path) as answer,
    ):
        return answer.status, await answer.json()


async def test_a_process_that_answers_lives() -> None:
    assert await asked("/healthz") == (200, {"ok": True})
    assert await asked("/healthz", away=True) == (200, {"ok": True})


async def test_it_is_ready_when_the_store_is_whichever_platform_is_away() -> None:
    connected = {"slack": True, "discord": False}
    assert await asked("/readyz") == (200, {"ok": True, "connected": connected})
    assert await asked("/readyz", away=True) == (503, {"ok": False, "connected": connected})
