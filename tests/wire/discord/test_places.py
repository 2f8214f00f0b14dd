"""Servers, threads, and commands with every kind of option, through a real discord.py."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from tests.wire.discord.client import running
from tests.wire.discord.offers import NotOffered
from tests.wire.discord.server import Discord, serve_discord
from tests.wire.discord.world import MANAGE_MESSAGES, MANAGE_THREADS, USUAL, Role

Acted = discord.Interaction[Any]


class Bot(discord.Client):
    """One command that takes everything, one form that asks everything, one menu on people."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, members=True, guild_messages=True, dm_messages=True, typing=True)
        super().__init__(intents=intents)
        self.got: list[object] = []
        self.tree = app_commands.CommandTree(self)

        @self.tree.command(description="Everything")
        async def all(
            interaction: Acted,
            who: discord.Member,
            where: discord.TextChannel,
            role: discord.Role,
            file: discord.Attachment,
            sure: bool,
            ratio: float = 0.5,
        ) -> None:
            self.got += [who.display_name, where.name, role.name, await file.read(), sure, ratio]
            await interaction.response.send_modal(Everything(self.got))

        @self.tree.context_menu(name="Progress")
        async def progress(interaction: Acted, member: discord.Member) -> None:
            await interaction.response.send_message(f"{member.display_name} is doing well", ephemeral=True)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_member_join(self, member: discord.Member) -> None:
        self.got.append(f"{member.display_name} joined")

    async def on_raw_member_remove(self, event: discord.RawMemberRemoveEvent) -> None:
        self.got.append(f"{event.user.display_name} left")

    async def on_typing(self, channel: discord.abc.Messageable, user: discord.User, when: object) -> None:
        self.got.append(f"{user.display_name} types")

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        self.got.append(f"edited to {event.message.content}")

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self.got.append("deleted")


class Everything(ui.Modal, title="Everything"):
    """One of each that a form can ask."""

    intro = ui.TextDisplay("Tell us")
    level: ui.Label[Any] = ui.Label(
        text="Level", component=ui.Select(custom_id="level", options=[discord.SelectOption(label="Senior", value="s")])
    )
    days: ui.Label[Any] = ui.Label(
        text="Days",
        component=ui.CheckboxGroup(
            custom_id="days",
            options=[discord.CheckboxGroupOption(label=each) for each in ("Mon", "Tue", "Wed")],
            required=False,
            min_values=0,
        ),
    )
    agree: ui.Label[Any] = ui.Label(text="Agree", component=ui.Checkbox(custom_id="agree"))
    peer: ui.Label[Any] = ui.Label(text="Peer", component=ui.UserSelect(custom_id="peer", required=False, min_values=0))

    def __init__(self, got: list[object]) -> None:
        super().__init__(custom_id="everything")
        self.got = got

    async def on_submit(self, interaction: Acted) -> None:
        level, days, agree = self.level.component, self.days.component, self.agree.component
        assert isinstance(level, ui.Select)
        assert isinstance(days, ui.CheckboxGroup)
        assert isinstance(agree, ui.Checkbox)
        self.got += [level.values, days.values, agree.value]
        await interaction.response.send_message("noted", ephemeral=True)


@pytest.fixture
async def wire() -> AsyncGenerator[Discord]:
    async with serve_discord() as server:
        server.grant(discord.Intents(members=True).value)
        yield server


