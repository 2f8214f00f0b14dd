"""Answers as voice clips and text files: looked at, confirmed, corrected, tried again, thrown away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from adapters.slack.names import VOICE_AGAIN, VOICE_DISCARD, VOICE_EDIT, VOICE_USE
from engine.errors import Unheard
from tests.adapters.slack.conversations.test_answering import ANSWER, answer, begun
from tests.adapters.slack.world import World, has
from tests.wire.slack import Message, Person


@pytest.fixture(autouse=True)
def ear(world: World) -> Iterator[None]:
    world.ear.hears[:] = ["We cached the hot rows. It took 200 ms then."]
    yield
    world.ear.go_on.set()


async def transcript(world: World, you: Person) -> Message:
    await begun(world, you)
    await you.records(you.dm, 4.0, world.thread(you))
    return await world.see(lambda: next((m for m in world.replies(you) if has(m, VOICE_USE)), None))


async def test_a_clip_becomes_an_answer_once_it_is_confirmed(world: World, you: Person) -> None:
    page = await transcript(world, you)
    assert "We cached the hot rows" in page.visible
    assert answer(world, you) == ""
    await you.presses(you.dm, page.ts, VOICE_USE)
    await world.see(lambda: answer(world, you) == "We cached the hot rows. It took 200 ms then.")
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


async def test_a_clip_can_be_listened_to_again_after_a_restart(world: World, you: Person) -> None:
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


async def test_words_beside_a_file_count_alone(world: World, you: Person) -> None:
    await begun(world, you)
    await you.uploads(None, "photo.png", b"\x89PNG\r\n\x1a\n", "image/png", text=ANSWER)
    await world.see(lambda: answer(world, you) == ANSWER)
