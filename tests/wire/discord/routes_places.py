"""Who and where: the application, users, guilds, channels, threads."""

from __future__ import annotations

from tests.wire.discord import words
from tests.wire.discord.components import Json
from tests.wire.discord.errors import SENTENCES, refusal, wrong
from tests.wire.discord.problems import text_at
from tests.wire.discord.rest import Asked, route
from tests.wire.discord.world import (
    CREATE_PRIVATE_THREADS,
    CREATE_PUBLIC_THREADS,
    MANAGE_THREADS,
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    SEND_MESSAGES,
    TEXT,
    VIEW_CHANNEL,
    Channel,
    Guild,
)

THREADS = "/channels/{channel}/threads"
IN_THREAD = "/channels/{channel}/thread-members"
ARCHIVE_AFTER_MIN = (60, 1440, 4320, 10080)


@route("GET", "/users/@me")
def me(asked: Asked) -> Json:
    return words.user(asked.house.bot) | {"verified": True, "mfa_enabled": True, "locale": "en-US", "flags": 0}


@route("GET", "/oauth2/applications/@me")
@route("GET", "/applications/@me")
def application(asked: Asked) -> Json:
    bot = asked.house.bot
    return {
        "id": str(bot.id),
        "name": bot.name,
        "icon": None,
        "description": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "owner": words.user(bot),
        "team": None,
        "flags": (1 << 19) if asked.house.content_granted else 0,
        "bot": words.user(bot),
        "integration_types_config": {"0": {}, "1": {}},
        "interactions_endpoint_url": None,
        "approximate_guild_count": len(asked.house.guilds),
        **asked.house.portal,
    }


@route("GET", "/gateway")
def gateway(asked: Asked) -> Json:
    return {"url": asked.house.gateway.url}


