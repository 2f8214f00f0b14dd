"""The delivery on a local Slack without a socket between them, so that minutes of load take no time at all.

Calls go through the real SDK down to `api_call`, take a round trip of virtual time, and are then answered by the same
code, under the same limits and faults, as over HTTP.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.delivery.delivery import Delivery
from adapters.slack.names import thread_key
from adapters.slack.workspaces import WorkspaceGone
from engine.events import Card, Event, Grew, Notice, Opened, Settled
from engine.keys import ThreadKey, session_id
from engine.ports import TOLD, told
from engine.preferences import Preferences
from engine.session import Session
from tests.wire.slack import Limits, Slack
from tests.wire.slack.api import METHODS
from tests.wire.slack.api.ask import Ask
from tests.wire.slack.state import Call, Message, Refused

RTT_S = 0.12
EPOCH = 1_790_000_000.0


class PipedSlack(Slack):
    """Its timeline is in the time of its own clock, which may be virtual."""

    def wrote(self, method: str, team: str, message: Message) -> None:
        Slack.wrote(self, method, team, message)
        self.timeline[-1] = replace(self.timeline[-1], at=self.now())


class PipedClient(AsyncWebClient):
    """The SDK's client, with a pipe to the local server's state in place of HTTP."""

    def __init__(self, slack: Slack, rtt_s: float = RTT_S) -> None:
        super().__init__(token=slack.team.bot_token, retry_handlers=[])
        self.slack = slack
        self.rtt_s = rtt_s

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        args = json.loads(json.dumps(how.get("json") or how.get("params") or {}))
        slack = self.slack
        await asyncio.sleep(self.rtt_s / 2)
        call = Call(api_method, args, str(self.token), slack.now(), "json", slack.team.id)
        slack.calls.append(call)
        fault = slack.faults.take(api_method)
        headers: dict[str, str] = {}
        if fault is not None and fault.hang_s:
            await asyncio.sleep(fault.hang_s)
        if fault is not None and fault.reset:
            raise aiohttp.ServerDisconnectedError
        if fault is not None and not fault.lost and not fault.only_slow:
            status, reply = fault.status, {"ok": False, "error": fault.error} if fault.error else {}
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        else:
            status, reply = self._done(call)
            if status == 429:
                headers = {"Retry-After": str(reply.pop("retry_after"))}
        slack.changed()
        await asyncio.sleep(self.rtt_s / 2)
        if fault is not None and fault.lost:
            raise aiohttp.ServerDisconnectedError
        answer = AsyncSlackResponse(
            client=self,
            http_verb="POST",
            api_url=api_method,
            req_args={},
            data=reply,
            headers=headers,
            status_code=status,
        )
        if status != 200 or not reply.get("ok"):
            raise SlackApiError("refused", answer)
        return answer

    def _done(self, call: Call) -> tuple[int, dict[str, Any]]:
        slack, team = self.slack, self.slack.team
        grant = slack.grants[call.token]
        if grant.error:
            call.error = grant.error
            return 200, {"ok": False, "error": grant.error}
        wait_s = slack.limits.take(team.id, call.method, call.args, slack.now()) if slack.limits else 0
        if wait_s:
            slack.limited[call.method] += 1
            call.error, call.status = "ratelimited", 429
            return 429, {"ok": False, "error": "ratelimited", "retry_after": wait_s}
        try:
            call.reply = {"ok": True, **METHODS[call.method](slack, Ask(call.method, call.args, team, grant, "", {}))}
            call.ok = True
        except Refused as refused:
            call.error, call.reply = refused.error, refused.body
        return 200, call.reply


@dataclass
class Shelf:
    """The part of a store that a delivery uses, with as many interviews in it as a test puts there."""

    kept: dict[ThreadKey, dict[str, str]] = field(default_factory=lambda: defaultdict[ThreadKey, dict[str, str]](dict))
    sessions: dict[ThreadKey, Session] = field(default_factory=dict[ThreadKey, Session])
    likes: dict[str, Preferences] = field(default_factory=dict[str, Preferences])
    takes_s: float = 0.002

    async def keep_handle(self, key: ThreadKey, post: str, handle: str) -> None:
        await asyncio.sleep(self.takes_s)
        self.kept[key][post] = handle

    async def handles(self, key: ThreadKey) -> Mapping[str, str]:
        await asyncio.sleep(self.takes_s)
        return dict(self.kept[key])

    async def behind(self, platform: str, limit: int = 1_000) -> Sequence[ThreadKey]:
        return [key for key, session in self.sessions.items() if self.kept[key].get(TOLD) != told(session)]

    async def session(self, key: ThreadKey) -> Session | None:
        return self.sessions.get(key)

    async def preferences(self, key: ThreadKey) -> Preferences:
        return self.likes.get(key.user, Preferences())


class OnePlace:
    """The one workspace of the local Slack."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self.gone: list[str] = []

    async def client(self, team: str) -> AsyncWebClient:
        if self.gone:
            raise WorkspaceGone(team, self.gone[-1])
        return self._client

    async def lost(self, team: str, error: str) -> None:
        self.gone.append(error)


@dataclass
class Stage:
    """What a test has in hand: Slack, the delivery, its store, and events to tell it."""

    slack: Slack
    shelf: Shelf
    workspaces: Any
    delivery: Delivery

    def interview(self, user: str = "U1", channel: str | None = None) -> ThreadKey:
        """An interview of somebody: in their direct messages, or in a channel."""
        self.slack.person(user)
        where = channel or self.slack.dm(user)
        ts = self.slack.new_ts()
        root = Message(where, ts, self.slack.team.bot_user, "Mock interview", bot=True)
        self.slack.channels[where].messages[ts] = root
        return thread_key(self.slack.team.id, where, ts, user)

    def tell(self, key: ThreadKey, kind: type[Opened] | type[Grew] | type[Settled], post: str, card: Card) -> None:
        self.delivery.emit(kind(key=key, session=session_id(key, 1), post=post, card=card))

    def say(self, key: ThreadKey, text: str) -> None:
        self.delivery.emit(Notice(key=key, session=session_id(key, 1), text=text))

    def emit(self, event: Event) -> None:
        self.delivery.emit(event)

    def shown(self, key: ThreadKey) -> list[Message]:
        """The messages in an interview's thread, below its root."""
        return self.slack.messages(key.channel, key.thread)[1:]

    def calls(self, *methods: str) -> list[str]:
        """The methods called so far, in order; only these, if any are given."""
        return [call.method for call in self.slack.calls if not methods or call.method in methods]

    @property
    def refused(self) -> dict[str, int]:
        """How many 429s each method got."""
        return {method: count for method, count in self.slack.limited.items() if count}


@asynccontextmanager
async def staged(
    limits: Limits | None = None, *, slack: Slack | None = None, shelf: Shelf | None = None, rtt_s: float = RTT_S
) -> AsyncGenerator[Stage]:
    """A delivery at work. Give `slack` and `shelf` of an earlier one for a restart."""
    clock = asyncio.get_running_loop().time
    slack = slack or PipedSlack(limits, clock)
    slack.echoes = False
    shelf = shelf or Shelf()
    workspaces = OnePlace(PipedClient(slack, rtt_s))
    delivery = Delivery(
        store=shelf,
        sessions=shelf.session,
        workspaces=workspaces,
        preferences=shelf.preferences,
        now=lambda: float(slack.new_ts()),
        clock=clock,
    )
    async with delivery:
        yield Stage(slack, shelf, workspaces, delivery)
