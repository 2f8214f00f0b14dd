"""Long conversations, readable as chat: tests/transcripts/discord/."""

from __future__ import annotations

from adapters.discord.commands import SCORE
from adapters.discord.names import forget_id, read_pick, read_place
from tests.adapters.discord.conversations.test_answering import form_of
from tests.adapters.discord.conversations.test_files import presses, transcript
from tests.adapters.discord.conversations.transcript import Transcript
from tests.adapters.discord.world import World
from tests.kit.recordings import ogg
from tests.wire.discord.people import Person
from tests.wire.discord.world import Channel, Message

GOOD = "I wrote down what had to be fast, measured it, and cut the wait from 900 ms to 200 ms with one index."


def part(message: Message, act: str) -> str:
    return next(id for id in message.custom_ids if (read_pick(id) or read_place(id) or ("",))[0] == act)


async def test_a_first_interview_from_the_command_to_the_report(world: World, you: Person, general: Channel) -> None:
    talk = Transcript(world, "first-interview", {"You": you}, {"#general": general})
    act = await talk.does("You type: /interview start, in #general", you.command("interview start", channel=general))
    [picker] = act.replies
    await talk.does("You choose Coding", you.selects(picker, part(picker, "type"), "coding"))
    await talk.does("You press Start", you.presses(picker, part(picker, "go")))
    first = await world.asked(you)
    await talk.does("You ask for a hint", world.press(you, first, "hint"))
    said = await talk.does("You write: Frist I would meassure it.", you.says("Frist I would meassure it."))
    await talk.does("You mend it", you.edits(said, "First I would measure it."))
    await talk.does("You press Answer in a form", you.presses(first, next(i for i in first.custom_ids if "form" in i)))
    await talk.does("You fill it in", you.submits(world.discord.modals(you)[-1], {"answer": GOOD}))
    await talk.does("You press Done", world.press(you, first, "done"))
    feedback = await world.reviewed(you)
    await talk.does(
        "You press Why? of the first", you.presses(feedback, next(i for i in feedback.custom_ids if "why" in i))
    )
    await talk.does("You press Model answer", world.press(you, feedback, "model_answer"))
    await talk.does("You write: 👍", you.says("👍"))
    await talk.does("You press Next", world.press(you, await world.reviewed(you), "next"))
    await talk.does("You press Skip", world.press(you, await world.asked(you, 2), "skip"))
    await world.see(lambda: world.session(you).over)
    await talk.does("You type: /interview history", you.command("interview history"))
    talk.close()


async def test_without_a_direct_message(world: World, you: Person, ann: Person, general: Channel) -> None:
    you.lets_dms("closed")
    ann.lets_dms("closed")
    talk = Transcript(world, "without-a-direct-message", {"You": you, "Ann": ann}, {"#general": general})
    act = await talk.does(
        "You type: /interview start type: behavioral, in #general",
        you.command("interview start", {"type": "behavioral"}, general),
    )
    await talk.does("You press Use a private thread", you.presses(act.replies[0], part(act.replies[0], "thread")))
    thread = world.discord.threads(general.guild)[0]  # pyright: ignore[reportArgumentType]
    question = await world.asked(you, channel=thread)
    talk.watch("the private thread", thread)
    modal = await form_of(world, you, question)
    await talk.does("You open the form", None)
    await talk.does("You fill it in", you.submits(modal, {"answer": GOOD}))
    await talk.does("You pick End", world.press(you, question, "stop"))
    await world.see(lambda: thread.archived)
    act = await talk.does(
        "Ann types: /interview start type: coding, in #general",
        ann.command("interview start", {"type": "coding"}, general),
    )
    await talk.does("Ann stays here", ann.presses(act.replies[0], part(act.replies[0], "here")))
    question = await world.asked_privately(ann)
    modal = await form_of(world, ann, question)
    await talk.does("Ann opens the form", None)
    await talk.does("Ann fills it in", ann.submits(modal, {"answer": GOOD}))
    await talk.does("Ann presses Skip", world.press(ann, await world.asked_privately(ann), "skip"))
    talk.close()


async def test_by_voice_and_with_mistakes(world: World, you: Person, ann: Person, general: Channel) -> None:
    world.ear.hears[:] = ["We cached the hot rose. It took 200 ms then."]
    talk = Transcript(world, "voice-and-mistakes", {"You": you, "Ann": ann}, {"#general": general})
    await talk.does("You write: Hello there", you.says("Hello there"))
    await talk.does("You type: /interview start type: juggling", you.command("interview start", {"type": "juggling"}))
    await talk.does(
        "You type: /interview start type: behav level: junior",
        you.command("interview start", {"type": "behav", "level": "junior"}),
    )
    await world.asked(you)
    await talk.does("You type: /interview start type: coding", you.command("interview start", {"type": "coding"}))
    await talk.does("You send 🎉", you.says("🎉"))
    await talk.does("You send a picture", you.uploads("me.png", b"\x89PNG\r\n\x1a\n", "image/png"))
    await talk.does("You record a voice message", you.records_voice(4, content=ogg(4)))
    await talk.does("You press Edit", presses(you, await transcript(world, you), "edit"))
    form = world.discord.modals(you)[-1]
    [name] = [each["component"]["custom_id"] for each in form.components if "component" in each]
    await talk.does("You correct it", you.submits(form, {name: "We cached the hot rows. It took 200 ms then."}))
    await talk.does("You write: stop", you.says("stop"))
    await world.see(lambda: world.session(you).over)
    said = ann.says("A hash map gives constant time, so I would use one.", general)
    await talk.does("You have Ann’s message scored", you.context_menu(SCORE, said))
    chosen = {"answer": said.content, "question": "Which structure?", "type": "coding", "role": "mid"}
    await talk.does("You fill the form in", you.submits(world.discord.modals(you)[-1], chosen))
    act = await talk.does("You type: /interview delete-my-data", you.command("interview delete-my-data"))
    await talk.does("You press Delete everything", you.presses(act.replies[0], forget_id("yes", str(you.id))))
    talk.close()
