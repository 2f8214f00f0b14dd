"""The team view and sharing put together: what may be done, and the panels it is shown as."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from adapters.store import SqlStore
from adapters.surface.panels import Pages
from adapters.surface.panels.rate import RatePages
from adapters.surface.panels.share import SharePages
from adapters.surface.panels.team import TeamPages
from adapters.surface.panels.telling import Telling
from engine.admin.people import People
from engine.admin.rating import Rating
from engine.admin.sharing import Sharing, Standings
from engine.admin.team import Team
from engine.llm.health import CircuitState

Health = Callable[[], Sequence[CircuitState]]


@dataclass(frozen=True, slots=True)
class Coaching:
    """The doors, and their pages."""

    team: Team
    sharing: Sharing
    rating: Rating
    pages: tuple[Pages, ...]


def coaching_of(
    store: SqlStore,
    *,
    people: People,
    telling: Telling,
    standings: Mapping[str, Standings],
    health: Health,
    now: Callable[[], float],
) -> Coaching:
    """`standings` are those of the platforms that are connected; `health` says how the models are doing."""
    team = Team(store=store.team, prompts=store.prompts, people=people, health=health, now=now)
    sharing = Sharing(store.sharing, people, standings, now)
    rating = Rating(sharing)
    pages: tuple[Pages, ...] = (TeamPages(team), SharePages(sharing, telling), RatePages(rating, telling))
    return Coaching(team, sharing, rating, pages)
