"""The Slack app: everything Slack sends comes in by one door, is understood, acted upon and answered in time.

Bolt checks signatures, finds out whose workspace it is, answers Slack's handshakes and drops our own events; what is
left is parsed and handed to `acts.py`. Slack is answered when the act is done, or after two seconds while it goes on by
itself. A second delivery of the same thing does nothing. What goes wrong is logged with its traceback and
without anybody's words; an event is then asked for again, and a person who pressed or commanded something is told.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Protocol, Self, cast

import aiohttp
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.health import Route
from adapters.owned import ANSWER_WITHIN_S, DRAIN_S, Owned
from adapters.recent import Recent
from adapters.slack.acts import Acts, Door, Purge
from adapters.slack.authorize import Authorize
from adapters.slack.http import Post
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.outlet import SlackOutlet
from adapters.slack.parse import parse
from adapters.slack.replies import Replies, SlackRefused
from adapters.slack.seen import Seen, Submitted
from adapters.slack.sentences import FAILED, message_view
from adapters.slack.sockets import open_sockets
from adapters.slack.standing import ByGroups, Standings, never
from adapters.slack.starts import Handles
from adapters.slack.talk import Streams
from adapters.slack.workspaces import API_URL, WorkspaceGone, Workspaces, web_client
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


def _briefly(record: logging.LogRecord) -> bool:
    """An outage is told again and again, and where in the SDK it was noticed helps nobody."""
    record.exc_info = None
    return True


socket_log.addFilter(_briefly)


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
    address of the Web API. `quiet_s` is how long a pause ends an answer. `door` is the admins'; `by_groups` says
    whether anything in a scope goes by user groups.
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
        purge: Purge,
        quiet_s: float,
        now: Callable[[], float] = time.time,
        base_url: str | None = None,
        session: aiohttp.ClientSession | None = None,
        answer_within_s: float = ANSWER_WITHIN_S,
        door: Door | None = None,
        by_groups: ByGroups = never,
    ) -> None:
        self._desk = desk
        self._signed = signing_secret is not None
        self._base_url = (base_url or API_URL).rstrip("/") + "/"
        self._session = session
        self._owned = Owned(within_s=answer_within_s)
        self._known: Recent[str, bool] = Recent(REMEMBERED, for_s=REMEMBERED_FOR_S)
        self._closing = False
        replies = Replies(workspaces, session=session)
        self.outlet = SlackOutlet(replies)
        """Where admins are told what they did not ask for."""
        self.standings = Standings(replies, by_groups)
        self._acts = Acts(
            desk=desk, delivery=delivery, replies=replies, owned=self._owned, store=store, transcriber=transcriber,
            purge=purge, quiet_s=quiet_s, now=now, standings=self.standings, door=door,
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

    def routes(self) -> list[Route]:
        """What is served over HTTP: Slack's requests, where a signing secret can tell them."""
        return [web.post(EVENTS_PATH, Post(self.bolt).answer)] if self._signed else []

    @asynccontextmanager
    async def serve_socket(self, app_token: str) -> AsyncGenerator[Callable[[], bool]]:
        """Be reached over Socket Mode while the context is open; asks whether a connection stands."""
        client = web_client(None, session=self._session, base_url=self._base_url) if self._session else None
        client = client or AsyncWebClient(base_url=self._base_url)
        async with open_sockets(self.bolt, app_token, client, socket_log) as stands:
            yield stands

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
        except Exception as error:
            if once:
                self._known.drop(once)
            log.exception("what somebody did could not be acted upon", extra={"act": type(seen).__name__})
            return _failed(seen, error)

    async def _answer(self, seen: Seen) -> BoltResponse:
        if isinstance(seen, Submitted):
            said, work = await self._acts.submitted(seen)
            if work is not None:
                await self._owned.within(work, "form")
            return BoltResponse(status=200, body=dict(said)) if said else BoltResponse(status=200)
        await self._owned.within(self._acts.act_or_tell(seen), type(seen).__name__)
        return BoltResponse(status=200)


def _failed(seen: Seen, error: Exception) -> BoltResponse:
    """A form says so; of what may go well another time, Slack is to tell us again."""
    if isinstance(seen, Submitted):
        view = message_view("Rehearse", FAILED)
        return BoltResponse(status=200, body={"response_action": "update", "view": view})
    in_vain = isinstance(error, WorkspaceGone) or (isinstance(error, SlackRefused) and not error.passing)
    return BoltResponse(status=200 if in_vain else 500)


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
