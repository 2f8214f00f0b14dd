"""What people do with the app, through a real discord.py: commands, buttons, menus, forms, and their clocks."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from tests.wire.discord.client import running
from tests.wire.discord.offers import NotOffered
from tests.wire.discord.server import Discord, serve_discord

Acted = discord.Interaction[Any]


class Form(ui.Modal, title="Your answer"):
    """A text, a choice and files."""

    answer = ui.Label(
        text="Answer", component=ui.TextInput(custom_id="answer", style=discord.TextStyle.paragraph, max_length=4000)
    )
    sure = ui.Label(
        text="How sure?",
        component=ui.RadioGroup(
            custom_id="sure",
            options=[
                discord.RadioGroupOption(label="Sure", value="yes"),
                discord.RadioGroupOption(label="No", value="no"),
            ],
        ),
    )
    files = ui.Label(text="Files", component=ui.FileUpload(custom_id="files", required=False, max_values=2))


class Next(ui.DynamicItem[ui.Button[Any]], template=r"next:(?P<id>\d+)"):
    """A button that outlives the process."""

    def __init__(self, number: int) -> None:
        super().__init__(ui.Button(label="Next", custom_id=f"next:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(cls, interaction: Acted, item: ui.Item[Any], match: re.Match[str]) -> Next:
        return cls(int(match["id"]))

    async def callback(self, interaction: Acted) -> None:
        await interaction.response.send_message(f"next after {self.number}", ephemeral=True)


class Bot(discord.Client):
    """Commands, and whatever a test wants done with anything else."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True, dm_messages=True))
        self.add_dynamic_items(Next)
        self.does: Callable[[Acted], Awaitable[object]] = lambda interaction: interaction.response.defer()
        self.errors: list[int] = []
        self.tree = app_commands.CommandTree(self)
        group = app_commands.Group(
            name="interview",
            description="Interviews",
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

        @group.command(description="Begin")
        async def start(interaction: Acted, kind: str, minutes: app_commands.Range[int, 1, 60] = 30) -> None:
            await interaction.response.defer(ephemeral=True)
            await interaction.followup.send(f"{kind} for {minutes} min, {interaction.locale.value}")

        @start.autocomplete("kind")
        async def kinds(interaction: Acted, current: str) -> list[app_commands.Choice[str]]:
            known = ["system design", "behavioural"]
            return [app_commands.Choice(name=each, value=each) for each in known if each.startswith(current)]

        self.tree.add_command(group)

        @self.tree.command(description="Settings")
        @app_commands.default_permissions(manage_guild=True)
        @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
        async def settings(interaction: Acted) -> None:
            await interaction.response.send_message("settings", ephemeral=True)

        @self.tree.context_menu(name="Score this answer")
        async def score(interaction: Acted, message: discord.Message) -> None:
            await interaction.response.send_message(f"{message.content}: 3/5", ephemeral=True)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_interaction(self, interaction: Acted) -> None:
        if interaction.type in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            if str((interaction.data or {}).get("custom_id", "")).startswith("next:"):
                return
            try:
                await self.does(interaction)
            except discord.HTTPException as error:
                self.errors.append(error.code)


@pytest.fixture
async def wire() -> AsyncGenerator[Discord]:
    async with serve_discord() as server:
        yield server


async def card(wire: Discord, client: discord.Client, *items: ui.Item[Any]) -> Any:
    """A card with these in Ada's DM."""
    view = ui.LayoutView(timeout=None).add_item(ui.TextDisplay("A question"))
    view.add_item(ui.ActionRow(*items))
    user = await client.fetch_user(wire.person("Ada").id)
    await user.send(view=view)
    return wire.messages(wire.person("Ada"))[-1]


async def test_a_slash_command_is_deferred_and_answered(wire: Discord) -> None:
    ada = wire.person("Ada", locale="de")
    async with running(wire, Bot()):
        assert wire.command_puts == 1
        assert ada.commands() == ["/interview", "Score this answer"]
        act = ada.command("interview start", {"kind": "behavioural", "minutes": 5})
        await wire.until(lambda: act.replies and act.replies[0].text)
        assert (act.deferred, act.failed) == (True, False)
        assert act.ack_s < 1
        assert [each.text for each in wire.ephemerals(ada)] == ["behavioural for 5 min, de"]
        assert wire.messages(ada) == []
        typed = ada.autocompletes("interview start", "kind", "sys")
        await wire.until(lambda: typed.choices)
        assert typed.choices == [{"name": "system design", "value": "system design"}]
        with pytest.raises(NotOffered, match="goes from 1 to 60"):
            ada.command("interview start", {"kind": "behavioural", "minutes": 90})
        with pytest.raises(NotOffered, match="requires kind"):
            ada.command("interview start")


async def test_commands_are_offered_where_and_to_whom_they_are_meant(wire: Discord) -> None:
    ada, root = wire.person("Ada"), wire.person("Root")
    guild = wire.guild("Guild", [ada], [root])
    elsewhere = wire.guild("Elsewhere", [ada], bot=False)
    async with running(wire, Bot()):
        general = wire.channel(guild)
        assert "/settings" in root.commands(general)
        assert "/settings" not in ada.commands(general)
        with pytest.raises(NotOffered):
            root.command("settings")
        act = root.command("settings", channel=general)
        await wire.until(lambda: act.replies)
        assert [each.text for each in wire.ephemerals(root)] == ["settings"]
        scored = ada.context_menu("Score this answer", ada.says("Postgres", general))
        await wire.until(lambda: scored.replies)
        assert scored.replies[0].text == "Postgres: 3/5"
        alone = ada.command("interview start", {"kind": "x"}, wire.channel(elsewhere), user_install=True)
        await wire.until(lambda: alone.replies and alone.replies[0].text)


async def test_a_user_installed_app_has_five_follow_ups(wire: Discord) -> None:
    ada = wire.person("Ada")
    elsewhere = wire.guild("Elsewhere", [ada], bot=False)
    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        act = ada.command("interview start", {"kind": "x"}, wire.channel(elsewhere), user_install=True)
        await wire.until(lambda: act.replies and act.replies[0].text)
        hook = discord.Webhook.partial(wire.application_id, act.token, client=client)
        for n in range(5):
            await hook.send(f"{n}")
        with pytest.raises(discord.HTTPException) as refused:
            await hook.send("one too many")
        assert refused.value.code == 40094


async def test_a_dynamic_button_of_an_earlier_process_still_works(wire: Discord) -> None:
    ada = wire.person("Ada")
    async with running(wire, Bot()) as client:
        message = await card(wire, client, Next(7))
    async with running(wire, Bot()):
        act = ada.presses(message, "next:7")
        await wire.until(lambda: act.replies)
        assert [each.text for each in wire.ephemerals(ada)] == ["next after 7"]
        with pytest.raises(NotOffered, match="has no 'gone'"):
            ada.presses(message, "gone")


async def test_a_form_is_opened_filled_in_and_read(wire: Discord) -> None:
    ada = wire.person("Ada")
    got: list[object] = []

    class Answering(Form):
        async def on_submit(self, interaction: Acted) -> None:
            text, radio, upload = self.answer.component, self.sure.component, self.files.component
            assert isinstance(text, ui.TextInput)
            assert isinstance(radio, ui.RadioGroup)
            assert isinstance(upload, ui.FileUpload)
            got.extend([text.value, radio.value, [await each.read() for each in upload.values]])
            await interaction.response.edit_message(view=ui.LayoutView().add_item(ui.TextDisplay("Thanks")))

    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        message = await card(wire, client, ui.Button(label="Answer", custom_id="open"))
        client.does = lambda each: each.response.send_modal(Answering(custom_id="iv:1"))
        ada.presses(message, "open")
        await wire.until(lambda: wire.modals(ada))
        modal = wire.modals(ada)[0]
        assert (modal.title, modal.custom_id) == ("Your answer", "iv:1")
        with pytest.raises(NotOffered, match="has no choice"):
            ada.submits(modal, {"answer": "text", "sure": "maybe"})
        client.does = lambda each: _nothing()
        sent = ada.submits(
            modal, {"answer": "It depends", "sure": "yes"}, {"files": [("a.py", b"print()", "text/x-python")]}
        )
        await wire.until(lambda: sent.acked)
        assert got == ["It depends", "yes", [b"print()"]]
        assert (message.text, message.custom_ids) == ("Thanks", [])


async def _nothing() -> None:
    return None


async def test_an_interaction_is_acknowledged_once_in_three_seconds_and_spent_after_fifteen_minutes(
    wire: Discord,
) -> None:
    ada = wire.person("Ada")
    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        message = await card(wire, client, ui.Button(label="Go", custom_id="go"))

        async def late(interaction: Acted) -> None:
            wire.clock.skip(3.1)
            await interaction.response.defer()

        client.does = late
        act = ada.presses(message, "go")
        await wire.until(lambda: client.errors)
        assert (client.errors, act.failed) == ([10062], True)

        async def twice(interaction: Acted) -> None:
            await interaction.response.defer()
            interaction.response._response_type = None
            await interaction.response.defer()

        client.does = twice
        ada.presses(message, "go")
        await wire.until(lambda: len(client.errors) == 2)
        assert client.errors[1] == 40060

        async def much_later(interaction: Acted) -> None:
            await interaction.response.defer()
            await interaction.edit_original_response(view=ui.LayoutView().add_item(ui.TextDisplay("in time")))
            wire.clock.skip(15 * 60)
            await interaction.edit_original_response(view=ui.LayoutView().add_item(ui.TextDisplay("too late")))

        client.does = much_later
        ada.presses(message, "go")
        await wire.until(lambda: len(client.errors) == 3)
        assert (client.errors[2], message.text) == (50027, "in time")
        assert [write.how for write in wire.timeline] == ["post", "webhook-edit"]


async def test_a_choice_in_a_menu(wire: Discord) -> None:
    ada = wire.person("Ada")
    async with running(wire, Bot()) as client:
        assert isinstance(client, Bot)
        menu: ui.Select[Any] = ui.Select(custom_id="level", options=[discord.SelectOption(label="Senior", value="s")])
        message = await card(wire, client, menu)
        chosen: list[object] = []

        async def take(interaction: Acted) -> None:
            chosen.append((interaction.data or {}).get("values"))
            await interaction.response.send_message("ok")

        client.does = take
        act = ada.selects(message, "level", "s")
        await wire.until(lambda: act.replies)
        assert chosen == [["s"]]
        assert [each.text for each in wire.messages(ada)] == ["A question", "ok"]
        with pytest.raises(NotOffered, match="offers"):
            ada.selects(message, "level", "junior")