async def test_a_command_with_every_kind_of_option_and_a_form_with_every_kind_of_question(wire: Discord) -> None:
    ada, bob = wire.person("Ada"), wire.person("Bob")
    guild = wire.guild("Guild", [bob], [ada])
    general = wire.channel(guild)
    admins = next(role for role in guild.roles.values() if role.name == "Admins")
    assert isinstance(admins, Role)
    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        options: dict[str, object] = {"who": bob, "where": general, "role": admins, "sure": True}
        file = ("cv.txt", b"compilers", "text/plain")
        with pytest.raises(NotOffered, match="requires file"):
            ada.command("all", options, general)
        with pytest.raises(NotOffered, match="takes a person"):
            ada.command("all", options | {"who": "bob", "file": file}, general)
        act = ada.command("all", options | {"file": file}, general)
        await wire.until(lambda: act.modal)
        assert client.got == ["Bob", "general", "Admins", b"compilers", True, 0.5]
        client.got.clear()
        modal = wire.modals(ada)[0]
        with pytest.raises(NotOffered, match="level takes 1 to 1"):
            ada.submits(modal)
        with pytest.raises(NotOffered, match="offers"):
            ada.submits(modal, {"level": "s", "days": ["Sun"]})
        sent = ada.submits(modal, {"level": "s", "days": ["Mon", "Tue"], "agree": True})
        await wire.until(lambda: sent.replies)
        assert client.got == [["s"], ["Mon", "Tue"], True]
        shown = ada.context_menu("Progress", bob, general)
        await wire.until(lambda: shown.replies)
        assert [each.text for each in shown.replies] == ["Bob is doing well"]


async def test_the_bot_looks_around_in_a_server(wire: Discord) -> None:
    ada = wire.person("Ada")
    made = wire.guild("Guild", [ada], bot_permissions=USUAL | MANAGE_THREADS | MANAGE_MESSAGES)
    async with running(wire, Bot()) as client:
        guild = await client.fetch_guild(made.id)
        assert [each.name for each in await guild.fetch_channels()] == ["general"]
        assert (await guild.fetch_member(ada.id)).display_name == "Ada"
        channel = await client.fetch_channel(wire.channel(made).id)
        assert isinstance(channel, discord.TextChannel)
        opened = await channel.send("Who wants an interview?")
        thread = await opened.create_thread(name="Interview")
        await thread.add_user(discord.Object(ada.id))
        assert {each.id for each in await thread.fetch_members()} == {ada.id, wire.application_id}
        assert [each.id for each in await guild.active_threads()] == [thread.id]
        said = ada.says("me", wire.threads(made)[0], reply_to=None)
        partial = thread.get_partial_message(said.id)
        replied = await partial.reply("welcome")
        assert wire.messages(wire.threads(made)[0])[-1].reply_to is said
        assert (await thread.fetch_message(replied.id)).reference is not None
        await partial.delete()
        await thread.remove_user(discord.Object(ada.id))
        await thread.edit(archived=True, locked=True)
        with pytest.raises(NotOffered):
            ada.says("too late", wire.threads(made)[0])
        await thread.edit(archived=False)
        await thread.delete()
        assert wire.threads(made) == []
        assert [each.id async for each in client.fetch_guilds()] == [made.id]
        await guild.leave()
        with pytest.raises(discord.Forbidden):
            await client.fetch_guild(made.id)


async def test_the_bot_hears_of_comings_goings_and_second_thoughts(wire: Discord) -> None:
    ada, bob = wire.person("Ada"), wire.person("Bob")
    guild = wire.guild("Guild", [ada])
    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        bob.joins(guild)
        ada.types(wire.channel(guild))
        said = bob.says("helo", wire.channel(guild))
        bob.edits(said, f"hello <@{wire.application_id}>")
        wire.delete(said)
        bob.leaves(guild)
        await wire.until(lambda: len(client.got) == 5)
        assert client.got == [
            "Bob joined",
            "Ada types",
            f"edited to hello <@{wire.application_id}>",
            "deleted",
            "Bob left",
        ]


async def test_commands_of_one_server(wire: Discord) -> None:
    ada = wire.person("Ada")
    made = wire.guild("Guild", [ada])
    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        here = discord.Object(made.id)

        @client.tree.command(description="Only here", guild=here)
        async def local(interaction: Acted) -> None:
            await interaction.response.send_message("here")

        synced = await client.tree.sync(guild=here)
        assert [each["name"] for each in wire.commands(made)] == ["local"]
        assert ada.commands(wire.channel(made))[0] == "/local"
        act = ada.command("local", channel=wire.channel(made))
        await wire.until(lambda: act.replies)
        edited = await synced[0].edit(description="Only here, really")
        assert edited.description == "Only here, really"
        assert (await client.tree.fetch_command(synced[0].id, guild=here)).name == "local"
        await synced[0].delete()
        assert wire.commands(made) == []
