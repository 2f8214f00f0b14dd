"""Who may do what: four roles, each of which may do all that the one before it may.

    viewer   look: types, prompts, figures of the team
    coach    rate answers that a candidate shared
    admin    change types, prompts, limits, retention; let others look and coach
    owner    make others admins

A role comes from the platform (an admin or owner of the workspace, a member who manages the server) and from grants to
a person or a group; the higher of the two counts, and it is found anew for every act. Nobody grants what is above
their own role, or anything to themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, Literal, ParamSpec, Protocol, TypeVar, get_args

from engine.errors import NotAllowed
from engine.keys import scope_of

AdminRole = Literal["viewer", "coach", "admin", "owner"]
ADMIN_ROLES: tuple[AdminRole, ...] = get_args(AdminRole)
EVERYWHERE = "*"
"""The scope of what every workspace has, unless it has its own."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Self = TypeVar("Self", bound="Guarded")


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who wants something, as their platform knows them at this moment.

    `standing` is the role the platform gives them, `groups` the ids of the platform's groups they belong to (Slack's
    user groups, Discord's roles). `scope` is whose rules they want to see or change: their own workspace's, except for
    an `operator`, who runs the program and may work on any, and on `EVERYWHERE`.
    """

    platform: str
    workspace: str
    user: str
    standing: AdminRole | None = None
    groups: frozenset[str] = frozenset()
    operator: bool = False
    on: str = ""

    @property
    def scope(self) -> str:
        return self.on or scope_of(self.platform, self.workspace)


class Roles(Protocol):
    """Where grants are looked up."""

    async def role(self, actor: Actor) -> AdminRole | None:
        """The higher of what the platform and the grants of the actor's scope say; `None` for nobody in particular."""
        ...


class Guarded(Protocol):
    """Something whose acts need a role."""

    @property
    def roles(self) -> Roles: ...


def at_least(role: AdminRole | None, needed: AdminRole) -> bool:
    return role is not None and ADMIN_ROLES.index(role) >= ADMIN_ROLES.index(needed)


def highest(roles: Iterable[AdminRole | None]) -> AdminRole | None:
    had = frozenset(roles)
    return next((role for role in reversed(ADMIN_ROLES) if role in had), None)


NEEDS = "__needs__"
"""The attribute that says which role an act needs; a test looks for it on every public act of the door."""

Act = Callable[Concatenate[Self, Actor, Parameters], Coroutine[object, object, Result]]


def needs(role: AdminRole) -> Callable[[Act[Self, Parameters, Result]], Act[Self, Parameters, Result]]:
    """Let an act be done only by those who have this role now. Raises `NotAllowed` before anything else happens."""

    def guard(act: Act[Self, Parameters, Result]) -> Act[Self, Parameters, Result]:
        @wraps(act)
        async def guarded(self: Self, actor: Actor, *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            if not at_least(await self.roles.role(actor), role):
                raise NotAllowed(role)
            return await act(self, actor, *args, **kwargs)

        setattr(guarded, NEEDS, role)
        return guarded

    return guard
