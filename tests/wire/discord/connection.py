"""One gateway socket: what is said is queued at once and written in order, compressed if the client asked for it."""

from __future__ import annotations

import asyncio
import json
import zlib

from aiohttp import web

from tests.wire.discord.components import Json


class Connection:
    """The server's end. `send` and `close` never wait; `write` is a task of the socket's handler."""

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport | None, compress: str) -> None:
        self._ws = ws
        self._transport = transport
        # One context for the whole connection: what a client inflates depends on everything before.
        self._deflate = zlib.compressobj() if compress == "zlib-stream" else None
        self._queue: asyncio.Queue[Json | int] = asyncio.Queue()

    def send(self, payload: Json) -> None:
        """Queue a payload."""
        self._queue.put_nowait(payload)

    def close(self, code: int) -> None:
        """Close with a code, after all that was queued before."""
        self._queue.put_nowait(code)

    def abort(self) -> None:
        """Cut the connection without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def write(self) -> None:
        """Write until closed."""
        while True:
            item = await self._queue.get()
            try:
                if isinstance(item, int):
                    await self._ws.close(code=item)
                    return
                text = json.dumps(item, separators=(",", ":"))
                if self._deflate is None:
                    await self._ws.send_str(text)
                else:
                    flushed = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self._ws.send_bytes(flushed)
            except ConnectionError:
                return  # the client has gone; its events wait in the session
