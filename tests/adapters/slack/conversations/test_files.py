"""Answers as voice clips and text files: looked at, confirmed, corrected, tried again, thrown away."""

from __future__ import annotations

import pytest

from adapters.slack.names import VOICE_AGAIN, VOICE_DISCARD, VOICE_EDIT, VOICE_USE
from engine.errors import OverLimit, Unheard
from engine.keys import ThreadKey
from tests.adapters.slack.conversations.test_answering import ANSWER, answer, begun
from tests.adapters.slack.world import World, has, open_world
from tests.wire.slack import Message, Person

HEARD = "We cached the hot rows. It took 200 ms then."


async def transcript(world: World, you: Person) -> Message:
    world.ear.hears[:] = [HEARD]
    await begun(world, you)
    await you.records(you.dm, 4.0, world.thread(you))
    return await world.see(lambda: next((m for m in world.replies(you) if has(m, VOICE_USE)), None))


async def test_a_clip_becomes_an_answer_once_it_is_confirmed(world: World, you: Person) -> None:
    page = await transcript(world, you)
    assert "We cached the hot rows" in page.visible
    assert answer(world, you) == ""
    await you.presses(you.dm, page.ts, VOICE_USE)
    await world.see(lambda: answer(world, you) == HEARD)
    await world.rest()
    assert not world.slack.message(you.dm, page.ts).action_ids
    assert "We cached" in world.slack.message(you.dm, page.ts).visible
    assert world.ear.heard[-1][1] == "en"


async def test_a_transcript_can_be_corrected(world: World, you: Person) -> None:
    page = await transcript(world, you)
    await you.presses(you.dm, page.ts, VOICE_EDIT)
    form = world.slack.views(you)[-1]
    field = next(block["block_id"] for block in form.blocks if block["type"] == "input")
    await you.submits(form, {field: "We cached the hot rows, and measured 200 ms."})
    await world.see(lambda: answer(world, you) == "We cached the hot rows, and measured 200 ms.")


async def test_a_transcript_can_be_thrown_away(world: World, you: Person) -> None:
    page = await transcript(world, you)
    await you.presses(you.dm, page.ts, VOICE_DISCARD)
    await world.see(lambda: "Thrown away" in world.slack.message(you.dm, page.ts).visible)
    assert answer(world, you) == ""


async def test_another_clip_can_be_recorded_instead(world: World, you: Person) -> None:
    page = await transcript(world, you)
    await you.presses(you.dm, page.ts, VOICE_AGAIN)
    await world.see(lambda: "record another" in world.slack.message(you.dm, page.ts).visible)
    await you.records(you.dm, 3.0, world.thread(you))
    second = await world.see(lambda: next((m for m in world.replies(you) if has(m, VOICE_USE)), None))
    await you.presses(you.dm, second.ts, VOICE_USE)
    await world.see(lambda: answer(world, you))


async def test_only_who_spoke_may_say_what_becomes_of_it(world: World, you: Person, ann: Person) -> None:
    place = world.slack.channel("general", [you, ann], team=you.team)
    world.ear.hears[:] = [HEARD]
    ts = await you.mentions(place, "coding")
    await world.asked(you, channel=place)
    await you.records(place, 3.0, ts)
    page = await world.see(lambda: next((m for m in world.replies(you, place) if has(m, VOICE_USE)), None))
    await ann.presses(place, page.ts, VOICE_DISCARD)
    await world.rest()
    assert f"<@{you.id}>" in str(world.slack.ephemerals(ann)[-1].blocks)
    assert has(world.slack.message(place, page.ts), VOICE_USE)


