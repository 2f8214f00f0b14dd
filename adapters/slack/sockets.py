"""Socket Mode: two WebSockets to Slack, each replaced before it goes away.

Slack refreshes a connection every few hours and says so some seconds ahead. The SDK would close it first and open the
next one then, and whatever somebody presses in between is lost, since Slack tells of a press only once. Here the next
one is opened first, while the old one goes on listening and answering until its time is up. A connection that breaks
without a word is missed within half a second; the SDK looks every ten.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol, cast

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

log = logging.getLogger(__name__)

SOCKETS = 2
PING_S = 10.0
LOOK_S = 0.5
SHORT_S, PAUSE_FIRST_S, PAUSE_MOST_S = 30.0, 0.1, 30.0
RETIRED_S = 15.0
"""So long an old connection goes on beside its successor; Slack closes it after some ten seconds."""
CLOSE_S = 2.0


class _Socket(SocketModeClient):
    """One connection, which leaves its replacement to others. `farewell` is why Slack says that it will end it."""

    def __init__(self, app_token: str, logger: logging.Logger, client: AsyncWebClient) -> None:
        super().__init__(
            app_token, logger=logger, web_client=client, ping_interval=PING_S, auto_reconnect_enabled=False
        )
        self.farewell = ""
        self._leaving = asyncio.Event()

    async def run_message_listeners(self, message: dict[str, object], raw_message: str) -> None:
        if message.get("type") == "disconnect":
            self.farewell = str(message.get("reason") or "disconnect")
            self._leaving.set()
            return
        await cast("_Listens", super()).run_message_listeners(message, raw_message)

    async def until_it_ends(self) -> None:
        """Return when Slack has said farewell, or the connection is no more."""
        while not self.farewell and await self.is_connected():
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._leaving.wait()
            except TimeoutError:
                pass


class _Listens(Protocol):
    async def run_message_listeners(self, message: dict[str, object], raw_message: str) -> None: ...


class _Sockets:
    def __init__(self, bolt: AsyncApp, app_token: str, client: AsyncWebClient, logger: logging.Logger) -> None:
        self._bolt = bolt
        self._app_token = app_token
        self._client = client
        self._logger = logger
        self._standing = 0
        self._retired: set[asyncio.Task[None]] = set()

    def stand(self) -> bool:
        """Whether Slack can reach us."""
        return self._standing > 0

    async def keep_one(self) -> None:
        """Hold a connection, and its successors, for ever."""
        pause_s = 0.0
        while True:
            began = time.monotonic()
            socket = _Socket(self._app_token, self._logger, self._client)
            socket.socket_mode_request_listeners.append(self._hear)
            try:
                await socket.connect()  # tries until it stands
                self._standing += 1
                try:
                    await socket.until_it_ends()
                finally:
                    self._standing -= 1
            except BaseException:
                await _close(socket)
                raise
            log.info("a connection to Slack is replaced", extra={"why": socket.farewell or "broken"})
            # One that hardly stood is no reason to hurry.
            pause_s = min(PAUSE_MOST_S, pause_s * 2 or PAUSE_FIRST_S) if time.monotonic() - began < SHORT_S else 0.0
            if socket.farewell in ("", "too_many_websockets"):
                await _close(socket)  # there is nothing to wait for, or one has to go first
                await asyncio.sleep(pause_s)
                continue
            task = asyncio.create_task(self._retire(socket), name="retire a connection")
            self._retired.add(task)
            task.add_done_callback(self._retired.discard)

    async def close(self) -> None:
        for task in self._retired:
            task.cancel()
        await asyncio.gather(*self._retired, return_exceptions=True)

    async def _retire(self, socket: _Socket) -> None:
        try:
            await asyncio.sleep(RETIRED_S)
        finally:
            await _close(socket)

    async def _hear(self, socket: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time.time()
        try:
            said = await run_async_bolt_app(self._bolt, request)
        except Exception:
            # A broken payload would only be delivered again; the connection goes on.
            log.exception("a payload could not be handed on", extra={"type": request.type})
            await socket.send_socket_mode_response({"envelope_id": request.envelope_id})
            return
        await send_async_response(socket, request, said, started)


@asynccontextmanager
async def open_sockets(
    bolt: AsyncApp, app_token: str, client: AsyncWebClient, logger: logging.Logger
) -> AsyncGenerator[Callable[[], bool]]:
    """Be connected while the context is open, and again whenever a connection breaks; asks whether one stands.

    Does not wait for the first.
    """
    sockets = _Sockets(bolt, app_token, client, logger)
    kept = [asyncio.create_task(sockets.keep_one(), name="a connection to Slack") for _ in range(SOCKETS)]
    try:
        yield sockets.stand
    finally:
        for task in kept:
            task.cancel()
        await asyncio.gather(*kept, sockets.close(), return_exceptions=True)


class _Tasks(Protocol):
    """What an SDK's client runs, with the types it does not say."""

    message_processor: asyncio.Future[None] | None
    current_session_monitor: asyncio.Future[None] | None
    message_receiver: asyncio.Future[None] | None


async def _close(socket: SocketModeClient) -> None:
    """Close it and wait for its tasks, which the SDK only cancels."""
    try:
        async with asyncio.timeout(CLOSE_S):
            await socket.close()
    finally:
        parts = cast("_Tasks", socket)
        tasks = (parts.message_processor, parts.current_session_monitor, parts.message_receiver)
        left = [task for task in tasks if task is not None]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        await socket.aiohttp_client_session.close()
