"""Response URLs: five uses in thirty minutes, to answer, replace or delete; what they refuse and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.wire.slack.api.ask import TEXT_CHARS, refused_blocks
from tests.wire.slack.blocks import validate_message
from tests.wire.slack.interact import named, show
from tests.wire.slack.state import Call, Message
from tests.wire.slack.surfaces import RESPONSE_URL_LIFE_S, RESPONSE_URL_USES, ResponseUrl

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]


def routes(slack: Slack) -> web.RouteTableDef:
    table = web.RouteTableDef()

    @table.post("/actions/{team}/{id}")
    async def answer(request: web.Request) -> web.Response:
        body: Json = await request.json()
        call = Call("response_url", body, "", slack.now(), "json", request.match_info["team"])
        slack.calls.append(call)
        record = slack.surfaces.response_urls.get(request.match_info["id"])
        call.error = _refusal(slack, record, body)
        call.ok = not call.error
        if record is None or call.error:
            slack.changed()
            call.status = 404 if call.error in ("used_url", "expired_url", "no_service") else 400
            return web.json_response({"ok": False, "error": call.error}, status=call.status)
        record.uses += 1
        _apply(slack, record, body)
        slack.changed()
        return web.Response(text="ok", content_type="text/html")

    return table


def _refusal(slack: Slack, record: ResponseUrl | None, body: Json) -> str:
    if record is None:
        return "no_service"
    if slack.now() - record.at > RESPONSE_URL_LIFE_S:
        return "expired_url"
    if record.uses >= RESPONSE_URL_USES:
        return "used_url"
    blocks = body.get("blocks") or []
    if blocks and (validate_message(blocks, most_chars=None) or refused_blocks(slack.teams[record.team], blocks)):
        return "invalid_blocks"
    if len(body.get("text") or "") > TEXT_CHARS:
        return "msg_too_long"
    if not blocks and not body.get("text") and not body.get("delete_original"):
        return "no_text"
    return ""


def _apply(slack: Slack, record: ResponseUrl, body: Json) -> None:
    original = _original(slack, record)
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if body.get("delete_original"):
        if original is not None:
            original.deleted = True
        return
    if body.get("replace_original") and original is not None:
        original.text, original.blocks = text, named(slack, blocks)
        original.edited = original.edited or not blocks
        slack.wrote("response_url", record.team, original)
        return
    message = show(slack, record, text, blocks, in_channel=body.get("response_type") == "in_channel")
    message.thread_ts = body.get("thread_ts") or (original.thread_ts if original is not None else None)
    record.posted.append(message)
    record.message_ts = record.message_ts or message.ts
    slack.wrote("response_url", record.team, message)


def _original(slack: Slack, record: ResponseUrl) -> Message | None:
    hidden = (one for one in slack.surfaces.ephemerals[record.user] if one.ts == record.message_ts)
    return next(hidden, None) or slack.channels[record.channel].messages.get(record.message_ts)
