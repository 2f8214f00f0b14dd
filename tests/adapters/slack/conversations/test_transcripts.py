"""Long conversations, readable as chat: tests/transcripts/slack/."""

from __future__ import annotations

from adapters.slack.names import HOME_START, MENU, PRESS, SCORE_SHORTCUT, VOICE_EDIT, VOICE_USE
from adapters.slack.render.forms import QUESTION, ROLE, SURE, TYPE
from engine.preferences import Preferences
from tests.adapters.slack.conversations.transcript import Transcript
from tests.adapters.slack.world import World, has
from tests.wire.slack import Person

GOOD = "I wrote down what had to be fast, measured it, and cut the wait from 900 ms to 200 ms with one index."


async def test_a_first_interview_from_hello_to_the_report(world: World, you: Person) -> None:
    talk = Transcript(world, "first-interview", [you])
    hello = await talk.does("You write: Hello there", you.says(None, "Hello there"))
    [welcome] = world.slack.messages(you.dm, thread=hello)[1:]
    await talk.does("You press Coding", you.presses(you.dm, welcome.ts, f"{HOME_START}.coding"))
    thread = world.thread(you)
    first = await world.asked(you)
    await talk.does("You ask for a hint", you.presses(you.dm, first.ts, f"{PRESS}hint"))
    part = await talk.does("You write: Frist I would meassure it.", you.says(None, "Frist I would meassure it."))
    await talk.does("You mend it", you.edits(you.dm, part, "First I would measure it."))
    await talk.does("You go on in the thread", you.says(you.dm, GOOD, thread))
    await talk.does("You press Done", you.presses(you.dm, first.ts, f"{PRESS}done"))
    feedback = await world.reviewed(you)
    await talk.does("You press Model answer", you.presses(you.dm, feedback.ts, f"{PRESS}model_answer"))
    await talk.does("You write: 👍", you.says(you.dm, ":+1:", thread))
    await talk.does("You press Next", you.presses(you.dm, feedback.ts, f"{PRESS}next"))
    second = await world.asked(you, 2)
    await talk.does("You press Skip", you.presses(you.dm, second.ts, f"{PRESS}skip"))
    await world.see(lambda: world.session(you).over)
    await talk.does("You type: /interview history", you.command("history"))
    talk.close()


async def test_in_a_channel_and_in_private(world: World, you: Person, ann: Person) -> None:
    place = world.slack.channel("team", [you, ann], team=you.team)
    # Whether a review is there before its first words are shown is a matter of moments; Ann wants to see it whole.
    await world.store.keep_preferences(Preferences(live=False), platform="slack", workspace=you.team.id, user=ann.id)
    talk = Transcript(world, "in-a-channel", [you, ann], {place: "#team"})
    root = await talk.does("You write: @Rehearse sys design, senior", you.mentions(place, "sys design, senior"))
    question = await world.asked(you, channel=place)
    await talk.does("Ann presses Skip on your question", ann.presses(place, question.ts, f"{PRESS}skip"))
    await talk.does("Ann writes in the thread", ann.says(place, "I would use a queue.", root))
    answer = await talk.does("You answer", you.says(place, GOOD, root))
    await talk.does("You pick Pause", you.presses(place, question.ts, MENU, "Pause"))
    await talk.does("Ann scores your message", ann.message_shortcut(SCORE_SHORTCUT, place, answer))
    form = world.slack.views(ann)[-1]
    chosen = {QUESTION: "How would you make it faster?", TYPE: "system-design", ROLE: "senior"}
    await talk.does("Ann fills it in", ann.submits(form, chosen))
    await world.reviewed(ann)
    talk.close()


async def test_by_voice_and_with_mistakes(world: World, you: Person) -> None:
    world.ear.hears[:] = ["We cached the hot rose. It took 200 ms then."]
    talk = Transcript(world, "voice-and-mistakes", [you])
    await talk.does("You type: /interview strat", you.command("strat"))
    await talk.does("You type: /interview start juggling", you.command("start juggling"))
    await talk.does("You type: /interview start behav junior", you.command("start behav junior"))
    await world.asked(you)
    thread = world.thread(you)
    await talk.does("You type: /interview start coding", you.command("start coding"))
    await talk.does("You send 🎉", you.says(None, ":tada:"))
    await talk.does("You send a picture", you.uploads(None, "me.png", b"\x89PNG\r\n\x1a\n", "image/png"))
    await talk.does("You record a clip", you.records(you.dm, 6.0, thread))
    page = await world.see(lambda: next((m for m in world.replies(you) if has(m, VOICE_USE)), None))
    await talk.does("You press Edit", you.presses(you.dm, page.ts, VOICE_EDIT))
    form = world.slack.views(you)[-1]
    field = next(block["block_id"] for block in form.blocks if block["type"] == "input")
    better = "We cached the hot rows. It took 200 ms then."
    await talk.does("You correct it", you.submits(form, {field: better}))
    await talk.does("You write: stop", you.says(None, "stop"))
    await world.see(lambda: world.session(you).over)
    await talk.does("You type: /interview delete-my-data", you.command("delete-my-data"))
    await talk.does("You tick the box", you.submits(world.slack.views(you)[-1], {SURE: ["sure"]}))
    talk.close()
