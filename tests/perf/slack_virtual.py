"""Slack's rate limits around as little of a Slack as pacing needs, behind slack_sdk and in virtual time.

What messages are made of is checked by `tests/wire/slack`; here a write only has to be of a message that can take it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.perf.slack_sight import Write
from tests.wire.slack.limits import Limits
from tests.wire.slack.state import interactive, visible_text

ROUND_TRIP_S = 0.12

STREAM_BYTES = 11_000


@dataclass(slots=True)
class _Message:
    streaming: bool = False
    size: int = 0


@dataclass
class LimitedSlack:
    """`writes` is everything that was asked of it."""

    now: Callable[[], float]
    limits: Limits
    writes: list[Write] = field(default_factory=list)
    _messages: dict[tuple[str, str], _Message] = field(default_factory=dict)
    _last_ts: int = 0

    def call(self, method: str, args: Mapping[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
        """Status, headers and body of the answer."""
        now, channel = self.now(), str(args.get("channel") or args.get("channel_id") or "")
        wait_s = self.limits.take("", method, args, now)
        answer = {"ok": False, "error": "ratelimited"} if wait_s else self._do(method, channel, args)
        seen = readable(args) if answer["ok"] else ""
        self.writes.append(Write(now, method, channel, bool(answer["ok"]), bool(wait_s), seen))
        headers = {"Retry-After": str(wait_s)} if wait_s else {}
        return (429 if wait_s else 200), headers, answer

    def _do(self, method: str, channel: str, args: Mapping[str, Any]) -> dict[str, Any]:
        if method in ("chat.postMessage", "chat.startStream"):
            self._last_ts += 1
            ts = f"{1_700_000_000 + self._last_ts}.000100"
            self._messages[channel, ts] = _Message(method == "chat.startStream", len(readable(args).encode()))
            return {"ok": True, "channel": channel, "ts": ts, "message": {"ts": ts}}
        if method not in ("chat.update", "chat.appendStream", "chat.stopStream", "chat.delete"):
            return {"ok": True}
        ts = str(args.get("ts", ""))
        message = self._messages.get((channel, ts))
        if message is None:
            return {"ok": False, "error": "message_not_found"}
        if method in ("chat.appendStream", "chat.stopStream"):
            if not message.streaming:
                return {"ok": False, "error": "message_not_in_streaming_state"}
            message.size += len(readable({**args, "blocks": None}).encode())
            if message.size > STREAM_BYTES:
                return {"ok": False, "error": "msg_too_long"}
            message.streaming = method != "chat.stopStream"
        return {"ok": True, "channel": channel, "ts": ts}


def readable(args: Mapping[str, Any]) -> str:
    """What a person sees of a message or of what is added to a stream, and the names of its buttons."""
    given = args.get("blocks") or []
    blocks: list[dict[str, Any]] = json.loads(given) if isinstance(given, str) else given
    chunks = [str(chunk.get("text", "")) for chunk in args.get("chunks") or []]
    added = "".join([args.get("markdown_text") or "", *chunks])
    text = visible_text(added or args.get("text") or "", blocks, streamed=bool(added))
    return "\n".join([text, *(str(element["action_id"]) for _, element in interactive(blocks))])


class VirtualSession:
    """What slack_sdk takes for an aiohttp session: answers come from `slack` after a round trip of the loop's time."""

    closed = False

    def __init__(self, slack: LimitedSlack) -> None:
        self._slack = slack

    @asynccontextmanager
    async def request(self, verb: str, url: str, **args: Any) -> AsyncGenerator[_Response]:
        del verb
        given = {**(args.get("params") or {}), **(args.get("data") or {}), **(args.get("json") or {})}
        await asyncio.sleep(ROUND_TRIP_S / 2)
        status, headers, body = self._slack.call(url.rpartition("/")[2], given)
        await asyncio.sleep(ROUND_TRIP_S / 2)
        yield _Response(status, headers, body)


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: dict[str, str]
    body: dict[str, Any]
    content_type: str = "application/json"

    async def json(self) -> dict[str, Any]:
        return self.body
