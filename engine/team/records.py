"""What the team view and sharing need kept, in the words of whoever keeps it.

`adapters/store/outcomes.py` and `adapters/store/sharing.py` keep these promises; `tests/contracts/team_store.py` holds
them to it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.admin.records import Entry
from engine.session import Session
from engine.team.outcome import Held
from engine.team.overview import Bill
from engine.team.ratings import CoachRating
from engine.trials.observing import TurnMetric


@dataclass(frozen=True, slots=True)
class Shared:
    """An interview that somebody showed to a coach. `person` is the candidate (`ThreadKey.person`), as is `coach`.

    `home` is the scope whose coaches may read it; `id` twelve hex digits, the same for the same interview and coach.
    """

    id: str
    session: str
    person: str
    coach: str
    home: str
    title: str
    note: str
    at: float


class TeamStore(Protocol):
    """Figures of a scope; of every scope where it is `EVERYWHERE`."""

    async def held(self, scope: str, *, since: float) -> Sequence[Held]:
        """The interviews that began since then, oldest first."""
        ...

    async def reviews(self, scope: str, *, since: float) -> Sequence[TurnMetric]:
        """What the reviews since then took, oldest first."""
        ...

    async def bill(self, scope: str, *, since: float) -> Bill:
        """What every call to a model took, from the day on that `since` is in (UTC)."""
        ...

    async def ratings(self, scope: str, *, since: float) -> Sequence[CoachRating]:
        """How coaches rated since then, oldest first."""
        ...


class SharingStore(Protocol):
    """Each change is one transaction with its line of the audit. Everything goes when the candidate is forgotten."""

    async def own_interview(self, people: Collection[str], report: str) -> Session | None:
        """The interview with this `report_id`, if it is one of these people's."""
        ...

    async def interview(self, session: str) -> Session | None:
        """An interview by its session's id."""
        ...

    async def share(self, shared: Shared, *, entry: Entry) -> bool:
        """Show an interview to a coach; `False`, and nothing is written, where they have it already."""
        ...

    async def unshare(self, id: str, *, entry: Entry) -> bool:
        """Take it back; `False`, and nothing is written, where it was not shared any more."""
        ...

    async def shared(self, id: str) -> Shared | None: ...

    async def shares_of(self, session: str) -> Sequence[Shared]:
        """Whom an interview is shown to, in the order it was."""
        ...

    async def shared_with(self, coaches: Collection[str]) -> Sequence[Shared]:
        """What was shown to any of these, newest first."""
        ...

    async def ratings_of(self, session: str) -> Sequence[CoachRating]:
        """How coaches rated an interview, oldest first."""
        ...

    async def rate(self, ratings: Sequence[CoachRating], *, entry: Entry) -> bool:
        """Add ratings of one answer by one coach; `False`, and nothing is written, where they say nothing new.

        What they differ in from the newest of the same coach for the same text is added; nothing is ever replaced.
        """
        ...
