"""Who somebody is in a server: the role that Discord gives them there, and the groups they belong to.

    owner of the server, Administrator   owner
    Manage Server                        admin

An interaction in a server says it of the moment in which it was made. In a direct message nobody does, so a button
there carries the server it is meant for, and Discord is asked anew at every press. Only what somebody may *begin* in a
direct message goes by what was known a minute ago.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import unquote

from adapters.discord.names import PLATFORM
from adapters.discord.parse import role_of
from adapters.discord.replies import DiscordRefused, DiscordUnreachable, Replies
from adapters.discord.seen import Place
from adapters.recent import Recent
from engine.admin.records import SubjectKind
from engine.admin.roles import Actor, AdminRole

log = logging.getLogger(__name__)

ASK_S = 2.0
KNOWN_MOST, KNOWN_FOR_S = 10_000, 60.0
NOT_THERE = frozenset({10004, 10007, 10013, 50001})
"""No such server, no such member, no such person; and a server that the bot is not in."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a server says of somebody. `member`: they are in it."""

    role: AdminRole | None = None
    groups: frozenset[str] = frozenset()
    member: bool = False


class Standings:
    def __init__(self, replies: Replies) -> None:
        self._replies = replies
        self._known: Recent[tuple[str, str], Standing] = Recent(KNOWN_MOST, for_s=KNOWN_FOR_S)

    async def at(self, place: Place, guild: str = "") -> Actor:
        """Whoever did something, as they stand in `guild`, or else in the server where they did it."""
        if place.guild and guild in ("", place.guild):
            return Actor(PLATFORM, place.guild, place.user, place.standing, place.groups)
        return await self.actor(guild or "-", place.user)

    async def actor(self, workspace: str, user: str) -> Actor:
        """Somebody in a server, asked for now; without a standing where Discord does not say."""
        found = await self._asked(workspace, user) or Standing()
        return Actor(PLATFORM, workspace, user, found.role, found.groups)

    async def lately(self, guild: str, user: str) -> Standing | None:
        """As known within the last minute; `None` where Discord does not say."""
        known = self._known.get((guild, user)) or await self._asked(guild, user)
        return None if known is None else self._known.keep((guild, user), known)

    async def known(self, scope: str, kind: SubjectKind, subject: str) -> bool | None:
        """See `Directory`: whether there is such a member or role; `None` where Discord does not say."""
        guild = unquote(scope.partition("/")[2])
        if not (guild.isdecimal() and subject.isdecimal()):
            return None
        try:
            async with asyncio.timeout(ASK_S):
                if kind == "group":
                    return any(str(role.get("id")) == subject for role in _roles(await self._replies.guild(guild)))
                await self._replies.member(guild, subject)
        except DiscordRefused as error:
            return False if error.code in NOT_THERE - {10004, 50001} else None
        except (DiscordUnreachable, TimeoutError):
            return None
        return True

    async def _asked(self, guild: str, user: str) -> Standing | None:
        if not guild.isdecimal():
            return Standing()
        try:
            async with asyncio.timeout(ASK_S):
                member = await self._replies.member(guild, user)
                server = await self._replies.guild(guild)
        except DiscordRefused as error:
            if error.code in NOT_THERE:
                return Standing()
            log.warning("what somebody may do in a server is not known", extra={"error": str(error)})
            return None
        except (DiscordUnreachable, TimeoutError) as error:
            log.warning("what somebody may do in a server is not known", extra={"error": type(error).__name__})
            return None
        groups = frozenset(map(str, cast("list[object]", member.get("roles") or [])))
        if str(server.get("owner_id")) == user:
            return Standing("owner", groups, member=True)
        held = {guild, *groups}  # the role of everybody has the id of the server
        allowed = 0
        for role in _roles(server):
            allowed |= _bits(role.get("permissions")) if str(role.get("id")) in held else 0
        return Standing(role_of(allowed), groups, member=True)


def _roles(server: Mapping[str, object]) -> Sequence[Mapping[str, object]]:
    found = server.get("roles")
    listed = cast("list[object]", found) if isinstance(found, list) else []
    return [cast("Mapping[str, object]", each) for each in listed if isinstance(each, Mapping)]


def _bits(permissions: object) -> int:
    text = str(permissions)
    return int(text) if text.isdecimal() else 0
