"""`chat.postMessage`, `update`, `delete`, `postEphemeral`, `getPermalink`: messages that are there at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.wire.slack.api.ask import Ask, member, own_message, place, read_blocks, read_metadata, read_text, thread
from tests.wire.slack.events import message_json
from tests.wire.slack.state import Message, Refused

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]


def post_message(slack: Slack, ask: Ask) -> Json:
    channel = place(slack, ask, to_write=True)
    text, blocks, metadata = read_text(ask), read_blocks(slack, ask), read_metadata(ask)
    if not text and not blocks:
        raise Refused("no_text")
    message = Message(
        channel.id, slack.new_ts(), ask.team.bot_user, text, blocks, thread(ask, channel), bot=True, metadata=metadata
    )
    channel.messages[message.ts] = message
    slack.wrote(ask.method, ask.team.id, message)
    slack.events.echo(slack.events.posted(message, channel, ask.team), channel, ask.team)
    return {"channel": channel.id, "ts": message.ts, "message": message_json(message, ask.team)}


def update(slack: Slack, ask: Ask) -> Json:
    """Replaces the whole message. Text without blocks takes the blocks away and marks the message as edited."""
    channel = place(slack, ask)
    (ts,) = ask.need("ts")
    message = own_message(ask, channel, ts, "cant_update_message")
    slack.expire(message)
    if message.streaming:
        raise Refused("streaming_state_conflict")
    if message.ephemeral_for:
        raise Refused("message_not_found")
    text, blocks = read_text(ask), read_blocks(slack, ask)
    if not text and not blocks:
        raise Refused("no_text")
    previous = message_json(message, ask.team)
    if message.stream is not None:
        message.stream = None  # what was streamed is replaced, and nothing stands above the blocks any more
    message.text, message.blocks = text, blocks
    if ask.args.get("metadata") is not None:
        message.metadata = read_metadata(ask)
    if not blocks:
        message.edited, message.edited_ts = True, slack.new_ts()
    slack.wrote(ask.method, ask.team.id, message)
    slack.events.echo(slack.events.changed(message, previous, channel, ask.team), channel, ask.team)
    return {"channel": channel.id, "ts": ts, "text": text, "message": message_json(message, ask.team)}


def delete(slack: Slack, ask: Ask) -> Json:
    channel = place(slack, ask)
    (ts,) = ask.need("ts")
    message = own_message(ask, channel, ts, "cant_delete_message")
    message.deleted = True
    if message.stream is not None:
        message.stream.closed = True
    slack.wrote(ask.method, ask.team.id, message)
    slack.events.echo(slack.events.deleted(message, channel, ask.team), channel, ask.team)
    return {"channel": channel.id, "ts": ts}


def post_ephemeral(slack: Slack, ask: Ask) -> Json:
    channel = place(slack, ask, to_write=True)
    (user,) = ask.need("user")
    member(slack, ask, user)
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    text, blocks = read_text(ask), read_blocks(slack, ask)
    if not text and not blocks:
        raise Refused("no_text")
    message = Message(
        channel.id, slack.new_ts(), ask.team.bot_user, text, blocks, thread(ask, channel), bot=True, ephemeral_for=user
    )
    slack.surfaces.ephemerals[user].append(message)
    slack.changed()
    return {"message_ts": message.ts}


def get_permalink(slack: Slack, ask: Ask) -> Json:
    channel = place(slack, ask)
    (ts,) = ask.need("message_ts")
    if ts not in channel.messages or channel.messages[ts].deleted:
        raise Refused("message_not_found")
    link = f"https://{ask.team.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": post_message, "chat.update": update, "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral, "chat.getPermalink": get_permalink,
}  # fmt: skip
