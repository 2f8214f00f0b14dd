"""Interactions pay for messages while their tokens live; without direct messages nothing else does."""

from __future__ import annotations

import asyncio

import pytest

from adapters.discord.delivery.delivery import KEPT_THREADS
from adapters.discord.delivery.hooks import Hook, read_hook
from adapters.discord.names import thread_key
from engine.events import Grew, HintCard, Opened, Settled
from engine.keys import ThreadKey
from tests.adapters.discord.delivery.answers import seen
from tests.adapters.discord.delivery.stage import Stage, staged
from tests.adapters.discord.delivery.test_restart import killed
from tests.kit.loop import virtual
from tests.kit.paced import Answer, asked, review
from tests.wire.discord.limits import Limits

HOOK_POST = "POST /webhooks/{application}/{token}"
HOOK_EDIT = "PATCH /webhooks/{application}/{token}/messages/{message}"
ORIGINAL = "PATCH /webhooks/{application}/{token}/messages/@original"
POST, EDIT = "POST /channels/{channel}/messages", "PATCH /channels/{channel}/messages/{message}"


def in_forms(stage: Stage, name: str = "Ada") -> ThreadKey:
    """An interview in private messages of somebody in a server's channel."""
    ada = stage.discord.person(name)
    channel = stage.discord.channel(stage.discord.guild("Club", [ada]))
    return thread_key(str(channel.id), str(ada.id), forms=True)


def hint(rung: int) -> HintCard:
    return HintCard(turn=1, rung=rung, rungs=3, text=f"Hint number {rung}.")


@virtual
async def test_a_card_outlives_the_token_that_paid_for_it() -> None:
    async with staged(Limits.documented()) as stage:
        key = stage.interview()
        stage.press(key)
        await asyncio.sleep(12.9 * 60)
        stage.tell(key, Opened, "f1.1", review(0))
        for tokens in (50, 130):
            stage.tell(key, Grew, "f1.1", review(tokens))
            await asyncio.sleep(30)
        stage.tell(key, Grew, "f1.1", review(250))
        await asyncio.sleep(30)
        stage.tell(key, Settled, "f1.1", review(600, settled=True))
        await asyncio.sleep(30)
        (message,) = stage.shown(key)
        assert "w599" in message.text
        assert [call for call in stage.calls() if "typing" not in call] == [HOOK_POST, HOOK_EDIT, HOOK_EDIT, EDIT]
        assert {call.status for call in stage.discord.calls} <= {200, 204}


@virtual
async def test_a_token_that_dies_early_is_replaced_by_the_bots_own() -> None:
    async with staged(Limits.documented()) as stage:
        key = stage.interview()
        stage.press(key)
        answer = Answer(key, asyncio.get_running_loop().time)
        async with asyncio.TaskGroup() as group:
            group.create_task(answer.stream(stage.emit))
            await asyncio.sleep(4)
            stage.discord.expire_interactions()
        await asyncio.sleep(20)
        assert seen(stage, answer).whole
        assert len(stage.shown(key)) == 1
        assert sum(call.status == 401 for call in stage.discord.calls) == 1


@virtual
async def test_the_message_whose_button_was_pressed_is_changed_by_that_press() -> None:
    async with staged(Limits.documented()) as stage:
        key = stage.interview()
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(2)
        (question,) = stage.shown(key)
        stage.press(key, question)
        stage.tell(key, Settled, "q1", asked(actions=False))
        await asyncio.sleep(5)
        assert not question.custom_ids
        assert stage.calls("PATCH") == [ORIGINAL]


@virtual
async def test_the_sixth_message_of_an_app_of_one_person_goes_by_the_bots_token() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.press(key).user_install = True
        for rung in range(1, 8):
            stage.tell(key, Settled, f"h1.{rung}", hint(rung))
        await asyncio.sleep(30)
        assert [f"number {n}." in message.text for n, message in enumerate(stage.shown(key), 1)] == [True] * 7
        assert stage.calls("POST").count(POST) == 2


@virtual
async def test_interactions_are_remembered_when_the_conversation_is_not() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.press(key)
        for n in range(KEPT_THREADS + 10):
            stage.tell(stage.interview(f"Person {n}"), Settled, "q1", asked())
            await asyncio.sleep(2.5)
        assert key not in stage.delivery._threads
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(1)
        assert stage.calls()[-1] == HOOK_POST


