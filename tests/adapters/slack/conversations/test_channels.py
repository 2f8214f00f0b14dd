"""Interviews in a channel's thread: begun by a mention, heard from one person alone, private where it matters."""

from __future__ import annotations

from adapters.slack.names import PRESS, SCORE_SHORTCUT
from adapters.slack.render.forms import QUESTION, ROLE, TYPE
from tests.adapters.slack.conversations.test_answering import ANSWER
from tests.adapters.slack.world import World
from tests.wire.slack import Person


async def test_a_mention_starts_in_that_thread_and_says_how(world: World, you: Person, ann: Person) -> None:
    place = world.slack.channel("general", [you, ann], team=you.team)
    ts = await you.mentions(place, "system design for a senior, please")
    question = await world.asked(you, channel=place)
    assert question.thread_ts == ts
    setup = world.session(you, place).setup
    assert (setup.type.id, setup.role) == ("system-design", "senior")
    await world.rest()
    assert any("Answer here in this thread" in m.visible for m in world.replies(you, place))
    assert len(world.session(you, place).turns[0].attempt.parts) == 0


async def test_a_mention_without_a_type_starts_a_mixed_one(world: World, you: Person) -> None:
    place = world.slack.channel("general", [you], team=you.team)
    root = await you.says(place, "Anybody up for practice?")
    await you.mentions(place, "would you?", root)
    await world.asked(you, channel=place)
    assert world.session(you, place).setup.type.id == "mixed"
    assert world.session(you, place).key.thread == root
    await world.rest()
    assert any("You named no type" in m.visible for m in world.replies(you, place))


async def test_only_who_began_is_heard(world: World, you: Person, ann: Person) -> None:
    place = world.slack.channel("general", [you, ann], team=you.team)
    ts = await you.mentions(place, "coding")
    question = await world.asked(you, channel=place)
    await ann.says(place, "I would use a heap.", ts)
    await ann.presses(place, question.ts, f"{PRESS}skip")
    await you.says(place, ANSWER, ts)
    await you.mentions(place, "and it is sorted", ts)
    await world.rest()
    session = world.session(you, place)
    assert session.turns[0].attempt.text == f"{ANSWER}\nand it is sorted"
    [told] = world.slack.ephemerals(ann)
    assert f"<@{you.id}>" in str(told.blocks)
    assert not [key for key in world.store.mailbox if key.user == ann.id]


async def test_two_people_may_each_have_one_in_the_same_thread(world: World, you: Person, ann: Person) -> None:
    place = world.slack.channel("general", [you, ann], team=you.team)
    ts = await you.mentions(place, "coding")
    await world.asked(you, channel=place)
    await ann.mentions(place, "behavioral", ts)
    await world.asked(ann, channel=place)
    assert world.session(ann, place).setup.type.id == "behavioral"
    assert world.session(you, place).setup.type.id == "coding"


async def test_talk_in_a_channel_is_nobodys_answer(world: World, you: Person) -> None:
    place = world.slack.channel("general", [you], team=you.team)
    root = await you.says(place, "Lunch?")
    await you.says(place, "Yes!", root)
    await world.rest()
    assert not world.slack.said_by_bot(place)
    assert not [key for key in world.store.mailbox if key.user == you.id]


async def test_help_in_a_channel_is_whispered(world: World, you: Person) -> None:
    place = world.slack.channel("general", [you], team=you.team)
    await you.mentions(place, "help")
    await world.rest()
    assert "How Rehearse works" in world.slack.ephemerals(you)[-1].visible
    assert not world.slack.said_by_bot(place)


async def test_a_command_word_in_a_channel_starts_nothing(world: World, you: Person) -> None:
    place = world.slack.channel("general", [you], team=you.team)
    await you.mentions(place, "stop")
    await world.rest()
    assert "no open interview" in world.slack.ephemerals(you)[-1].visible
    assert not [key for key in world.store.mailbox if key.user == you.id]


async def test_an_edited_mention_is_no_answer_and_an_edited_answer_is(world: World, you: Person) -> None:
    place = world.slack.channel("general", [you], team=you.team)
    ts = await you.mentions(place, "coding")
    await world.asked(you, channel=place)
    said = await you.says(place, "I wuold sort it.", ts)
    await you.edits(place, ts, f"<@{you.team.bot_user}> coding, please")
    await you.edits(place, said, "I would sort it.")
    await world.see(lambda: world.session(you, place).turns[0].attempt.text == "I would sort it.")


async def test_any_message_can_be_scored_in_private(world: World, you: Person, ann: Person) -> None:
    place = world.slack.channel("general", [you, ann], team=you.team)
    ts = await ann.says(place, f"{ANSWER} <@{you.id}> & all")
    await you.message_shortcut(SCORE_SHORTCUT, place, ts)
    [form] = world.slack.views(you)
    chosen = {TYPE: "system-design", ROLE: "staff", QUESTION: "How would you cut the waiting time?"}
    assert (await you.submits(form, chosen)).action == "close"
    feedback = await world.reviewed(you)
    session = world.session(you)
    assert session.turns[0].question.text == "How would you cut the waiting time?"
    assert session.turns[0].attempt.text == f"{ANSWER} @{you.id} & all"
    assert (session.setup.type.id, session.setup.role, session.setup.questions) == ("system-design", "staff", 1)
    root = world.slack.messages(you.dm)[0]
    assert feedback.thread_ts == root.ts
    assert ANSWER in root.visible
    assert not world.slack.said_by_bot(place)


async def test_a_very_long_message_is_scored_whole(world: World, you: Person) -> None:
    place = world.slack.channel("general", [you], team=you.team)
    text = " ".join(f"Step {n}: I would measure it first." for n in range(300))
    ts = await you.says(place, text)
    await you.message_shortcut(SCORE_SHORTCUT, place, ts)
    await you.submits(world.slack.views(you)[-1], {TYPE: "coding", ROLE: "mid", QUESTION: "How?"})
    await world.reviewed(you)
    assert " ".join(world.session(you).turns[0].attempt.text.split()) == text


async def test_a_message_without_words_cannot_be_scored(world: World, you: Person) -> None:
    place = world.slack.channel("general", [you], team=you.team)
    ts = await you.says(place, ":tada:")
    await you.message_shortcut(SCORE_SHORTCUT, place, ts)
    await world.rest()
    assert not world.slack.views(you)
    assert "no words" in world.slack.ephemerals(you)[-1].visible
