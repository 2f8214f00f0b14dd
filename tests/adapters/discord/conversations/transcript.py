"""Writes down a conversation as it reads on screen: each act of a person, and what is new or different after it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from tests.wire.discord.components import walk
from tests.wire.discord.interactions import Interaction
from tests.wire.discord.people import Person
from tests.wire.discord.server import Discord
from tests.wire.discord.world import Channel, Message

FOLDER = Path(__file__).parents[3] / "transcripts" / "discord"
REWRITE = "REWRITE_TRANSCRIPTS"
LINK = re.compile(r"https://discord\.com/channels/\S+?(?=[)\s]|$)")
DATE = re.compile(r"<t:\d+:\w>")
BUTTON, SELECT, LABEL = 2, 3, 18


class Running(Protocol):
    """What runs in a Discord of our own."""

    discord: Discord

    async def done(self, act: Interaction) -> Interaction: ...

    async def rest(self) -> None: ...


class Transcript:
    """`people` are named as they speak; `channels` beside their direct messages are watched too. What `hide` finds
    changes from run to run."""

    def __init__(
        self, world: Running, name: str, people: Mapping[str, Person], channels: Mapping[str, Channel] | None = None,
        hide: re.Pattern[str] = DATE,
    ) -> None:  # fmt: skip
        self._world = world
        self._hide = hide
        self._path = FOLDER / f"{name}.txt"
        self._people = people
        self._places = {f"{name}’s direct message": person.dm for name, person in people.items()}
        self._places |= dict(channels or {})
        self._lines: list[str] = []
        self._numbers: dict[int, int] = {}
        self._shown: dict[int, tuple[str, str]] = {}
        self._open: dict[str, object] = {}

    def watch(self, name: str, channel: Channel) -> None:
        """From now on, a channel that has come into being."""
        self._places[name] = channel

    async def does(self, what: str, act: object = None) -> Any:
        """Somebody has done something; what is on screen afterwards is written down."""
        self._lines += [f"> {what}", ""]
        if isinstance(act, Interaction):
            await self._world.done(act)
        await self._world.rest()
        self._look()
        return act

    def close(self) -> None:
        """Compare with what stands in the file, or write it anew."""
        text = "\n".join(self._lines).rstrip() + "\n"
        for name, person in self._people.items():
            text = text.replace(str(person.id), name).replace(person.account.name, name)
        text = self._hide.sub("(a day)", DATE.sub("(a day)", LINK.sub("(link)", text)))
        for place, channel in self._places.items():
            text = text.replace(f"<#{channel.id}>", f"<{place}>")
        if os.environ.get(REWRITE):
            self._path.write_text(text, encoding="utf-8")
        assert text == self._path.read_text(encoding="utf-8"), f"see tests/transcripts/README.md: {self._path.name}"

    def _look(self) -> None:
        for place, channel in self._places.items():
            for message in self._world.discord.messages(channel):
                self._message(f"in {place}", message)
        for name, person in self._people.items():
            for message in self._world.discord.ephemerals(person):
                self._message(f"to {name} alone", message)
            self._form(name, person)

    def _message(self, where: str, message: Message) -> None:
        text, buttons = self._read(message)
        known = self._shown.get(message.id)
        self._shown[message.id] = text, buttons
        who = next((name for name, person in self._people.items() if person.account is message.author), "Rehearse")
        if known is None:
            number = self._numbers[message.id] = len(self._numbers) + 1
            self._block(f"{number}. {who}, {where}", _joined(text, buttons))
        elif known[0] != text and who == "Rehearse":
            self._block(f"{self._numbers[message.id]}. now reads", _joined(text, buttons))
        elif known[1] != buttons:
            self._block(f"{self._numbers[message.id]}. now bears", buttons or "no buttons")

    def _form(self, name: str, person: Person) -> None:
        modals = self._world.discord.modals(person)
        newest = modals[-1] if modals else None
        if newest is not None and newest is not self._open.get(name):
            labels = [each["label"] for each in newest.components if each["type"] == LABEL]
            self._block(f"A form opens for {name}: {newest.title}", "\n".join(f"[{label}]" for label in labels))
        self._open[name] = newest

    def _block(self, head: str, text: str) -> None:
        self._lines += [head, *(f"    {line}".rstrip() for line in text.split("\n")), ""]

    def _read(self, message: Message) -> tuple[str, str]:
        """What a message says, and its buttons."""
        files = [f"(file {file.filename})" for file in message.attachments]
        labels = [label for each in walk(message.components) if (label := _label(each))]
        return "\n".join(filter(None, [message.text, *files])), " ".join(f"[{label}]" for label in labels)


def _joined(text: str, buttons: str) -> str:
    return "\n".join(filter(None, [text, buttons]))


def _label(component: Mapping[str, Any]) -> str:
    """A button's words; of a menu, all of its options."""
    if component["type"] == BUTTON:
        emoji = (component.get("emoji") or {}).get("name", "")
        return " ".join(filter(None, [emoji, component.get("label", "")]))
    if component["type"] == SELECT:
        return "… " + ", ".join(option["label"] for option in component["options"])
    return ""
