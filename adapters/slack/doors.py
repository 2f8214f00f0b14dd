"""The two ways Slack reaches us: signed HTTP requests, and Socket Mode's WebSockets. Both end in one Bolt app.

Two sockets are held, since the SDK closes the old one before it opens its next: while one is refreshed, Slack delivers
by the other. What cannot be read is refused here; what it means is no business of this file.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Protocol, cast

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.replies import Recent
from engine.errors import RehearseError

log = logging.getLogger(__name__)

BODY_BYTES = 2_000_000
SIGNED_FOR_S = 300.0
"""So long Slack's signature is good; within it, none is taken twice."""
SIGNATURES_MOST = 50_000
SOCKETS = 2
PING_S = 10.0
CLOSE_S = 2.0


class Post:
    """`POST /slack/events`. A request that was answered well is refused when it is sent again, signature and all."""

    def __init__(self, bolt: AsyncApp) -> None:
        self._bolt = bolt
        self._answered: Recent[str, bool] = Recent(SIGNATURES_MOST, for_s=SIGNED_FOR_S * 2)

    async def answer(self, request: web.Request) -> web.Response:
        signature = request.headers.get("X-Slack-Signature", "")
        stamp = request.headers.get("X-Slack-Request-Timestamp", "")
        if not (signature.isascii() and stamp.isascii() and stamp.isdecimal()) or self._answered.get(signature):
            return self._refused(request)
        try:
            asked = _bolt_request(await request.read(), request.headers)
        except web.HTTPException:
            raise
        except Exception:  # noqa: BLE001 - Bolt reads it, and whatever it trips over is the sender's mistake
            log.warning("a request that is not Slack's way of writing was refused")
            return web.json_response({"error": "not understood"}, status=400)
        said = await self._bolt.async_dispatch(asked)
        if said.status == 401:
            return self._refused(request)
        if said.status == 200:
            self._answered.keep(signature, True)
        return await to_aiohttp_response(said)

    def _refused(self, request: web.Request) -> web.Response:
        log.warning("a request without a good signature was refused", extra={"remote": request.remote or ""})
        return web.json_response({"error": "invalid request"}, status=401)


def _bolt_request(body: bytes, headers: Mapping[str, str]) -> AsyncBoltRequest:
    """Raises whatever it meets in a body that is no JSON object, or not one of the shapes Slack sends."""
    request = AsyncBoltRequest(body=body.decode(), headers=dict(headers))
    if not isinstance(cast("object", request.body), dict):
        raise ValueError("not an object")
    return request


def health_routes(ready: Callable[[], Awaitable[None]]) -> list[web.RouteDef]:
    """`/healthz`: the process answers. `/readyz`: so does the store."""

    async def healthz(_: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def readyz(_: web.Request) -> web.Response:
        try:
            await ready()
        except RehearseError as error:
            log.warning("not ready", extra={"error": str(error)})
            return web.json_response({"ok": False}, status=503)
        return web.json_response({"ok": True})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz)]


@asynccontextmanager
async def serve_routes(routes: Iterable[web.RouteDef], host: str, port: int) -> AsyncGenerator[str]:
    """A web server with these routes; its URL. On leaving, requests that are being answered are waited for."""
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


@asynccontextmanager
async def open_sockets(
    bolt: AsyncApp, app_token: str, client: AsyncWebClient, logger: logging.Logger, *, count: int = SOCKETS
) -> AsyncGenerator[None]:
    """Hold the connections, and hold them again whenever they break; it does not wait for the first to stand."""

    async def hear(socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time.time()
        try:
            said = await run_async_bolt_app(bolt, request)
        except Exception:
            # A broken payload would only be delivered again; the connection goes on.
            log.exception("a payload could not be handed on", extra={"type": request.type})
            await socket.send_socket_mode_response({"envelope_id": request.envelope_id})
            return
        await send_async_response(socket, request, said, started)

    sockets: list[SocketModeClient] = []
    connecting: list[asyncio.Task[None]] = []
    for _ in range(count):
        socket = SocketModeClient(app_token, logger=logger, web_client=client, ping_interval=PING_S)
        socket.socket_mode_request_listeners.append(hear)
        sockets.append(socket)
        connecting.append(asyncio.create_task(_connect(socket), name="connect to Slack"))
    try:
        yield
    finally:
        for task in connecting:
            task.cancel()
        await asyncio.gather(*connecting, return_exceptions=True)
        await asyncio.gather(*(_close(socket) for socket in sockets), return_exceptions=True)


class _Tasks(Protocol):
    """What an SDK's client runs, with the types it does not say."""

    message_processor: asyncio.Future[None] | None
    current_session_monitor: asyncio.Future[None] | None
    message_receiver: asyncio.Future[None] | None


async def _connect(socket: SocketModeClient) -> None:
    await socket.connect()


async def _close(socket: SocketModeClient) -> None:
    parts = cast("_Tasks", socket)
    try:
        async with asyncio.timeout(CLOSE_S):
            await socket.close()
    finally:
        tasks = (parts.message_processor, parts.current_session_monitor, parts.message_receiver)
        left = [task for task in tasks if task is not None]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await socket.aiohttp_client_session.close()
