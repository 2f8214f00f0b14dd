"""The team at a glance and its types, as they are seen: figures with their n, and nobody in them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from adapters.surface.panels import Facts, Form, Panel, Row, Series, Table, Words
from adapters.surface.panels.paths import Panels
from adapters.surface.panels.team import TeamPages, agreement_words, health_words, satisfaction_words, team_panel
from engine.admin.people import People
from engine.admin.roles import Actor
from engine.admin.team import Team, TeamView
from engine.keys import ThreadKey
from engine.llm.health import CircuitState
from engine.team.overview import DAY_S, Bill, Satisfaction, overview
from engine.team.ratings import Agreement
from engine.trials.figures import Rate
from engine.trials.rollout import Rollout, Stage
from tests.contracts.team_store import ADA, begun, entry, rating, whole
from tests.engine.team.helds import NOW, held
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.prompts_memory import MemoryPrompts
from tests.kit.team_memory import MemoryTeam

VIEWER = Actor("slack", "T1", "UV", standing="viewer")
WELL = CircuitState("openai", "gpt-6", "scoring", "closed", 1.0, 40, 1.0, 0.84, 2.0, 0.0, False, "")
ROLLOUT = Rollout("review", "review@1", "review@2", "s", "me", NOW, (Stage(1, 1_000, NOW - DAY_S),))


@pytest.fixture
def store() -> MemoryTeam:
    store = MemoryTeam(MemoryAdmin())
    for n in range(12):
        key = ThreadKey(platform="slack", workspace="T1", user=f"U{n % 4}", thread=str(n))
        store.record(*whole(key, at=NOW - (n + 1) * DAY_S))
    store.record(*whole(ADA, at=NOW - DAY_S, type_id="coding", type_title="Coding interview"))
    return store


@pytest.fixture
def panels(store: MemoryTeam) -> Panels:
    admin = MemoryAdmin()
    people = People(store=admin, now=lambda: NOW, pseudonym=str)
    team = Team(store=store, prompts=MemoryPrompts(), people=people, health=lambda: (WELL,), now=lambda: NOW)
    return Panels((TeamPages(team),), store=admin, now=lambda: NOW)


def seen(shown: Panel | Form) -> Panel:
    assert isinstance(shown, Panel)
    return shown


def words(panel: Panel) -> str:
    return "\n".join(part.text for part in panel.parts if isinstance(part, Words))


def facts(panel: Panel) -> dict[str, str]:
    return dict(pair for part in panel.parts if isinstance(part, Facts) for pair in part.pairs)


async def test_the_team_is_shown_by_type_with_what_the_models_took(panels: Panels, store: MemoryTeam) -> None:
    store.bills.append(("slack/T1", int(NOW // DAY_S), Bill(123_456, 2_345_000)))
    panel = seen(await panels.show(VIEWER, "team"))
    types, models = (part for part in panel.parts if isinstance(part, Table))
    assert types.rows == (
        ("Behavioral interview", "12", "4", "100 %", "0.50"),
        ("Coding interview", "too few to show", "–", "–", "–"),
    )
    assert "12 interviews by 4 people" in words(panel)
    assert "not counted" in words(panel)
    assert models.rows == (("gpt-test", "13", "–", "0 %", "$0.00"),)
    assert facts(panel)["Cost"] == "$2.35"
    assert facts(panel)["Tokens"] == "123,456"
    assert facts(panel)["gpt-6, scoring"] == "well: 1 of 40 failed, first word after 0.8 s"
    period, of_type = panel.menus
    assert [option.value for option in period.options] == ["7", "30", "90"]
    assert [f"{of_type.path}/{option.value}" for option in of_type.options] == ["team/30/behavioral"]


async def test_a_type_is_shown_week_by_week_with_n_under_every_point(panels: Panels) -> None:
    panel = seen(await panels.show(VIEWER, "team/30/behavioral"))
    series = [part for part in panel.parts if isinstance(part, Series)]
    assert [each.title for each in series] == [
        "Technical accuracy", "Communication clarity", "Problem solving", "Completeness",
    ]  # fmt: skip
    for each in series:
        assert len(each.names) == len(each.values) == len(each.notes)
        for value, note in zip(each.values, each.notes, strict=True):
            assert (value is None) == (not note.startswith("n "))
    assert sum(int(note[2:]) for note in series[0].notes if note.startswith("n ")) == 10
    assert series[0].notes.count("too few") == 1
    assert "no one’s progress" in words(panel)
    assert facts(panel)["Interviews"] == "12 by 4 people"
    assert panel.back is not None
    assert panel.back.path == "team/30"
    assert f"{panel.menus[0].path}/{panel.menus[0].options[0].value}" == "team/7/behavioral"


async def test_what_is_hidden_or_not_there_is_said(panels: Panels) -> None:
    assert "too few to show" in words(seen(await panels.show(VIEWER, "team/30/coding")))
    assert "Nobody held" in words(seen(await panels.show(VIEWER, "team/30/none")))
    assert "Choose one of" in words(seen(await panels.show(VIEWER, "team/31")))
    assert seen(await panels.show(VIEWER, "team/x/y/z")).title == "Team: the last 30 days"
    assert seen(await panels.show(Actor("slack", "T1", "UX"), "team")).title == "Not for you"


async def test_an_empty_team_is_no_failure(panels: Panels) -> None:
    panel = seen(await panels.show(Actor("slack", "T2", "UV", standing="viewer"), "team/7"))
    assert "Fewer than 3 people practised" in words(panel)
    assert len(panel.menus) == 1


async def test_interviews_that_nothing_was_said_in_divide_nothing(panels: Panels, store: MemoryTeam) -> None:
    for n in range(3):
        key = ThreadKey(platform="slack", workspace="T3", user=f"U{n}")
        store.record(begun(key, at=NOW - 60))
    viewer = Actor("slack", "T3", "UV", standing="viewer")
    panel = seen(await panels.show(viewer, "team/7"))
    assert (facts(panel)["Hints"], facts(panel)["Judged offline"]) == ("–", "none reviewed interviews")
    panel = seen(await panels.show(viewer, "team/7/behavioral"))
    assert facts(panel)["Mean score"] == "nothing scored"


async def test_rollouts_and_what_coaches_think_are_shown(store: MemoryTeam) -> None:
    await store.rate([rating(at=NOW)], entry=entry())
    found = Agreement(40, 2, 20, 36, 3, 18, 30, 0.61, 4)
    seen_by = overview(await store.held("*", since=0), await store.reviews("*", since=0), Bill(), now=NOW)
    panel = team_panel(TeamView(30, 0.0, seen_by, (), (ROLLOUT,), found))
    (row,) = (part for part in panel.parts if isinstance(part, Row))
    assert (row.title, row.button.path if row.button else "") == ("review", "prompts/review")
    assert row.about.startswith("review@2: 10 % of new interviews since ")
    assert "Always saying 3 would be the same for 45 %" in words(panel)
    held_back = replace(ROLLOUT, stages=(Stage(1, 0, NOW),))
    panel = team_panel(TeamView(30, 0.0, seen_by, (), (held_back,), None))
    assert "on hold" in next(part.about for part in panel.parts if isinstance(part, Row))


async def test_a_stand_in_is_counted_apart() -> None:
    from tests.engine.team.test_overview import metric

    spent = overview([held(p) for p in "abc"], [metric(trouble="fallback"), metric()], Bill(), now=NOW)
    panel = team_panel(TeamView(7, 0.0, spent, (), (), None))
    assert facts(panel)["No model could be had"] == "for 1 of them; the offline coach stood in"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"needs_operator": True, "last_error": "Misconfigured"}, "needs whoever runs Rehearse: Misconfigured"),
        ({"phase": "open", "reopens_in_s": 12.4, "last_error": "Busy"}, "out, tried again in 12 s (Busy)"),
        ({"answers": 0}, "nothing asked lately"),
        ({"weight": 0.5, "failures": 9.0, "first_word_p50_s": None}, "unsteady: 9 of 40 failed"),
    ],
)
def test_the_health_of_a_model_is_said_in_words(changes: dict[str, Any], said: str) -> None:
    assert health_words(replace(WELL, **changes)) == said


def test_few_pairs_are_called_few() -> None:
    few = agreement_words(Agreement(2, 1, 1, 2, 3, 1, 2, None, 0))
    assert "by 1 coach " in few
    assert few.endswith("With fewer than 30 pairs this says little.")
    assert not agreement_words(Agreement(31, 1, 31, 31, 3, 31, 31, None, 0)).endswith("little.")


def test_satisfaction_comes_with_its_response_rate() -> None:
    assert satisfaction_words(None) == "too few to show"
    assert satisfaction_words(Satisfaction(Rate(3, 4), Rate(4, 10))) == (
        "75 % of 4 rated interviews found the feedback helpful; 40 % of 10 interviews were rated"
    )


async def test_a_form_is_never_asked_for(panels: Panels) -> None:
    from adapters.surface.panels import Filled

    assert isinstance(await panels.submit(VIEWER, "team/7", Filled({})), Panel)
