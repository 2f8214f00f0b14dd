"""What a real client offers a person, and the interaction data of what they then do: commands and context menus.

`NotOffered` is raised where the person could not have done it: no such command there, an option that does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from tests.wire.discord import registry, words
from tests.wire.discord.components import Json
from tests.wire.discord.house import House
from tests.wire.discord.world import USE_COMMANDS, Account, Attachment, Channel, Guild, Message, Role

STRING, INTEGER, BOOLEAN, NUMBER = 3, 4, 5, 10
USER, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT = 6, 7, 8, 9, 11
CONTEXT_GUILD, CONTEXT_BOT_DM = 0, 1

File = tuple[str, bytes, str]
"""Name, content, media type."""


class NotOffered(Exception):
    """A real client would not have let the person do this."""


def slash(
    house: House,
    words_typed: str,
    options: Mapping[str, object],
    account: Account,
    channel: Channel,
    user_install: bool,
) -> Json:
    """The data of a slash command: `"interview start"` and its options by name."""
    name, *path = words_typed.split()
    command = _offered(house, name, registry.CHAT_INPUT, account, channel, user_install)
    given: list[Json] = []
    known = _descend(command, path)
    unknown = set(options) - {option["name"] for option in known}
    if unknown:
        raise NotOffered(f"/{words_typed} has no option {', '.join(sorted(unknown))}")
    resolved: Json = {}
    for option in known:
        if option["name"] in options:
            given.append(_value(house, option, options[option["name"]], channel, resolved))
        elif option.get("required"):
            raise NotOffered(f"/{words_typed} requires {option['name']}")
    return _data(command, _nest(path, command, given), resolved)


def typing(
    house: House,
    words_typed: str,
    focus: str,
    text: str,
    options: Mapping[str, object],
    account: Account,
    channel: Channel,
) -> Json:
    """The data of an autocomplete: what is typed so far into one option, and the options before it."""
    name, *path = words_typed.split()
    command = _offered(house, name, registry.CHAT_INPUT, account, channel, user_install=False)
    given: list[Json] = []
    known = _descend(command, path)
    found = next((option for option in known if option["name"] == focus), None)
    if found is None or not found.get("autocomplete"):
        raise NotOffered(f"/{words_typed} completes no option {focus}")
    resolved: Json = {}
    before = [option for option in known if option["name"] in options]
    given += [_value(house, option, options[option["name"]], channel, resolved) for option in before]
    given.append({"name": focus, "type": found["type"], "value": text, "focused": True})
    return _data(command, _nest(path, command, given), resolved)


def menu(
    house: House, name: str, target: Message | Account, account: Account, channel: Channel, user_install: bool
) -> Json:
    """The data of a command in the menu of a message or of a person."""
    of_message = isinstance(target, Message)
    kind = registry.MESSAGE if of_message else registry.USER
    command = _offered(house, name, kind, account, channel, user_install)
    if of_message:
        resolved: Json = {"messages": {str(target.id): house.wording(target, content=True)}}
    else:
        resolved = {"users": {str(target.id): words.user(target)}}
        if channel.guild is not None and target.id in channel.guild.members:
            resolved["members"] = {str(target.id): words.member(channel.guild.members[target.id], with_user=False)}
    return _data(command, [], resolved) | {"target_id": str(target.id)}


def owners(account: Account, guild: Guild | None, bot: Account, user_install: bool) -> dict[str, str]:
    """`authorizing_integration_owners`: by which installations the app is there."""
    found: dict[str, str] = {}
    if guild is None and not user_install:
        found["0"] = "0"
    elif guild is not None and bot.id in guild.members:
        found["0"] = str(guild.id)
    if user_install:
        found["1"] = str(account.id)
    return found


def listed(house: House, account: Account, channel: Channel, *, user_install: bool = False) -> list[str]:
    """Every command that a client shows a person there: `/name`, or the name of a context menu."""
    scopes = (channel.guild.id, None) if channel.guild else (None,)
    return [
        "/" + command["name"] if command["type"] == registry.CHAT_INPUT else command["name"]
        for scope in scopes
        for command in house.commands.listing(scope)
        if _why_not(command, account, channel, user_install) is None
    ]


def _offered(house: House, name: str, kind: int, account: Account, channel: Channel, user_install: bool) -> Json:
    command = house.commands.named(name, kind, channel.guild.id if channel.guild else None)
    if command is None:
        registered = [each["name"] for each in house.commands.listing()]
        raise NotOffered(f"no command {name!r}; registered globally: {registered}")
    why = _why_not(command, account, channel, user_install)
    if why is not None:
        raise NotOffered(f"{name!r} is not offered: {why}")
    return command


def _why_not(command: Json, account: Account, channel: Channel, user_install: bool) -> str | None:
    if "guild_id" not in command:
        context = CONTEXT_GUILD if channel.guild else CONTEXT_BOT_DM
        contexts = command["contexts"]
        if contexts is None and context == CONTEXT_BOT_DM and not command["dm_permission"]:
            return "not in DMs"
        if contexts is not None and context not in contexts:
            return f"its contexts are {contexts}"
        if int(user_install) not in command["integration_types"]:
            return f"its integration types are {command['integration_types']}"
    if channel.guild is not None:
        allowed = channel.permissions(account)
        needed = command["default_member_permissions"]
        if not allowed & USE_COMMANDS and not user_install:
            return "the person may not use commands there"
        everything = allowed & (1 << 3)
        if needed is not None and not everything and (not int(needed) or allowed & int(needed) != int(needed)):
            return f"it needs permissions {needed}"
    return None


def _descend(command: Json, path: list[str]) -> list[Json]:
    known: list[Json] = command["options"]
    for step in path:
        inner = next((option for option in known if option["name"] == step and option["type"] in (1, 2)), None)
        if inner is None:
            raise NotOffered(f"/{command['name']} has no {step!r} among {[option['name'] for option in known]}")
        known = inner.get("options") or []
    if any(option["type"] in (1, 2) for option in known):
        raise NotOffered(f"/{command['name']} {' '.join(path)} needs one of {[option['name'] for option in known]}")
    return known


def _nest(path: list[str], command: Json, given: list[Json]) -> list[Json]:
    kinds: list[int] = []
    known: list[Json] = command["options"]
    for step in path:
        inner = next(option for option in known if option["name"] == step)
        kinds.append(inner["type"])
        known = inner.get("options") or []
    for step, kind in reversed(list(zip(path, kinds, strict=True))):
        given = [{"name": step, "type": kind, "options": given}]
    return given


def _data(command: Json, options: list[Json], resolved: Json) -> Json:
    found: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if command["type"] == registry.CHAT_INPUT:
        found["options"] = options
    if resolved:
        found["resolved"] = resolved
    if "guild_id" in command:
        found["guild_id"] = command["guild_id"]
    return found


def _value(house: House, option: Json, value: object, channel: Channel, resolved: Json) -> Json:
    kind, name = option["type"], option["name"]
    choices = option.get("choices") or []
    if choices and value not in [choice["value"] for choice in choices]:
        raise NotOffered(f"{name} has no choice {value!r} among {[choice['value'] for choice in choices]}")
    if kind == STRING:
        least, most = option.get("min_length") or 0, option.get("max_length") or 6000
        if not isinstance(value, str) or not least <= len(value) <= most:
            raise NotOffered(f"{name} takes a text of {least} to {most} characters")
    elif kind in (INTEGER, NUMBER):
        low, high = option.get("min_value"), option.get("max_value")
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise NotOffered(f"{name} takes a number")
        if (low is not None and value < low) or (high is not None and value > high):
            raise NotOffered(f"{name} goes from {low} to {high}")
    elif kind == ATTACHMENT:
        filename, content, media_type = cast(File, value)
        file = Attachment(house.ids.new(), filename, content, media_type, ephemeral=True)
        resolved.setdefault("attachments", {})[str(file.id)] = words.attachment(file, house.cdn.address(channel, file))
        value = str(file.id)
    elif kind in (USER, MENTIONABLE):
        account = value if isinstance(value, Account) else getattr(value, "account", None)
        if not isinstance(account, Account):
            raise NotOffered(f"{name} takes a person")
        resolved.setdefault("users", {})[str(account.id)] = words.user(account)
        if channel.guild is not None and account.id in channel.guild.members:
            member = words.member(channel.guild.members[account.id], with_user=False)
            resolved.setdefault("members", {})[str(account.id)] = member | {
                "permissions": str(channel.guild.permissions(account))
            }
        value = str(account.id)
    elif kind == CHANNEL:
        if not isinstance(value, Channel):
            raise NotOffered(f"{name} takes a channel")
        resolved.setdefault("channels", {})[str(value.id)] = words.channel(value) | {"permissions": "0"}
        value = str(value.id)
    elif kind == ROLE:
        if not isinstance(value, Role):
            raise NotOffered(f"{name} takes a role")
        resolved.setdefault("roles", {})[str(value.id)] = words.role(value, 1)
        value = str(value.id)
    return {"name": name, "type": kind, "value": value}
