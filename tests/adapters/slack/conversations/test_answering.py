"""Answers in a thread and beside it: in pieces, edited, taken back, ended; and what the buttons do."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from adapters.slack.names import HOME_START, MENU, PRESS
from engine.inbound import Inbound, Pressed, Wrote
from tests.adapters.slack.world import World
from tests.wire.slack import Message, Person

ANSWER = "First I would ask what matters most, then measure it. We cut the wait from 900 ms to 200 ms."


async def begun(world: World, you: Person) -> Message:
    await you.command("start coding")
    return await world.asked(you)


def answer(world: World, you: Person, turn: int = 1) -> str:
    turns = world.session(you).turns
    return turns[turn - 1].attempt.text if len(turns) >= turn else ""


async def test_an_answer_may_come_in_several_messages_and_done_ends_it(world: World, you: Person) -> None:
    question = await begun(world, you)
    await you.says(you.dm, "First part.", question.thread_ts)
    await you.says(you.dm, "Second &amp; last part.", question.thread_ts)
    await you.presses(you.dm, question.ts, f"{PRESS}done")
    await world.reviewed(you)
    assert answer(world, you) == "First part.\nSecond &amp; last part."


async def test_done_never_overtakes_the_words_before_it(world: World, you: Person) -> None:
    question, deliver, pressed = await begun(world, you), world.store.deliver, asyncio.Event()

    async def words_take_longer(inbound: Inbound) -> bool:
        if isinstance(inbound, Pressed):
            pressed.set()
        elif isinstance(inbound, Wrote):
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await pressed.wait()
        return await deliver(inbound)

    world.store.deliver = words_take_longer
    saying = asyncio.create_task(you.says(you.dm, ANSWER, question.thread_ts))
    await world.slack.until(lambda: any(m.text == ANSWER for m in world.replies(you)))
    await asyncio.gather(saying, you.presses(you.dm, question.ts, f"{PRESS}done"))
    world.store.deliver = deliver
    await world.reviewed(you)
    assert answer(world, you) == ANSWER


async def test_a_message_beside_the_thread_is_an_answer_too(world: World, you: Person) -> None:
    await begun(world, you)
    await you.says(None, ANSWER)
    await world.see(lambda: answer(world, you) == ANSWER)


async def test_of_two_open_interviews_the_newer_one_is_answered_beside_its_thread(world: World, you: Person) -> None:
    await begun(world, you)
    first = world.session(you).key
    await you.command("start behavioral")
    await world.rest()
    await you.presses(you.dm, world.slack.ephemerals(you)[-1].ts, f"{HOME_START}.again")
    await world.see(lambda: world.session(you).key != first)
    await world.asked(you)
    await you.says(None, ANSWER)
    await world.see(lambda: answer(world, you) == ANSWER)
    await you.says(you.dm, "For the first.", first.thread)
    await world.see(lambda: world.store.snapshots[first].turns[0].attempt.text == "For the first.")


async def test_a_word_after_the_end_reaches_what_was_last_seen(world: World, you: Person) -> None:
    question = await begun(world, you)
    await you.says(you.dm, ANSWER, question.thread_ts)
    await you.presses(you.dm, question.ts, f"{PRESS}done")
    await world.reviewed(you)
    await you.says(None, "stop")
    await world.see(lambda: world.session(you).over)
    await you.says(None, "model answer")
    await world.see(lambda: world.session(you).turns[0].model_answer)
    await you.says(None, "help")
    await world.see(lambda: any("How Rehearse works" in m.visible for m in world.slack.messages(you.dm)))


async def test_an_edit_and_a_deletion_change_the_answer(world: World, you: Person) -> None:
    question = await begun(world, you)
    first = await you.says(you.dm, "Frist part.", question.thread_ts)
    beside = await you.says(None, "Second part.")
    third = await you.says(you.dm, "Third part.", question.thread_ts)
    await you.edits(you.dm, first, "First part.")
    await you.edits(you.dm, beside, "Second part, better.")
    await you.deletes(you.dm, third)
    await world.see(lambda: answer(world, you) == "First part.\nSecond part, better.")


async def test_words_and_buttons_do_the_same(world: World, you: Person) -> None:
    question = await begun(world, you)
    await you.says(you.dm, "Hint, please!", question.thread_ts)
    await you.says(you.dm, "hint", question.thread_ts)
    await world.see(lambda: world.session(you).turns[0].attempt.hints == 1)
    await you.presses(you.dm, question.ts, MENU, "Pause")
    await world.see(lambda: world.session(you).paused)
    await you.says(None, "resume")
    await world.see(lambda: not world.session(you).paused)
    question = await world.asked(you)
    await you.presses(you.dm, question.ts, f"{PRESS}skip")
    second = await world.asked(you, 2)
    assert second.thread_ts == question.thread_ts


async def test_a_whole_interview_ends_with_a_report(world: World, you: Person) -> None:
    question = await begun(world, you)
    for turn in (1, 2):
        card = await world.asked(you, turn)
        await you.says(you.dm, ANSWER, question.thread_ts)
        await you.presses(you.dm, card.ts, f"{PRESS}done")
        feedback = await world.reviewed(you, turn)
        await you.presses(you.dm, feedback.ts, f"{PRESS}next")
    await world.see(lambda: world.session(you).over)
    await world.rest()
    assert any("Report" in m.visible for m in world.replies(you))
    root = world.slack.message(you.dm, question.thread_ts or "")
    await world.see(lambda: "Over · " in root.visible)
    assert not root.edited


async def test_a_thumb_rates_the_feedback_as_a_button_and_as_a_word(world: World, you: Person) -> None:
    question = await begun(world, you)
    await you.says(you.dm, ANSWER, question.thread_ts)
    await you.presses(you.dm, question.ts, f"{PRESS}done")
    await world.reviewed(you)
    await world.rest()
    await you.says(you.dm, ":+1:", question.thread_ts)
    await world.see(lambda: world.session(you).turns[0].rating == 1)


async def test_an_old_button_is_answered_kindly(world: World, you: Person) -> None:
    question = await begun(world, you)
    await you.presses(you.dm, question.ts, f"{PRESS}skip")
    await world.asked(you, 2)
    stale = you.heard[-1]
    await world.slack.replay(stale)
    await world.rest()
    assert len(world.session(you).turns) == 2


async def test_slacks_own_stop_pauses_and_loses_nothing(world: World, you: Person) -> None:
    world.model.pace_s = 0.05
    try:
        question = await begun(world, you)
        await you.says(you.dm, ANSWER, question.thread_ts)
        await you.presses(you.dm, question.ts, f"{PRESS}done")
        stream = await world.see(lambda: next((m for m in world.replies(you) if m.streaming), None))
        await you.stops(you.dm, stream.ts)
        await world.see(lambda: world.session(you).paused)
    finally:
        world.model.pace_s = 0.0
    await you.command("resume")
    await world.reviewed(you)
    assert answer(world, you) == ANSWER


async def test_a_renamed_session_is_nothing_to_us(world: World, you: Person) -> None:
    question = await begun(world, you)
    assert question.thread_ts is not None
    await you.renames_session(you.dm, question.thread_ts, "My way up")
    assert you.heard[-1].acked
