"""What people send by mistake is answered with a kind sentence; what machines send is not heard."""

from __future__ import annotations

from typing import Any

import pytest

from tests.adapters.slack.conversations.test_answering import ANSWER, answer, begun
from tests.adapters.slack.world import World
from tests.wire.slack import Person


@pytest.mark.parametrize("text", [":tada: :tada:", "🎉"])
async def test_an_emoji_alone_is_no_answer(world: World, you: Person, text: str) -> None:
    await begun(world, you)
    await you.says(None, text)
    await world.rest()
    assert "emoji alone" in world.slack.ephemerals(you)[-1].visible
    assert answer(world, you) == ""


async def test_more_than_can_be_read_is_refused_whole(world: World, you: Person) -> None:
    await begun(world, you)
    await you.says(None, "word " * 8_001)
    await world.see(
        lambda: any("40,000" in m.visible for m in world.slack.messages(you.dm)) or _told(world, you, "40,000")
    )
    assert answer(world, you) == ""


async def test_an_empty_message_adds_nothing(world: World, you: Person) -> None:
    await begun(world, you)
    await you.says(None, "   ")
    await world.see(lambda: _told(world, you, "empty") or any("empty" in m.visible for m in world.replies(you)))


async def test_markup_that_would_act_is_only_text(world: World, you: Person) -> None:
    await begun(world, you)
    await you.says(you.dm, "Tell <!channel> and <https://evil.test|us> & <b>", world.thread(you))
    await world.see(lambda: answer(world, you))
    assert answer(world, you) == "Tell <!channel> and <https://evil.test|us> & <b>"


async def test_a_reply_in_some_other_thread_is_shown_the_way(world: World, you: Person) -> None:
    ts = await you.says(None, "Good morning")
    await begun(world, you)
    await you.says(you.dm, ANSWER, ts)
    await world.rest()
    assert "its own thread" in world.slack.ephemerals(you)[-1].visible
    assert answer(world, you) == ""


async def test_after_the_end_a_message_is_told_that_it_is_over(world: World, you: Person) -> None:
    await begun(world, you)
    await you.says(None, "stop")
    await world.see(lambda: world.session(you).over)
    thread = world.thread(you)
    await you.says(you.dm, "And another thing", thread)
    await world.see(lambda: any("over" in m.visible for m in world.replies(you)[-2:]) or _told(world, you, "over"))


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "subtype": "bot_message", "bot_id": "B9", "text": "I am a bot"},
        {"type": "message", "bot_id": "B9", "text": "I am an app"},
        {"type": "message", "subtype": "channel_join", "text": "joined"},
        {"type": "message", "text": {"not": "text"}},
        {"type": "message", "channel": None},
        {"type": "reaction_added"},
        {"type": "a_thing_of_next_year", "stuff": [1, {"deep": None}]},
        {"type": "message", "subtype": "message_changed", "message": None},
        {"type": "agent_session_stopped"},
    ],
)
async def test_what_is_not_for_us_does_nothing(world: World, you: Person, event: dict[str, Any]) -> None:
    before = len(world.slack.calls)
    whole = {"channel": you.dm, "channel_type": "im", "user": you.id, "text": "x", "ts": "1.1", "event_ts": "1.1"}
    answered = await world.send("events_api", _callback(you, whole | event, f"Ev{id(event)}"))
    assert answered.ok
    await world.rest()
    assert len(world.slack.calls) == before
    assert not [key for key in world.store.mailbox if key.user == you.id]


@pytest.mark.parametrize(
    "body",
    [
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": [{"action_id": "rehearse.press.fly", "value": "x"}]},
        {"type": "block_actions", "actions": [{"action_id": "rehearse.press.skip", "value": "nonsense"}]},
        {"type": "block_actions", "actions": [{"action_id": "rehearse.home.resume", "value": "a/b"}]},
        {"type": "block_actions", "actions": [{"action_id": "rehearse.home.resume", "value": "slack/T9/D9/1/U9"}]},
        {"type": "view_submission", "view": {"callback_id": "somebody.else", "state": {"values": {}}}},
        {"type": "view_closed", "view": {}},
        {"type": "a_thing_of_next_year"},
    ],
)
async def test_a_broken_press_ends_nothing(world: World, you: Person, body: dict[str, Any]) -> None:
    who = {"user": {"id": you.id, "team_id": you.team.id}, "team": {"id": you.team.id}}
    await world.send("interactive", who | body | {"trigger_id": f"t{id(body)}"})
    await begun(world, you)  # it goes on


async def test_everything_may_be_told_twice(world: World, you: Person) -> None:
    world.slack.deliveries.twice = True
    try:
        ts = await you.says(None, "start coding")
        await world.asked(you)
        world.forget_deliveries()
        first = await you.says(you.dm, ANSWER, ts)
        await you.edits(you.dm, first, f"{ANSWER} More.")
        hello = await you.says(None, ":wave:")
        await world.rest()
    finally:
        world.slack.deliveries.twice = False
    assert answer(world, you) == f"{ANSWER} More."
    assert len([key for key in world.store.snapshots if key.user == you.id]) == 1
    assert hello
    assert len(world.slack.ephemerals(you)) == 1


def _told(world: World, you: Person, word: str) -> bool:
    return any(word in message.visible for message in world.slack.ephemerals(you))


def _callback(you: Person, event: dict[str, Any], id: str) -> dict[str, Any]:
    team = you.team
    return {
        "type": "event_callback", "team_id": team.id, "event_id": id, "event_time": 1, "event": event,
        "authorizations": [{"team_id": team.id, "user_id": team.bot_user, "is_bot": True}],
    }  # fmt: skip
