"""`/interview` and everything that can follow it; scores, history and one's own data."""

from __future__ import annotations

import json

import pytest

from adapters.slack.names import HOME_RESUME, PRESS, SHOW_REPORT
from adapters.slack.render.forms import SURE
from tests.adapters.slack.conversations.test_answering import ANSWER
from tests.adapters.slack.world import World
from tests.wire.slack import Person


async def held(world: World, you: Person) -> None:
    """An interview that is over, with one answer."""
    await you.command("start coding")
    question = await world.asked(you)
    await you.says(you.dm, ANSWER, question.thread_ts)
    await you.presses(you.dm, question.ts, f"{PRESS}done")
    await world.reviewed(you)
    await you.says(you.dm, "stop", question.thread_ts)
    await world.see(lambda: world.session(you).over)


async def test_help_shows_all_of_it(world: World, you: Person) -> None:
    reply = await you.command("help")
    await world.rest()
    assert "/interview delete-my-data" in reply.later[0].visible


@pytest.mark.parametrize(("typed", "meant"), [("progres", "progress"), ("hepl", "help"), ("histroy", "history")])
async def test_an_unknown_word_is_met_with_the_nearest(world: World, you: Person, typed: str, meant: str) -> None:
    reply = await you.command(typed)
    await world.rest()
    assert f"/interview {meant}" in reply.later[0].visible
    assert "How Rehearse works" in reply.later[0].visible


async def test_words_that_nothing_is_near_to_bring_the_help(world: World, you: Person) -> None:
    reply = await you.command("<!channel> *xyzzy*")
    await world.rest()
    assert not reply.later[0].live_markup
    assert "How Rehearse works" in reply.later[0].visible


async def test_admin_says_kindly_who_can_help(world: World, you: Person) -> None:
    await you.command("admin")
    await world.rest()
    [view] = world.slack.views(you)
    assert "can give you a role" in str(view.blocks)
    assert not [element for block in view.blocks for element in block.get("elements", ()) if "action_id" in element]


async def test_with_nothing_open_there_is_nothing_to_resume(world: World, you: Person) -> None:
    reply = await you.command("resume")
    await world.rest()
    assert "no open interview" in reply.later[0].visible


async def test_resume_goes_on_and_says_where(world: World, you: Person) -> None:
    await you.command("start coding")
    question = await world.asked(you)
    await you.says(you.dm, "pause", question.thread_ts)
    await world.see(lambda: world.session(you).paused)
    reply = await you.command("resume")
    await world.see(lambda: not world.session(you).paused)
    await world.rest()
    assert "Coding" in reply.later[0].visible


async def test_progress_and_history_begin_empty(world: World, you: Person) -> None:
    for word in ("progress", "history"):
        reply = await you.command(word)
        await world.rest()
        assert "No interview yet" in reply.later[0].visible


async def test_history_lists_what_was_and_shows_its_report(world: World, you: Person) -> None:
    await held(world, you)
    await you.command("start behavioral")
    await world.see(lambda: not world.session(you).over)
    reply = await you.command("history")
    await world.rest()
    listed = reply.later[0]
    assert {SHOW_REPORT, HOME_RESUME} <= set(listed.action_ids)
    await you.presses(you.dm, listed.ts, SHOW_REPORT)
    await world.rest()
    reports = [m for m in world.slack.messages(you.dm) if m.visible.startswith("Report") and not m.thread_ts]
    assert len(reports) == 1
    again = await you.command("progress")
    await world.rest()
    assert "2 interviews" in again.later[0].visible


async def test_where_there_are_no_charts_there_are_figures(world: World, you: Person) -> None:
    world.slack.refuse("charts", "tables", team=you.team)
    await held(world, you)
    reply = await you.command("progress")
    await world.rest()
    assert "Your progress" in reply.later[0].visible
    listed = await you.command("history")
    await world.rest()
    await you.presses(you.dm, listed.later[0].ts, SHOW_REPORT)
    await world.rest()
    assert any(m.visible.startswith("Report") and not m.thread_ts for m in world.slack.messages(you.dm))


async def test_a_report_that_is_gone_is_said_to_be(world: World, you: Person) -> None:
    await held(world, you)
    listed = await you.command("history")
    await world.rest()
    await you.command("delete-my-data")
    await you.submits(world.slack.views(you)[-1], {SURE: ["sure"]})
    await world.rest()
    await you.presses(you.dm, listed.later[0].ts, SHOW_REPORT)
    await world.rest()
    assert "nothing about you" in world.slack.messages(you.dm)[-1].visible


async def test_export_puts_every_word_into_a_file(world: World, you: Person) -> None:
    await held(world, you)
    reply = await you.command("export", world.slack.channel("general", [you], team=you.team))
    await world.rest()
    assert "direct message" in reply.later[0].visible
    [holder] = [m for m in world.slack.messages(you.dm) if m.files]
    kept = json.loads(holder.files[0].content)
    assert kept["interviews"][0]["turns"][0]["attempts"][0]["parts"][0]["text"] == ANSWER


async def test_delete_my_data_asks_and_then_deletes_everything(world: World, you: Person) -> None:
    await held(world, you)
    await you.opens_home()
    await world.rest()
    await you.command("delete-my-data")
    [form] = world.slack.views(you)
    reply = await you.submits(form, {SURE: ["sure"]})
    assert reply.action == "close"
    await world.rest()
    assert not [key for key in [*world.store.snapshots, *world.store.mailbox] if key.user == you.id]
    assert not [key for key, kept in world.store.kept.items() if key.user == you.id and kept]
    home = world.slack.home(you)
    assert home is not None
    assert "Welcome!" in json.dumps(home.json)
    assert any("deleted" in m.visible for m in world.slack.messages(you.dm))


async def test_a_button_of_a_deleted_interview_is_answered_kindly(world: World, you: Person) -> None:
    await you.command("start coding")
    question = await world.asked(you)
    await you.command("delete-my-data")
    await you.submits(world.slack.views(you)[-1], {SURE: ["sure"]})
    await world.rest()
    await you.presses(you.dm, question.ts, f"{PRESS}skip")
    await world.rest()
    assert "not kept any more" in world.slack.ephemerals(you)[-1].visible
    assert not [key for key in world.store.mailbox if key.user == you.id]


async def test_a_word_of_the_interview_works_as_a_command_too(world: World, you: Person) -> None:
    await you.command("start coding")
    await world.asked(you)
    await you.command("stop")
    await world.see(lambda: world.session(you).over)
