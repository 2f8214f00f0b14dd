"""What the page is told: one interview's events as Server-Sent Events, without a gap and without a backlog.

    posts     the whole interview, rebuilt from the session: first on every connection that cannot simply be continued
    opened grew settled notice     one engine event each; a post's snapshot replaces the one before it
    state     everything beside the posts, after each event that may have changed it
    gone      the interview was deleted; the stream ends

An event's `id` is `<epoch>-<sequence>`. The epoch is new with every start of the process, so an id from before a
restart is recognised and answered with the whole interview. Posts are snapshots: telling one twice does no harm.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from contextlib import suppress

from aiohttp import ClientConnectionError, hdrs, web
from pydantic import BaseModel

from adapters.live import Live
from adapters.playground.web.guard import HEADERS
from adapters.playground.web.views import InterviewView, PostView, post_views, state_view
from engine.desk import Desk
from engine.events import Event, Grew, Notice
from engine.keys import ThreadKey

HEARTBEAT_S = 15.0
"""Proxies cut connections that are silent for a minute; a comment now and then also finds out who has left."""

GREW_EVERY_S = 0.05
"""Twenty pictures a second are fluent; what comes in between is skipped by the hub."""

RETRY_MS = 1_000


class Streams:
    """The open streams of one server; an interview may be watched in any number of tabs."""

    def __init__(self, desk: Desk, live: Live) -> None:
        self._desk = desk
        self._live = live
        self._epoch = secrets.token_hex(4)
        self._open: set[asyncio.Task[object]] = set()

    def position(self) -> str:
        """The id of the newest event of all."""
        return self._id(self._live.sequence)

    async def tell(self, request: web.Request, key: ThreadKey, after: str) -> web.StreamResponse:
        """Answer with the events after `after` ("": all of it) until the page goes or the server closes."""
        response = web.StreamResponse(headers={**HEADERS, hdrs.CACHE_CONTROL: "no-store", "X-Accel-Buffering": "no"})
        response.content_type = "text/event-stream"
        await response.prepare(request)
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            # Writing to a page that has gone is how one usually learns of it.
            with suppress(ClientConnectionError):
                await self._tell(response, key, after)
        finally:
            self._open.discard(task)
        return response

    async def close(self) -> None:
        """End every stream; the pages connect again when a server is there again."""
        streams = tuple(self._open)
        for task in streams:
            task.cancel()
        await asyncio.gather(*streams, return_exceptions=True)

    async def _tell(self, response: web.StreamResponse, key: ThreadKey, after: str) -> None:
        await response.write(f"retry: {RETRY_MS}\n\n".encode())
        last = self._sequence(after)
        whole = last is None or not self._live.covers(key, last)
        if last is None or whole:
            last = self._live.sequence
        watcher = self._live.watch(key, last)
        told = await self._tell_all(response, key) if whole else await self._tell_state(response, key, "")
        while told:
            try:
                async with asyncio.timeout(HEARTBEAT_S):
                    number, event = await anext(watcher)
            except TimeoutError:
                await response.write(b": still here\n\n")
                told = await self._tell_state(response, key, told)
                continue
            await self._write(response, event.kind, _body(event), self._id(number))
            if isinstance(event, Grew):
                await asyncio.sleep(GREW_EVERY_S)
            else:
                told = await self._tell_state(response, key, told)

    async def _tell_all(self, response: web.StreamResponse, key: ThreadKey) -> str:
        """The whole interview and what is being written just now; the state told, "" when there is no interview."""
        position = self.position()
        session = await self._desk.session(key)
        if session is None:
            await self._write(response, "gone", "{}")
            return ""
        state = state_view(session, time.time())
        view = InterviewView(state=state, posts=post_views(session), last=position)
        await self._write(response, "posts", view.model_dump_json(), position)
        for number, event in self._live.drafts(key, session.id):
            if _post(event) == state.writing:
                await self._write(response, event.kind, _body(event), self._id(number))
        return state.model_dump_json()

    async def _tell_state(self, response: web.StreamResponse, key: ThreadKey, told: str) -> str:
        """The state, if it is not the one already `told`; the new one, "" when the interview is gone."""
        session = await self._desk.session(key)
        if session is None:
            await self._write(response, "gone", "{}")
            return ""
        state = state_view(session, time.time()).model_dump_json()
        if state != told:
            await self._write(response, "state", state)
        return state

    async def _write(self, response: web.StreamResponse, kind: str, body: str, id: str = "") -> None:
        name = f"id: {id}\n" if id else ""
        await response.write(f"{name}event: {kind}\ndata: {body}\n\n".encode())

    def _id(self, sequence: int) -> str:
        return f"{self._epoch}-{sequence}"

    def _sequence(self, id: str) -> int | None:
        """The number in an id of this process; `None` for anything else."""
        epoch, _, number = id.partition("-")
        return int(number) if epoch == self._epoch and number.isascii() and number.isdecimal() else None


def _post(event: Event) -> str:
    return "" if isinstance(event, Notice) else event.post


def _body(event: Event) -> str:
    view: BaseModel = event if isinstance(event, Notice) else PostView(post=event.post, card=event.card)
    return view.model_dump_json()
