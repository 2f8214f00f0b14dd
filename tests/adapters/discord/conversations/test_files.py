"""Answers as files: text and code, recordings with their confirmation, and what is not what it says."""

from __future__ import annotations

import pytest

from adapters.discord.names import VoiceAct, read_voice
from adapters.discord.sentences import DISCARDED, EMPTY_VOICE, RECORD_AGAIN, SEND_AGAIN
from adapters.files import EMPTY, NOT_SOUND, NOT_TEXT, PICTURE
from engine.errors import Unheard
from tests.adapters.discord.conversations.test_answering import answer, begun, form_of
from tests.adapters.discord.world import World
from tests.kit.recordings import ogg
from tests.wire.discord.interactions import Interaction
from tests.wire.discord.people import Person
from tests.wire.discord.world import VOICE, Message

HEARD = "We cached the hot rows and measured it."


def presses(you: Person, message: Message, act: VoiceAct) -> Interaction:
    custom_id = next(id for id in message.custom_ids if (read_voice(id) or ("",))[0] == act)
    return you.presses(message, custom_id)


async def transcript(world: World, you: Person) -> Message:
    """The message with what was heard."""

    def found() -> Message | None:
        return next((m for m in world.messages(you) if any(":use:" in id for id in m.custom_ids)), None)

    return await world.see(found)


async def test_a_voice_message_is_confirmed_before_it_counts(world: World, you: Person) -> None:
    await begun(world, you)
    you.records_voice(4.2, content=ogg(4))
    heard = await transcript(world, you)
    assert HEARD in heard.text
    assert answer(world, you) == ""
    act = presses(you, heard, "use")
    await world.see(lambda: answer(world, you) == HEARD)
    await world.rest()
    assert act.ack_s < 1.0
    assert heard.custom_ids == []
    assert HEARD in heard.text


async def test_a_transcript_can_be_changed_thrown_away_or_said_anew(world: World, you: Person) -> None:
    await begun(world, you)
    you.records_voice(4, content=ogg(4))
    presses(you, await transcript(world, you), "edit")
    [modal] = await world.see(lambda: world.discord.modals(you))
    [name] = [c["component"]["custom_id"] for c in modal.components if "component" in c]
    you.submits(modal, {name: "We cached the hot rows."})
    await world.see(lambda: answer(world, you) == "We cached the hot rows.")
    await world.rest()
    for act, sentence in (("discard", DISCARDED), ("again", RECORD_AGAIN)):
        you.records_voice(4, content=ogg(4))
        heard = await transcript(world, you)
        presses(you, heard, act)  # pyright: ignore[reportArgumentType]
        await world.see(lambda heard=heard, sentence=sentence: heard.text == sentence)
    assert answer(world, you) == "We cached the hot rows."


async def test_a_long_transcript_is_read_back_whole(world: World, you: Person) -> None:
    world.ear.hears = [long := " ".join(f"word{n}" for n in range(1_200))]
    try:
        await begun(world, you)
        you.records_voice(4, content=ogg(4))
        presses(you, await transcript(world, you), "use")
        await world.see(lambda: answer(world, you) == long)
        await world.rest()
        assert "word1199" in "".join(message.text for message in world.messages(you))
    finally:
        world.ear.hears = [HEARD]


async def test_what_could_not_be_heard_can_be_tried_again(world: World, you: Person) -> None:
    world.ear.hears = [Unheard("ear", hint="I heard nothing."), HEARD]
    await begun(world, you)
    you.records_voice(4, content=ogg(4))
    failed = await world.see(lambda: next((m for m in world.messages(you) if ":again:" in str(m.custom_ids)
                                           and "Listening" not in m.text), None))  # fmt: skip
    world.discord.cdn.expire()  # the address is no good any more; a fresh one is asked for
    presses(you, failed, "again")
    assert await transcript(world, you) is failed


async def test_what_cannot_be_fetched_again_has_to_be_sent_again(world: World, you: Person) -> None:
    world.ear.hears = [Unheard("ear", hint="I heard nothing."), HEARD]
    await begun(world, you)
    recording = you.records_voice(4, content=ogg(4))
    failed = await world.see(lambda: next((m for m in world.messages(you) if ":again:" in str(m.custom_ids)
                                           and "Listening" not in m.text), None))  # fmt: skip
    you.deletes(recording)
    presses(you, failed, "again")
    await world.see(lambda: failed.text == SEND_AGAIN)
    world.ear.hears = [HEARD]


@pytest.mark.parametrize(("content", "sentence"), [(b"", EMPTY), (b"<html>hello</html>", NOT_SOUND)])
async def test_a_recording_that_is_none(world: World, you: Person, content: bytes, sentence: str) -> None:
    await begun(world, you)
    you.uploads("answer.ogg", content, "audio/ogg")
    await world.see(lambda: world.messages(you)[-1].text == sentence)
    assert answer(world, you) == ""


async def test_a_voice_message_without_a_recording(world: World, you: Person) -> None:
    await begun(world, you)
    message = you._message(None)
    message.flags = VOICE
    world.discord.house.add_message(message)
    await world.see(lambda: world.messages(you)[-1].text == EMPTY_VOICE)


async def test_text_and_code_are_read(world: World, you: Person) -> None:
    await begun(world, you)
    you.uploads("main.py", b"def rooms(): ...\n", "text/x-python", text="Here is my code:")
    await world.see(lambda: answer(world, you) == "Here is my code:\ndef rooms(): ...")
    await world.see(lambda: "“main.py”" in world.messages(you)[-1].text)


async def test_ten_files_get_one_word_about_all_of_them(world: World, you: Person) -> None:
    await begun(world, you)
    before = len(world.messages(you))
    files = [(f"part{n}.txt", f"text {n}".encode(), "text/plain") for n in range(8)]
    files += [("cat.png", b"\x89PNG", "image/png"), ("really.txt", b"\x7fELF\x00\x01\x02\xff", "text/plain")]
    you.says("", files=files)
    await world.see(lambda: answer(world, you).count("text ") == 8)
    await world.rest()
    [said] = world.messages(you)[before:]
    assert "part7.txt" in said.text
    assert PICTURE.split(".")[0] in said.text.replace("\\", "")
    assert NOT_TEXT.split(",")[0] in said.text.replace("\\", "")


async def test_files_come_with_forms_too(world: World, you: Person) -> None:
    question = await begun(world, you)
    modal = await form_of(world, you, question)
    you.submits(modal, {"answer": "See the file."}, {"files": [("a.py", b"print(1)", "text/x-python")]})
    await world.see(lambda: answer(world, you) == "See the file.\nprint(1)")


async def test_a_deleted_message_takes_its_files_along(world: World, you: Person) -> None:
    await begun(world, you)
    message = you.uploads("main.py", b"print(1)", "text/x-python", text="Code:")
    await world.see(lambda: answer(world, you) == "Code:\nprint(1)")
    you.deletes(message)
    await world.see(lambda: answer(world, you) == "")