@virtual
async def test_an_interview_that_is_moved_goes_on_there_with_what_was_not_shown() -> None:
    async with staged() as stage:
        key, ada = stage.interview(), stage.discord.person("Ada")
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(2)
        stage.press(key)
        elsewhere = stage.discord.channel(stage.discord.guild("Club", [ada]))
        stage.discord.expire_interactions()
        ada.lets_dms("closed")
        stage.tell(key, Settled, "h1.1", hint(1))
        await asyncio.sleep(5)
        assert stage.refused == [key]
        stage.delivery.move(key, str(elsewhere.id))
        stage.tell(key, Settled, "h1.2", hint(2))
        await asyncio.sleep(5)
        assert [f"number {n}." in each.text for n, each in enumerate(stage.discord.messages(elsewhere), 1)] == [
            True
        ] * 2
        assert len(stage.shown(key)) == 1
        await killed(stage)
    async with staged(discord=stage.discord, shelf=stage.shelf) as again:
        again.tell(key, Settled, "h1.3", hint(3))
        await asyncio.sleep(5)
        assert len(again.discord.messages(elsewhere)) == 3


@virtual
async def test_with_forms_everything_is_private_and_waits_for_an_interaction() -> None:
    async with staged(Limits.documented()) as stage:
        key = in_forms(stage)
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(5)
        assert stage.discord.calls == []
        stage.press(key)
        answer = Answer(key, asyncio.get_running_loop().time)
        await answer.stream(stage.emit)
        await asyncio.sleep(10)
        view = seen(stage, answer)
        assert view.whole
        assert view.finish_s <= 0.1
        assert all(message.ephemeral_for is not None for message in stage.shown(key))
        assert len(stage.shown(key)) == 2
        assert set(stage.calls()) == {HOOK_POST, HOOK_EDIT}


@virtual
async def test_with_forms_what_came_too_late_for_its_token_comes_with_the_next() -> None:
    async with staged(Limits.documented()) as stage:
        key = in_forms(stage)
        stage.press(key)
        stage.tell(key, Opened, "f1.1", review(0))
        stage.tell(key, Grew, "f1.1", review(200))
        await asyncio.sleep(16 * 60)
        stage.tell(key, Settled, "f1.1", review(600, settled=True))
        await asyncio.sleep(5)
        (growing,) = stage.shown(key)
        assert "w599" not in growing.text
        stage.press(key)
        await asyncio.sleep(5)
        assert "w599" in stage.shown(key)[-1].text
        assert len(stage.shown(key)) == 2
        assert {call.status for call in stage.discord.calls} == {200}


@virtual
async def test_with_forms_a_restart_goes_on_in_the_same_private_message() -> None:
    async with staged() as first:
        key = in_forms(first)
        first.press(key)
        first.tell(key, Opened, "f1.1", review(0))
        first.tell(key, Grew, "f1.1", review(200))
        await asyncio.sleep(2)
        await killed(first)
    async with staged(discord=first.discord, shelf=first.shelf) as second:
        second.tell(key, Settled, "f1.1", review(600, settled=True))
        await asyncio.sleep(5)
        (message,) = second.shown(key)
        assert "w599" in message.text


@virtual
async def test_with_forms_old_private_messages_keep_buttons_that_no_token_reaches() -> None:
    async with staged() as stage:
        key = in_forms(stage)
        stage.press(key)
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(16 * 60)
        stage.tell(key, Settled, "q1", asked(actions=False))
        stage.press(key)
        await asyncio.sleep(5)
        (question,) = stage.shown(key)
        assert question.custom_ids
        assert question.edits == 0


@pytest.mark.parametrize("text", ["", "{}", "[1]", '["a","b","c","d"]', "nonsense"])
def test_a_token_is_read_as_it_was_kept_and_nonsense_is_nothing(text: str) -> None:
    hook = Hook("1", "token", 5.0, "7")
    again = read_hook(hook.text())
    assert again is not None
    assert (again.application, again.token, again.at, again.message) == ("1", "token", 5.0, "7")
    assert read_hook(text) is None