@route("GET", "/gateway/bot")
def gateway_bot(asked: Asked) -> Json:
    left = asked.house.gateway.identify_budget
    limit = {"total": 1000, "remaining": left, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": asked.house.gateway.url, "shards": asked.house.gateway.shards, "session_start_limit": limit}


@route("GET", "/users/{user}")
def user(asked: Asked) -> Json:
    found = asked.house.accounts.get(asked.id("user"))
    if found is None:
        raise refusal(10013)
    return words.user(found)


@route("POST", "/users/@me/channels")
def open_dm(asked: Asked) -> Json:
    house, body = asked.house, asked.body or {}
    account = house.accounts.get(int(body.get("recipient_id") or 0))
    if account is None or account.bot:
        raise wrong("recipient_id", "CHANNEL_RECIPIENT_INVALID", "Invalid Recipient(s)")
    window = house.buckets.limits.dm_opens
    if account.id not in house.dms and window is not None:
        house.buckets.sub("dms", "", window, house.clock.now(), 40003, SENTENCES[40003][1])
    return words.channel(house.dm(account))


@route("GET", "/users/@me/guilds")
def guilds(asked: Asked) -> list[Json]:
    house = asked.house
    return [
        {"id": str(each.id), "name": each.name, "owner": False, "permissions": str(each.permissions(house.bot))}
        for each in house.guilds.values()
        if house.bot.id in each.members
    ]


@route("GET", "/guilds/{guild}")
def guild(asked: Asked) -> Json:
    return words.guild(_guild(asked), asked.house.bot)


@route("GET", "/guilds/{guild}/channels")
def guild_channels(asked: Asked) -> list[Json]:
    return [words.channel(each) for each in _guild(asked).channels.values() if not each.is_thread and not each.deleted]


@route("GET", "/guilds/{guild}/threads/active")
def active_threads(asked: Asked) -> Json:
    threads = [each for each in _guild(asked).channels.values() if each.is_thread and not each.archived]
    seen = [each for each in threads if not each.deleted and each.permissions(asked.house.bot) & VIEW_CHANNEL]
    return {"threads": [words.channel(each) for each in seen], "members": [], "has_more": False}


@route("GET", "/guilds/{guild}/members/{user}")
def member(asked: Asked) -> Json:
    return words.member(asked.house.member(_guild(asked), asked.id("user")))


@route("DELETE", "/users/@me/guilds/{guild}")
def leave_guild(asked: Asked) -> None:
    found = _guild(asked)
    asked.house.gateway.dispatch("GUILD_DELETE", {"id": str(found.id)}, found.id)
    del found.members[asked.house.bot.id]


@route("GET", "/channels/{channel}")
def channel(asked: Asked) -> Json:
    return words.channel(asked.house.channel(asked.id("channel")))


@route("PATCH", "/channels/{channel}")
def edit_channel(asked: Asked) -> Json:
    house, body = asked.house, asked.body or {}
    found = house.channel(asked.id("channel"))
    if not found.is_thread:
        raise refusal(50013)
    allowed = found.permissions(house.bot)
    if found.owner is not house.bot and not allowed & MANAGE_THREADS:
        raise refusal(50013)
    if bool(body.get("locked", found.locked)) != found.locked and not allowed & MANAGE_THREADS:
        raise refusal(50013)
    if found.archived and found.locked and body.get("archived") is not False and not allowed & MANAGE_THREADS:
        raise refusal(50083)
    found.name = body.get("name", found.name)
    found.locked = bool(body.get("locked", found.locked))
    found.invitable = bool(body.get("invitable", found.invitable))
    found.archive_after_min = body.get("auto_archive_duration", found.archive_after_min)
    if bool(body.get("archived", found.archived)) != found.archived:
        found.archived = not found.archived
        found.archived_at = house.clock.now()
    house.thread_event("THREAD_UPDATE", found)
    return words.channel(found)


@route("DELETE", "/channels/{channel}")
def delete_channel(asked: Asked) -> Json:
    house = asked.house
    found = house.channel(asked.id("channel"))
    if found.is_thread and not found.permissions(house.bot) & MANAGE_THREADS:
        raise refusal(50013)
    said = words.channel(found)
    if found.is_thread:
        house.thread_event("THREAD_DELETE", found)
        found.deleted = True
    return said


@route("POST", THREADS, bucket="threads", major="channel")
def start_thread(asked: Asked) -> Json:
    parent = asked.house.channel(asked.id("channel"))
    kind = (asked.body or {}).get("type", PRIVATE_THREAD)
    return words.channel(_thread(asked, parent, asked.house.ids.new(), kind))


@route("POST", "/channels/{channel}/messages/{message}/threads", bucket="threads", major="channel")
def start_thread_from_message(asked: Asked) -> Json:
    house = asked.house
    parent = house.channel(asked.id("channel"))
    message = house.message(parent, asked.id("message"))
    if message.id in house.channels:
        raise refusal(160004)
    return words.channel(_thread(asked, parent, message.id, PUBLIC_THREAD))


def _thread(asked: Asked, parent: Channel, thread_id: int, kind: int) -> Channel:
    house, body = asked.house, asked.body or {}
    if parent.type != TEXT or parent.guild is None:
        raise refusal(50024)
    private = kind == PRIVATE_THREAD
    if not parent.permissions(house.bot) & (CREATE_PRIVATE_THREADS if private else CREATE_PUBLIC_THREADS):
        raise refusal(50013)
    for problem in text_at(("name",), body.get("name"), 1, 100, required=True):
        raise wrong("name", problem.code, problem.message)
    minutes = body.get("auto_archive_duration") or 1440
    if minutes not in ARCHIVE_AFTER_MIN:
        raise wrong("auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of {60, 1440, 4320, 10080}.")
    now = house.clock.now()
    thread = Channel(thread_id, kind, body["name"], parent.guild, parent, owner=house.bot, created_at=now)
    thread.archive_after_min, thread.invitable = minutes, bool(body.get("invitable", True))
    thread.members[house.bot.id] = now
    house.channels[thread.id] = parent.guild.channels[thread.id] = thread
    house.thread_event("THREAD_CREATE", thread, newly_created=True)
    return thread


@route("GET", IN_THREAD)
def list_thread_members(asked: Asked) -> list[Json]:
    return words.thread_members(_in_thread(asked))


@route("GET", IN_THREAD + "/{user}")
def thread_member(asked: Asked) -> Json:
    thread = _in_thread(asked)
    for found in words.thread_members(thread):
        if found["user_id"] == str(asked.id("user")):
            return found
    raise refusal(10007)


@route("PUT", IN_THREAD + "/{user}")
def add_to_thread(asked: Asked) -> None:
    house, thread = asked.house, _in_thread(asked)
    assert thread.guild is not None
    assert thread.parent is not None
    account = house.bot.id if asked.params["user"] == "@me" else asked.id("user")
    member = house.member(thread.guild, account)
    if thread.archived:
        raise refusal(50083)
    if not thread.permissions(house.bot) & SEND_MESSAGES:
        raise refusal(50013)
    if not thread.parent.permissions(member.account) & VIEW_CHANNEL:
        raise refusal(50001)
    if account not in thread.members:
        thread.members[account] = house.clock.now()
        house.thread_members(thread, [account], [])


@route("DELETE", IN_THREAD + "/{user}")
def remove_from_thread(asked: Asked) -> None:
    house, thread = asked.house, _in_thread(asked)
    account = house.bot.id if asked.params["user"] == "@me" else asked.id("user")
    if account != house.bot.id and thread.owner is not house.bot:
        raise refusal(50013)
    if thread.members.pop(account, None) is not None:
        house.thread_members(thread, [], [account])


def _in_thread(asked: Asked) -> Channel:
    found = asked.house.channel(asked.id("channel"))
    if not found.is_thread:
        raise refusal(50024)
    return found


def _guild(asked: Asked) -> Guild:
    found = asked.house.guilds.get(asked.id("guild"))
    if found is None:
        raise refusal(10004)
    if asked.house.bot.id not in found.members:
        raise refusal(50001)
    return found
