"""The local Slack of `tests/wire/slack` behind slack_sdk without a socket, so that hours of it pass in virtual time.

What methods do, check and refuse is that server's; here stands only the way to them and back, which takes a round trip.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.names import PRESS
from tests.kit.loop import run_virtual
from tests.perf.chat_play import Scenario, play
from tests.perf.chat_sight import Figures, Write
from tests.perf.slack_play import stage
from tests.wire.slack import Limits, Slack
from tests.wire.slack.api import METHODS
from tests.wire.slack.api.ask import Ask
from tests.wire.slack.state import Call, Refused, interactive
from tests.wire.slack.words import Write as Written

NEXT = f"{PRESS}next"
ROUND_TRIP_S = 0.12
"""Assumed between a bot and Slack: a write becomes visible half of it after it was sent."""


def virtual(scenario: Scenario) -> Figures:
    """Played in virtual time, which is exact and says nothing about CPU."""

    async def main() -> Figures:
        slack = quiet_slack(Limits.scaled(scenario.scale))
        session: Any = VirtualSession(slack)
        client = AsyncWebClient(slack.team.bot_token, session=session)

        async def writes() -> list[Write]:
            return session.writes

        return await play(scenario, stage(scenario, client, places(slack, scenario.n), writes))

    return run_virtual(main())


def quiet_slack(limits: Limits | None = None) -> Slack:
    """A Slack by the running loop's clock that sends nothing back."""
    slack = Slack(limits, asyncio.get_running_loop().time)
    slack.echoes = False
    return slack


def places(slack: Slack, people: int) -> list[tuple[str, str, str]]:
    """So many people who each began a thread in their DM: channel, root and user."""
    found: list[tuple[str, str, str]] = []
    for n in range(people):
        person = slack.person(f"U{n:03}")
        root = person._post(person.dm, "Start an interview.", None, ())
        found.append((root.channel, root.ts, person.id))
    return found


@dataclass
class VirtualSession:
    """What slack_sdk takes for an aiohttp session."""

    slack: Slack
    writes: list[Write] = field(default_factory=list)
    closed: bool = False

    @asynccontextmanager
    async def request(self, verb: str, url: str, **args: Any) -> AsyncGenerator[_Response]:
        del verb
        given: dict[str, Any] = {**(args.get("params") or {}), **(args.get("data") or {}), **(args.get("json") or {})}
        for name in ("blocks", "chunks", "metadata"):
            if isinstance(given.get(name), str):
                given[name] = json.loads(given[name])
        await asyncio.sleep(ROUND_TRIP_S / 2)
        response = self._call(url.rpartition("/")[2], given)
        await asyncio.sleep(ROUND_TRIP_S / 2)
        yield response

    def _call(self, method: str, args: dict[str, Any]) -> _Response:
        slack, team = self.slack, self.slack.team
        call = Call(method, args, team.bot_token, slack.now(), "json", team.id)
        slack.calls.append(call)
        wait_s = slack.limits.take(team.id, method, args, slack.now()) if slack.limits else 0
        before = len(slack.timeline)
        if wait_s:
            body: dict[str, Any] = {"ok": False, "error": "ratelimited"}
            call.status = 429
        else:
            try:
                ask = Ask(method, args, team, slack.grants[team.bot_token], team.bot_token, {})
                body = {"ok": True, **METHODS[method](slack, ask)}
            except Refused as refused:
                body = refused.body
        call.ok, call.error = body["ok"], body.get("error", "")
        note = write_of(slack, call, before)
        if note is not None:
            self.writes.append(note)
        return _Response(429 if wait_s else 200, {"Retry-After": str(wait_s)} if wait_s else {}, body)


def write_of(slack: Slack, call: Call, before: int) -> Write | None:
    """The write that a call was, if it was one or was to be; `before` is how many writes there were until then."""
    channel = str(call.args.get("channel") or call.args.get("channel_id") or "")
    if call.ok and len(slack.timeline) == before:
        return None
    if call.ok:
        return accepted(slack.timeline[before], call.at)
    return Write(call.at, call.method, channel, accepted=False, limited=call.status == 429)


def accepted(write: Written, at: float) -> Write:
    """A write that was accepted at this time, as it is counted."""
    leads_on = any(element["action_id"] == NEXT for _, element in interactive(list(write.blocks)))
    return Write(at, write.method, write.channel, accepted=True, limited=False, seen=write.visible, leads_on=leads_on)


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]
    content_type: str = "application/json"

    async def json(self) -> dict[str, Any]:
        return self.body