async def test_a_clip_can_be_listened_to_again_after_a_restart(world: World, you: Person) -> None:
    world.ear.hears[:] = [HEARD]
    world.ear.go_on.clear()
    await begun(world, you)
    await you.records(None, 4.0)
    waiting = await world.see(lambda: next((m for m in world.replies(you) if has(m, VOICE_AGAIN)), None))
    assert "Listening" in waiting.visible
    for task in [*world.app._owned._tasks]:
        task.cancel()  # as a crash would
    world.ear.go_on.set()
    await world.rest()
    await you.presses(you.dm, waiting.ts, VOICE_AGAIN)
    await world.see(lambda: has(world.slack.message(you.dm, waiting.ts), VOICE_USE))


async def test_what_cannot_be_heard_is_said_with_a_way_on(world: World, you: Person) -> None:
    world.ear.hears[:] = [Unheard("ear", "ear-1", hint="I heard no words. Please record it again.")]
    await begun(world, you)
    await you.records(you.dm, 2.0, world.thread(you))
    page = await world.see(
        lambda: next((m for m in world.replies(you) if has(m, VOICE_DISCARD) and has(m, VOICE_AGAIN)), None)
    )
    assert "I heard no words" in page.visible
    assert not has(page, VOICE_USE)


async def test_a_text_file_is_an_answer(world: World, you: Person) -> None:
    await begun(world, you)
    ts = await you.uploads(you.dm, "answer.py", b"def f():\n    return 1 # <@U1>\n", "text/plain", world.thread(you),
                           text="Here is my code:")  # fmt: skip
    await world.see(lambda: "return 1" in answer(world, you))
    assert answer(world, you) == "Here is my code:\ndef f():\n    return 1 # <@U1>"
    await world.rest()
    assert any("answer.py" in m.visible for m in world.replies(you))
    await you.deletes(you.dm, ts)
    await world.see(lambda: answer(world, you) == "")


@pytest.mark.parametrize(
    ("name", "content", "mimetype", "said"),
    [
        ("photo.png", b"\x89PNG\r\n\x1a\n", "image/png", "can't see pictures"),
        ("cv.pdf", b"%PDF-1.7", "application/pdf", "can't read PDFs"),
        ("clip.mp4", b"\x00\x00\x00\x1cftypisom", "video/mp4", "can't watch videos"),
        ("empty.txt", b"", "text/plain", "empty"),
        ("long.txt", b"word " * 9_000, "text/plain", "40,000"),
    ],
)
async def test_a_file_that_is_no_answer_is_met_kindly(
    world: World, you: Person, name: str, content: bytes, mimetype: str, said: str
) -> None:
    await begun(world, you)
    await you.uploads(you.dm, name, content, mimetype, world.thread(you))
    await world.see(lambda: any(said in m.visible for m in world.replies(you)))
    assert answer(world, you) == ""


async def test_without_a_speech_model_one_is_asked_to_type() -> None:
    async with open_world("socket", voice=False) as silent:
        you = silent.slack.person("U1", "You")
        await begun(silent, you)
        await you.records(None, 3.0)
        await silent.see(lambda: any("type your answer" in m.visible for m in silent.replies(you)))


async def test_words_beside_a_file_count_alone(world: World, you: Person) -> None:
    await begun(world, you)
    await you.uploads(None, "photo.png", b"\x89PNG\r\n\x1a\n", "image/png", text=ANSWER)
    await world.see(lambda: answer(world, you) == ANSWER)


class NoMoreSound:
    """Interviews may be held, but nothing more is listened to today."""

    async def begin(self, home: str, key: ThreadKey, id: str) -> None:
        pass

    async def hear(self, home: str, key: ThreadKey, seconds: float, id: str = "") -> None:
        raise OverLimit("audio", "That is all the audio for today. Please type.", resets_at=None)


async def test_a_clip_over_the_limit_is_not_listened_to(
    world: World, you: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(world, you)
    monkeypatch.setattr(world.desk, "_admission", NoMoreSound())
    heard = len(world.ear.heard)
    await you.records(you.dm, 4.0, world.thread(you))
    await world.see(lambda: [m for m in world.replies(you) if "all the audio for today" in m.visible])
    assert len(world.ear.heard) == heard
