"""A server that plays scripts: the part all APIs share. Each API brings a `Dialect` that words its events.

`serve(dialects)` gives a running `Wire` on an ephemeral loopback port. What the next requests get is queued with
`wire.then(Script(...), ...)`; when the queue is empty they get `wire.otherwise`. Every request is kept in `wire.calls`.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

from aiohttp import web

from tests.wire.answers import plausible
from tests.wire.faults import Fault

TEN_MEGABYTES = 10_000_000
KEEP_ALIVE = b": keep-alive\n\n"


@dataclass(slots=True)
class Call:
    """One request as the server saw it. `cut_off` is true when the client left before the server had finished.

    A form's fields are its body; a file among them is a `name`, a `type` and its `content`.
    """

    path: str
    body: dict[str, Any]
    headers: dict[str, str]
    schema: dict[str, Any] | None
    user_text: str
    peer: str = ""
    """The client's end of the connection."""
    cut_off: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Script:
    """What one request gets. `answer` may depend on the request; `None` is something plausible for its schema."""

    answer: str | Callable[[Call], str] | None = None
    chunk_chars: int = 12
    delay_s: float = 0.0
    fault: Fault | None = None
    after_chars: int = 0
    retry_after: str | None = None
    error: dict[str, Any] | None = None
    """The body of a status fault, in place of the usual one."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """More headers of a stream."""
    start: asyncio.Event | None = None
    """Content is held back until this is set."""


class Dialect(Protocol):
    """How one API words an answer. `begin` is called once per request and returns a fresh writer of events."""

    def owns(self, path: str) -> bool: ...
    def read(self, path: str, body: dict[str, Any]) -> tuple[dict[str, Any] | None, str, bool]:
        """The request's schema, its last user message, and whether a stream is wanted."""
        ...

    def begin(self, call: Call) -> Words: ...

    def complaint(self, call: Call) -> dict[str, Any] | None:
        """The body of a 400, where the request is one that the real server refuses."""
        return None

    def error_body(self, status: int, fault: Fault | None) -> dict[str, Any]: ...


class Words(Protocol):
    """The events of one answer, as bytes."""

    def opening(self) -> bytes: ...
    def delta(self, text: str) -> bytes: ...
    def ending(self, text: str) -> bytes: ...
    def fault(self, fault: Fault, text: str) -> bytes:
        """An in-band ending. `text` is what was sent before."""
        ...

    def whole(self, text: str) -> dict[str, Any]:
        """The answer to a request that wants no stream."""
        ...


