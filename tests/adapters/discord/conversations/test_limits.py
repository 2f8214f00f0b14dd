"""Whoever reaches a limit reads it where they look, wherever they begin; nobody is listened to over it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from itertools import count

import pytest
import pytest_asyncio

from adapters.discord.commands import SCORE
from adapters.discord.names import read_pick, read_place
from engine.errors import OverLimit
from engine.keys import ThreadKey
from tests.adapters.discord.world import World, open_world
from tests.kit.recordings import ogg
from tests.wire.discord.people import Person
from tests.wire.discord.world import MANAGE_THREADS, USUAL, Channel, Message

WHY = "You have held your 2 interviews of today. The count begins anew at 00:00 UTC."
DEAF = "Your minutes of audio are used up until 00:00 UTC. Type your answer instead."
_numbers = count(1)


class Full:
    """Nobody may begin, and nobody is listened to."""

    begin_too = True

    async def begin(self, home: str, key: ThreadKey, id: str) -> None:
        if self.begin_too:
            raise OverLimit("interviews", WHY, resets_at=0.0)

    async def hear(self, home: str, key: ThreadKey, seconds: float, id: str = "") -> None:
        raise OverLimit("audio", DEAF, resets_at=0.0)


FULL = Full()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncGenerator[World]:
    async with open_world(admission=FULL) as world:
        yield world


@pytest.fixture
def ann(world: World) -> Person:
    ann = world.discord.person(f"Ann{next(_numbers)}")
    world.discord.guild(f"Guild of {ann.account.name}", [ann], bot_permissions=USUAL | MANAGE_THREADS)
    return ann


@pytest.fixture
def place(world: World, ann: Person) -> Channel:
    return world.discord.channel(next(g for g in world.discord.house.guilds.values() if ann.id in g.members))


def part(message: Message, act: str) -> str:
    return next(id for id in message.custom_ids if (read_pick(id) or read_place(id) or ("",))[0] == act)


async def test_by_command_in_a_server(world: World, ann: Person, place: Channel) -> None:
    act = await world.done(await world.starts(ann, channel=place))
    assert WHY in act.replies[0].text
    [card] = world.messages(ann)
    assert WHY in card.text
    assert world.begun(ann) is None


async def test_by_words_in_the_direct_message(world: World, ann: Person) -> None:
    ann.says("start a coding interview")
    await world.see(lambda: [m for m in world.messages(ann) if WHY in m.text])
    assert world.begun(ann) is None


async def test_in_a_private_thread_and_in_private_messages(world: World, ann: Person, place: Channel) -> None:
    ann.lets_dms("closed")
    act = await world.done(await world.starts(ann, channel=place))
    choice = act.replies[0]
    await world.done(ann.presses(choice, part(choice, "thread")))
    assert WHY in choice.text
    act = await world.done(await world.starts(ann, channel=place))
    choice = act.replies[0]
    await world.done(ann.presses(choice, part(choice, "here")))
    assert WHY in choice.text


async def test_an_answer_to_be_scored(world: World, ann: Person, place: Channel) -> None:
    said = ann.says("A hash map gives constant time, so I would use one.", place)
    act = await world.done(ann.context_menu(SCORE, said))
    assert act.modal is not None
    act = await world.done(ann.submits(act.modal, {"type": "coding", "role": "mid"}))
    assert WHY in act.replies[0].text
    ann.lets_dms("closed")
    act = await world.done(ann.context_menu(SCORE, said))
    assert act.modal is not None
    act = await world.done(ann.submits(act.modal, {"type": "coding", "role": "mid"}))
    assert WHY in act.replies[-1].text


async def test_a_recording_is_not_listened_to(world: World, ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FULL, "begin_too", False)
    await world.starts(ann)
    await world.asked(ann)
    ann.records_voice(4, content=ogg(4))
    await world.see(lambda: [m for m in world.messages(ann) if DEAF in m.text])
    assert world.ear.heard == []
