"""Who and what is there: `auth`, `team`, `bots`, `users`, `conversations`, `reactions`, and the door to Socket Mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.wire.slack.api.ask import Ask, member, place
from tests.wire.slack.blocks import validate_message, validate_view
from tests.wire.slack.events import message_json
from tests.wire.slack.state import Channel, Refused

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]

MOST_REPLIES = 15
"""All that an app outside the Marketplace gets."""


def auth_test(slack: Slack, ask: Ask) -> Json:
    team, org = ask.team, not ask.grant.team
    return {
        "url": f"https://{team.domain}.slack.com/", "team": "Org" if org else team.name, "user": "rehearse",
        "team_id": team.enterprise if org else team.id, "user_id": team.bot_user, "bot_id": team.bot_id,
        "is_enterprise_install": org, **({"enterprise_id": team.enterprise} if team.enterprise else {}),
    }  # fmt: skip


def auth_revoke(slack: Slack, ask: Ask) -> Json:
    if ask.flag("test"):
        return {"revoked": False}
    ask.grant.error = "token_revoked"
    return {"revoked": True}


def connections_open(slack: Slack, ask: Ask) -> Json:
    if slack.deliveries.sockets.disabled:
        raise Refused("not_allowed_token_type")
    return {"url": slack.deliveries.sockets.new_url()}


def api_test(slack: Slack, ask: Ask) -> Json:
    return {"args": ask.args}


def team_info(slack: Slack, ask: Ask) -> Json:
    team = ask.team
    said: Json = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}
    return {"team": said | ({"enterprise_id": team.enterprise, "enterprise_name": "Org"} if team.enterprise else {})}


def bots_info(slack: Slack, ask: Ask) -> Json:
    if ask.args.get("bot") not in (None, ask.team.bot_id):
        raise Refused("bot_not_found")
    bot = {"id": ask.team.bot_id, "name": "Rehearse", "app_id": ask.team.app_id, "user_id": ask.team.bot_user}
    return {"bot": {**bot, "deleted": False, "updated": 1700000000, "icons": {}}}


def users_info(slack: Slack, ask: Ask) -> Json:
    (user,) = ask.need("user")
    return {"user": member(slack, ask, user).as_json(locale=ask.flag("include_locale"))}


def users_list(slack: Slack, ask: Ask) -> Json:
    everybody = [found.as_json() for (team, _), found in slack.members.items() if team == ask.team.id]
    page, cursor = _page(everybody, ask, 200)
    return {"members": page, "cache_ts": 1700000000, "response_metadata": {"next_cursor": cursor}}


def usergroups_list(slack: Slack, ask: Ask) -> Json:
    if "usergroups:read" not in ask.team.scopes.split(","):
        raise Refused("missing_scope", needed="usergroups:read")
    groups = [group for group in slack.groups.values() if group.team == ask.team.id]
    shown = [group for group in groups if ask.flag("include_disabled") or not group.disabled]
    return {"usergroups": [group.as_json(users=ask.flag("include_users")) for group in shown]}


def conversations_open(slack: Slack, ask: Ask) -> Json:
    users = [user for user in str(ask.args.get("users") or "").split(",") if user]
    if ask.args.get("channel"):
        channel = place(slack, ask)
    elif not users:
        raise Refused("users_list_not_supplied")
    elif len(users) == 1:
        if users[0] == ask.team.bot_user or member(slack, ask, users[0]).bot:
            raise Refused("cannot_dm_bot")
        if member(slack, ask, users[0]).deleted:
            raise Refused("user_disabled")
        channel = slack.channels[slack.dm(users[0], ask.team)]
    else:
        id = "G" + "".join(sorted(member(slack, ask, user).id for user in users))
        together = {*users, ask.team.bot_user}
        channel = slack.channels.setdefault(id, Channel(id, ask.team.id, "mpdm", together, "mpim"))
    said = channel.as_json(ask.team.bot_user) if ask.flag("return_im") else {"id": channel.id}
    return {"channel": said, "no_op": True, "already_open": True}


def conversations_info(slack: Slack, ask: Ask) -> Json:
    return {"channel": place(slack, ask).as_json(ask.team.bot_user)}


def conversations_members(slack: Slack, ask: Ask) -> Json:
    page, cursor = _page(sorted(place(slack, ask).members), ask, 100)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def conversations_list(slack: Slack, ask: Ask) -> Json:
    kinds = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
    wanted = {kinds.get(kind) for kind in str(ask.args.get("types") or "public_channel").split(",")}
    known = [one for one in slack.channels.values() if one.team == ask.team.id and one.kind in wanted]
    page, cursor = _page([one.as_json(ask.team.bot_user) for one in known], ask, 100)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def conversations_replies(slack: Slack, ask: Ask) -> Json:
    channel = place(slack, ask)
    (ts,) = ask.need("ts")
    if ts not in channel.messages:
        raise Refused("thread_not_found")
    said = [message_json(message, ask.team) for message in slack.messages(channel.id, ts)]
    page, cursor = _page(said, ask, MOST_REPLIES)
    return {"messages": page, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def conversations_history(slack: Slack, ask: Ask) -> Json:
    channel = place(slack, ask)
    roots = [message for message in slack.messages(channel.id) if message.thread_ts in (None, message.ts)]
    page, cursor = _page([message_json(message, ask.team) for message in reversed(roots)], ask, MOST_REPLIES)
    return {"messages": page, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def reactions_add(slack: Slack, ask: Ask) -> Json:
    channel = place(slack, ask)
    ts, name = ask.need("timestamp", "name")
    message = channel.messages.get(ts)
    if message is None or message.deleted:
        raise Refused("message_not_found")
    if (ask.team.bot_user, name) in message.reactions:
        raise Refused("already_reacted")
    message.reactions.append((ask.team.bot_user, name))
    return {}


def reactions_remove(slack: Slack, ask: Ask) -> Json:
    channel = place(slack, ask)
    ts, name = ask.need("timestamp", "name")
    message = channel.messages.get(ts)
    if message is None or (ask.team.bot_user, name) not in message.reactions:
        raise Refused("no_reaction")
    message.reactions.remove((ask.team.bot_user, name))
    return {}


def blocks_validate(slack: Slack, ask: Ask) -> Json:
    view, message, blocks = (ask.args.get(key) for key in ("view", "message", "blocks"))
    if isinstance(message, dict):
        blocks = message.get("blocks")
    problems = validate_view(view) if view is not None else validate_message(blocks)
    if problems:
        raise Refused("invalid_blocks", problems)
    return {}


def _page(found: list[Any], ask: Ask, most: int) -> tuple[list[Any], str]:
    at = int(ask.args.get("cursor") or 0)
    limit = max(1, min(int(ask.args.get("limit") or most), most))
    return found[at : at + limit], str(at + limit) if at + limit < len(found) else ""


METHODS = {
    "auth.test": auth_test, "auth.revoke": auth_revoke, "apps.connections.open": connections_open, "api.test": api_test,
    "team.info": team_info, "bots.info": bots_info, "users.info": users_info, "users.list": users_list,
    "usergroups.list": usergroups_list,
    "conversations.open": conversations_open, "conversations.info": conversations_info,
    "conversations.members": conversations_members, "conversations.list": conversations_list,
    "conversations.replies": conversations_replies, "conversations.history": conversations_history,
    "reactions.add": reactions_add, "reactions.remove": reactions_remove, "blocks.validate": blocks_validate,
}  # fmt: skip
