"""From Discord's dispatches to what somebody did. Pure; `None` for whatever is nobody's doing or cannot be understood.

    MESSAGE_CREATE, _UPDATE, _DELETE    words of a person, and what became of them
    INTERACTION_CREATE
      2 command                         a slash command, or one of a message's menu
      3 component                       a button pressed, something chosen in a menu
      4 autocomplete                    a part of an option was typed
      5 modal                           a form was submitted

A message is changed when Discord says at what time: without one, it only found a picture for a link.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import ValidationError

from adapters.discord.names import read_menu, read_press
from adapters.discord.payloads import Data, Gone, Interaction, Member, Message, Option
from adapters.discord.seen import (
    Asked,
    Called,
    Changed,
    Commanded,
    Completing,
    Place,
    Pressed,
    Said,
    Seen,
    Submitted,
    Tapped,
)
from adapters.discord.words import plain
from engine.admin.roles import AdminRole

log = logging.getLogger(__name__)

EVENTS = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "INTERACTION_CREATE"})

SPOKEN = frozenset({0, 19})
"""Types of messages that people write: by themselves, or as a reply."""
COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
CHAT_INPUT, ON_MESSAGE = 1, 3
SUBCOMMANDS = frozenset({1, 2})
GUILD_TEXT, BOT_DM = 0, 1
ADMINISTRATOR, MANAGE_GUILD = 1 << 3, 1 << 5
EPHEMERAL, VOICE = 1 << 6, 1 << 13
PRIVATE_THREADS = 1 << 36 | 1 << 38
"""The permissions to open one and to write in it."""


def parse(event: str, data: object) -> Seen | None:
    """What a dispatch tells."""
    try:
        match event:
            case "MESSAGE_CREATE":
                return said(Message.model_validate(data))
            case "MESSAGE_UPDATE":
                return edited(Message.model_validate(data))
            case "MESSAGE_DELETE":
                gone = Gone.model_validate(data)
                place = Place(gone.channel_id, "", gone.guild_id, not gone.guild_id)
                return Changed(place, gone.id, None) if gone.id and gone.channel_id else None
            case "INTERACTION_CREATE":
                return _interaction(Interaction.model_validate(data))
            case _:
                return None
    except ValidationError as error:
        where = [".".join(map(str, each["loc"])) for each in error.errors(include_input=False, include_url=False)]
        log.warning("a dispatch could not be understood", extra={"event": event, "where": where[:5]})
        return None


def removed_from(data: object) -> str:
    """The server that a GUILD_DELETE says removed the app; "" where it is only out of order for a while."""
    gone: Mapping[str, object] = cast("Mapping[str, object]", data) if isinstance(data, Mapping) else {}
    return "" if gone.get("unavailable") else str(gone.get("id") or "")


def said(message: Message) -> Said | None:
    """A message that a person wrote."""
    place = _place_of(message)
    if place is None:
        return None
    return Said(place, message.id, _text(message), message.attachments, bool(message.flags & VOICE))


def edited(message: Message) -> Changed | None:
    """A message that a person wrote and has changed."""
    place = _place_of(message)
    if place is None or not message.edited_timestamp:
        return None
    return Changed(place, message.id, _text(message), message.edited_timestamp)


def _place_of(message: Message) -> Place | None:
    author = message.author
    if author is None or author.bot or not author.id or message.webhook_id or message.type not in SPOKEN:
        return None
    if not message.id or not message.channel_id:
        return None
    return Place(message.channel_id, author.id, message.guild_id, not message.guild_id)


def _text(message: Message) -> str:
    return plain(message.content, {user.id: user.name for user in message.mentions if user.name})


def _interaction(seen: Interaction) -> Seen | None:
    who, channel, message = seen.who, seen.channel_id or seen.channel.id, seen.message or Message()
    if who is None or not (who.id and seen.id and seen.token and channel):
        return None
    member = seen.member or Member()
    place = Place(
        channel, who.id, seen.guild_id, seen.context == BOT_DM, _may_open_threads(seen),
        role_of(_number(member.permissions)) if seen.guild_id else None, frozenset(member.roles),
    )  # fmt: skip
    asked = Asked(seen.id, seen.token, seen.application_id, message.id, bool(message.flags & EPHEMERAL))
    data = seen.data
    match seen.type:
        case 2 if data.type == ON_MESSAGE:
            target = data.resolved.messages.get(data.target_id)
            return target and Called(
                place, asked, data.name, target.channel_id or channel, data.target_id, _text(target)
            )
        case 2 if data.type == CHAT_INPUT:
            words, options = _path(data)
            return Commanded(place, asked, words, {option.name: _value(option) for option in options})
        case 3:
            return _component(place, asked, data, message)
        case 4:
            words, options = _path(data)
            typed = next((option for option in options if option.focused), None)
            before = {option.name: _value(option) for option in options if not option.focused}
            return typed and Completing(place, asked, words, typed.name, _value(typed), before)
        case 5 if data.custom_id:
            return _submitted(place, asked, data, message)
        case _:
            return None


def _may_open_threads(seen: Interaction) -> bool:
    """The bot itself is there, it is a plain text channel, and it may."""
    allowed = _number(seen.app_permissions)
    present = seen.authorizing_integration_owners.get("0", "") not in ("", "0")
    return present and seen.channel.type == GUILD_TEXT and allowed & PRIVATE_THREADS == PRIVATE_THREADS


def role_of(permissions: int) -> AdminRole | None:
    """The role that goes with Discord's permissions in a server."""
    if permissions & ADMINISTRATOR:
        return "owner"
    return "admin" if permissions & MANAGE_GUILD else None


