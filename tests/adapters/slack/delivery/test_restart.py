"""Whatever moment a process dies in: the next one goes on in the same messages, and nothing is shown twice or never."""

from __future__ import annotations

import asyncio

import pytest

from adapters.slack.delivery.handle import Handle, digest, name
from adapters.slack.render import Page
from engine.events import Grew, Opened, Settled
from engine.keys import ThreadKey
from engine.ports import TOLD
from engine.session import Session
from tests.adapters.slack.delivery.stage import Stage, staged
from tests.kit.interviews import setup
from tests.kit.loop import virtual
from tests.kit.paced import Answer, asked, review
from tests.kit.talk import Talk


def recorded(talk: Talk, key: ThreadKey) -> Session:
    """The interview as it would stand in the store under this key."""
    return talk.live.model_copy(update={"key": key})


async def killed(stage: Stage) -> None:
    """The process is gone: nothing more is written, by nobody."""
    delivery = stage.delivery
    for thread in delivery._threads.values():
        thread.close()
    for scope in delivery._scopes.values():
        await scope.governor.aclose()
    for task in list(delivery._tasks):
        task.cancel()
    delivery._threads.clear()
    delivery._scopes.clear()


def said(stage: Stage, key: ThreadKey) -> list[str]:
    return [message.visible for message in stage.shown(key)]


@virtual
async def test_what_was_recorded_and_never_shown_is_shown_at_the_next_start() -> None:
    async with staged() as stage:
        key = stage.interview()
        talk = Talk(setup())
        talk.ask()
        talk.say("I reverted it within ten minutes and told everybody.")
        talk.press("done")
        talk.review(3, 3, 4, 4)
        stage.shelf.sessions[key] = recorded(talk, key)
        await stage.delivery.catch_up()
        await asyncio.sleep(10)
        question, feedback = said(stage, key)
        assert "mistake of yours" in question
        assert "0.6" in feedback
        assert stage.shelf.kept[key][TOLD] == f"1.{talk.live.version}"
        calls = len(stage.slack.calls)
        await stage.delivery.catch_up()
        await asyncio.sleep(10)
        assert len(stage.slack.calls) == calls


@virtual
async def test_a_second_start_changes_only_what_differs() -> None:
    talk = Talk(setup())
    async with staged() as first:
        key = first.interview()
        talk.ask()
        first.shelf.sessions[key] = recorded(talk, key)
        await first.delivery.catch_up()
        await asyncio.sleep(10)
        await killed(first)
    async with staged(slack=first.slack, shelf=first.shelf) as second:
        assert await second.shelf.behind("slack") == []
        talk.press("skip")
        talk.ask(text="Another one, then.")
        second.shelf.sessions[key] = recorded(talk, key)
        before = len(second.slack.calls)
        await second.delivery.catch_up()
        await asyncio.sleep(60)
        written = [call.method for call in second.slack.calls[before:] if call.method.startswith("chat.")]
        assert sorted(written) == ["chat.postMessage", "chat.update"]
        assert len(second.shown(key)) == 2
        assert await second.shelf.behind("slack") == []


@virtual
async def test_a_review_under_way_goes_on_in_the_same_message() -> None:
    async with staged() as first:
        answer = Answer(first.interview(), asyncio.get_running_loop().time)
        talk = Talk(setup())
        talk.ask()
        talk.say("I reverted it within ten minutes.")
        talk.press("done")
        first.shelf.sessions[answer.key] = recorded(talk, answer.key)
        work = asyncio.create_task(answer.stream(first.emit))
        await asyncio.sleep(5)
        work.cancel()
        await killed(first)
        (message,) = [one for one in first.shown(answer.key) if one.streaming]
    async with staged(slack=first.slack, shelf=first.shelf) as second:
        await second.delivery.catch_up()
        await asyncio.sleep(1)
        assert not message.streaming
        again = Answer(answer.key, asyncio.get_running_loop().time)
        await again.stream(second.emit)
        await asyncio.sleep(5)
        reviews = [one for one in second.shown(answer.key) if "w599" in one.visible]
        assert [one.ts for one in reviews] == [message.ts]
        assert sum("w10" in one.visible for one in second.shown(answer.key)) == 1


