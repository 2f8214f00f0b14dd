"""Every way to begin an interview: the command, the form, a word, a button, the Messages tab, a mention, a shortcut."""

from __future__ import annotations

import pytest

from adapters.slack.names import HOME_RESUME, HOME_START, START_SHORTCUT
from adapters.slack.render.forms import FOCUS, LEVEL, QUESTIONS, ROLE, TYPE
from tests.adapters.slack.world import World
from tests.wire.slack import Person


async def test_a_command_starts_in_the_direct_message_and_says_where(world: World, you: Person) -> None:
    place = world.slack.channel("general", [you], team=you.team)
    reply = await you.command("start sys design senior 4", place)
    question = await world.asked(you)
    root = world.slack.messages(you.dm)[0]
    assert "System design" in root.visible
    assert question.thread_ts == root.ts
    setup = world.session(you).setup
    assert (setup.type.id, setup.role, setup.start_level) == ("system-design", "senior", 4)
    await world.rest()
    [said] = reply.later
    assert "System design" in said.visible
    assert root.ts.replace(".", "") in str(said.blocks)


async def test_the_same_command_delivered_twice_starts_one_interview(world: World, you: Person) -> None:
    await you.command("start coding")
    await world.asked(you)
    await world.slack.replay(you.heard[-1])
    world.forget_deliveries()  # as after a restart
    await world.slack.replay(you.heard[-1])
    await world.rest()
    roots = [m for m in world.slack.messages(you.dm) if m.thread_ts in (None, m.ts)]
    assert len(roots) == 1
    assert len([key for key in world.store.snapshots if key.user == you.id]) == 1


@pytest.mark.parametrize("text", ["", "start"])
async def test_without_a_type_the_form_opens(world: World, you: Person, text: str) -> None:
    await you.command(text)
    [form] = world.slack.views(you)
    reply = await you.submits(form, {TYPE: "behavioral", ROLE: "junior", QUESTIONS: "1", LEVEL: "2"})
    assert reply.action == "close"
    await world.asked(you)
    setup = world.session(you).setup
    assert (setup.type.id, setup.role, setup.questions, setup.start_level) == ("behavioral", "junior", 1, 2)


async def test_a_form_that_cannot_be_says_so_beside_the_field(world: World, you: Person) -> None:
    await you.shortcut(START_SHORTCUT)
    [form] = world.slack.views(you)
    body = you.heard[-1].payload
    view = form.json | {"state": {"values": {
        TYPE: {"value": {"type": "static_select", "selected_option": {"value": "coding"}}},
        ROLE: {"value": {"type": "static_select", "selected_option": {"value": "emperor"}}},
        QUESTIONS: {"value": {"type": "number_input", "value": "99"}},
        FOCUS: {"value": {"type": "plain_text_input", "value": "x" * 300}},
    }}}  # fmt: skip
    answer = await world.send("interactive", body | {"type": "view_submission", "view": view})
    assert answer.body["response_action"] == "errors"
    assert set(answer.body["errors"]) == {ROLE, QUESTIONS, FOCUS}
    assert not [key for key in world.store.snapshots if key.user == you.id]


async def test_an_unknown_type_is_met_with_the_choices(world: World, you: Person) -> None:
    reply = await you.command("start astrology")
    await world.rest()
    [said] = reply.later
    assert "astrology" in said.visible
    assert "system-design" in said.visible
    assert f"{HOME_START}.coding" in said.action_ids


async def test_a_word_in_the_messages_tab_starts_in_its_thread(world: World, you: Person) -> None:
    ts = await you.says(None, "Start a coding interview at staff level, please")
    question = await world.asked(you)
    assert question.thread_ts == ts
    assert world.session(you).setup.role == "staff"


async def test_a_first_message_that_asks_for_nothing_is_welcomed(world: World, you: Person) -> None:
    ts = await you.says(None, "Good morning")
    welcome = await world.see(lambda: world.slack.messages(you.dm, thread=ts)[1:])
    assert f"{HOME_START}.behavioral" in welcome[0].action_ids
    await you.presses(you.dm, welcome[0].ts, f"{HOME_START}.behavioral")
    question = await world.asked(you)
    assert world.session(you).setup.type.id == "behavioral"
    assert question.thread_ts != ts


async def test_the_messages_tab_proposes_what_to_say(world: World, you: Person) -> None:
    await you.opens_home("messages")
    await world.rest()
    proposed = [status for status in world.slack.prompts if status.channel == you.dm]
    assert len(proposed) == 1
    assert "system design" in str(proposed[0].args)


async def test_while_one_is_open_another_start_asks_which(world: World, you: Person) -> None:
    await you.command("start coding")
    first = await world.asked(you)
    reply = await you.command("start behavioral senior")
    await world.rest()
    [which] = reply.later
    assert {HOME_RESUME, f"{HOME_START}.again"} <= set(which.action_ids)
    assert world.thread(you) == first.thread_ts
    await you.presses(you.dm, which.ts, f"{HOME_START}.again")
    await world.see(lambda: world.thread(you) != first.thread_ts)
    await world.asked(you)
    setup = world.session(you).setup
    assert (setup.type.id, setup.role) == ("behavioral", "senior")


async def test_the_open_one_can_be_resumed_instead(world: World, you: Person) -> None:
    await you.command("start coding")
    question = await world.asked(you)
    await you.says(None, "pause", question.thread_ts)
    await world.see(lambda: world.session(you).paused)
    reply = await you.command("start coding")
    await world.rest()
    await you.presses(you.dm, reply.later[0].ts, HOME_RESUME)
    await world.see(lambda: not world.session(you).paused)


async def test_start_said_while_one_is_open_asks_which(world: World, you: Person) -> None:
    await you.command("start coding")
    await world.asked(you)
    ts = await you.says(None, "start a behavioral interview")
    [which] = await world.see(lambda: world.slack.messages(you.dm, thread=ts)[1:])
    assert {HOME_RESUME, f"{HOME_START}.again"} <= set(which.action_ids)
    assert world.session(you).setup.type.id == "coding"
