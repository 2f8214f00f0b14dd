"""The Home tab: what stands there, what its buttons do, and the door that admins see."""

from __future__ import annotations

import json

from adapters.slack.names import (
    HOME_EXPORT,
    HOME_FORGET,
    HOME_HISTORY,
    HOME_LANGUAGE,
    HOME_LIVE,
    HOME_RESUME,
    HOME_START,
    go_id,
)
from engine.preferences import Preferences
from tests.adapters.slack.conversations.test_commands import held
from tests.adapters.slack.world import World
from tests.wire.slack import Person


def shown(world: World, you: Person) -> str:
    home = world.slack.home(you)
    return json.dumps(home.json, ensure_ascii=False) if home else ""


async def home(world: World, you: Person) -> str:
    await you.opens_home()
    return await world.see(lambda: shown(world, you))


async def preferences(world: World, you: Person) -> Preferences:
    return await world.store.preferences(platform="slack", workspace=you.team.id, user=you.id)


async def test_a_newcomer_is_welcomed(world: World, you: Person) -> None:
    assert "Welcome!" in await home(world, you)
    assert "rehearse.go:" not in shown(world, you)


async def test_however_often_it_is_opened_it_is_shown_once_in_a_while(world: World, you: Person) -> None:
    before = len(world.slack.called("views.publish"))
    for _ in range(8):
        await you.opens_home()
    await world.rest()
    assert 1 <= len(world.slack.called("views.publish")) - before <= 3


async def test_an_interview_starts_and_is_resumed_from_home(world: World, you: Person) -> None:
    await home(world, you)
    await you.presses_in("home", f"{HOME_START}.coding")
    question = await world.asked(you)
    await you.says(you.dm, "pause", question.thread_ts)
    await world.see(lambda: world.session(you).paused)
    await you.opens_home()
    await world.see(lambda: HOME_RESUME in shown(world, you))
    await you.presses_in("home", HOME_RESUME)
    await world.see(lambda: not world.session(you).paused)


async def test_the_form_history_and_deletion_open_from_home(world: World, you: Person) -> None:
    await held(world, you)
    await home(world, you)
    for action, title in ((HOME_START, "Start an interview"), (HOME_HISTORY, "Your interviews"),
                          (HOME_FORGET, "Delete my data")):  # fmt: skip
        await you.presses_in("home", action)
        view = world.slack.views(you)[-1]
        assert view.title == title
        await you.closes(view)


async def test_settings_act_at_once(world: World, you: Person) -> None:
    await home(world, you)
    await you.presses_in("home", HOME_LIVE, [])
    await you.presses_in("home", HOME_LANGUAGE, "de")
    await world.rest()
    assert await preferences(world, you) == Preferences(live=False, language="de")
    await you.command("start coding")
    await world.asked(you)
    assert world.session(you).setup.language == "de"
    await you.presses_in("home", HOME_LANGUAGE, "-")
    await world.rest()
    assert (await preferences(world, you)).language == ""


async def test_export_from_home_comes_as_a_message(world: World, you: Person) -> None:
    await home(world, you)
    await you.presses_in("home", HOME_EXPORT)
    await world.see(lambda: [m for m in world.slack.messages(you.dm) if m.files])


async def test_admins_see_the_door_to_the_types(world: World, you: Person) -> None:
    boss = world.slack.person(f"{you.id}ADMIN", "Boss", admin=True, team=you.team)
    assert go_id("types/coding") in await home(world, boss)
    await boss.presses_in("home", go_id("people"))
    assert world.slack.views(boss)[-1].title == "People"
