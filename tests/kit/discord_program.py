"""`rehearse run` at a local Discord, as a process of its own, and a candidate who uses it the way a person would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from adapters.discord.names import read_menu, read_press
from engine.inbound import Action
from tests.kit.program import STARTS_WITHIN_S, Program
from tests.wire.discord.components import walk
from tests.wire.discord.interactions import Interaction
from tests.wire.discord.people import Person
from tests.wire.discord.server import Discord
from tests.wire.discord.world import Message

T = TypeVar("T")

REPORTED = "By criterion"
"""What only a report says, once it is written."""


def discord_settings(discord: Discord) -> dict[str, str]:
    """What points the program at this Discord."""
    return {
        "DISCORD_API_URL": discord.rest_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "DISCORD_TOKEN": discord.token,
    }


class DiscordProgram:
    """The bot. `settings` are added to its own."""

    def __init__(self, discord: Discord, home: Path, settings: Mapping[str, str] | None = None) -> None:
        self.program = Program(home, {**discord_settings(discord), **(settings or {})})
        self._discord = discord
        self.kill, self.output = self.program.kill, self.program.output

    async def start(self) -> None:
        """Start it, and wait until it is at the gateway and its commands are there."""
        self._identified = len(self._discord.gateway.identifies)
        await self.program.start(self._until_connected)

    @property
    def pid(self) -> int:
        return self.program.pid

    async def _until_connected(self) -> None:
        discord = self._discord

        def connected() -> bool:
            return len(discord.gateway.identifies) > self._identified and bool(discord.commands())

        await discord.until(lambda: connected() or self.program.ended, STARTS_WITHIN_S)


class Candidate:
    """Somebody in their direct message with the bot."""

    def __init__(self, discord: Discord, person: Person) -> None:
        self.discord = discord
        self.person = person

    async def begins(self, type: str = "behavioral", questions: int = 1) -> Interaction:
        """Use the command, and wait until it is acknowledged."""
        act = self.person.command("interview start", {"type": type, "questions": questions})
        await self.sees(lambda: act.acked)
        return act

    async def answers(self, text: str) -> Message:
        """Write in the direct message, and press Done under the question."""
        said = self.person.says(text)
        await self.presses("done")
        return said

    async def presses(self, action: Action, within_s: float = 20) -> Interaction:
        """Wait for the newest message with this button or choice, and take it."""
        message = await self.sees_button(action, within_s)
        custom_id = offer(message, action)
        if read_press(custom_id) is None:
            return self.person.selects(message, custom_id, action)
        return self.person.presses(message, custom_id)

    async def sees_button(self, action: Action, within_s: float = 20) -> Message:
        return await self.sees(lambda: next(iter(self.with_button(action)[::-1]), None), within_s)

    async def sees_report(self, within_s: float = 20) -> Message:
        return await self.sees(lambda: next((m for m in self.messages if REPORTED in m.text), None), within_s)

    async def sees(self, what: Callable[[], T | None], within_s: float = 20) -> T:
        found = await self.discord.until(what, within_s)
        assert found is not None
        return found

    def with_button(self, action: Action) -> list[Message]:
        """The messages that bear this button, or a menu with it, oldest first."""
        return [message for message in self.messages if offer(message, action)]

    @property
    def messages(self) -> list[Message]:
        """What the bot has said in the direct message."""
        return [each for each in self.discord.messages(self.person) if each.author is self.discord.bot]

    @property
    def text(self) -> str:
        """All that can be read there."""
        return "\n".join(message.text for message in self.messages)


def offer(message: Message, action: Action) -> str:
    """The button of an action on a message, or the menu that has it; "" when there is none."""
    for component in walk(message.components):
        custom_id = str(component.get("custom_id", ""))
        pressed = read_press(custom_id)
        chosen = any(option.get("value") == action for option in component.get("options") or ())
        if (pressed is not None and pressed[0] == action) or (chosen and read_menu(custom_id, action)):
            return custom_id
    return ""
