"""Who looks after a workspace: roles from the platform and from grants, and the line of audit that a change leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.admin.records import AdminStore, Entry, Grant, SubjectKind
from engine.admin.roles import ADMIN_ROLES, EVERYWHERE, Actor, AdminRole, at_least, highest, needs
from engine.errors import NotAllowed, Wrong
from engine.keys import person_of


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A line of the audit, with the number that the next page is asked for with."""

    number: int
    entry: Entry


class Directory(Protocol):
    """Who there is, as the platforms know."""

    async def known(self, scope: str, kind: SubjectKind, subject: str) -> bool | None:
        """Whether this person or group is (still) there; `None` when nobody can tell just now."""
        ...


class Unlisted:
    """A directory that cannot tell."""

    async def known(self, scope: str, kind: SubjectKind, subject: str) -> bool | None:
        del scope, kind, subject
        return None


class People:
    """`now` is epoch seconds; `pseudonym` makes a keyed hash of a person, of which the audit keeps the beginning.

    Where the `directory` cannot tell who is there, a grant is taken as it is: it gives nothing to who is not there.
    """

    def __init__(
        self,
        *,
        store: AdminStore,
        now: Callable[[], float],
        pseudonym: Callable[[str], str],
        directory: Directory | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._pseudonym = pseudonym
        self._directory = directory or Unlisted()

    @property
    def roles(self) -> People:
        return self

    async def role(self, actor: Actor) -> AdminRole | None:
        """See `Roles`. Open to everybody: it says only what somebody may do themselves."""
        if actor.operator:
            return "owner"
        granted: list[AdminRole | None] = [
            grant.role
            for grant in await self._store.grants(actor.scope)
            if (grant.subject == actor.user if grant.kind == "user" else grant.subject in actor.groups)
        ]
        return highest([actor.standing, *granted])

    def entry(self, actor: Actor, role: AdminRole | None, act: str, subject: str, words: str) -> Entry:
        """The line of audit for something that is done now. `words` name no person."""
        return Entry(actor.scope, self._now(), self.hashed(actor), role, act, subject, words)

    def hashed(self, actor: Actor) -> str:
        """Who it is, for the audit: sixteen digits that only the holder of the salt could make."""
        if actor.operator:
            return "operator"
        return self._pseudonym(person_of(actor.platform, actor.workspace, actor.user))[:16]

    @needs("viewer")
    async def grants(self, actor: Actor) -> Sequence[Grant]:
        """Every grant of the scope."""
        return await self._store.grants(actor.scope)

    @needs("admin")
    async def grant(self, actor: Actor, kind: SubjectKind, subject: str, role: AdminRole) -> None:
        """Give somebody a role.

        Raises `NotAllowed` for a role above one's own, or for oneself, and `Wrong` for somebody who is not there.
        """
        await self.give(actor, [(kind, subject)], role)

    @needs("admin")
    async def give(self, actor: Actor, subjects: Sequence[tuple[SubjectKind, str]], role: AdminRole) -> None:
        """Give several people and groups a role: all of them, or nobody when one of them may not have it."""
        entries = [await self._checked(actor, kind, subject, role) for kind, subject in subjects]
        for (kind, subject), entry in zip(subjects, entries, strict=True):
            await self._store.grant(Grant(actor.scope, kind, subject, role, self._now()), entry=entry)

    async def _checked(self, actor: Actor, kind: SubjectKind, subject: str, role: AdminRole) -> Entry:
        """The line of audit of a grant that may be made."""
        own = await self._not_oneself(actor, kind, subject)
        if actor.scope == EVERYWHERE:
            raise Wrong({"": "A role is given in one workspace; say in which."})
        if role not in ADMIN_ROLES:
            raise Wrong({"role": f"Choose one of: {', '.join(ADMIN_ROLES)}."})
        if len(subject.split()) != 1 or subject != subject.strip() or len(subject) > 200:
            raise Wrong({_field(kind): "Choose a person or a group."})
        before = self._granted(await self._store.grants(actor.scope), kind, subject)
        self._within(own, role, before)
        if await self._directory.known(actor.scope, kind, subject) is False:
            what = "person" if kind == "user" else "group"
            raise Wrong({_field(kind): f"A {what} you chose is not there any more. Choose another."})
        words = f"gave a {'person' if kind == 'user' else 'group'} the role {role}"
        return self.entry(actor, own, "people.grant", kind, words)

    @needs("admin")
    async def revoke(self, actor: Actor, kind: SubjectKind, subject: str) -> bool:
        """Take a grant back; `False` when there was none."""
        own = await self._not_oneself(actor, kind, subject)
        before = self._granted(await self._store.grants(actor.scope), kind, subject)
        self._within(own, before)
        words = f"took back the role {before or 'none'} of a {'person' if kind == 'user' else 'group'}"
        return await self._store.revoke(
            actor.scope, kind, subject, entry=self.entry(actor, own, "people.revoke", kind, words)
        )

    @needs("viewer")
    async def audit(self, actor: Actor, *, limit: int = 20, before: int | None = None) -> Sequence[AuditLine]:
        """What was done in the scope, and what was done for every workspace, newest first."""
        scopes = dict.fromkeys((actor.scope, EVERYWHERE))
        found = [line for scope in scopes for line in await self._store.audit(scope, limit=limit, before=before)]
        found.sort(key=lambda line: line[0], reverse=True)
        return [AuditLine(number, entry) for number, entry in found[:limit]]

    @needs("viewer")
    async def seat(self, actor: Actor, *, told: bool) -> None:
        """Whether the actor wants to be told of what needs an admin: an alert, a rollout that was stopped."""
        person = person_of(actor.platform, actor.workspace, actor.user)
        await self._store.seat(actor.scope, person, told=told, at=self._now())

    async def _not_oneself(self, actor: Actor, kind: SubjectKind, subject: str) -> AdminRole | None:
        own = await self.role(actor)
        if actor.operator:
            return own
        if (kind == "user" and subject == actor.user) or (kind == "group" and subject in actor.groups):
            raise NotAllowed("owner", "Nobody changes their own role, or that of a group they belong to.")
        return own

    @staticmethod
    def _granted(grants: Sequence[Grant], kind: SubjectKind, subject: str) -> AdminRole | None:
        return next((each.role for each in grants if (each.kind, each.subject) == (kind, subject)), None)

    @staticmethod
    def _within(own: AdminRole | None, *roles: AdminRole | None) -> None:
        """An admin makes viewers and coaches, an owner admins and owners."""
        for role in roles:
            if role is None:
                continue
            if not (at_least(own, "owner") or not at_least(role, "admin")):
                raise NotAllowed("owner", "Only an owner changes who is an admin or an owner.")


def _field(kind: SubjectKind) -> str:
    """The field of a form that this kind stands in."""
    return "people" if kind == "user" else "groups"