@pytest.mark.parametrize("after_s", [0.001, 0.03, 0.05, 0.07, 0.1, 0.13, 0.2])
@pytest.mark.parametrize("stream", [True, False])
def test_no_message_appears_twice_wherever_the_process_dies(after_s: float, stream: bool) -> None:
    @virtual
    async def play() -> None:
        async with staged() as first:
            if not stream:
                first.slack.refuse("streaming")
                first.delivery._scope(first.slack.team.id).streaming = False
            key = first.interview()
            first.tell(key, Opened, "f1.1", review(0))
            first.tell(key, Grew, "f1.1", review(130))
            await asyncio.sleep(after_s)
            await killed(first)
            await asyncio.sleep(1)
        async with staged(slack=first.slack, shelf=first.shelf) as second:
            second.tell(key, Opened, "f1.1", review(0))
            second.tell(key, Grew, "f1.1", review(250))
            await asyncio.sleep(1)
            second.tell(key, Settled, "f1.1", review(600, settled=True))
            await asyncio.sleep(20)
            (message,) = second.shown(key)
            assert "w599" in message.visible
            assert not message.streaming

    play()


@virtual
async def test_a_question_that_was_posted_just_before_the_end_is_found_again() -> None:
    async with staged() as first:
        key = first.interview()
        first.tell(key, Settled, "q1", asked())
        await asyncio.sleep(0.08)  # Slack has it, the answer is on its way
        assert len(first.shown(key)) == 1
        await killed(first)
    assert Handle.parse(first.shelf.kept[key]["1/q1"]).intent
    async with staged(slack=first.slack, shelf=first.shelf) as second:
        second.tell(key, Settled, "q1", asked())
        await asyncio.sleep(5)
        assert len(second.shown(key)) == 1
        assert second.calls("conversations.replies") == ["conversations.replies"]
        kept = Handle.parse(second.shelf.kept[key]["1/q1"])
        assert (kept.intent, kept.settled, len(kept.ts)) == ("", True, 1)


@virtual
async def test_a_review_nobody_will_finish_says_so() -> None:
    async with staged() as stage:
        key = stage.interview()
        talk = Talk(setup())
        talk.ask()
        talk.say("I reverted it within ten minutes.")
        talk.press("done")
        stage.shelf.sessions[key] = recorded(talk, key)
        stage.tell(key, Opened, "f1.1", review(0))
        stage.tell(key, Grew, "f1.1", review(130))
        await asyncio.sleep(2)
        talk.press("skip")
        stage.shelf.sessions[key] = recorded(talk, key)
        stage.tell(key, Settled, "q1", asked(actions=False))
        await asyncio.sleep(10)
        (message,) = [one for one in stage.shown(key) if "w100" in one.visible]
        assert not message.streaming
        assert "went on before this was finished" in message.visible


@virtual
async def test_nothing_of_what_was_said_stands_in_a_handle() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.tell(key, Settled, "f1.1", review(600, settled=True))
        await asyncio.sleep(5)
        kept = stage.shelf.kept[key][name(1, "f1.1")]
        assert len(kept) < 300
        assert "w1" not in kept
        assert "clear" not in kept
        (message,) = stage.shown(key)
        assert message.metadata is not None
        assert list(message.metadata["event_payload"]) == ["id"]


def test_a_handle_is_read_as_it_was_kept_and_nonsense_is_nothing() -> None:
    handle = Handle(sink="sections").with_message("1.2", digest(Page((), "x")))
    assert Handle.parse(handle.text()) == handle
    assert Handle.parse("12.34") == Handle()
    assert Handle.parse('{"sink":"telegram"}') == Handle()
