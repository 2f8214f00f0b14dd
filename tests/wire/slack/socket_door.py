"""Socket Mode: up to ten WebSockets of the app, each payload on one of them at random, acknowledged by envelope."""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from aiohttp import WSMsgType, web

from tests.wire.slack.delivery import Answer, Delivery

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]

MOST_SOCKETS = 10


@dataclass(slots=True, eq=False)
class _Socket:
    ws: web.WebSocketResponse
    transport: asyncio.Transport
    number: int
    leaving: bool = False
    waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict[str, "asyncio.Future[Answer]"])


class Sockets:
    """The app's connections. `tickets` are URLs that were given out and not used yet."""

    def __init__(self, slack: Slack) -> None:
        self.opened = 0
        """How many connections there have ever been."""
        self.disabled = False
        self.used: set[int] = set()
        """Which connections have carried a payload, by the number they were opened as."""
        self._slack = slack
        self._sockets: list[_Socket] = []
        self._tickets: set[str] = set()
        self._random = random.Random(7)

    @property
    def count(self) -> int:
        """How many connections take payloads now."""
        return sum(not socket.leaving for socket in self._sockets)

    def new_url(self) -> str:
        ticket = self._slack.new_id("ticket")
        self._tickets.add(ticket)
        return f"{self._slack.url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self._slack.app.id}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401, text="no such ticket")
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        if self.count >= MOST_SOCKETS:
            await ws.send_json(_disconnect("too_many_websockets"))
            await ws.close()
            return ws
        self.opened += 1
        # uvloop's transports have the same methods and another ancestry.
        socket = _Socket(ws, cast("asyncio.Transport", request.transport), self.opened)
        self._sockets.append(socket)
        try:
            await ws.send_json(self._hello())
            self._slack.changed()
            async for said in ws:
                if said.type is WSMsgType.TEXT:
                    self._heard(socket, said.data)
        except ConnectionError:
            return ws  # gone before it was greeted
        finally:
            self._gone(socket)
        return ws

    def _hello(self) -> Json:
        return {
            "type": "hello", "num_connections": self.count, "connection_info": {"app_id": self._slack.app.id},
            "debug_info": {"host": "wire", "build_number": 1, "approximate_connection_time": 18060},
        }  # fmt: skip

    def _heard(self, socket: _Socket, text: str) -> None:
        ack = json.loads(text)
        waiting = socket.waiting.pop(ack.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(Answer(True, "", 200, ack.get("payload")))

    def _gone(self, socket: _Socket) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
        for waiting in socket.waiting.values():
            if not waiting.done():
                waiting.set_result(Answer(False, "connection_failed"))
        socket.waiting.clear()
        self._slack.changed()

    async def deliver(self, delivery: Delivery, number: int, reason: str, within_s: float) -> Answer:
        """Send on one connection, and wait for the acknowledgement; an event waits for a connection first."""
        ready = [socket for socket in self._sockets if not socket.leaving and not socket.ws.closed]
        if not ready:
            return Answer(False, "not_connected")
        socket = self._random.choice(ready)
        self.used.add(socket.number)
        envelope_id = self._slack.new_id("envelope-")
        envelope: Json = {
            "envelope_id": envelope_id, "type": delivery.kind, "payload": delivery.payload,
            "accepts_response_payload": delivery.kind != "events_api",
        }  # fmt: skip
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": number, "retry_reason": reason}
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        socket.waiting[envelope_id] = waiting
        try:
            await socket.ws.send_json(envelope)
            async with asyncio.timeout(within_s):
                return await waiting
        except TimeoutError:
            return Answer(False, "timeout")
        except (ConnectionError, RuntimeError):
            return Answer(False, "connection_failed")
        finally:
            socket.waiting.pop(envelope_id, None)

    async def disconnect(self, reason: str) -> None:
        """Say goodbye on every socket; the client is left to close them, except where the link is disabled."""
        self.disabled = self.disabled or reason == "link_disabled"
        for socket in list(self._sockets):
            socket.leaving = True
            with suppress(ConnectionError):
                await socket.ws.send_json(_disconnect(reason))
        if self.disabled:
            await self.close()

    async def drop(self) -> None:
        for socket in list(self._sockets):
            socket.transport.abort()
            self._gone(socket)

    async def close(self) -> None:
        for socket in list(self._sockets):
            await socket.ws.close()
            self._gone(socket)


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "wire"}}
