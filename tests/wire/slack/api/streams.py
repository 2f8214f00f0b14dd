"""Native streams: `chat.startStream`, `appendStream`, `stopStream`, with limits Slack documents and others it does not.

A stream lives about five minutes, however busy it is, and holds about 11,000 bytes of UTF-8 in all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.wire.slack.api.ask import MARKDOWN_CHARS, Ask, own_message, place, read_blocks, read_metadata, thread
from tests.wire.slack.blocks import validate_message
from tests.wire.slack.events import message_json
from tests.wire.slack.interact import named
from tests.wire.slack.state import Message, Refused, Stream
from tests.wire.slack.surfaces import Status

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]

CUMULATIVE_BYTES = 11_000
CHUNK_BLOCKS = 50
SESSION_STATUSES = ("processing", "active", "suspended", "closed")


def start(slack: Slack, ask: Ask) -> Json:
    _supported(ask)
    channel = place(slack, ask, to_write=True)
    ask.need("thread_ts")
    root = thread(ask, channel)
    if channel.kind != "im":
        for key in ("recipient_user_id", "recipient_team_id"):
            if not ask.args.get(key):
                raise Refused(f"missing_{key}")
    stream = Stream(slack.now(), str(ask.args.get("recipient_user_id") or ""))
    message = Message(channel.id, slack.new_ts(), ask.team.bot_user, "", [], root, bot=True, stream=stream)
    _grow(slack, ask, message, stream)
    stream.first = message.visible
    channel.messages[message.ts] = message
    slack.wrote(ask.method, ask.team.id, message)
    slack.events.echo(slack.events.posted(message, channel, ask.team), channel, ask.team)
    return {"channel": channel.id, "ts": message.ts}


def append(slack: Slack, ask: Ask) -> Json:
    message, stream = _live(slack, ask)
    if not ask.args.get("markdown_text") and not ask.args.get("chunks"):
        raise Refused("no_text")
    _grow(slack, ask, message, stream)
    slack.wrote(ask.method, ask.team.id, message)
    return {"channel": message.channel, "ts": message.ts}


def stop(slack: Slack, ask: Ask) -> Json:
    """Ends the stream. Blocks stand below what was streamed."""
    message, stream = _live(slack, ask)
    blocks, metadata = read_blocks(slack, ask), read_metadata(ask)
    status = ask.args.get("session_status")
    if status is not None and status not in SESSION_STATUSES:
        raise Refused("invalid_arguments", ["[ERROR] unknown session_status"])
    channel = slack.channels[message.channel]
    previous = message_json(message, ask.team)
    _grow(slack, ask, message, stream)
    message.blocks = [*message.blocks, *blocks]
    message.metadata = metadata or message.metadata
    stream.closed = True
    if status is not None:
        said = Status(slack.now(), "agents", ask.team.id, message.channel, message.thread_ts, status, ask.args)
        slack.statuses.append(said)
    slack.wrote(ask.method, ask.team.id, message)
    slack.events.echo(slack.events.changed(message, previous, channel, ask.team), channel, ask.team)
    return {"channel": message.channel, "ts": message.ts, "message": message_json(message, ask.team)}


def _supported(ask: Ask) -> None:
    if "streaming" in ask.team.refuses:
        raise Refused("unknown_method", req_method=ask.method)


def _live(slack: Slack, ask: Ask) -> tuple[Message, Stream]:
    _supported(ask)
    channel = place(slack, ask)
    (ts,) = ask.need("ts")
    message = own_message(ask, channel, ts, "message_not_owned_by_app")
    slack.expire(message)
    if message.stream is None or message.stream.closed:
        raise Refused("message_not_in_streaming_state")
    return message, message.stream


def _grow(slack: Slack, ask: Ask, message: Message, stream: Stream) -> None:
    """Add what one call brings, or nothing at all."""
    markdown, chunks = ask.args.get("markdown_text"), ask.args.get("chunks")
    if markdown is not None and chunks is not None:
        raise Refused("invalid_arguments", ["[ERROR] either markdown_text or chunks"])
    said: list[Json] = [{"type": "markdown_text", "text": str(markdown)}] if markdown else []
    if chunks is not None and not isinstance(chunks, list):
        raise Refused("invalid_chunks")
    said += chunks or []
    text, size = "", 0
    blocks: list[Json] = []
    for chunk in said:
        match chunk.get("type"):
            case "markdown_text":
                if len(chunk["text"]) > MARKDOWN_CHARS:
                    raise Refused("msg_too_long")
                text += chunk["text"]
                size += len(chunk["text"].encode())
            case "task_update":
                if not chunk.get("id") or not chunk.get("title"):
                    raise Refused("invalid_chunks")
                # Details and output count twice, by measurement.
                size += len(chunk["title"].encode())
                size += 2 * sum(len(str(chunk.get(key) or "").encode()) for key in ("details", "output"))
            case "plan_update":
                size += len(str(chunk.get("title") or "").encode())
            case "blocks":
                problems = validate_message(chunk.get("blocks"))
                if problems:
                    raise Refused("invalid_blocks", problems)
                blocks += named(slack, list[Json](chunk["blocks"]))
            case _:
                raise Refused("invalid_chunks")
    if stream.bytes + size > CUMULATIVE_BYTES:
        raise Refused("msg_too_long")
    if len(message.blocks) + len(blocks) > CHUNK_BLOCKS:
        raise Refused("invalid_blocks", [f"[ERROR] no more than {CHUNK_BLOCKS} items allowed [json-pointer:/blocks]"])
    stream.bytes += size
    stream.chunks += said
    message.text += text
    message.blocks = [*message.blocks, *blocks]


METHODS = {"chat.startStream": start, "chat.appendStream": append, "chat.stopStream": stop}