def _number(permissions: str) -> int:
    return int(permissions) if permissions.isdecimal() else 0


def _path(data: Data) -> tuple[tuple[str, ...], tuple[Option, ...]]:
    """The words of a command's name, and the options of the innermost."""
    words, options = [data.name], data.options
    while options and options[0].type in SUBCOMMANDS:
        words.append(options[0].name)
        options = options[0].options
    return tuple(words), options


def _value(option: Option) -> str:
    value = option.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else str(value)


def _component(place: Place, asked: Asked, data: Data, message: Message) -> Seen | None:
    chosen = data.values[0] if data.values else ""
    pressed = read_menu(data.custom_id, chosen) if data.values else read_press(data.custom_id)
    if pressed is not None:
        action, owner, turn = pressed
        return Pressed(place, asked, action, owner, turn)
    if not data.custom_id:
        return None
    return Tapped(place, asked, data.custom_id, chosen, message.components, message.attachments)


def _submitted(place: Place, asked: Asked, data: Data, message: Message) -> Submitted:
    fields = dict(_fields(data))
    uploaded = data.resolved.attachments
    wanted = [id for entry in data.components for each in entry.walk() for id in each.values if id in uploaded]
    files = tuple(uploaded[id] for id in dict.fromkeys(wanted))
    chosen = dict(_chosen(data, {id: file.filename for id, file in uploaded.items()}))
    return Submitted(place, asked, data.custom_id, fields, files, message.components, chosen)


def _fields(data: Data) -> Iterator[tuple[str, str]]:
    for entry in data.components:
        for each in entry.walk():
            if each.custom_id:
                yield each.custom_id, each.value or " ".join(each.values)


def _chosen(data: Data, names: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for entry in data.components:
        for each in entry.walk():
            if each.custom_id and not each.value:
                yield each.custom_id, tuple(names.get(value, value) for value in each.values)


def dispatch(payload: Mapping[str, object]) -> tuple[str, object] | None:
    """The event and its data, where a gateway payload is one of those that are read."""
    event = payload.get("t")
    return (event, payload.get("d")) if isinstance(event, str) and event else None
