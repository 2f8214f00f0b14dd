"""The playground's server: the application, and binding it to this machine's own address."""

from __future__ import annotations

import errno
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from aiohttp import web

from adapters.live import Live
from adapters.playground.web.api import BODY_BYTES, Api
from adapters.playground.web.guard import doorkeeper, outfit
from adapters.playground.web.stream import Streams
from engine.desk import Desk
from engine.errors import SettingsError

HOST, PORT = "127.0.0.1", 8765
STATIC = Path(__file__).parent / "static"


def playground(desk: Desk, live: Live, *, allowed_hosts: Iterable[str] = (), quiet_s: float = 3.0) -> web.Application:
    """The application: the page at `/`, its modules under `/static`, the API under `/api`.

    `allowed_hosts` are names, beside those of loopback, under which it may be reached. There is no login.
    """
    streams = Streams(desk, live)
    app = web.Application(middlewares=[outfit, doorkeeper(allowed_hosts)], client_max_size=BODY_BYTES)
    app.add_routes(Api(desk, live, streams, quiet_s=quiet_s).routes())
    app.router.add_get("/", _page)
    app.router.add_static("/static", STATIC, show_index=False)

    async def close(_: web.Application) -> None:
        await streams.close()

    app.on_shutdown.append(close)
    return app


@asynccontextmanager
async def serve(
    desk: Desk,
    live: Live,
    *,
    host: str = HOST,
    port: int = PORT,
    allowed_hosts: Iterable[str] = (),
    quiet_s: float = 3.0,
) -> AsyncGenerator[str]:
    """Serve the playground inside this context, which gives the address to open. Port 0 takes any free one.

    Raises `SettingsError` when it cannot listen there.
    """
    app = playground(desk, live, allowed_hosts=(host, *allowed_hosts), quiet_s=quiet_s)
    # The streams end by themselves on shutdown; what else is under way is a matter of milliseconds.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SettingsError(_cannot_listen(host, port, error)) from error
        addresses = cast("list[tuple[str, int]]", runner.addresses)  # of TCP sockets, which is all we opened
        bound = addresses[0][1]
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{bound}/"
    finally:
        await runner.cleanup()


async def _page(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(STATIC / "index.html")


def _cannot_listen(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use by another program, perhaps another Rehearse. "
            "Stop that one, or set REHEARSE_PORT to a free port, for example REHEARSE_PORT=8766."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights this program does not have. Set REHEARSE_PORT to a port above 1023."
    return f"The playground cannot listen on {host}: {error.strerror}. Set REHEARSE_HOST to 127.0.0.1."
