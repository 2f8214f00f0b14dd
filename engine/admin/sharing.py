"""A candidate shows one interview to a coach, and takes it back.

Nobody needs a role to share, but everybody shares only what is their own: that is looked at before anything else. A
coach needs the role at the moment of sharing and at every reading, in the scope whose rules the interview goes by,
wherever they happen to press the button. How they rate what they read is `rating.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import unquote

from engine.admin.people import People
from engine.admin.records import Entry
from engine.admin.roles import Actor, at_least
from engine.errors import NotAllowed, Wrong
from engine.keys import person_of
from engine.session import Session
from engine.team.ratings import CoachRating, newest
from engine.team.records import Shared, SharingStore

NOTE_CHARS = 500
COACHES = 10
"""How many coaches one interview can be shown to."""
NOT_YOURS = "There is no such interview of yours; you can only share what is your own."
NO_COACH = "Only a coach of this workspace can read this, while it is shared with them. Ask an admin for the role."


def report_id(session_id: str) -> str:
    """An interview in twelve hex digits, which fit into a button."""
    return _digits(session_id)


def share_id(session_id: str, coach: str) -> str:
    """An interview that is shown to a person, likewise."""
    return _digits(f"{session_id}>{coach}")


class Standings(Protocol):
    """How a platform knows its people now."""

    async def actor(self, workspace: str, user: str, /) -> Actor:
        """Somebody in a workspace, with their standing and groups there; without either where they are unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Mine:
    """A candidate's own interview: whom it is shown to, and the ratings that count, one per coach and criterion."""

    session: Session
    report: str
    shares: tuple[Shared, ...]
    ratings: tuple[CoachRating, ...]


@dataclass(frozen=True, slots=True)
class Sharing:
    """`standings` are those of the platforms that are connected here, by name; it may be filled later.

    Where a platform is not among them, only what was granted to the person counts.
    """

    store: SharingStore
    people: People
    standings: Mapping[str, Standings]
    now: Callable[[], float]

    async def mine(self, actor: Actor, report: str) -> Mine:
        """An interview of the actor's own. Raises `NotAllowed` for anybody else's, whether there is one or not."""
        session = await self._own(actor, report)
        shares = await self.store.shares_of(session.id)
        return Mine(session, report, tuple(shares), tuple(newest(await self.store.ratings_of(session.id))))

    async def share(self, actor: Actor, report: str, coach: str, note: str = "") -> tuple[Shared, bool]:
        """Show the actor's own interview to a person of its workspace, and whether that is new.

        Raises `NotAllowed` for somebody else's interview, and `Wrong` where it is not over or has no answers, where the
        person is no coach or the actor themselves, or where the note is too long.
        """
        session = await self._own(actor, report)
        if not session.over:
            raise Wrong({"": "The interview is not over yet. Share it when its report is there."})
        if not any(turn.answered for turn in session.turns):
            raise Wrong({"": "There is no answer in this interview to share."})
        if not coach:
            raise Wrong({"coach": "Choose a coach."})
        if coach == actor.user:
            raise Wrong({"coach": "Choose somebody else: nobody rates their own answers."})
        if len(note := note.strip()) > NOTE_CHARS:
            raise Wrong({"note": f"At most {NOTE_CHARS} characters; these are {len(note)}."})
        home = session.setup.home or session.key.scope
        if not at_least(await self.people.role(await self._known(home, coach)), "coach"):
            raise Wrong({"coach": "This person is not a coach here. An admin of the workspace can make them one."})
        shares = await self.store.shares_of(session.id)
        person = person_of(session.key.platform, session.key.workspace, coach)
        id = share_id(session.id, person)
        if (known := next((each for each in shares if each.id == id), None)) is not None:
            return known, False
        if len(shares) >= COACHES:
            raise Wrong({"coach": f"It is shared with {COACHES} coaches already. Take one back first."})
        shared = Shared(id, session.id, session.key.person, person, home, session.setup.type.title, note, self.now())
        words = "shared an interview with a coach"
        fresh = await self.store.share(shared, entry=self._entry(actor, home, "report.share", words))
        return shared, fresh

    async def unshare(self, actor: Actor, report: str, id: str) -> bool:
        """Take the actor's own interview back from a coach; `False` where they did not have it any more."""
        session = await self._own(actor, report)
        if all(each.id != id for each in await self.store.shares_of(session.id)):
            return False
        home = session.setup.home or session.key.scope
        words = "took an interview back from a coach"
        return await self.store.unshare(id, entry=self._entry(actor, home, "report.unshare", words))

    async def shared_with(self, actor: Actor) -> Sequence[Shared]:
        """What the actor may read as a coach now, newest first."""
        allowed: dict[str, bool] = {}
        found: list[Shared] = []
        for shared in await self.store.shared_with(identities(actor)):
            if shared.home not in allowed:
                allowed[shared.home] = at_least(await self.people.role(await self.at(actor, shared.home)), "coach")
            if allowed[shared.home]:
                found.append(shared)
        return found

    async def readable(self, actor: Actor, id: str) -> tuple[Shared, Session]:
        """What was shown to this coach. Raises `NotAllowed` where it was not, was taken back, or they are none now."""
        shared = await self.store.shared(id)
        if shared is None or shared.coach not in identities(actor):
            raise NotAllowed("coach", NO_COACH)
        if not at_least(await self.people.role(await self.at(actor, shared.home)), "coach"):
            raise NotAllowed("coach", NO_COACH)
        session = await self.store.interview(shared.session)
        if session is None:
            raise NotAllowed("coach", NO_COACH)
        return shared, session

    async def at(self, actor: Actor, home: str) -> Actor:
        """The actor as they stand in `home`: what they are where they happen to press a button counts only there."""
        here = replace(actor, operator=False, on="")
        return here if here.scope == home else await self._known(home, actor.user)

    async def _own(self, actor: Actor, report: str) -> Session:
        session = await self.store.own_interview(identities(actor), report)
        if session is None:
            raise NotAllowed("candidate", NOT_YOURS)
        return session

    async def _known(self, home: str, user: str) -> Actor:
        platform, workspace = (unquote(part) for part in home.split("/"))
        if (standings := self.standings.get(platform)) is None:
            return Actor(platform, workspace, user)
        known = await standings.actor(workspace, user)
        return replace(known, platform=platform, workspace=workspace, user=user, operator=False, on="")

    def _entry(self, actor: Actor, home: str, act: str, words: str) -> Entry:
        return replace(self.people.entry(actor, None, act, "report", words), scope=home)


def identities(actor: Actor) -> Collection[str]:
    """The people somebody is to the store: where interviews belong to no workspace, its part of the key is "-"."""
    return {
        person_of(actor.platform, actor.workspace, actor.user),
        person_of(actor.platform, "-", actor.user),
    }


def _digits(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
