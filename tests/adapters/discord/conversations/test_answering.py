"""Answers and what is pressed: several messages, edits, deletions, Done, forms; whose buttons they are."""

from __future__ import annotations

import pytest

from adapters.discord.sentences import EMOJI_ONLY, EMPTY_FORM, NOTHING_SAID, TURN_OVER
from tests.adapters.discord.world import World
from tests.wire.discord.interactions import Modal
from tests.wire.discord.people import Person
from tests.wire.discord.world import Channel, Message

ANSWER = "I wrote down what had to be fast, measured it, and cut the wait from 900 ms to 200 ms with one index."


async def begun(world: World, you: Person) -> Message:
    await world.starts(you)
    return await world.asked(you)


async def form_of(world: World, you: Person, question: Message) -> Modal:
    you.presses(question, next(id for id in question.custom_ids if id.startswith("rh:form:")))
    [modal] = await world.see(lambda: world.discord.modals(you))
    return modal


def answer(world: World, you: Person) -> str:
    return world.session(you).turns[0].attempt.text


async def test_an_answer_of_several_messages_is_reviewed_on_done(world: World, you: Person) -> None:
    question = await begun(world, you)
    for n in range(6):
        you.says(f"part {n}")
    act = world.press(you, question, "done")
    feedback = await world.reviewed(you)
    assert act.ack_s < 1.0
    assert answer(world, you).startswith("part 0\n")
    assert "Feedback" in feedback.text
    await world.rest()
    assert "done" not in str(question.custom_ids)


async def test_messages_stay_in_the_order_they_were_written(world: World, you: Person) -> None:
    await begun(world, you)
    for n in range(12):
        you.says(f"part {n}")
    await world.rest()
    assert answer(world, you).split("\n") == [f"part {n}" for n in range(12)]


async def test_an_edit_and_a_deletion_change_the_answer(world: World, you: Person) -> None:
    await begun(world, you)
    first, second = you.says("Frist I would meassure"), you.says("and then guess")
    await world.rest()
    you.edits(first, "First I would measure")
    you.deletes(second)
    await world.see(lambda: answer(world, you) == "First I would measure")


async def test_a_link_that_gets_a_picture_is_no_edit(world: World, you: Person) -> None:
    await begun(world, you)
    said = you.says("see https://example.org")
    await world.rest()
    revision = world.session(you).turns[0].attempt.revision
    said.embeds = [{"type": "rich", "title": "Example"}]
    world.discord.house._tell_message("MESSAGE_UPDATE", said)
    await world.rest()
    assert world.session(you).turns[0].attempt.revision == revision


async def test_the_form_takes_four_thousand_characters(world: World, you: Person) -> None:
    question = await begun(world, you)
    modal = await form_of(world, you, question)
    assert "intervals" in str(modal.components)
    act = you.submits(modal, {"answer": "*x*\n" * 1_000})
    await world.see(lambda: answer(world, you) == "*x*\n" * 1_000)
    await world.rest()
    assert act.ack_s < 1.0
    shown = "".join(message.text for message in act.replies)
    assert shown.count("x") == 1_000
    assert all(message.ephemeral_for is None for message in act.replies)


async def test_done_does_not_overtake_the_form_before_it(world: World, you: Person) -> None:
    question = await begun(world, you)
    modal = await form_of(world, you, question)
    world.discord.fail("POST */callback", hang_s=0.3)
    you.submits(modal, {"answer": "I measured first."})
    world.press(you, question, "done")
    await world.see(lambda: world.session(you).turns[0].feedback is not None)
    assert answer(world, you) == "I measured first."


async def test_an_empty_form_says_so(world: World, you: Person) -> None:
    question = await begun(world, you)
    act = await world.done(you.submits(await form_of(world, you, question), {"answer": "  "}))
    assert act.replies[0].text == EMPTY_FORM


async def test_a_form_of_a_question_that_is_over_is_not_taken_for_another(world: World, you: Person) -> None:
    question = await begun(world, you)
    modal = await form_of(world, you, question)
    world.press(you, question, "skip")
    await world.asked(you, 2)
    act = await world.done(you.submits(modal, {"answer": "too late"}))
    assert [message.text for message in act.replies][-1] == TURN_OVER
    assert "too late" in act.replies[0].text
    assert not any(turn.attempt.parts for turn in world.session(you).turns)