class Wire:
    """A running server."""

    def __init__(self, dialects: Sequence[Dialect]) -> None:
        self.calls: list[Call] = []
        self.otherwise = Script()
        self.models: dict[str, str | None] = {}
        """Known model ids with their shutdown dates, for GET …/models/{id}; any other is a 404 once one is set."""
        self.base_url = ""
        self._queue: deque[Script] = deque()
        self._arrived = asyncio.Event()
        self._dialects = dialects

    def forget(self) -> None:
        """Be as new."""
        self.calls.clear()
        self.models.clear()
        self._queue.clear()
        self.otherwise = Script()

    def then(self, *scripts: Script) -> None:
        """Queue scripts for the next requests."""
        self._queue.extend(scripts)

    async def called(self, n: int) -> Call:
        """Wait for the n-th request, counted from 1."""
        while len(self.calls) < n:
            self._arrived.clear()
            await self._arrived.wait()
        return self.calls[n - 1]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Handle one POST."""
        dialect = next((known for known in self._dialects if known.owns(request.path)), None)
        if dialect is None:
            return web.json_response({"error": {"message": "no such path", "code": 404}}, status=404)
        body = await (_form(request) if request.content_type == "multipart/form-data" else request.json())
        schema, user_text, streams = dialect.read(request.path, body)
        call = Call(request.path, body, dict(request.headers), schema, user_text)
        call.peer = str(request.transport.get_extra_info("peername")) if request.transport else ""
        self.calls.append(call)
        self._arrived.set()
        script = self._queue.popleft() if self._queue else self.otherwise
        try:
            return await self._play(request, dialect, call, script, streams)
        except asyncio.CancelledError:
            call.cut_off = True
            raise
        except ConnectionError:
            call.cut_off = True
            return await _gone()
        finally:
            call.ended.set()

    async def _play(
        self, request: web.Request, dialect: Dialect, call: Call, script: Script, streams: bool
    ) -> web.StreamResponse:
        fault = script.fault
        if fault and fault.value[:3].isdecimal():
            status = int(fault.value[:3])
            headers = {"Retry-After": script.retry_after} if script.retry_after else {}
            return web.json_response(script.error or dialect.error_body(status, fault), status=status, headers=headers)
        if fault is Fault.HANG_BEFORE_HEADERS:
            await asyncio.sleep(3600)
        if fault is Fault.RESET_BEFORE_HEADERS:
            _reset(request)
            await _gone()
        if (complaint := dialect.complaint(call)) is not None:
            return web.json_response(complaint, status=400)
        words = dialect.begin(call)
        text = self._text(call, script)
        if not streams and fault is None:
            return web.json_response(words.whole(text))
        content_type = "text/html" if fault is Fault.GARBAGE else "text/event-stream"
        response = web.StreamResponse(
            headers={"Content-Type": content_type, "x-request-id": "req_wire", **script.headers}
        )
        await response.prepare(request)
        if fault is Fault.GARBAGE:
            await response.write(b"<html><body><h1>It works!</h1></body></html>")
        elif fault is not Fault.EMPTY_BODY:
            await self._stream(request, response, words, text, script)
        await response.write_eof()
        return response

    async def _stream(
        self, request: web.Request, response: web.StreamResponse, words: Words, text: str, script: Script
    ) -> None:
        fault = script.fault
        write = _writer(response, script)
        await write(words.opening())
        if script.start is not None:
            await script.start.wait()
        if fault is Fault.HANG_BEFORE_CONTENT:
            await asyncio.sleep(3600)
        if fault is Fault.PROMPT_BLOCK:
            await write(words.fault(fault, ""))
            return
        if fault is Fault.TEN_MEGABYTES:
            for _ in range(TEN_MEGABYTES // 10_000):
                await write(words.delta("x" * 10_000))
            await write(words.ending(""))
            return
        if fault is not None and fault not in (Fault.COMMENTS, Fault.SLOW_DRIP, Fault.CUT_ANYWHERE, Fault.CRLF):
            text = "" if fault is Fault.EMPTY else text[: script.after_chars]
        for at in range(0, len(text), script.chunk_chars):
            await write(words.delta(text[at : at + script.chunk_chars]))
            if script.delay_s:
                await asyncio.sleep(script.delay_s)
        match fault:
            case Fault.HANG:
                await asyncio.sleep(3600)
            case Fault.COMMENTS_ONLY:
                while True:
                    await response.write(KEEP_ALIVE)
                    await asyncio.sleep(0.02)
            case Fault.RESET | Fault.DISCONNECT:
                await asyncio.sleep(0.03)  # what was written arrives before the end does
                _reset(request) if fault is Fault.RESET else _close(request)
                await _gone()
            case Fault.CLEAN_END:
                return
            case Fault.GARBAGE_EVENT:
                await write(b"data: {not json\n\n")
            case None | Fault.EMPTY | Fault.COMMENTS | Fault.SLOW_DRIP | Fault.CUT_ANYWHERE | Fault.CRLF:
                await write(words.ending(text))
            case _:
                await write(words.fault(fault, text))

    def _text(self, call: Call, script: Script) -> str:
        if callable(script.answer):
            return script.answer(call)
        if script.answer is not None:
            return script.answer
        return plausible(call.schema, call.user_text)


async def _form(request: web.Request) -> dict[str, Any]:
    fields = await request.post()
    return {name: _file(field) if isinstance(field, web.FileField) else field for name, field in fields.items()}


def _file(field: web.FileField) -> dict[str, Any]:
    with field.file as file:
        return {"name": field.filename, "type": field.content_type, "content": file.read()}


def _writer(response: web.StreamResponse, script: Script) -> Callable[[bytes], Any]:
    async def write(frames: bytes) -> None:
        match script.fault:
            case Fault.COMMENTS:
                await response.write(KEEP_ALIVE + frames + b": and another\n\n")
            case Fault.CUT_ANYWHERE:
                for byte in range(0, len(frames), 7):
                    await response.write(frames[byte : byte + 7])
                    await asyncio.sleep(0)
            case Fault.SLOW_DRIP:
                for byte in range(0, len(frames), 64):
                    await response.write(frames[byte : byte + 64])
                    await asyncio.sleep(0.001)
            case Fault.CRLF:
                await response.write(frames.replace(b"\n", b"\r\n"))
            case _:
                await response.write(frames)

    return write


def _reset(request: web.Request) -> None:
    assert request.transport is not None
    sock = request.transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()


def _close(request: web.Request) -> None:
    assert request.transport is not None
    request.transport.close()


async def _gone() -> NoReturn:
    # The server cancels the handler of a lost connection, and says nothing about it.
    await asyncio.sleep(3600)
    raise AssertionError("a lost connection must cancel its handler")


def event(data: dict[str, Any], name: str = "") -> bytes:
    """One event as bytes."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


@asynccontextmanager
async def serve(
    dialects: Sequence[Dialect], *, models: Callable[[Wire], web.RouteTableDef] | None = None, port: int = 0
) -> AsyncGenerator[Wire]:
    """A running server; closed, with all its connections, on leaving."""
    wire = Wire(dialects)
    app = web.Application(client_max_size=64_000_000)
    if models is not None:
        app.add_routes(models(wire))
    app.router.add_post("/{path:.*}", wire.answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        wire.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield wire
    finally:
        await runner.cleanup()
