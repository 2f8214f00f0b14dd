"""The HTTP side of the local Slack: decodes calls however they come, checks tokens, limits and faults, and answers.

What a method does stands in `api/`; the other URLs (sockets, files, response URLs, OAuth) have handlers of their own.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from aiohttp import web

from tests.wire.slack import admin, hooks
from tests.wire.slack.api import METHODS
from tests.wire.slack.api.ask import APP_LEVEL, UNAUTHORISED, Ask
from tests.wire.slack.api.files import routes as file_routes
from tests.wire.slack.api.installs import routes as install_routes
from tests.wire.slack.faults import Fault
from tests.wire.slack.limits import Limits
from tests.wire.slack.slack import Slack
from tests.wire.slack.state import Call, Grant, Refused, Team

Json = dict[str, Any]


@asynccontextmanager
async def serve_slack(
    limits: Limits | None = None, port: int = 0, clock: Callable[[], float] = time.monotonic
) -> AsyncGenerator[Slack]:
    """A running Slack on loopback, closed on leaving. `clock` is its own: limits, streams and triggers go by it."""
    slack = Slack(limits, clock)
    app = web.Application(client_max_size=256_000_000)
    api = _Api(slack)
    app.router.add_get("/link/", slack.deliveries.sockets.serve)
    app.add_routes(hooks.routes(slack))
    app.add_routes(file_routes(slack))
    app.add_routes(install_routes(slack))
    app.add_routes(admin.routes(slack))
    for path in ("/api/{method}", r"/{method:\w+\.[\w.]+}"):
        app.router.add_route("*", path, api.answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.url, slack.foreign_url = (f"http://127.0.0.1:{address[1]}" for address in runner.addresses)
        yield slack
    finally:
        await slack.deliveries.close()
        await runner.cleanup()


class _Api:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """One call of the Web API."""
        slack, method = self._slack, request.match_info["method"]
        args, via = await _arguments(request)
        token = _token(request, args)
        call = Call(method, args, token, slack.now(), via)
        slack.calls.append(call)
        fault = slack.faults.take(method)
        if fault is not None:
            if fault.hang_s:
                await asyncio.sleep(fault.hang_s)
            if not fault.only_slow and not fault.lost:
                call.error, call.status = fault.error or "", fault.status
                slack.changed()
                return await _faulty(request, fault)
        reply = self._do(call, request)
        slack.changed()
        if fault is not None and fault.lost:
            break_off(request)
            await _gone()
        scopes = slack.teams[call.team].scopes if call.team in slack.teams else ""
        headers = {"x-slack-req-id": slack.new_id("req"), "x-oauth-scopes": scopes}
        if call.status == 429:
            headers["Retry-After"] = str(reply.pop("retry_after"))
        return web.json_response(reply, status=call.status, headers=headers)

    def _do(self, call: Call, request: web.Request) -> Json:
        """Do what was asked, in one step. A reply of Slack's, good or bad."""
        slack = self._slack
        try:
            ask = self._authorised(call, request)
            call.team = ask.team.id
            wait_s = slack.limits.take(call.team, call.method, call.args, slack.now()) if slack.limits else 0
            if wait_s:
                slack.limited[call.method] += 1
                call.error, call.status = "ratelimited", 429
                return {"ok": False, "error": "ratelimited", "retry_after": wait_s}
            call.reply = {"ok": True, **METHODS[call.method](slack, ask)}
            call.ok = True
            if call.via == "json" and request.charset is None:
                call.reply |= {"warning": "missing_charset", "response_metadata": {"warnings": ["missing_charset"]}}
        except Refused as refused:
            call.error, call.reply = refused.error, refused.body
        return call.reply

    def _authorised(self, call: Call, request: web.Request) -> Ask:
        slack, method = self._slack, call.method
        if method not in METHODS:
            raise Refused("unknown_method", req_method=method)
        if method in UNAUTHORISED:
            return Ask(method, call.args, slack.team, Grant(""), call.token, dict(request.headers))
        if not call.token:
            raise Refused("not_authed")
        if call.token == slack.app.app_token or method in APP_LEVEL:
            if method not in APP_LEVEL or call.token != slack.app.app_token:
                raise Refused("not_allowed_token_type" if call.token.startswith("x") else "invalid_auth")
            return Ask(method, call.args, slack.team, Grant(""), call.token, dict(request.headers))
        grant = slack.grants.get(call.token)
        if grant is None:
            raise Refused("invalid_auth")
        if grant.error:
            raise Refused(grant.error)
        if grant.expires_at is not None and slack.now() >= grant.expires_at:
            raise Refused("token_expired")
        return Ask(method, call.args, self._team(call, grant), grant, call.token, dict(request.headers))

    def _team(self, call: Call, grant: Grant) -> Team:
        slack = self._slack
        if grant.team:
            return slack.teams[grant.team]
        theirs = [team for team in slack.teams.values() if team.org_wide and team.enterprise == grant.enterprise]
        if call.method in ("auth.test", "auth.revoke", "auth.teams.list"):
            return theirs[0]
        wanted = call.args.get("team_id")
        if not wanted:
            raise Refused("missing_argument", ["[ERROR] an org-wide token needs: team_id"])
        team = next((team for team in theirs if team.id == wanted), None)
        if team is None:
            raise Refused("team_access_not_granted")
        return team


_OBJECTS = {"blocks", "view", "files", "metadata", "chunks", "prompts", "attachments", "loading_messages", "message"}


async def _arguments(request: web.Request) -> tuple[Json, str]:
    """The arguments of a call, from wherever they are, and where that was."""
    args: Json = dict(request.query)
    via = "get" if request.method == "GET" else "query"
    if request.body_exists and request.method != "GET":
        if request.content_type == "application/json":
            args |= await request.json()
            via = "json"
        else:
            form = await request.post()
            args |= dict(form)
            via = "form" if form else via
    for key in _OBJECTS & args.keys():
        if isinstance(args[key], str) and args[key][:1] in "[{":
            try:
                args[key] = json.loads(args[key])
            except ValueError:
                continue
    return args, via


def _token(request: web.Request, args: Json) -> str:
    said = request.headers.get("Authorization", "")
    return said.removeprefix("Bearer ") if said.startswith("Bearer ") else str(args.pop("token", ""))


async def _faulty(request: web.Request, fault: Fault) -> web.Response:
    if fault.reset:
        break_off(request)
        await _gone()
    headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else {}
    if fault.body is not None:
        return web.Response(text=fault.body, content_type="text/html", status=fault.status, headers=headers)
    error = fault.error or ("ratelimited" if fault.status == 429 else "internal_error")
    return web.json_response({"ok": False, "error": error}, status=fault.status, headers=headers)


def break_off(request: web.Request) -> None:
    """Reset the connection."""
    assert request.transport is not None
    sock = request.transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.transport.abort()


async def _gone() -> NoReturn:
    # The server cancels the handler of a lost connection, and says nothing about it.
    await asyncio.sleep(3600)
    raise AssertionError("a lost connection must cancel its handler")
