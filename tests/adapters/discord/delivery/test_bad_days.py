"""What Discord may refuse, lose or take away, and how what was to be shown is shown all the same."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from adapters.discord.delivery.post import SLOW
from adapters.discord.names import thread_key
from engine.events import Grew, HintCard, Opened, ReportCard, Settled
from engine.facts import Report, TrendPoint
from tests.adapters.discord.delivery.stage import Stage, staged
from tests.kit.loop import virtual
from tests.kit.paced import Answer, asked, review
from tests.wire.discord.limits import Limits
from tests.wire.discord.world import PRIVATE_THREAD, Channel

POSTING, EDITING = "POST */channels/*/messages", "PATCH */messages/*"


async def reviewed(stage: Stage, name: str = "Ada", *, section_s: float = 2.0, hook: bool = False) -> Answer:
    """A review from its first word to long after its last."""
    answer = Answer(stage.interview(name), asyncio.get_running_loop().time)
    if hook:
        stage.press(answer.key)
    await answer.stream(stage.emit, section_s=section_s)
    await asyncio.sleep(30)
    return answer


def words(stage: Stage, answer: Answer) -> list[str]:
    """Every numbered word on screen, in reading order."""
    text = " ".join(message.text for message in stage.shown(answer.key))
    return [word for word in text.replace(".", " ").split() if word[0] == "w" and word[1:].isdigit()]


def is_whole(stage: Stage, answer: Answer) -> bool:
    """Every word is there once, and so are the buttons."""
    ids = [id for message in stage.shown(answer.key) for id in message.custom_ids]
    once = words(stage, answer) == [f"w{n}" for n in range(len(answer.made_at))]
    return once and sum(id.startswith("rh:p:next:") for id in ids) == 1


@pytest.mark.parametrize("hook", [False, True])
@pytest.mark.parametrize("what", ["create", "edit"])
@pytest.mark.parametrize("fault", ["lost", "reset", "500", "502", "503", "408", "hang"])
def test_a_request_without_an_answer_is_neither_lost_nor_done_twice(what: str, fault: str, hook: bool) -> None:
    @virtual
    async def play() -> None:
        async with staged(Limits.documented()) as stage:
            pattern = ("POST" if what == "create" else "PATCH") + (" /webhooks/*" if hook else " /channels/*")
            order = stage.discord.fail
            match fault:
                case "lost":
                    order(pattern, reset="after")
                case "reset":
                    order(pattern, reset=True)
                case "hang":
                    order(pattern, hang_s=40)
                case _:
                    order(pattern, status=int(fault))
            answer = await reviewed(stage, hook=hook)
            assert is_whole(stage, answer), [message.text for message in stage.shown(answer.key)]
            assert len(stage.shown(answer.key)) == 1

    play()


@virtual
async def test_a_minute_of_outage_delays_a_review_and_does_not_lose_or_double_it() -> None:
    async with staged(Limits.documented()) as stage:
        stage.discord.outage(60)
        answer = await reviewed(stage)
        assert stage.shown(answer.key) == []
        await asyncio.sleep(90)
        assert is_whole(stage, answer)
        assert len(stage.shown(answer.key)) == 1


@virtual
async def test_a_message_that_may_be_there_is_looked_for_when_its_nonce_is_too_old() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.discord.fail(POSTING, reset="after")
        stage.discord.fail(POSTING, status=503, times=8)
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(400)
        assert len(stage.shown(key)) == 1
        assert "GET /channels/{channel}/messages" in stage.calls()


@virtual
async def test_discord_that_hangs_does_not_hold_up_other_conversations() -> None:
    async with staged() as stage:
        stage.discord.fail(POSTING, hang_s=60)
        first, second = stage.interview("Ada"), stage.interview("Bob")
        stage.tell(first, Settled, "q1", asked())
        await asyncio.sleep(0.1)
        stage.tell(second, Settled, "q1", asked())
        await asyncio.sleep(1)
        assert len(stage.shown(second)) == 1
        await asyncio.sleep(100)
        assert len(stage.shown(first)) == 1


@virtual
async def test_a_global_429_ends_updates_for_a_while_and_says_so_and_the_end_comes() -> None:
    async with staged(Limits.documented()) as stage:
        answer = Answer(stage.interview(), asyncio.get_running_loop().time)
        async with asyncio.TaskGroup() as group:
            group.create_task(answer.stream(stage.emit))
            await asyncio.sleep(3)
            stage.discord.global_429(2)
            await asyncio.sleep(4)
            (message,) = stage.shown(answer.key)
            edits = message.edits
            assert SLOW in message.text
            await asyncio.sleep(1.5)
            assert message.edits == edits
        await asyncio.sleep(10)
        assert is_whole(stage, answer)
        assert SLOW not in message.text
        assert sum(stage.limited.values()) <= 2


@virtual
async def test_a_429_without_via_is_cloudflares_and_nothing_is_asked_for_a_minute() -> None:
    async with staged() as stage:
        stage.discord.fail(POSTING, status=429, no_via=True, retry_after_s=1)
        answer = await reviewed(stage)
        assert len(stage.discord.calls) - len(stage.discord.typing) == 1
        await asyncio.sleep(40)
        assert is_whole(stage, answer)


@virtual
async def test_many_invalid_requests_leave_finals_only_and_very_many_nothing() -> None:
    async with staged() as stage:
        assert stage.delivery._scope is not None
        health, now = stage.delivery._scope.health, asyncio.get_running_loop().time
        for _ in range(1_000):
            health.count_invalid(now())
        answer = await reviewed(stage)
        assert is_whole(stage, answer)
        assert len([call for call in stage.calls() if "messages" in call]) <= 3
        for _ in range(4_000):
            health.count_invalid(now())
        before = len(stage.discord.calls)
        other = await reviewed(stage, "Bob")
        assert len(stage.discord.calls) == before
        await asyncio.sleep(620)
        assert is_whole(stage, other)


@virtual
async def test_a_deleted_review_is_posted_anew_once() -> None:
    async with staged() as stage:
        answer = await reviewed(stage)
        for expected in (1, 0):
            (message,) = stage.shown(answer.key)
            stage.discord.delete(message)
            card = review(600, settled=True).model_copy(update={"hints": 1 + expected})
            stage.tell(answer.key, Settled, "f1.1", card)
            await asyncio.sleep(10)
            assert len(stage.shown(answer.key)) == expected


@virtual
async def test_of_a_review_on_two_cards_whose_first_was_deleted_both_are_posted_anew_in_order() -> None:
    async with staged() as stage:
        answer = await reviewed(stage, section_s=4)
        first, second = stage.shown(answer.key)
        stage.discord.delete(first)
        card = review(1_200, per_section=240, settled=True).model_copy(update={"headline": "Another headline."})
        stage.tell(answer.key, Settled, "f1.1", card)
        await asyncio.sleep(60)
        assert is_whole(stage, answer)
        assert second not in stage.shown(answer.key)


@virtual
async def test_what_people_wait_for_gets_a_new_message_when_the_old_one_is_an_hour_old() -> None:
    async with staged(Limits.documented()) as stage:
        key = stage.interview()
        paused = asked().model_copy(update={"actions": ("resume", "stop")})
        stage.tell(key, Settled, "q1", paused)
        await asyncio.sleep(2)
        (old,) = stage.shown(key)
        await asyncio.sleep(3_600)
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(30)
        (new,) = stage.shown(key)
        assert new.id != old.id
        assert any(id.startswith("rh:p:skip:") for id in new.custom_ids)
        assert EDITING not in stage.calls("PATCH")


@virtual
async def test_an_edit_refused_as_too_old_becomes_a_new_message() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.tell(key, Settled, "f1.1", review(600, settled=True))
        await asyncio.sleep(2)
        stage.discord.fail(EDITING, code=30046)
        stage.tell(key, Settled, "f1.1", review(600, settled=True).model_copy(update={"hints": 2}))
        await asyncio.sleep(30)
        assert ["2 hints" in message.text for message in stage.shown(key)] == [True]


@virtual
async def test_a_refused_page_is_made_plainer_and_loses_no_word() -> None:
    report = Report(
        summary="Good work.", score=0.6, trend=tuple(TrendPoint(turn=n, score=n / 4, level=3) for n in (1, 2, 3))
    )
    async with staged() as stage:
        key = stage.interview()
        stage.discord.fail(POSTING, code=50035)
        stage.tell(key, Settled, "report", ReportCard(title="System design", report=report))
        await asyncio.sleep(5)
        (message,) = stage.shown(key)
        assert "Good work." in message.text
        assert not message.attachments
        stage.discord.fail(POSTING, code=50035, times=2)
        answer = await reviewed(stage, "Bob")
        assert words(stage, answer) == [f"w{n}" for n in range(600)]
        assert is_whole(stage, answer)


@virtual
async def test_pictures_that_are_too_large_are_left_out() -> None:
    report = Report(
        summary="Good work.", score=0.6, trend=tuple(TrendPoint(turn=n, score=n / 4, level=3) for n in (1, 2, 3))
    )
    async with staged() as stage:
        whole, without = stage.interview("Ada"), stage.interview("Bob")
        stage.tell(whole, Settled, "report", ReportCard(title="System design", report=report))
        await asyncio.sleep(2)
        assert [len(message.attachments) for message in stage.shown(whole)] == [1]
        stage.discord.fail(POSTING, code=40005)
        stage.tell(without, Settled, "report", ReportCard(title="System design", report=report))
        await asyncio.sleep(5)
        assert [len(message.attachments) for message in stage.shown(without)] == [0]


@pytest.mark.parametrize("policy", ["closed", "no_mutual"])
def test_closed_direct_messages_are_told_once_and_what_was_missed_comes_when_they_open(policy: str) -> None:
    @virtual
    async def play() -> None:
        async with staged() as stage:
            key = stage.interview()
            ada = stage.discord.person("Ada")
            stage.tell(key, Settled, "q1", asked())
            await asyncio.sleep(2)
            ada.lets_dms(policy)  # type: ignore[arg-type]
            stage.tell(key, Settled, "h1.1", HintCard(turn=1, rung=1, rungs=2, text="Think of the users."))
            stage.tell(key, Settled, "h1.2", HintCard(turn=1, rung=2, rungs=2, text="And of the bill."))
            await asyncio.sleep(300)
            assert stage.refused == [key]
            assert stage.discord.invalid_requests <= 3
            ada.lets_dms("open")
            stage.press(key)
            await asyncio.sleep(5)
            said = [message.text for message in stage.shown(key)]
            assert "users" in said[1]
            assert "bill" in said[2]

    play()


@virtual
async def test_an_interaction_reaches_people_whose_direct_messages_are_closed() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.discord.person("Ada").lets_dms("closed")
        stage.press(key)
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(2)
        assert len(stage.shown(key)) == 1
        assert stage.refused == []


@virtual
async def test_a_thread_that_is_gone_sends_the_rest_to_direct_messages() -> None:
    async with staged() as stage:
        ada = stage.discord.person("Ada")
        guild = stage.discord.guild("Club", [ada])
        parent = stage.discord.channel(guild)
        house = stage.discord.house
        thread = Channel(house.ids.new(), PRIVATE_THREAD, "Interview", guild, parent, owner=house.bot)
        thread.members = {ada.id: 0.0, house.bot.id: 0.0}
        house.channels[thread.id] = guild.channels[thread.id] = thread
        key = thread_key(str(thread.id), str(ada.id))
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(1)
        assert len(thread.messages) == 1
        thread.deleted = True
        stage.tell(key, Settled, "f1.1", review(600, settled=True))
        stage.tell(key, Settled, "h1.1", HintCard(turn=1, rung=1, rungs=2, text="Think of the users."))
        await asyncio.sleep(10)
        said = [message.text for message in stage.discord.messages(ada)]
        assert sum("w599" in text for text in said) == 1
        assert sum("users" in text for text in said) == 1
        assert any("goes on here" in text for text in said)
        assert stage.refused == []


@virtual
async def test_a_refused_token_ends_all_writing_and_is_told() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(1)
        stage.discord.fail("*", status=401, times=100)
        stage.tell(key, Settled, "h1.1", HintCard(turn=1, rung=1, rungs=2, text="One."))
        await asyncio.sleep(5)
        assert len(stage.lost) == 1
        calls = len(stage.discord.calls)
        stage.tell(key, Settled, "h1.2", HintCard(turn=1, rung=2, rungs=2, text="Two."))
        await asyncio.sleep(30)
        assert len(stage.discord.calls) == calls


@virtual
async def test_what_stands_below_waits_for_what_stands_above() -> None:
    async with staged() as stage:
        stage.discord.fail(POSTING, status=503)
        key = stage.interview()
        stage.tell(key, Settled, "h1.1", HintCard(turn=1, rung=1, rungs=2, text="First."))
        stage.tell(key, Settled, "h1.2", HintCard(turn=1, rung=2, rungs=2, text="Second."))
        stage.say(key, "Third.")
        await asyncio.sleep(10)
        said = [message.text for message in stage.shown(key)]
        assert ["First." in said[0], "Second." in said[1], "Third." in said[2]] == [True] * 3


@virtual
async def test_leaving_shows_what_is_final_and_nothing_else() -> None:
    async with staged() as stage:
        key, other = stage.interview("Ada"), stage.interview("Bob")
        stage.tell(key, Opened, "f1.1", review(0))
        stage.tell(key, Grew, "f1.1", review(200))
        stage.tell(other, Settled, "q1", asked())
        await asyncio.sleep(1)
        stage.tell(key, Grew, "f1.1", review(400))
        stage.tell(other, Settled, "h1.1", HintCard(turn=1, rung=1, rungs=2, text="Think of the users."))
    assert len(stage.shown(other)) == 2
    (message,) = stage.shown(key)
    assert "w300" not in message.text


@virtual
async def test_leaving_shows_what_was_told_a_moment_before_to_somebody_new() -> None:
    async with staged() as stage:
        key = stage.interview()
        stage.tell(key, Settled, "q1", asked())
    assert len(stage.shown(key)) == 1


@virtual
async def test_until_there_is_a_word_the_bot_types_and_not_longer() -> None:
    async with staged(Limits.documented()) as stage:
        answer = Answer(stage.interview(), asyncio.get_running_loop().time)
        stage.tell(answer.key, Opened, "f1.1", review(0))
        await asyncio.sleep(20)
        assert len(stage.discord.typing) == 3
        await answer.stream(stage.emit)
        await asyncio.sleep(30)
        assert len(stage.discord.typing) == 3
        stage.discord.fail("POST */typing", status=503, times=9)
        await reviewed(stage, "Bob")
        assert len(stage.discord.typing) == 3


@virtual
async def test_old_buttons_go_when_nothing_else_is_to_be_done() -> None:
    async with staged(Limits.documented()) as stage:
        key = stage.interview()
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(2)
        stage.tell(key, Settled, "q1", asked(actions=False))
        await asyncio.sleep(5)
        (message,) = stage.shown(key)
        assert not message.custom_ids
        assert Counter(stage.calls("PATCH")) == {"PATCH /channels/{channel}/messages/{message}": 1}
