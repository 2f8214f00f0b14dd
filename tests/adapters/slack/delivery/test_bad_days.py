"""What Slack may refuse, lose or take away, and how what was to be shown is shown all the same."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from engine.events import Grew, HintCard, ModelAnswerCard, Opened, ReportCard, Settled
from engine.facts import CriterionTrend, Report, TrendPoint
from tests.adapters.slack.delivery.answers import seen
from tests.adapters.slack.delivery.stage import Stage, staged
from tests.kit.loop import virtual
from tests.kit.paced import Answer, asked, review
from tests.wire.slack import Limits


async def reviewed(stage: Stage, user: str = "U1", *, section_s: float = 2.0, tokens_per_s: float = 60) -> Answer:
    """A review from its first word to long after its last."""
    answer = Answer(stage.interview(user), asyncio.get_running_loop().time)
    await answer.stream(stage.emit, section_s=section_s, tokens_per_s=tokens_per_s)
    await asyncio.sleep(30)
    return answer


def words(stage: Stage, answer: Answer) -> list[str]:
    """Every numbered word on screen, in reading order."""
    text = " ".join(message.visible for message in stage.shown(answer.key))
    return [word for word in text.replace(".", " ").split() if word[0] == "w" and word[1:].isdigit()]


def is_whole(stage: Stage, answer: Answer) -> bool:
    """Every word is there once, and so are the buttons."""
    ids = [id for message in stage.shown(answer.key) for id in message.action_ids]
    once = words(stage, answer) == [f"w{n}" for n in range(len(answer.made_at))]
    return once and ids.count("rehearse.press.next") == 1 and not any(m.streaming for m in stage.shown(answer.key))


@virtual
async def test_a_workspace_without_native_streams_is_asked_once() -> None:
    async with staged() as stage:
        stage.slack.refuse("streaming")
        assert is_whole(stage, await reviewed(stage))
        assert is_whole(stage, await reviewed(stage, "U2"))
        assert len(stage.calls("chat.startStream")) == 1
        assert stage.calls("chat.update")


@pytest.mark.parametrize("error", ["message_not_in_streaming_state", "feature_not_enabled", "msg_too_long"])
def test_a_stream_that_ends_on_the_way_goes_on(error: str) -> None:
    @virtual
    async def play() -> None:
        async with staged() as stage:
            stage.slack.fail("chat.appendStream", error)
            assert is_whole(stage, await reviewed(stage))

    play()


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream", "chat.stopStream", "chat.postMessage"])
@pytest.mark.parametrize("fault", ["lost", "reset", "500", "internal_error"])
def test_a_call_without_an_answer_is_neither_lost_nor_done_twice(method: str, fault: str) -> None:
    @virtual
    async def play() -> None:
        async with staged() as stage:
            if method == "chat.postMessage":
                stage.slack.refuse("streaming")
            if fault in ("lost", "reset"):
                stage.slack.fail(method, lost=fault == "lost", reset=fault == "reset")
            else:
                stage.slack.fail(
                    method, status=500 if fault == "500" else 200, error="any" if fault == "500" else fault
                )
            answer = await reviewed(stage)
            assert is_whole(stage, answer), [message.visible for message in stage.shown(answer.key)]
            assert len(stage.shown(answer.key)) == 1

    play()


@virtual
async def test_slack_that_hangs_does_not_hold_up_the_other_posts() -> None:
    async with staged() as stage:
        stage.slack.fail("chat.postMessage", hang_s=60)
        first, second = stage.interview("U1"), stage.interview("U2")
        stage.tell(first, Settled, "q1", asked())
        await asyncio.sleep(0.1)
        stage.tell(second, Settled, "q1", asked())
        await asyncio.sleep(1)
        assert len(stage.shown(second)) == 1
        await asyncio.sleep(100)
        assert len(stage.shown(first)) >= 1


@virtual
async def test_a_stream_is_rolled_over_before_slack_ends_it() -> None:
    async with staged(Limits.documented()) as stage:
        answer = await reviewed(stage, section_s=130, tokens_per_s=1)
        assert words(stage, answer)[-1] == f"w{len(answer.made_at) - 1}"
        assert not [call.error for call in stage.slack.calls if call.error]
        assert len(stage.shown(answer.key)) > 1


@virtual
async def test_a_text_too_long_for_one_stream_goes_on_in_a_next_message() -> None:
    async with staged(Limits.documented()) as stage:
        key = stage.interview()
        text = " ".join(f"w{n}" for n in range(5_000))
        stage.tell(key, Opened, "m1", ModelAnswerCard(turn=1))
        for share in range(1, 10):
            stage.tell(key, Grew, "m1", ModelAnswerCard(turn=1, text=text[: len(text) * share // 10]))
            await asyncio.sleep(1)
        stage.tell(key, Settled, "m1", ModelAnswerCard(turn=1, text=text, engine="a model"))
        await asyncio.sleep(20)
        shown = " ".join(message.visible for message in stage.shown(key))
        assert [word for word in shown.split() if word[0] == "w" and word[1:].isdigit()] == text.split()
        assert not [call.error for call in stage.slack.calls if call.error]


@virtual
async def test_when_the_writer_changes_in_a_section_the_stream_is_ended_and_the_message_edited() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.tell(key, Opened, "f1.1", review(0))
        stage.tell(key, Grew, "f1.1", review(200))
        await asyncio.sleep(1)
        card = review(200)
        other = card.sections[1].model_copy(update={"assessment": "Quite another text from somebody else. "})
        cut = card.model_copy(update={"sections": (card.sections[0], other, *card.sections[2:])})
        stage.tell(key, Grew, "f1.1", cut)
        await asyncio.sleep(5)
        (message,) = stage.shown(key)
        assert "somebody else" in message.visible
        assert "w150" not in message.visible
        assert not message.streaming


@virtual
async def test_refused_blocks_are_done_without_one_kind_after_the_other() -> None:
    report = Report(
        summary="Good work.",
        score=0.6,
        criteria=(CriterionTrend(criterion="c", title="Clarity", score=0.6, n=2),),
        trend=(TrendPoint(turn=1, score=0.5, level=3), TrendPoint(turn=2, score=0.7, level=3)),
    )
    async with staged() as stage:
        stage.slack.refuse("charts", "tables", "feedback_buttons", "streaming")
        key = stage.interview()
        stage.tell(key, Settled, "report", ReportCard(title="System design", report=report))
        answer = await reviewed(stage, "U2")
        assert "Good work." in " ".join(message.visible for message in stage.shown(key))
        assert is_whole(stage, answer)
        assert "rehearse.press.helpful" in stage.shown(answer.key)[-1].action_ids
        before = len(stage.slack.calls)
        assert is_whole(stage, await reviewed(stage, "U3"))
        assert not [call.error for call in stage.slack.calls[before:] if call.error]


@virtual
async def test_a_workspace_that_refuses_all_blocks_gets_the_whole_text() -> None:
    async with staged() as stage:
        stage.slack.refuse("streaming")
        stage.slack.fail("chat.postMessage", "invalid_blocks", times=3)
        answer = await reviewed(stage)
        assert words(stage, answer) == [f"w{n}" for n in range(600)]


@virtual
async def test_a_message_that_is_too_long_is_divided() -> None:
    async with staged() as stage:
        stage.slack.refuse("streaming")
        key = stage.interview()
        stage.slack.fail("chat.postMessage", "msg_too_long")
        stage.tell(key, Settled, "f1.1", review(600, settled=True))
        await asyncio.sleep(5)
        assert len(stage.shown(key)) == 2
        assert "w599" in " ".join(message.visible for message in stage.shown(key))


@virtual
async def test_a_deleted_review_is_posted_anew_once() -> None:
    async with staged() as stage:
        answer = await reviewed(stage)
        for expected in (1, 0):
            (message,) = stage.shown(answer.key)
            message.deleted = True
            hints = 1 + expected
            stage.tell(answer.key, Settled, "f1.1", review(600, settled=True).model_copy(update={"hints": hints}))
            await asyncio.sleep(10)
            assert len(stage.shown(answer.key)) == expected


@virtual
async def test_an_archived_channel_sends_the_rest_to_the_persons_own_messages() -> None:
    async with staged() as stage:
        channel = stage.slack.channel("team")
        key = stage.interview("U1", channel)
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(1)
        stage.slack.channels[channel].archived = True
        stage.tell(key, Settled, "f1.1", review(600, settled=True))
        stage.tell(key, Settled, "h1.1", HintCard(turn=1, rung=1, rungs=2, text="Think of the users."))
        await asyncio.sleep(10)
        said = [message.visible for message in stage.slack.said_by_bot(stage.slack.dm("U1"))]
        assert f"<#{channel}>" in said[0]
        assert "w599" in said[1]
        assert "Think of the users." in said[2]


@virtual
async def test_a_revoked_token_ends_all_writing_until_the_app_is_there_again() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(1)
        stage.slack.revoke()
        stage.tell(key, Settled, "h1.1", HintCard(turn=1, rung=1, rungs=2, text="One."))
        await asyncio.sleep(5)
        assert stage.workspaces.gone == ["token_revoked"]
        calls = len(stage.slack.calls)
        stage.tell(key, Settled, "h1.2", HintCard(turn=1, rung=2, rungs=2, text="Two."))
        await asyncio.sleep(30)
        assert len(stage.slack.calls) == calls


@virtual
async def test_five_minutes_of_refusals_delay_a_review_and_do_not_lose_it() -> None:
    async with staged() as stage:
        for method in ("chat.startStream", "chat.postMessage"):
            stage.slack.fail(method, "ratelimited", status=429, retry_after=300)
        answer = await reviewed(stage)
        assert stage.shown(answer.key) == []
        assert Counter(stage.calls("chat.startStream", "chat.postMessage")).most_common(1)[0][1] == 1
        await asyncio.sleep(300)
        assert is_whole(stage, answer)


@virtual
async def test_a_stream_that_cannot_be_stopped_has_its_last_words_at_once_and_its_buttons_later() -> None:
    async with staged() as stage:
        answer = Answer(stage.interview(), asyncio.get_running_loop().time)
        async with asyncio.TaskGroup() as group:
            group.create_task(answer.stream(stage.emit))
            await asyncio.sleep(5)
            stage.delivery._scopes[stage.slack.team.id].limits.stop.refused(asyncio.get_running_loop().time(), 30)
        await asyncio.sleep(1)
        assert words(stage, answer)[-1] == "w599"
        assert not is_whole(stage, answer)
        await asyncio.sleep(30)
        assert is_whole(stage, answer)


@virtual
async def test_who_presses_stop_in_slack_sees_the_review_when_it_is_whole() -> None:
    async with staged() as stage:
        answer = Answer(stage.interview(), asyncio.get_running_loop().time)
        async with asyncio.TaskGroup() as group:
            group.create_task(answer.stream(stage.emit))
            await asyncio.sleep(4)
            (message,) = stage.shown(answer.key)
            assert message.stream is not None
            message.stream.closed = True
            stage.delivery.stopped_by_person(answer.key.workspace, answer.key.channel, [message.ts])
            await asyncio.sleep(1)
            assert "Stopped." in message.visible
            writes = len(stage.slack.timeline)
            await asyncio.sleep(3)
            assert len(stage.slack.timeline) == writes
        await asyncio.sleep(5)
        assert is_whole(stage, answer)


@virtual
async def test_what_stands_below_waits_for_what_stands_above() -> None:
    async with staged() as stage:
        stage.slack.fail("chat.postMessage", status=500, error="internal_error")
        key = stage.interview()
        stage.tell(key, Settled, "h1.1", HintCard(turn=1, rung=1, rungs=2, text="First."))
        stage.tell(key, Settled, "h1.2", HintCard(turn=1, rung=2, rungs=2, text="Second."))
        stage.say(key, "Third.")
        await asyncio.sleep(10)
        said = [message.visible for message in stage.shown(key)]
        assert ["First." in said[0], "Second." in said[1], "Third." in said[2]] == [True] * 3


@virtual
async def test_leaving_shows_what_is_final_and_ends_streams() -> None:
    async with staged() as stage:
        key, other = stage.interview("U1"), stage.interview("U2")
        stage.tell(key, Opened, "f1.1", review(0))
        stage.tell(key, Grew, "f1.1", review(200))
        await asyncio.sleep(1)
        stage.tell(other, Settled, "q1", asked())
        await asyncio.sleep(0)
    assert len(stage.shown(other)) == 1
    (message,) = stage.shown(key)
    assert not message.streaming


@virtual
async def test_leaving_shows_what_was_told_a_moment_before_to_somebody_new() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.shelf.takes_s = 0.5
        stage.tell(key, Settled, "q1", asked())
    assert len(stage.shown(key)) == 1


@virtual
async def test_leaving_ends_streams_though_the_store_does_not_answer() -> None:
    now = asyncio.get_running_loop().time
    async with staged() as stage:
        key, other = stage.interview("U1"), stage.interview("U2")
        stage.tell(key, Opened, "f1.1", review(0))
        stage.tell(key, Grew, "f1.1", review(200))
        await asyncio.sleep(1)
        stage.shelf.takes_s = 60
        stage.tell(other, Settled, "q1", asked())
        left_at = now()
    assert now() - left_at <= 5.1
    (message,) = stage.shown(key)
    assert not message.streaming


@virtual
async def test_what_goes_on_is_said_where_it_costs_nothing_and_the_session_is_left_waiting() -> None:
    async with staged(Limits.documented()) as stage:
        answer = Answer(stage.interview(), asyncio.get_running_loop().time)
        stage.tell(answer.key, Opened, "f1.1", review(0))
        await asyncio.sleep(2)
        await answer.stream(stage.emit)
        await asyncio.sleep(10)
        assert seen(stage, answer).whole
        said = [(status.api, status.text) for status in stage.slack.statuses]
        assert ("assistant", "is reading your answer…") in said
        assert [text for api, text in said if api == "agents"] == ["processing", "suspended"]


@virtual
async def test_a_workspace_without_agents_is_asked_once() -> None:
    async with staged() as stage:
        stage.slack.refuse("agents")
        await reviewed(stage)
        await reviewed(stage, "U2")
        assert len(stage.calls("agents.sessions.setStatus")) == 1
