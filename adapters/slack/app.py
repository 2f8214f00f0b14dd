"""The Slack app: everything Slack sends comes in by one door, is understood, acted upon and answered in time.

Bolt checks signatures, finds out whose workspace it is, answers Slack's handshakes and drops our own events; what is
left is parsed and handed to whoever it concerns. Slack is answered when the act is done, or after two seconds while it
goes on by itself. A second delivery of the same thing does nothing. What goes wrong is logged with its traceback and
without anybody's words; an event is then asked for again, and a person who pressed or commanded something is told.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Protocol, Self, assert_never, cast

import aiohttp
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.authorize import Authorize
from adapters.slack.clips import Clips
from adapters.slack.commands import Commands
from adapters.slack.files import Files
from adapters.slack.forms import Forms, Work
from adapters.slack.http import Post, health_routes, serve_routes
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.names import FORGET_FORM, SCORE_SHORTCUT, START_FORM, START_SHORTCUT, thread_key
from adapters.slack.owned import ANSWER_WITHIN_S, DRAIN_S, Owned, stored
from adapters.slack.parse import (
    Called,
    Changed,
    Commanded,
    Halted,
    Place,
    Pressed,
    Removed,
    Said,
    Seen,
    Submitted,
    Tapped,
    Throttled,
    Visited,
    parse,
)
from adapters.slack.person import Person
from adapters.slack.render import PROMPTS, PROMPTS_TITLE, help_page
from adapters.slack.replies import Recent, Replies
from adapters.slack.sentences import FAILED, message_view, sentence
from adapters.slack.sockets import open_sockets
from adapters.slack.starts import Handles, Starts
from adapters.slack.talk import Streams, Talk
from adapters.slack.taps import Taps
from adapters.slack.workspaces import API_URL, Workspaces, web_client
from engine.desk import Desk
from engine.ports import Transcriber

log = logging.getLogger(__name__)

REMEMBERED, REMEMBERED_FOR_S = 20_000, 900.0
"""Deliveries that were acted upon. Slack tries again for about six minutes."""

# The SDK writes whole payloads into its log at the levels below these.
bolt_log = logging.getLogger(f"{__name__}.bolt")
bolt_log.setLevel(logging.ERROR)
socket_log = logging.getLogger(f"{__name__}.sockets")
socket_log.setLevel(logging.INFO)


class _Purge(Protocol):
    def __call__(self, team: str, /) -> Awaitable[None]: ...


class _Uses(Protocol):
    def use(self, middleware: AsyncMiddleware, /) -> object: ...


class _Door(AsyncMiddleware):
    """The last of Bolt's middleware, after which there is nothing: one function takes it all.

    Bolt's listeners would find their arguments in the payload by themselves, and trip over one that is broken.
    """

    def __init__(self, take: Callable[[Mapping[str, object]], Awaitable[BoltResponse]]) -> None:
        self._take = take

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        return await self._take(cast("Mapping[str, object]", req.body))


class SlackApp:
    """An async context manager; leaving it takes in nothing more and lets what is under way come to its end.

    `signing_secret` is needed for HTTP alone. `purge` forgets a workspace that removed the app. `base_url` is another
    address of the Web API. `quiet_s` is how long a pause ends an answer.
    """

    def __init__(
        self,
        *,
        desk: Desk,
        delivery: Streams,
        workspaces: Workspaces,
        store: Handles,
        authorize: Authorize,
        signing_secret: str | None,
        transcriber: Transcriber | None,
        purge: _Purge,
        quiet_s: float,
        now: Callable[[], float] = time.time,
        base_url: str | None = None,
        session: aiohttp.ClientSession | None = None,
        files: Files | None = None,
        answer_within_s: float = ANSWER_WITHIN_S,
    ) -> None:
        self._desk = desk
        self._purge = purge
        self._signed = signing_secret is not None
        self._base_url = (base_url or API_URL).rstrip("/") + "/"
        self._session = session
        self._owned = Owned(within_s=answer_within_s)
        self._known: Recent[str, bool] = Recent(REMEMBERED, for_s=REMEMBERED_FOR_S)
        self._closing = False
        self._replies = replies = Replies(workspaces, session=session)
        starts = Starts(desk, replies, store, quiet_s=quiet_s)
        self._person = Person(desk=desk, replies=replies, owned=self._owned)
        clips = Clips(
            desk=desk, replies=replies, owned=self._owned, files=files or Files(), transcriber=transcriber, now=now
        )
        self._forms = Forms(
            desk=desk, replies=replies, starts=starts, voiced=clips.edited, forget=self._person.forget, now=now
        )
        self._commands = Commands(
            desk=desk, replies=replies, starts=starts, forms=self._forms, person=self._person, now=now
        )
        self._talk = Talk(
            desk=desk, replies=replies, starts=starts, streams=delivery, files=clips, help=help_page, now=now
        )
        self._taps = Taps(
            desk=desk, replies=replies, starts=starts, forms=self._forms, commands=self._commands, person=self._person,
            clips=clips,
        )  # fmt: skip
        self.bolt = AsyncApp(
            logger=bolt_log,
            name="rehearse",
            signing_secret=signing_secret or "",
            request_verification_enabled=self._signed,
            authorize=_for_bolt(authorize),
            client=AsyncWebClient(base_url=self._base_url, session=session),
            process_before_response=True,
        )
        cast("_Uses", self.bolt).use(_Door(self._take))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        await self._owned.drain(DRAIN_S)

    @property
    def busy(self) -> bool:
        """Whether something goes on that Slack was answered for."""
        return self._owned.count > 0

    def routes(self) -> list[web.RouteDef]:
        """What is served over HTTP: Slack's requests, where a signing secret can tell them, and `/healthz /readyz`."""
        post = [web.post(EVENTS_PATH, Post(self.bolt).answer)] if self._signed else []
        return [*post, *health_routes(self._ready)]

    @asynccontextmanager
    async def serve_socket(self, app_token: str) -> AsyncGenerator[None]:
        """Be reached over Socket Mode while the context is open."""
        client = web_client(None, session=self._session, base_url=self._base_url) if self._session else None
        client = client or AsyncWebClient(base_url=self._base_url)
        async with open_sockets(self.bolt, app_token, client, socket_log):
            yield

    @asynccontextmanager
    async def serve_http(
        self, host: str, port: int, extra: tuple[web.RouteDef, ...] = ()
    ) -> AsyncGenerator[str]:  # fmt: skip
        """Be reached over HTTP while the context is open; the URL."""
        async with serve_routes([*self.routes(), *extra], host, port) as url:
            yield url

    async def _ready(self) -> None:
        await self._desk.history(thread_key("-", "-", "-", "-"), limit=1)

    async def _take(self, body: Mapping[str, object]) -> BoltResponse:
        seen = parse(body)
        if seen is None:
            return BoltResponse(status=200)
        if self._closing:
            return BoltResponse(status=503)
        once = envelope_id(body)
        if once and self._known.get(once):
            return BoltResponse(status=200)
        if once:
            self._known.keep(once, True)
        try:
            return await self._answer(seen)
        except Exception:
            if once:
                self._known.drop(once)
            log.exception("what somebody did could not be acted upon", extra={"act": type(seen).__name__})
            return self._failed(seen)

    async def _answer(self, seen: Seen) -> BoltResponse:
        if isinstance(seen, Submitted):
            said, work = self._forms.submitted(seen)
            if work is not None:
                await self._owned.within(self._submitted(seen, work), "form")
            return BoltResponse(status=200, body=dict(said)) if said else BoltResponse(status=200)
        await self._owned.within(self._act_or_tell(seen), type(seen).__name__)
        return BoltResponse(status=200)

    def _failed(self, seen: Seen) -> BoltResponse:
        """A form says so; what else failed, Slack may tell us of again."""
        if not isinstance(seen, Submitted):
            return BoltResponse(status=500)
        view = message_view("Rehearse", FAILED)
        return BoltResponse(status=200, body={"response_action": "update", "view": view})

    async def _act_or_tell(self, seen: Seen) -> None:
        """Act; where somebody waits for an answer, however late, say that there is none."""
        try:
            await self._act(seen)
        except Exception:
            if not (isinstance(seen, Commanded | Pressed | Tapped | Called) and seen.respond):
                raise
            log.exception("what somebody asked for failed", extra={"act": type(seen).__name__})
            await self._replies.whisper(seen.place, sentence(FAILED), seen.respond)

    async def _submitted(self, seen: Submitted, work: Work) -> None:
        try:
            await work
        finally:
            if seen.form in (START_FORM, FORGET_FORM):
                self._person.refresh_home(seen.place)

    async def _act(self, seen: Seen) -> None:
        match seen:
            case Said():
                await self._talk.said(seen)
            case Changed():
                await self._talk.changed(seen)
            case Pressed():
                await self._talk.pressed(seen)
            case Halted():
                await self._talk.halted(seen)
            case Commanded():
                await self._commands.given(seen)
            case Tapped():
                await self._taps.tapped(seen)
            case Called():
                await self._called(seen)
            case Visited():
                await self._visited(seen.place, seen.tab)
            case Removed():
                log.info("a workspace removed the app", extra={"team": seen.team, "why": seen.why})
                await stored(lambda: self._purge(seen.team))
            case Throttled():
                log.warning("Slack holds events back: more than 30,000 an hour", extra={"team": seen.team})
            case Submitted():
                pass  # answered where it came in
            case _:
                assert_never(seen)

    async def _called(self, called: Called) -> None:
        if called.shortcut == START_SHORTCUT:
            await self._forms.start(called.place, called.trigger)
        elif called.shortcut == SCORE_SHORTCUT:
            await self._forms.score(called)

    async def _visited(self, place: Place, tab: str) -> None:
        if tab == "home":
            self._person.refresh_home(place)
        else:
            prompts = [(prompt.title, prompt.message) for prompt in PROMPTS]
            await self._replies.prompts(place.team, place.channel, prompts, PROMPTS_TITLE)


def _for_bolt(authorize: Authorize) -> Callable[..., Awaitable[AuthorizeResult]]:
    """Bolt finds arguments by their names, but not those that are for keywords only; and it does take a `None`."""

    async def named(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        return await authorize(enterprise_id=enterprise_id, team_id=team_id)

    return cast("Callable[..., Awaitable[AuthorizeResult]]", named)


def envelope_id(body: Mapping[str, object]) -> str:
    """What a payload is known by when it is delivered twice; "" when it bears nothing of the kind."""
    if body.get("type") == "event_callback":
        return str(body.get("event_id") or "")
    trigger = body.get("trigger_id")
    if not isinstance(trigger, str) or not trigger:
        return ""
    return json.dumps([body.get("type"), trigger, body.get("actions")], sort_keys=True)
