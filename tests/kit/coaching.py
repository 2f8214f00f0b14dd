"""A candidate, a coach, and the doors between them, on a store in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.admin.people import People
from engine.admin.rating import Rating
from engine.admin.records import Grant
from engine.admin.roles import Actor
from engine.admin.sharing import Sharing, Standings, report_id
from engine.facts import Fact
from engine.team.records import Shared
from tests.contracts.team_store import ADA, HERE, whole
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.interviews import CRITERIA
from tests.kit.team_memory import MemoryTeam

CANDIDATE = Actor("slack", "T1", "UADA")
OTHER = Actor("slack", "T1", "UBOB")
COACH = Actor("slack", "T1", "UCOACH")
REPORT = report_id(f"{ADA}#1")
FULL: Mapping[str, int | None] = dict(zip(CRITERIA, (4, None, 2, 5), strict=True))


def keyed(person: str) -> str:
    """A hash of a person."""
    return hashlib.sha256(person.encode()).hexdigest()


class Known:
    """A platform that knows these people."""

    def __init__(self, *actors: Actor) -> None:
        self.actors = {(actor.workspace, actor.user): actor for actor in actors}

    async def actor(self, workspace: str, user: str, /) -> Actor:
        return self.actors.get((workspace, user), Actor("slack", workspace, user))


@dataclass
class Office:
    """The doors on a store in memory, with Ada's interview and a coach."""

    admin: MemoryAdmin = field(default_factory=MemoryAdmin)
    standings: dict[str, Standings] = field(default_factory=dict[str, Standings])
    now: float = 1_000.0

    def __post_init__(self) -> None:
        self.team = MemoryTeam(self.admin)
        self.people = People(store=self.admin, now=self._clock, pseudonym=keyed)
        self.sharing = Sharing(self.team, self.people, self.standings, self._clock)
        self.rating = Rating(self.sharing)
        self.grant()

    def _clock(self) -> float:
        return self.now

    def grant(self, user: str = "UCOACH", scope: str = HERE) -> None:
        self.admin.granted[scope, "user", user] = Grant(scope, "user", user, "coach", 1.0)

    def revoke(self, user: str = "UCOACH", scope: str = HERE) -> None:
        del self.admin.granted[scope, "user", user]

    async def shared(self, *facts: Fact) -> Shared:
        self.team.record(*(facts or whole()))
        return (await self.sharing.share(CANDIDATE, REPORT, "UCOACH"))[0]
