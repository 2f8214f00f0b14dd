"""The gateway: sessions that are identified, fed, dropped and resumed.

One `Session` per IDENTIFY; a `Connection` is the socket it has at the moment. Without one its events wait for a RESUME.
Several sessions may hold the same shard, and each gets everything. What events say is the server's affair.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire.discord.clock import Clock
from tests.wire.discord.components import Json
from tests.wire.discord.connection import Connection

GUILDS, GUILD_MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES = 1 << 9, 1 << 12
GUILD_TYPING, DM_TYPING, MESSAGE_CONTENT = 1 << 11, 1 << 14, 1 << 15
PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT
KNOWN_INTENTS = (1 << 26) - 1

RESUMABLE_S = 180.0
IDENTIFIES_A_DAY = 1000
SENDS_A_MINUTE = 120

Data = Json | Callable[["Session"], Json | None]


@dataclass(slots=True, eq=False)
class Session:
    """What Discord remembers of one IDENTIFY."""

    id: str
    shard: tuple[int, int]
    intents: int
    seq: int = 0
    buffer: deque[Json] = field(default_factory=lambda: deque(maxlen=5_000))
    connection: Connection | None = None
    lost_at: float = 0.0
    resumes: int = 0

    def hears(self, guild: int | None, intent: int) -> bool:
        """Whether an event of a guild (or of none: DMs) comes to this session."""
        index, count = self.shard
        mine = index == (0 if guild is None else (guild >> 22) % count)
        return mine and (not intent or bool(self.intents & intent))

    def emit(self, event: str, data: Json) -> None:
        self.seq += 1
        payload = {"op": 0, "t": event, "s": self.seq, "d": data}
        self.buffer.append(payload)
        if self.connection is not None:
            self.connection.send(payload)


class Gateway:
    """All sessions of one bot."""

    def __init__(self, clock: Clock, token: str, *, heartbeat_s: float = 41.25) -> None:
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.identifies: list[float] = []
        self.resumes = 0
        """RESUMEs that were accepted."""
        self.presences: list[Json] = []
        self.shards = 1
        """How many `GET /gateway/bot` recommends."""
        self.granted = 0
        """Privileged intents that the application has been granted."""
        self.identify_budget = IDENTIFIES_A_DAY
        self.acks = True
        """Whether heartbeats are answered; a client takes a connection without answers for dead."""
        self.ready: Callable[[Session], tuple[Json, list[Json]]] = lambda _: ({}, [])
        """What READY says, and the guilds that follow it."""
        self.chunk: Callable[[Json], Json | None] = lambda _: None
        self.changed: Callable[[], None] = lambda: None
        self._clock = clock
        self._token = token
        self._heartbeat_s = heartbeat_s
        self._connections: set[Connection] = set()
        self._losing = 0

    @property
    def connected(self) -> list[Session]:
        """Sessions that have a socket."""
        return [each for each in self.sessions.values() if each.connection is not None]

    def dispatch(self, event: str, data: Data, guild: int | None = None, intent: int = 0) -> None:
        """Tell every session that hears it."""
        long_ago = self._clock.now() - RESUMABLE_S
        for gone in [each.id for each in self.sessions.values() if 0 < each.lost_at < long_ago]:
            del self.sessions[gone]
        hearing = [each for each in self.sessions.values() if each.hears(guild, intent)]
        if hearing and self._losing:
            self._losing -= 1
            return
        for session in hearing:
            said = data(session) if callable(data) else data
            if said is not None:
                session.emit(event, said)

    def lose(self, events: int) -> None:
        """Let the next events reach nobody, ever."""
        self._losing += events

    def drop(self, *, resumable: bool = True, code: int | None = None) -> None:
        """Close every socket: with a code, or (without one) by pulling the plug."""
        for session in self.connected:
            assert session.connection is not None
            connection = session.connection
            if not resumable:
                self.sessions.pop(session.id, None)
            if code is None:
                connection.abort()
            else:
                connection.close(code)
            self._detach(session)

    def send(self, op: int, data: object = None) -> None:
        """Say something that is not an event to every connected session: op 7 or op 9."""
        for session in self.connected:
            assert session.connection is not None
            session.connection.send({"op": op, "d": data, "s": None, "t": None})
            if op == 9 and data is False:
                self.sessions.pop(session.id, None)

    def close(self) -> None:
        """Pull every plug: the server goes away."""
        for connection in self._connections:
            connection.abort()

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One socket, from HELLO to its end."""
        ws = web.WebSocketResponse(max_msg_size=1 << 20)
        await ws.prepare(request)
        connection = Connection(ws, request.transport, request.query.get("compress", ""))
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        session: Session | None = None
        sent: deque[float] = deque(maxlen=SENDS_A_MINUTE)
        connection.send({"op": 10, "d": {"heartbeat_interval": int(self._heartbeat_s * 1000), "_trace": ["[]"]}})
        try:
            while True:
                try:
                    received = await ws.receive(timeout=self._heartbeat_s * 1.5)
                except TimeoutError:
                    connection.close(4009)
                    break
                if received.type is not WSMsgType.TEXT:
                    if session is not None and received.type is WSMsgType.CLOSE and received.data in (1000, 1001):
                        self.sessions.pop(session.id, None)  # who says goodbye cannot resume
                    break
                now = self._clock.now()
                if len(sent) == SENDS_A_MINUTE and sent[0] > now - 60:
                    connection.close(4008)
                    break
                sent.append(now)
                try:
                    payload = json.loads(received.data)
                    op, data = payload["op"], payload.get("d")
                except (ValueError, KeyError, TypeError):
                    connection.close(4002)
                    break
                if op == 1:
                    if self.acks:
                        connection.send({"op": 11})
                elif op == 2:
                    session = self._identify(connection, data, again=session is not None)
                elif op == 6:
                    session = self._resume(connection, data) or session
                elif session is None:
                    connection.close(4003)
                elif op == 3:
                    self.presences.append(data)
                elif op == 8:
                    chunk = self.chunk(data)
                    if chunk is not None:
                        session.emit("GUILD_MEMBERS_CHUNK", chunk)
                elif op != 4:
                    connection.close(4001)
                self.changed()
            await writer
        finally:
            writer.cancel()
            self._connections.discard(connection)
            if session is not None and session.connection is connection:
                self._detach(session)
            self.changed()
        return ws

    def _identify(self, connection: Connection, data: Any, *, again: bool) -> Session | None:
        index, count = data.get("shard") or (0, 1)
        intents = data.get("intents", -1)
        refused = (
            (4005 if again else 0)
            or (4004 if data.get("token") != self._token or self.identify_budget <= 0 else 0)
            or (4010 if not 0 <= index < count else 0)
            or (4013 if not 0 <= intents <= KNOWN_INTENTS else 0)
            or (4014 if intents & PRIVILEGED & ~self.granted else 0)
        )
        if refused:
            connection.close(refused)
            return None
        self.identifies.append(self._clock.now())
        self.identify_budget -= 1
        session = Session(secrets.token_hex(16), (index, count), intents, connection=connection)
        self.sessions[session.id] = session
        ready, guilds = self.ready(session)
        unavailable = [{"id": each["id"], "unavailable": True} for each in guilds]
        more = {"v": 10, "session_id": session.id, "resume_gateway_url": self.url, "guilds": unavailable}
        session.emit("READY", {**ready, **more, "shard": [index, count], "private_channels": []})
        for guild in guilds:
            session.emit("GUILD_CREATE", guild)
        return session

    def _resume(self, connection: Connection, data: Any) -> Session | None:
        if data.get("token") != self._token:
            connection.close(4004)
            return None
        session = self.sessions.get(data.get("session_id"))
        seen = data.get("seq") or 0
        if (
            session is None
            or 0 < session.lost_at < self._clock.now() - RESUMABLE_S
            or (session.buffer and session.buffer[0]["s"] > seen + 1)
        ):
            self.sessions.pop(data.get("session_id"), None)
            connection.send({"op": 9, "d": False})
            return None
        if seen > session.seq:
            connection.close(4007)
            return None
        if session.connection is not None:
            session.connection.close(4000)
        missed = [payload for payload in session.buffer if payload["s"] > seen]
        session.connection = connection
        session.lost_at = 0.0
        session.resumes += 1
        self.resumes += 1
        for payload in missed:
            connection.send(payload)
        session.emit("RESUMED", {"_trace": ["[]"]})
        return session

    def _detach(self, session: Session) -> None:
        session.connection = None
        session.lost_at = self._clock.now()
