"""What the page can ask for: begin, write, edit, press, look, export, forget.

Every change carries an id made by the page, so that a request whose answer was lost can be sent again. What was
answered with 202 is in the mailbox and cannot be lost; what came of it is told on the event stream (`stream.py`).
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from aiohttp import hdrs, web
from pydantic import BaseModel, Field, StringConstraints

from adapters.live import Live
from adapters.playground.web.guard import Refused
from adapters.playground.web.stream import Streams
from adapters.playground.web.views import (
    InterviewView,
    StateView,
    choices,
    history_views,
    post_views,
    state_view,
    thread_key,
)
from engine.desk import Desk
from engine.events import Notice
from engine.inbound import MESSAGE_CHARS, Action, Edited, Inbound, Pressed, Wrote
from engine.interviews import Frozen, Level, RoleLevel
from engine.keys import ThreadKey
from engine.session import Session

BODY_BYTES = 1_000_000
"""Enough for the longest message with every character escaped; the rest is not read."""

BEGUN_WITHIN_S = 5.0
EVERY_INTERVIEW = 100_000
NOT_HERE = "There is no such interview here. It may have been deleted."

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$")]


class _Begin(Frozen):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{3,63}$")]
    type: str = Field(max_length=60)
    role: RoleLevel = "mid"
    questions: int | None = Field(default=None, ge=1, le=20)
    level: Level | None = None
    focus: str = Field(default="", max_length=200)
    language: str | None = Field(default=None, min_length=2, max_length=20)


class _Message(Frozen):
    id: Id
    text: str


class _Edit(Frozen):
    """`text` is what the message says now; `null` takes it back. `id` names this change, not the message."""

    id: Id
    message: Id
    text: str | None


class _Press(Frozen):
    id: Id
    action: Action
    turn: int = Field(default=0, ge=0)


class _Forget(Frozen):
    confirm: Literal["delete my data"]


class _History(Frozen):
    interviews: tuple[StateView, ...]


class Api:
    """The endpoints. `quiet_s` is how long a pause ends an answer."""

    def __init__(self, desk: Desk, live: Live, streams: Streams, *, quiet_s: float) -> None:
        self._desk = desk
        self._live = live
        self._streams = streams
        self._quiet_s = quiet_s

    def routes(self) -> list[web.RouteDef]:
        one = "/api/interviews/{id}"
        return [
            web.get("/api/types", self.types),
            web.get("/api/interviews", self.history),
            web.post("/api/interviews", self.begin),
            web.get(one, self.interview),
            web.get(f"{one}/events", self.events),
            web.post(f"{one}/messages", self.write),
            web.post(f"{one}/edits", self.edit),
            web.post(f"{one}/actions", self.press),
            web.get("/api/export", self.export),
            web.delete("/api/me", self.forget),
            web.get("/healthz", self.alive),
            web.get("/readyz", self.ready),
        ]

    async def types(self, _: web.Request) -> web.Response:
        return _json(await choices(self._desk))

    async def begin(self, request: web.Request) -> web.Response:
        form = await _body(request, _Begin)
        key = thread_key(form.id)
        watcher = self._live.watch(key)
        fresh = await self._desk.begin(
            key, id="begin", type_id=form.type, role=form.role, questions=form.questions, level=form.level,
            focus=form.focus.strip(), language=form.language, quiet_s=self._quiet_s,
        )  # fmt: skip
        # So that the page finds what it was told about; a slow start is no failure, the stream goes on waiting.
        try:
            async with asyncio.timeout(BEGUN_WITHIN_S):
                while await self._desk.session(key) is None:
                    await anext(watcher)
        except TimeoutError:
            pass
        return web.json_response({"id": form.id}, status=201 if fresh else 200)

    async def history(self, _: web.Request) -> web.Response:
        sessions = await self._desk.history(thread_key("-"))
        return _json(_History(interviews=history_views(sessions, time.time())))

    async def interview(self, request: web.Request) -> web.Response:
        # Read before the session, so that what happens in between is told again rather than not at all.
        last = self._streams.position()
        session = await self._any_session(request.match_info["id"])
        return _json(InterviewView(state=state_view(session, time.time()), posts=post_views(session), last=last))

    async def events(self, request: web.Request) -> web.StreamResponse:
        key = _key(request)
        await self._session(key)
        after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        return await self._streams.tell(request, key, after)

    async def write(self, request: web.Request) -> web.Response:
        message = await _body(request, _Message)
        _fits(message.text)
        return await self._hand_in(
            request, lambda key, at: Wrote(id=message.id, key=key, at=at, message=message.id, text=message.text)
        )

    async def edit(self, request: web.Request) -> web.Response:
        edit = await _body(request, _Edit)
        _fits(edit.text or "")
        return await self._hand_in(
            request, lambda key, at: Edited(id=edit.id, key=key, at=at, message=edit.message, text=edit.text)
        )

    async def press(self, request: web.Request) -> web.Response:
        press = await _body(request, _Press)
        return await self._hand_in(
            request, lambda key, at: Pressed(id=press.id, key=key, at=at, action=press.action, turn=press.turn)
        )

    async def export(self, _: web.Request) -> web.Response:
        """Every interview with every word of it, in one file."""
        sessions = await self._desk.history(thread_key("-"), limit=EVERY_INTERVIEW)
        text = json.dumps(
            {"interviews": [session.model_dump(mode="json") for session in sessions]}, ensure_ascii=False, indent=1
        )
        headers = {hdrs.CONTENT_DISPOSITION: 'attachment; filename="rehearse-interviews.json"'}
        return web.Response(text=text, content_type="application/json", headers=headers)

    async def forget(self, request: web.Request) -> web.Response:
        await _body(request, _Forget)
        me = thread_key("-")
        sessions = await self._desk.history(me, limit=EVERY_INTERVIEW)
        deleted = await self._desk.forget(me)
        for session in sessions:
            self._live.forget(session.key)
            # Wakes the streams of pages that are still open, which then find that there is nothing left.
            self._live.emit(Notice(key=session.key, session=session.id, text="This interview was deleted."))
        return web.json_response({"deleted": deleted})

    async def alive(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def ready(self, _: web.Request) -> web.Response:
        """Whether the store answers; raises what it raises, which becomes a 503."""
        await self._desk.history(thread_key("-"), limit=1)
        return web.json_response({"ok": True})

    async def _hand_in(self, request: web.Request, inbound: Callable[[ThreadKey, float], Inbound]) -> web.Response:
        key = _key(request)
        await self._session(key)
        fresh = await self._desk.deliver(inbound(key, time.time()))
        return web.json_response({"new": fresh}, status=202)

    async def _any_session(self, id: str) -> Session:
        """The interview, also one that another has followed in its thread (`<thread>~<number>`)."""
        channel, _, number = id.partition("~")
        if not number:
            return await self._session(thread_key(channel))
        for session in await self._desk.history(thread_key(channel), limit=EVERY_INTERVIEW):
            if session.key.channel == channel and str(session.number) == number:
                return session
        raise Refused(404, "no_interview", NOT_HERE)

    async def _session(self, key: ThreadKey) -> Session:
        session = await self._desk.session(key)
        if session is None:
            raise Refused(404, "no_interview", NOT_HERE)
        return session


BodyT = TypeVar("BodyT", bound=BaseModel)


async def _body(request: web.Request, model: type[BodyT]) -> BodyT:
    """The request's JSON. Lone surrogates, which no database can keep, become replacement characters."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        text = json.dumps(json.loads(await request.read()), ensure_ascii=False)
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest from None
    return model.model_validate_json(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _key(request: web.Request) -> ThreadKey:
    return thread_key(request.match_info["id"])


def _fits(text: str) -> None:
    if len(text) > MESSAGE_CHARS:
        raise Refused(
            413, "too_long", f"That is {len(text):,} characters; {MESSAGE_CHARS:,} is the most I can read. "
            "Nothing was sent: please keep the essential part."
        )  # fmt: skip


def _json(view: BaseModel) -> web.Response:
    return web.Response(text=view.model_dump_json(), content_type="application/json")
