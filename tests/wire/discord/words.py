"""How Discord words its objects: the JSON of users, members, guilds, channels, threads, messages.

Pure, but for file addresses, which are signed when they are worded and so fresh in every answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.wire.discord.clock import iso
from tests.wire.discord.components import Json, numbered, walk
from tests.wire.discord.world import DM, PRIVATE_THREAD, Account, Attachment, Channel, Guild, Member, Message, Role

Address = Callable[[Channel, Attachment], str]


def user(account: Account) -> Json:
    return {
        "id": str(account.id),
        "username": account.name.lower().replace(" ", "_"),
        "global_name": None if account.bot else account.name,
        "discriminator": "0",
        "avatar": None,
        "avatar_decoration_data": None,
        "public_flags": 0,
        "bot": account.bot,
    }


def member(of: Member, *, with_user: bool = True) -> Json:
    found: Json = {
        "roles": [str(role) for role in of.roles],
        "nick": None,
        "avatar": None,
        "joined_at": iso(of.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
    return {**found, "user": user(of.account)} if with_user else found


def role(of: Role, position: int) -> Json:
    return {
        "id": str(of.id),
        "name": of.name,
        "permissions": str(of.permissions),
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": position,
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def guild(of: Guild, bot: Account) -> Json:
    """A guild as GUILD_CREATE has it: with channels, its own member, and the threads the bot is in."""
    channels = [each for each in of.channels.values() if not each.deleted]
    threads = [each for each in channels if each.is_thread and not each.archived and bot.id in each.members]
    mine = of.members[bot.id]
    return {
        "id": str(of.id),
        "name": of.name,
        "owner_id": str(of.owner_id),
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "features": [],
        "region": "us-east",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "incidents_data": None,
        "joined_at": iso(mine.joined_at),
        "large": False,
        "unavailable": False,
        "member_count": len(of.members),
        "roles": [role(each, n) for n, each in enumerate(of.roles.values())],
        "channels": [channel(each) for each in channels if not each.is_thread],
        "threads": [channel(each) | {"member": _thread_member(each, bot.id)} for each in threads],
        "members": [member(mine)],
        "emojis": [],
        "stickers": [],
        "voice_states": [],
        "presences": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
    }


def channel(of: Channel) -> Json:
    """A channel of any kind."""
    last = next(reversed(of.messages), None)
    found: Json = {"id": str(of.id), "type": of.type, "last_message_id": str(last) if last else None, "flags": 0}
    if of.type == DM:
        assert of.recipient is not None
        return {**found, "recipients": [user(of.recipient)]}
    assert of.guild is not None
    found |= {"name": of.name, "guild_id": str(of.guild.id), "rate_limit_per_user": 0, "nsfw": False}
    if not of.is_thread:
        overwrites = [
            {"id": str(each.id), "type": int(each.member), "allow": str(each.allow), "deny": str(each.deny)}
            for each in of.overwrites
        ]
        return {**found, "position": 0, "topic": None, "parent_id": None, "permission_overwrites": overwrites}
    assert of.parent is not None
    assert of.owner is not None
    metadata: Json = {
        "archived": of.archived,
        "locked": of.locked,
        "auto_archive_duration": of.archive_after_min,
        "archive_timestamp": iso(of.archived_at or of.created_at),
        "create_timestamp": iso(of.created_at),
    }
    if of.type == PRIVATE_THREAD:
        metadata["invitable"] = of.invitable
    return {
        **found,
        "parent_id": str(of.parent.id),
        "owner_id": str(of.owner.id),
        "message_count": len(of.messages),
        "total_message_sent": len(of.messages),
        "member_count": len(of.members),
        "thread_metadata": metadata,
    }


def thread_members(of: Channel) -> list[Json]:
    """Who is in a thread."""
    return [_thread_member(of, account) for account in of.members]


def _thread_member(of: Channel, account: int) -> Json:
    return {"id": str(of.id), "user_id": str(account), "join_timestamp": iso(of.members[account]), "flags": 0}


def attachment(of: Attachment, url: str) -> Json:
    found: Json = {
        "id": str(of.id),
        "filename": of.filename,
        "size": len(of.content),
        "url": url,
        "proxy_url": url,
        "content_type": of.content_type,
    }
    if of.content_type.startswith("image/"):
        found |= {"width": 640, "height": 360, "placeholder": "", "placeholder_version": 1}
    if of.description is not None:
        found["description"] = of.description
    if of.duration_s is not None:
        found |= {"duration_secs": of.duration_s, "waveform": of.waveform}
    if of.ephemeral:
        found["ephemeral"] = True
    return found


def message(of: Message, address: Address, *, open_to_bot: bool = True, nested: bool = False) -> Json:
    """A message. Not `open_to_bot`: what it says is left out, as for an app without the message content intent."""
    place = of.channel
    found: Json = {
        "id": str(of.id),
        "type": 20 if of.interaction and of.interaction["type"] == 2 and not of.reply_to else 19 if of.reply_to else 0,
        "channel_id": str(place.id),
        "channel_type": place.type,
        "author": user(of.author),
        "timestamp": iso(of.created_at),
        "edited_timestamp": iso(of.edited_at) if of.edited_at else None,
        "tts": False,
        "pinned": False,
        "mention_everyone": "@everyone" in of.pings,
        "mentions": [],
        "mention_roles": [],
        "flags": of.flags,
        "content": of.content,
        "embeds": of.embeds,
        "attachments": [attachment(each, address(place, each)) for each in of.attachments],
        "components": shown(of, address),
    }
    if not open_to_bot:
        found |= {"content": "", "embeds": [], "attachments": [], "components": []}
    if place.guild is not None:
        found["guild_id"] = str(place.guild.id)
        inside = place.guild.members.get(of.author.id)
        if inside is not None:
            found["member"] = member(inside, with_user=False)
    accounts = [place.recipient] if place.recipient else [each.account for each in _members(place)]
    found["mentions"] = [user(each) for each in accounts if each and f"<@{each.id}>" in of.pings]
    if of.nonce is not None:
        found["nonce"] = of.nonce
    if of.author.bot:
        found["application_id"] = str(of.author.id)
    if of.interaction is not None:
        found["interaction_metadata"] = of.interaction
        found["webhook_id"] = str(of.author.id)
    if of.reply_to is not None:
        reference = {"type": 0, "channel_id": str(place.id), "message_id": str(of.reply_to.id)}
        if place.guild is not None:
            reference["guild_id"] = str(place.guild.id)
        found["message_reference"] = reference
        if not nested:
            replied = None if of.reply_to.deleted else message(of.reply_to, address, nested=True)
            found["referenced_message"] = replied
    return found


def _members(place: Channel) -> list[Member]:
    return list(place.guild.members.values()) if place.guild else []


def shown(of: Message, address: Address) -> list[Json]:
    """A message's components as the API returns them: numbered, with `attachment://` made an address."""
    components = numbered(of.components)
    by_name = {each.filename: each for each in of.attachments}
    for component in walk(components):
        for media in _media(component):
            found = by_name.get(str(media.get("url", "")).removeprefix("attachment://"))
            if found is None:
                media.setdefault("proxy_url", media.get("url"))
                continue
            url = address(of.channel, found)
            media |= {"url": url, "proxy_url": url, "attachment_id": str(found.id), "loading_state": 2, "flags": 0}
            media |= {"content_type": found.content_type, "placeholder": "", "width": 640, "height": 360}
            if component["type"] == 13:
                component |= {"name": found.filename, "size": len(found.content)}
    return components


def _media(component: Json) -> list[dict[str, Any]]:
    items = [item.get("media") for item in component.get("items") or []]
    return [each for each in [component.get("media"), component.get("file"), *items] if isinstance(each, dict)]
