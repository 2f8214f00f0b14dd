"""The team view's door: who may look, at what, for which time."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from engine.admin.people import People
from engine.admin.roles import EVERYWHERE, Actor
from engine.admin.team import Team
from engine.errors import NotAllowed, Wrong
from engine.keys import ThreadKey
from engine.llm.health import CircuitState
from engine.prompting.changes import Open
from engine.team.overview import DAY_S, Bill
from tests.contracts.team_store import ADA, HERE, THERE, entry, rating, whole
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.prompts import prompt
from tests.kit.prompts_memory import MemoryPrompts
from tests.kit.team_memory import MemoryTeam

NOW = 100 * DAY_S
VIEWER = Actor("slack", "T1", "UV", standing="viewer")
OPERATOR = Actor("local", "-", "operator", operator=True, on=EVERYWHERE)
CIRCUIT = CircuitState("openai", "gpt", "scoring", "closed", 1.0, 5, 0.0, 1.2, 2.0, 0.0, False, "")


@pytest.fixture
def store() -> MemoryTeam:
    store = MemoryTeam(MemoryAdmin())
    for n, days in enumerate((1, 2, 3, 20, 40)):
        key = ThreadKey(platform="slack", workspace="T1", user=f"U{n % 3}", thread=str(n))
        store.record(*whole(key, at=NOW - days * DAY_S))
    store.record(*whole(ADA, at=NOW - DAY_S, home=THERE))
    return store


def team_of(store: MemoryTeam, prompts: MemoryPrompts, health: Sequence[CircuitState] = ()) -> Team:
    people = People(store=MemoryAdmin(), now=lambda: NOW, pseudonym=str)
    return Team(store=store, prompts=prompts, people=people, health=lambda: health, now=lambda: NOW)


@pytest.fixture
def team(store: MemoryTeam) -> Team:
    return team_of(store, MemoryPrompts())


async def test_the_view_is_of_the_actor_s_scope_and_the_time_chosen(team: Team, store: MemoryTeam) -> None:
    store.bills.append((HERE, 99, Bill(500, 900)))
    week, month = await team.view(VIEWER, 7), await team.view(VIEWER)
    assert week.overview.total is not None
    assert month.overview.total is not None
    assert (week.overview.total.interviews, month.overview.total.interviews) == (3, 4)
    assert (week.overview.spent.reviews, week.overview.spent.cost_micros) == (3, 900)
    assert (month.days, month.since, month.ratings, month.rollouts) == (30, NOW - 30 * DAY_S, None, ())
    everywhere = await team.view(OPERATOR, 7)
    assert everywhere.overview.total is not None
    assert everywhere.overview.total.interviews == 4


async def test_other_times_and_unused_types_are_refused(team: Team) -> None:
    with pytest.raises(Wrong, match="7, 30, 90"):
        await team.view(VIEWER, 8)
    with pytest.raises(Wrong, match="7, 30, 90"):
        await team.trends(VIEWER, "behavioral", 0)
    with pytest.raises(Wrong, match="Nobody held"):
        await team.trends(VIEWER, "coding")


async def test_trends_are_those_of_one_type(team: Team) -> None:
    found = await team.trends(VIEWER, "behavioral", 7)
    assert found.use is not None
    assert (found.title, found.use.interviews, len(found.trends)) == ("Behavioral interview", 3, 4)


async def test_nobody_without_a_role_sees_any_of_it(team: Team) -> None:
    stranger = Actor("slack", "T1", "UX")
    for act in (team.view(stranger), team.trends(stranger, "behavioral"), team.ratings(stranger), team.ratings(VIEWER)):
        with pytest.raises(NotAllowed):
            await act


async def test_open_rollouts_and_the_models_health_are_part_of_the_view(store: MemoryTeam) -> None:
    prompts = MemoryPrompts()
    await prompts.seed([prompt()])
    other = prompt(("system", "Elsewhere, data stands between {{marker}}."), ("user", "{{question}}"))
    standing = await prompts.create(other, by="me", message="shorter")
    await prompts.change(other.task, Open(other.ref, 1_000), by="me", reason="a try", seen=standing.revision)
    view = await team_of(store, prompts, (CIRCUIT,)).view(VIEWER)
    assert [each.candidate for each in view.rollouts] == [other.ref]
    assert view.health == (CIRCUIT,)


async def test_blind_ratings_are_compared_and_given_out_without_ids(team: Team, store: MemoryTeam) -> None:
    await store.rate([rating(at=NOW - DAY_S), rating(criterion="other", at=NOW - 50 * DAY_S)], entry=entry())
    await store.rate([rating(level=1, blind=False, at=NOW)], entry=entry())
    view = await team.view(VIEWER)
    assert view.ratings is not None
    assert (view.ratings.pairs, view.ratings.exact) == (1, 0)
    coach = Actor("slack", "T1", "UC", standing="coach")
    assert [each["level"] for each in await team.ratings(coach)] == [4, 4]
    assert len(await team.ratings(coach, days=30)) == 1
