"""Messages by bot token: create, read, edit, delete, type."""

from __future__ import annotations

from tests.wire.discord import posting
from tests.wire.discord.components import Json
from tests.wire.discord.errors import SENTENCES, refusal, wrong
from tests.wire.discord.house import House
from tests.wire.discord.rest import Asked, route
from tests.wire.discord.world import ATTACH_FILES, DM, MANAGE_MESSAGES, READ_HISTORY, SEND_MESSAGES, Channel, Message

HOUR_S = 3600.0
OF_CHANNEL = "/channels/{channel}/messages"
ONE = OF_CHANNEL + "/{message}"


@route("POST", OF_CHANNEL, bucket="posts", major="channel")
def create(asked: Asked) -> Json:
    house = asked.house
    channel = _writable(house, house.channel(asked.id("channel")), files=bool(asked.uploads))
    message, earlier = posting.compose(house, channel, asked.body or {}, asked.uploads)
    if not earlier:
        if channel.is_thread and channel.archived:
            channel.archived = False
            house.thread_event("THREAD_UPDATE", channel)
        house.add_message(message, "post")
    return house.wording(message)


@route("GET", OF_CHANNEL)
def history(asked: Asked) -> list[Json]:
    house = asked.house
    channel = _readable(house, asked)
    limit = int(asked.query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise wrong("limit", "NUMBER_TYPE_MAX", "int value should be between 1 and 100.")
    seen = [each for each in sorted(channel.messages.values(), key=lambda each: each.id) if not each.ephemeral_for]
    if "after" in asked.query:  # the ones that follow directly, not the newest
        chosen = [each for each in seen if each.id > int(asked.query["after"])][:limit]
    elif "around" in asked.query:
        centre = int(asked.query["around"])
        near = sorted(seen, key=lambda each: abs(each.id - centre))[:limit]
        chosen = sorted(near, key=lambda each: each.id)
    else:
        before = int(asked.query.get("before", 1 << 63))
        chosen = [each for each in seen if each.id < before][-limit:]
    return [house.wording(each) for each in reversed(chosen)]


@route("GET", ONE)
def read(asked: Asked) -> Json:
    channel = _readable(asked.house, asked)
    return asked.house.wording(asked.house.message(channel, asked.id("message")))


@route("PATCH", ONE, bucket="edits", major="channel")
def edit(asked: Asked) -> Json:
    house = asked.house
    message = _own(asked)
    _not_too_often(house, message)
    posting.amend(house, message, asked.body or {}, asked.uploads)
    house.change_message(message, "edit")
    return house.wording(message)


@route("DELETE", ONE, bucket="deletes", major="channel")
def delete(asked: Asked) -> None:
    house = asked.house
    channel = house.channel(asked.id("channel"))
    message = house.message(channel, asked.id("message"))
    if message.author is not house.bot:
        if channel.type == DM:
            raise refusal(50003)
        if not channel.permissions(house.bot) & MANAGE_MESSAGES:
            raise refusal(50013)
    house.delete_message(message, "delete")


@route("POST", "/channels/{channel}/typing", bucket="typing", major="channel")
def typing(asked: Asked) -> None:
    house = asked.house
    house.type(house.bot, _writable(house, house.channel(asked.id("channel"))))


def _own(asked: Asked) -> Message:
    channel = asked.house.channel(asked.id("channel"))
    message = asked.house.message(channel, asked.id("message"))
    if message.author is not asked.house.bot:
        raise refusal(50005)
    if channel.is_thread and channel.archived:
        raise refusal(50083)
    return message


def _not_too_often(house: House, message: Message) -> None:
    now = house.clock.now()
    if now - message.created_at > HOUR_S:
        window = house.buckets.limits.old_edits
        house.buckets.sub("old", str(message.channel.id), window, now, 30046, SENTENCES[30046][1])


def _readable(house: House, asked: Asked) -> Channel:
    channel = house.channel(asked.id("channel"))
    if not channel.permissions(house.bot) & READ_HISTORY:
        raise refusal(50013)
    return channel


def _writable(house: House, channel: Channel, *, files: bool = False) -> Channel:
    if channel.recipient is not None and channel.recipient.id in house.closed:
        raise refusal(house.closed[channel.recipient.id])
    allowed = channel.permissions(house.bot)
    if not allowed & SEND_MESSAGES or (files and not allowed & ATTACH_FILES):
        raise refusal(50013)
    if channel.is_thread and channel.archived and channel.locked:
        raise refusal(50083)
    return channel
