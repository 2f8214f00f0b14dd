"""How a team is doing, for those who look after it: figures without names, and what stands behind the product."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.admin.people import People
from engine.admin.roles import Actor, needs
from engine.errors import Wrong
from engine.llm.health import CircuitState
from engine.prompting.store import PromptRegistry
from engine.team.overview import DAY_S, DAYS, Overview, overview
from engine.team.ratings import Agreement, agreement, exported, newest_blind
from engine.team.records import TeamStore
from engine.team.trends import TypeTrends, type_trends
from engine.trials.rollout import Rollout


@dataclass(frozen=True, slots=True)
class TeamView:
    """The last `days`. `health` is that of the models as this process sees it, the rollouts are those that are open.

    `ratings` compares coaches' blind levels with the machine's; `None` while there is nothing to compare.
    """

    days: int
    since: float
    overview: Overview
    health: tuple[CircuitState, ...]
    rollouts: tuple[Rollout, ...]
    ratings: Agreement | None


class Team:
    """`now` is epoch seconds; `health` says how the models are doing, and nothing where there is none."""

    def __init__(
        self,
        *,
        store: TeamStore,
        prompts: PromptRegistry,
        people: People,
        health: Callable[[], Sequence[CircuitState]],
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._prompts = prompts
        self._people = people
        self._health = health
        self._now = now

    @property
    def roles(self) -> People:
        return self._people

    @needs("viewer")
    async def view(self, actor: Actor, days: int = 30) -> TeamView:
        """The scope's last 7, 30 or 90 days. Raises `Wrong` for any other number."""
        now, since = self._period(days)
        held = await self._store.held(actor.scope, since=since)
        reviews = await self._store.reviews(actor.scope, since=since)
        bill = await self._store.bill(actor.scope, since=since)
        ratings = newest_blind(await self._store.ratings(actor.scope, since=since))
        standings = [await self._prompts.standing(name) for name in sorted(await self._prompts.production())]
        return TeamView(
            days=days,
            since=since,
            overview=overview(held, reviews, bill, now=now),
            health=tuple(self._health()),
            rollouts=tuple(standing.rollout for standing in standings if standing.rollout and standing.rollout.open),
            ratings=agreement(ratings),
        )

    @needs("viewer")
    async def trends(self, actor: Actor, type_id: str, days: int = 30) -> TypeTrends:
        """One type of the scope. Raises `Wrong` where nobody used it in that time."""
        now, since = self._period(days)
        found = type_trends(await self._store.held(actor.scope, since=since), type_id, since=since, now=now)
        if found is None:
            raise Wrong({"": f"Nobody held an interview of the type {type_id} in the last {days} days."})
        return found

    @needs("coach")
    async def ratings(self, actor: Actor, days: int | None = None) -> list[dict[str, object]]:
        """The blind ratings of the scope for a benchmark, without ids or words; of all times, or of the last days."""
        since = 0.0 if days is None else self._now() - days * DAY_S
        return exported(await self._store.ratings(actor.scope, since=since))

    def _period(self, days: int) -> tuple[float, float]:
        if days not in DAYS:
            raise Wrong({"": f"Choose one of: {', '.join(map(str, DAYS))} days."})
        now = self._now()
        return now, now - days * DAY_S