async def test_hints_and_skips_and_the_menu(world: World, you: Person) -> None:
    question = await begun(world, you)
    world.press(you, question, "hint")
    await world.see(lambda: any("Hint 1" in message.text for message in world.messages(you)))
    world.press(you, question, "pause")
    await world.see(lambda: world.session(you).paused)
    you.says("resume")
    await world.see(lambda: not world.session(you).paused)
    world.press(you, await world.asked(you), "skip")
    await world.asked(you, 2)


async def test_feedback_leads_on_and_says_why(world: World, you: Person) -> None:
    question = await begun(world, you)
    you.says(ANSWER)
    await world.rest()
    world.press(you, question, "done")
    feedback = await world.reviewed(you)
    act = await world.done(you.presses(feedback, next(id for id in feedback.custom_ids if "why" in id)))
    assert act.replies[0].ephemeral_for is you.account
    assert "Technical accuracy" in act.replies[0].text
    world.press(you, feedback, "model_answer")
    await world.see(lambda: any("Model answer" in m.text for m in world.messages(you) if m is not feedback))
    world.press(you, feedback, "helpful")
    await world.see(lambda: world.session(you).turns[0].rating == 1)
    world.press(you, await world.reviewed(you), "next")
    await world.asked(you, 2)


async def test_only_the_owner_uses_the_buttons(world: World, you: Person, ann: Person, general: Channel) -> None:
    you.lets_dms("closed")
    act = await world.done(await world.starts(you, channel=general))
    you.presses(act.replies[0], next(id for id in act.replies[0].custom_ids if "thread" in id))
    [thread] = await world.see(lambda: world.discord.threads(general.guild))  # pyright: ignore[reportArgumentType]
    question = await world.asked(you, channel=thread)
    thread.members[ann.id] = world.discord.clock.now()
    for custom_id in question.custom_ids[:4]:
        act = await world.done(ann.presses(question, custom_id))
        assert f"<@{you.id}>’s interview" in act.replies[0].text
        assert act.replies[0].pings == []
    assert world.session(you, thread).turns[0].attempt.hints == 0


async def test_nothing_and_emoji_alone_are_no_answer(world: World, you: Person) -> None:
    await begun(world, you)
    you.says("🎉🎉")
    await world.see(lambda: world.messages(you)[-1].text == EMOJI_ONLY)
    you.says("")
    await world.see(lambda: world.messages(you)[-1].text == NOTHING_SAID)
    you.says("👍")  # a word of the interview, which has nothing to rate yet
    await world.see(lambda: "no feedback to rate" in world.messages(you)[-1].text)
    assert not world.session(you).turns[0].attempt.parts


async def test_four_thousand_characters_of_nitro(world: World, you: Person) -> None:
    await begun(world, you)
    you.says("y" * 4_000)
    await world.see(lambda: answer(world, you) == "y" * 4_000)


async def test_mentions_and_emoji_are_plain_words_and_ping_nobody(world: World, you: Person) -> None:
    await begun(world, you)
    you.says(f"{you.mention} uses <:tada:123456789012345678> @everyone")
    await world.see(lambda: "uses :tada:" in answer(world, you))
    assert answer(world, you).startswith(f"@{you.account.name}")


@pytest.mark.parametrize("word", ["stop", "End"])
async def test_the_end_is_a_report(world: World, you: Person, word: str) -> None:
    await begun(world, you)
    you.says(word)
    await world.see(lambda: world.session(you).over)
    await world.see(lambda: any("Report" in message.text for message in world.messages(you)))
    you.says("hello again")
    await world.see(lambda: world.messages(you)[-1].text.startswith("Hi!"))


async def test_the_same_message_twice_does_nothing(world: World, you: Person) -> None:
    await begun(world, you)
    said = you.says(ANSWER)
    await world.rest()
    world.app._known.drop(f"m:{you.dm.id}:{said.id}")
    world.discord.house._tell_message("MESSAGE_CREATE", said)
    await world.rest()
    assert answer(world, you) == ANSWER
