"""`/_wire/…`: the state of the server, and people's acts, for benchmarks and tests in another process.

    GET  /_wire/calls?method=…&from=N      calls from the N-th on
    GET  /_wire/messages?channel=…         messages now
    GET  /_wire/timeline?from=N&wait_s=5   accepted writes with their times (of CLOCK_MONOTONIC, which processes of a
                                           machine share), 429s, streams that are open; waits for a new write
    POST /_wire/act      {"as": "U1", "act": "says", "args": [null, "hello"], "kwargs": {}}
    POST /_wire/slack    {"act": "connect_http", "args": ["http://…"], "kwargs": {}}
    POST /_wire/slack    {"set": "retry_scale", "value": 0.01}

An act of `as` is a method of `Person`, one without it a method of `Slack`; the answer holds what it returned.
"""

from __future__ import annotations

import base64
import dataclasses
import inspect
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire.slack.delivery import Delivery
from tests.wire.slack.people import Person
from tests.wire.slack.state import App, Team

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]

_BACK = (Person, Team, App)
"""What leads back to the server."""


def routes(slack: Slack) -> web.RouteTableDef:
    table = web.RouteTableDef()

    @table.get("/_wire/calls")
    async def calls(request: web.Request) -> web.Response:
        method = request.query.get("method")
        some = slack.calls[int(request.query.get("from", 0)) :]
        said = [_plain(call) for call in some if method in (None, call.method)]
        return web.json_response({"calls": said, "next": len(slack.calls)})

    @table.get("/_wire/messages")
    async def messages(request: web.Request) -> web.Response:
        channel, thread = request.query["channel"], request.query.get("thread")
        said = slack.messages(channel, thread, deleted="deleted" in request.query)
        return web.json_response({"messages": [_message(message) for message in said]})

    @table.get("/_wire/timeline")
    async def timeline(request: web.Request) -> web.Response:
        since, wait_s = int(request.query.get("from", 0)), float(request.query.get("wait_s", 0))
        if wait_s:
            with suppress(AssertionError):
                await slack.until(lambda: len(slack.timeline) > since, wait_s)
        some = slack.timeline[since:]
        slack.expire_streams()
        live = [one for channel in slack.channels.values() for one in channel.messages.values() if one.streaming]
        return web.json_response(
            {
                "writes": [write.as_json() for write in some], "next": len(slack.timeline),
                "limited": dict(slack.limited), "streaming": [[one.channel, one.ts] for one in live],
                "now": time.monotonic(),
            }
        )  # fmt: skip

    @table.post("/_wire/act")
    async def act(request: web.Request) -> web.Response:
        asked = await request.json()
        person = slack.person(asked["as"], **asked.get("who", {}))
        return await _do(person, asked)

    @table.post("/_wire/slack")
    async def act_of_slack(request: web.Request) -> web.Response:
        return await _do(slack, await request.json())

    return table


async def _do(subject: Any, asked: Json) -> web.Response:
    args = [_given(one) for one in asked.get("args", [])]
    kwargs = {key: _given(one) for key, one in asked.get("kwargs", {}).items()}
    try:
        if "set" in asked:
            setattr(subject, asked["set"], asked["value"])
            return web.json_response({"ok": True})
        what = getattr(subject, asked["act"])
        returned = what(*args, **kwargs) if callable(what) else what
        if inspect.isawaitable(returned):
            returned = await returned
    except AssertionError as impossible:
        return web.json_response({"ok": False, "error": str(impossible)}, status=409)
    return web.json_response({"ok": True, "returned": _plain(returned)})


def _given(said: Any) -> Any:
    """Bytes come as {"base64": …}."""
    return base64.b64decode(said["base64"]) if isinstance(said, dict) and said.keys() == {"base64"} else said


def _message(message: Any) -> Json:
    return {**_plain(message), "visible": message.visible, "streaming": message.streaming}


def _plain(said: Any, deep: int = 0) -> Any:
    """JSON of whatever it is, leaving out what leads back to the server."""
    if said is None or isinstance(said, str | int | float):
        return said
    if isinstance(said, bytes):
        return {"base64": base64.b64encode(said).decode()}
    if deep > 12:
        return "…"
    if isinstance(said, dict):
        return {str(key): _plain(value, deep + 1) for key, value in said.items()}
    if isinstance(said, list | tuple | set | frozenset):
        return [_plain(one, deep + 1) for one in said]
    if isinstance(said, Delivery):
        shown = {"kind": said.kind, "attempts": len(said.attempts), "acked": said.acked}
        return {**shown, "answer": _plain(said.answer, deep + 1)}
    if dataclasses.is_dataclass(said) and not isinstance(said, _BACK):
        fields = dataclasses.fields(said)
        return {field.name: _plain(getattr(said, field.name), deep + 1) for field in fields if field.name[0] != "_"}
    return str(getattr(said, "id", type(said).__name__))
