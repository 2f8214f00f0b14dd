"""Who somebody is among the people of a workspace: what Slack says of them now, and the user groups they belong to.

What Slack said is believed for a minute; whoever changes something is asked about anew. User groups are asked for only
where a grant or an interview type goes by them, which takes the scope `usergroups:read`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import cast
from urllib.parse import unquote

from adapters.recent import Recent
from adapters.slack.names import PLATFORM
from adapters.slack.render.panel_forms import group_option
from adapters.slack.replies import Replies, SlackRefused
from adapters.surface.choices import Option
from engine.admin.records import SubjectKind
from engine.admin.roles import Actor, AdminRole
from engine.catalogue import Whereabouts
from engine.errors import RehearseError
from engine.keys import scope_of

log = logging.getLogger(__name__)

KNOWN_MOST, KNOWN_FOR_S = 10_000, 60.0
Members = Mapping[str, frozenset[str]]
ByGroups = Callable[[str], Awaitable[bool]]
"""Whether anything in a scope goes by user groups."""


async def never(scope: str) -> bool:
    """Nothing goes by user groups."""
    return False


class Standings:
    """`now` is for how long something is known; see `adapters/recent.py`."""

    def __init__(self, replies: Replies, by_groups: ByGroups = never) -> None:
        self._replies = replies
        self._by_groups = by_groups
        self._known: Recent[tuple[str, str], tuple[AdminRole | None]] = Recent(KNOWN_MOST, for_s=KNOWN_FOR_S)
        self._groups: Recent[str, Sequence[Mapping[str, object]]] = Recent(KNOWN_MOST, for_s=KNOWN_FOR_S)

    async def actor(self, team: str, user: str, *, anew: bool = False) -> Actor:
        """Somebody, as Slack knows them. `anew`: whatever is believed, ask."""
        standing = await self._standing(team, user, anew=anew)
        return Actor(PLATFORM, team, user, standing, await self.groups(team, user, anew=anew))

    async def where(self, team: str, user: str, channel: str = "") -> Whereabouts:
        """Where somebody wants an interview."""
        return Whereabouts(scope_of(PLATFORM, team), user, channel, await self.groups(team, user))

    async def groups(self, team: str, user: str, *, anew: bool = False) -> frozenset[str]:
        """The user groups somebody belongs to; none where nothing goes by them."""
        if not await self._by_groups(scope_of(PLATFORM, team)):
            return frozenset()
        found = await self._listed(team, anew=anew)
        return frozenset(str(group.get("id")) for group in found if user in _users(group))

    async def group_options(self, team: str) -> Sequence[Option]:
        """The user groups there are, to choose from; none where Slack does not say."""
        return [
            group_option(
                str(group.get("id")), str(group.get("name") or group.get("id")), str(group.get("handle") or "")
            )
            for group in await self._listed(team)
        ]

    async def known(self, scope: str, kind: SubjectKind, subject: str) -> bool | None:
        """See `Directory`: whether there is such a person or group; `None` where Slack does not say."""
        team = unquote(scope.partition("/")[2])
        try:
            if kind == "group":
                return any(group.get("id") == subject for group in await self._replies.user_groups(team))
            about = await self._replies.person(team, subject)
        except SlackRefused as error:
            return False if error.error in _NO_SUCH else None
        except RehearseError:
            return None
        return about.get("deleted") is not True and about.get("is_bot") is not True

    async def _standing(self, team: str, user: str, *, anew: bool) -> AdminRole | None:
        if not anew and (known := self._known.get((team, user))) is not None:
            return known[0]
        try:
            about = await self._replies.person(team, user)
        except RehearseError as error:
            log.warning("whether somebody is an admin is not known", extra={"team": team, "error": str(error)})
            self._known.drop((team, user))
            return None
        return self._known.keep((team, user), (standing_of(about, team),))[0]

    async def _listed(self, team: str, *, anew: bool = False) -> Sequence[Mapping[str, object]]:
        if not anew and (known := self._groups.get(team)) is not None:
            return known
        try:
            found = await self._replies.user_groups(team)
        except SlackRefused as error:
            log.warning("user groups are not known", extra={"team": team, "error": error.error})
            found = ()
        except RehearseError as error:
            log.warning("user groups are not known", extra={"team": team, "error": str(error)})
            return ()
        return self._groups.keep(team, found)


def standing_of(about: Mapping[str, object], team: str) -> AdminRole | None:
    """The role that Slack's word on a person gives them. Guests, bots and people from elsewhere get none."""
    if any(about.get(flag) is True for flag in _NOBODY):
        return None
    home = about.get("team_id")
    if isinstance(home, str) and home and home != team and not about.get("enterprise_user"):
        return None
    if about.get("is_primary_owner") is True or about.get("is_owner") is True:
        return "owner"
    return "admin" if about.get("is_admin") is True else None


def _users(group: Mapping[str, object]) -> Sequence[object]:
    users = group.get("users")
    return cast("Sequence[object]", users) if isinstance(users, list) else ()


_NO_SUCH = frozenset({"user_not_found", "user_not_visible"})
_NOBODY = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
