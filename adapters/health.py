"""The web server of a process that serves chat platforms, and the two questions of a probe.

`/healthz`: the process answers. `/readyz`: so does the store; which platforms are connected is told with it, but one
that is away is no reason to keep people from the others. What else is served is the platforms' own.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import cast

from aiohttp import web

from engine.errors import RehearseError

log = logging.getLogger(__name__)

BODY_BYTES = 2_000_000
CLOSE_S = 2.0
Route = web.RouteDef


def health_routes(
    ready: Callable[[], Awaitable[object]], connected: Callable[[], Mapping[str, bool]] = dict
) -> list[Route]:
    """Both questions. `ready` raises a `RehearseError` when the store does not answer."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readyz(_: web.Request) -> web.Response:
        try:
            await ready()
        except RehearseError as error:
            log.warning("not ready", extra={"error": str(error)})
            return web.json_response({"ok": False, "connected": dict(connected())}, status=503)
        return web.json_response({"ok": True, "connected": dict(connected())})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


@asynccontextmanager
async def serve(routes: Iterable[Route], host: str, port: int) -> AsyncGenerator[str]:
    """A web server with these routes; its URL. On leaving, requests that are being answered are waited for.

    Raises `OSError` when the port cannot be had.
    """
    app = web.Application(client_max_size=BODY_BYTES)
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        address = cast("tuple[str, int]", runner.addresses[0])
        yield f"http://{address[0]}:{address[1]}"
    finally:
        await runner.cleanup()
