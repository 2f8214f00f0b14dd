"""The application's commands, globally and per guild; entitlements, of which there are none."""

from __future__ import annotations

from tests.wire.discord.components import Json
from tests.wire.discord.errors import refusal
from tests.wire.discord.rest import Asked, route

GLOBAL = "/applications/{application}/commands"
GUILD = "/applications/{application}/guilds/{guild}/commands"
ONE = "/{command}"


@route("GET", GLOBAL)
@route("GET", GUILD)
def listing(asked: Asked) -> list[Json]:
    return asked.house.commands.listing(_scope(asked))


@route("PUT", GLOBAL)
@route("PUT", GUILD)
def overwrite(asked: Asked) -> list[Json]:
    return asked.house.commands.overwrite(asked.body or [], _scope(asked))


@route("POST", GLOBAL)
@route("POST", GUILD)
def upsert(asked: Asked) -> Json:
    return asked.house.commands.upsert(asked.body or {}, _scope(asked))


@route("GET", GLOBAL + ONE)
@route("GET", GUILD + ONE)
def read(asked: Asked) -> Json:
    return asked.house.commands.one(asked.id("command"), _scope(asked))


@route("PATCH", GLOBAL + ONE)
@route("PATCH", GUILD + ONE)
def edit(asked: Asked) -> Json:
    scope = _scope(asked)
    return asked.house.commands.upsert(asked.house.commands.one(asked.id("command"), scope) | asked.body, scope)


@route("DELETE", GLOBAL + ONE)
@route("DELETE", GUILD + ONE)
def remove(asked: Asked) -> None:
    asked.house.commands.remove(asked.id("command"), _scope(asked))


@route("GET", "/applications/{application}/entitlements")
def entitlements(asked: Asked) -> list[Json]:
    return []


def _scope(asked: Asked) -> int | None:
    if asked.id("application") != asked.house.bot.id:
        raise refusal(50001)
    if "guild" not in asked.params:
        return None
    guild = asked.house.guilds.get(asked.id("guild"))
    if guild is None or asked.house.bot.id not in guild.members:
        raise refusal(50001)
    return guild.id
