"""A real discord.py client in conversation: gateway, messages, threads, files."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator
from typing import Any

import discord
import pytest
from discord import ui

from tests.wire.discord.client import At, running
from tests.wire.discord.components import walk
from tests.wire.discord.server import Discord, serve_discord


class Bot(discord.Client):
    """Keeps what it hears."""

    def __init__(self, *, intents: discord.Intents | None = None, **options: Any) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True, dm_messages=True, guild_messages=True), **options
        )
        self.heard: list[discord.Message] = []
        self.events: list[str] = []

    async def on_message(self, message: discord.Message) -> None:
        if message.author != self.user:
            self.heard.append(message)

    async def on_socket_event_type(self, event: str) -> None:
        self.events.append(event)


@pytest.fixture
async def wire() -> AsyncGenerator[Discord]:
    async with serve_discord() as server:
        yield server


async def test_a_message_in_the_dm_is_answered_and_the_answer_edited(wire: Discord) -> None:
    ada = wire.person("Ada", locale="de")
    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        ada.says("hello")
        await wire.until(lambda: client.heard)
        heard = client.heard[0]
        assert (heard.content, heard.author.id, heard.guild) == ("hello", ada.id, None)
        sent = await heard.channel.send("hi **there**")
        await sent.edit(content="hi again")
        shown = wire.messages(ada)
        assert [(each.author.name, each.text, each.edits) for each in shown] == [
            ("Ada", "hello", 0),
            ("Rehearse", "hi again", 1),
        ]
        assert [version.text for version in shown[1].versions] == ["hi **there**", "hi again"]
        assert [write.how for write in wire.timeline] == ["post", "edit"]
        assert {call.auth for call in wire.calls} == {"bot"}
    assert wire.invalid_requests == 0


async def test_a_card_goes_out_and_comes_back_with_its_ids_and_pictures(wire: Discord) -> None:
    ada = wire.person("Ada")
    async with running(wire, Bot()) as client:
        view = ui.LayoutView()
        gallery = ui.MediaGallery(discord.MediaGalleryItem("attachment://scores.png", description="Scores"))
        view.add_item(ui.Container(ui.TextDisplay("# Feedback"), gallery, accent_colour=discord.Colour.green()))
        user = await client.fetch_user(ada.id)
        sent = await user.send(view=view, file=discord.File(io.BytesIO(b"png"), "scores.png"))
        assert sent.flags.components_v2
        shown = wire.messages(ada)[0]
        assert shown.text == "# Feedback"
        assert [each["id"] for each in walk(shown.components)] == [1, 2, 3]
        again = await sent.channel.fetch_message(sent.id)
        assert await again.attachments[0].read() == b"png"
        with pytest.raises(discord.HTTPException, match="content"):
            await sent.edit(content="old style")
        other = ui.LayoutView().add_item(ui.TextDisplay("x" * 4001))
        with pytest.raises(discord.HTTPException) as refused:
            await sent.edit(view=other)
        assert (refused.value.status, refused.value.code) == (400, 50035)
        assert shown.text == "# Feedback"
        await sent.delete()
        with pytest.raises(discord.NotFound) as gone:
            await sent.edit(view=view)
        assert gone.value.code == 10008


async def test_files_and_voice_messages_arrive_with_addresses_that_run_out(wire: Discord) -> None:
    ada = wire.person("Ada")
    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        ada.records_voice(12.5, content=b"opus")
        ada.uploads("cv.txt", b"I wrote compilers")
        await wire.until(lambda: len(client.heard) == 2)
        voice, file = (each.attachments[0] for each in client.heard)
        assert client.heard[0].flags.voice
        assert (voice.duration, voice.is_voice_message(), await voice.read()) == (12.5, True, b"opus")
        assert file.content_type == "text/plain"
        wire.clock.skip(25 * 3600)
        with pytest.raises(discord.NotFound):
            await file.read()
        fresh = await client.heard[1].channel.fetch_message(client.heard[1].id)
        assert await fresh.attachments[0].read() == b"I wrote compilers"


async def test_a_message_with_the_same_nonce_is_there_once(wire: Discord) -> None:
    ada = wire.person("Ada")
    async with running(wire, Bot()) as client:
        user = await client.fetch_user(ada.id)
        wire.fail("POST */messages", reset="after")
        with pytest.raises(OSError):
            await user.send("once", nonce="n1")
        again = await user.send("once", nonce="n1")
        assert [each.id for each in wire.messages(ada)] == [again.id]


async def test_people_who_do_not_take_messages_get_none(wire: Discord) -> None:
    closed, stranger = wire.person("Closed", dm="closed"), wire.person("Stranger", dm="no_mutual")
    async with running(wire, Bot()) as client:
        for person, code in ((closed, 50007), (stranger, 50278)):
            user = await client.fetch_user(person.id)
            with pytest.raises(discord.Forbidden) as refused:
                await user.send("hello")
            assert refused.value.code == code
    assert wire.invalid_requests == 2


async def test_an_interview_in_a_private_thread(wire: Discord) -> None:
    ada, bob = wire.person("Ada"), wire.person("Bob")
    guild = wire.guild("Guild", [ada, bob])
    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        channel = client.get_channel(wire.channel(guild).id)
        assert isinstance(channel, discord.TextChannel)
        thread = await channel.create_thread(name="Interview", invitable=False, type=discord.ChannelType.private_thread)
        await thread.add_user(discord.Object(ada.id))
        place = wire.threads(guild)[0]
        sent = await thread.send("Shall we?")
        shown = wire.messages(place)[0]
        assert shown.id == sent.id
        assert (ada.sees(shown), bob.sees(shown)) == (True, False)
        ada.says("a secret answer", place)
        ada.says(f"{client.user.mention if client.user else ''} an answer", place)
        await wire.until(lambda: len(client.heard) == 2)
        assert [each.content for each in client.heard] == ["", f"<@{wire.application_id}> an answer"]
        with pytest.raises(discord.Forbidden):  # who opened it may archive it, and only moderators lock
            await thread.edit(archived=True, locked=True)
        await thread.edit(archived=True)
        assert (place.archived, place.locked) == (True, False)
        assert "THREAD_CREATE" in client.events


async def test_history_brings_back_what_was_missed_in_order(wire: Discord) -> None:
    ada = wire.person("Ada")
    said = [ada.says(f"{n}") for n in range(7)]
    async with running(wire, Bot()) as client:
        channel = await (await client.fetch_user(ada.id)).create_dm()
        missed = [each.content async for each in channel.history(after=discord.Object(said[2].id), oldest_first=True)]
        assert missed == ["3", "4", "5", "6"]


async def test_whom_a_message_pings_is_what_it_allows(wire: Discord) -> None:
    ada = wire.person("Ada")
    async with running(wire, Bot()) as client:
        user = await client.fetch_user(ada.id)
        await user.send(f"@everyone {ada.mention}")
        await user.send(f"@everyone {ada.mention}", allowed_mentions=discord.AllowedMentions.none())
    assert [each.pings for each in wire.messages(ada)] == [["@everyone", ada.mention], []]


async def test_the_gateway_knows_who_may_come_in(wire: Discord) -> None:
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(wire, Bot(intents=discord.Intents(guilds=True, message_content=True))):
            pass
    wire.grant(discord.Intents(message_content=True).value)
    async with running(
        wire, Bot(intents=discord.Intents(guilds=True, guild_messages=True, message_content=True))
    ) as bot:
        assert isinstance(bot, Bot)
        ada = wire.person("Ada")
        guild = wire.guild("Later", [ada])
        ada.says("in the open", wire.channel(guild))
        await wire.until(lambda: bot.heard)
        assert bot.heard[0].content == "in the open"
    with pytest.raises(discord.LoginFailure):
        async with running(At(wire.rest_url, wire.gateway_url, "another"), Bot()):
            pass


async def test_a_dropped_connection_is_resumed_and_nothing_is_missed(wire: Discord) -> None:
    ada = wire.person("Ada")
    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        wire.drop_gateway(code=4000)
        ada.says("while you were away")
        await wire.until(lambda: client.heard)
        assert (wire.gateway.resumes, len(wire.gateway.identifies)) == (1, 1)
        wire.lose_events(1)
        ada.says("nobody hears this")
        ada.says("this they do")
        await wire.until(lambda: len(client.heard) == 2)
        assert client.heard[1].content == "this they do"


async def test_two_sessions_of_one_shard_both_hear_everything_and_dms_go_to_shard_0(wire: Discord) -> None:
    ada = wire.person("Ada")
    blue, green = Bot(shard_id=0, shard_count=2), Bot(shard_id=0, shard_count=2)
    other = Bot(shard_id=1, shard_count=2)
    async with running(wire, blue), running(wire, green), running(wire, other):
        ada.says("hello")
        await wire.until(lambda: blue.heard and green.heard)
        await asyncio.sleep(0)
        assert other.heard == []
        assert len(wire.gateway.identifies) == 3
