"""Figures of a team and shared interviews that live in memory and keep every promise of their ports.

Give it what happened with `record`, as a lease would; what a call to a model took stands in `bills`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.admin.records import Entry
from engine.admin.roles import EVERYWHERE
from engine.admin.sharing import report_id
from engine.facts import Fact, Rated, Reviewed
from engine.session import Session, evolve
from engine.team.outcome import Held, outcome_of
from engine.team.overview import DAY_S, Bill
from engine.team.ratings import CoachRating, newest
from engine.team.records import Shared
from engine.trials.observing import TurnMetric, turn_metric
from tests.kit.admin_memory import MemoryAdmin


class MemoryTeam:
    """`admin` keeps the lines of the audit."""

    def __init__(self, admin: MemoryAdmin) -> None:
        self._admin = admin
        self.sessions: dict[str, Session] = {}
        self.thumbs: dict[tuple[str, int], int] = {}
        self.measured: list[tuple[str, TurnMetric]] = []
        self.bills: list[tuple[str, int, Bill]] = []
        self.shares: dict[str, Shared] = {}
        self.rated: list[CoachRating] = []

    def record(self, *facts: Fact) -> Session:
        """The interview that these facts make, or go on with the last one that was recorded."""
        session = None if facts[0].kind == "begun" else list(self.sessions.values())[-1]
        for fact in facts:
            session = evolve(session, fact)
            if isinstance(fact, Reviewed) and (metric := turn_metric(fact, session.setup.bar.weights)) is not None:
                self.measured.append((session.id, metric))
            if isinstance(fact, Rated):
                self.thumbs[session.id, fact.turn] = fact.value
        assert session is not None
        self.sessions.pop(session.id, None)
        self.sessions[session.id] = session
        return session

    def forget(self, person: str) -> None:
        """As the store forgets somebody."""
        self.sessions = {id: each for id, each in self.sessions.items() if each.key.person != person}
        self.shares = {id: s for id, s in self.shares.items() if person not in (s.person, s.coach)}
        self.rated = [each for each in self.rated if each.person != person]

    async def held(self, scope: str, *, since: float) -> Sequence[Held]:
        found: list[Held] = []
        for session in self.sessions.values():
            outcome = outcome_of(session)
            thumbs = [value for (id, _), value in self.thumbs.items() if id == session.id]
            if outcome.began_at >= since and scope in (EVERYWHERE, outcome.home):
                found.append(Held(outcome, session.updated_at, sum(thumbs) if thumbs else None))
        return sorted(found, key=lambda each: (each.outcome.began_at, each.outcome.session))

    async def reviews(self, scope: str, *, since: float) -> Sequence[TurnMetric]:
        mine = {each.outcome.session for each in await self.held(scope, since=0)}
        return [metric for id, metric in self.measured if id in mine and metric.at >= since]

    async def bill(self, scope: str, *, since: float) -> Bill:
        found = [b for of, day, b in self.bills if scope in (EVERYWHERE, of) and day >= since // DAY_S]
        return Bill(sum(each.tokens for each in found), sum(each.cost_micros for each in found))

    async def ratings(self, scope: str, *, since: float) -> Sequence[CoachRating]:
        return [each for each in self.rated if each.at >= since and scope in (EVERYWHERE, each.home)]

    async def own_interview(self, people: Collection[str], report: str) -> Session | None:
        own = (s for s in self.sessions.values() if s.key.person in people and report_id(s.id) == report)
        return next(own, None)

    async def interview(self, session: str) -> Session | None:
        return self.sessions.get(session)

    async def share(self, shared: Shared, *, entry: Entry) -> bool:
        if shared.id in self.shares:
            return False
        self.shares[shared.id] = shared
        await self._admin.note(entry)
        return True

    async def unshare(self, id: str, *, entry: Entry) -> bool:
        if self.shares.pop(id, None) is None:
            return False
        await self._admin.note(entry)
        return True

    async def shared(self, id: str) -> Shared | None:
        return self.shares.get(id)

    async def shares_of(self, session: str) -> Sequence[Shared]:
        return sorted((s for s in self.shares.values() if s.session == session), key=lambda s: (s.at, s.id))

    async def shared_with(self, coaches: Collection[str]) -> Sequence[Shared]:
        mine = (s for s in self.shares.values() if s.coach in coaches)
        return sorted(mine, key=lambda s: (s.at, s.id), reverse=True)

    async def ratings_of(self, session: str) -> Sequence[CoachRating]:
        return [each for each in self.rated if each.session == session]

    async def rate(self, ratings: Sequence[CoachRating], *, entry: Entry) -> bool:
        first = ratings[0]
        same = [r for r in self.rated if (r.session, r.turn, r.coach) == (first.session, first.turn, first.coach)]
        said = {(r.criterion, r.attempt, r.revision, r.level) for r in newest(same)}
        new = [r for r in ratings if (r.criterion, r.attempt, r.revision, r.level) not in said]
        if new:
            self.rated += new
            await self._admin.note(entry)
        return bool(new)
