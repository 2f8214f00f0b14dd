"""Writes down a conversation as it reads on screen: each act of a person, and what is new or different after it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, Protocol

from adapters.slack.names import PANEL_VIEW
from tests.wire.slack import Message, Person, Slack
from tests.wire.slack.surfaces import View
from tests.wire.slack.words import interactive, visible_text

FOLDER = Path(__file__).parents[3] / "transcripts" / "slack"
REWRITE = "REWRITE_TRANSCRIPTS"
PLACE = re.compile(r"https://\S+?/archives/\w+/p(\d{10})(\d{6})[^|>\s]*")
MOMENT = re.compile(r"\b\d{1,2} \w{3} \d{4}(, \d\d:\d\d UTC)?")
DATE = re.compile(r"<!date\^\d+\^[^>|]*\|([^>]*)>|\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b")


class Place(Protocol):
    """Where it happens."""

    @property
    def slack(self) -> Slack: ...

    async def rest(self) -> None: ...


class Transcript:
    """`people` are named as they speak; `channels` beside their direct messages are watched too."""

    def __init__(self, world: Place, name: str, people: list[Person], channels: dict[str, str] | None = None) -> None:
        self._world = world
        self._path = FOLDER / f"{name}.txt"
        self._people = people
        self._places = {person.dm: f"{person.name}’s messages with Rehearse" for person in people} | (channels or {})
        self._lines: list[str] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._shown: dict[tuple[str, str], tuple[str, str]] = {}
        self._told: dict[str, int] = {}
        self._open: dict[str, str] = {}

    def says(self, what: str) -> None:
        """A line of the narrator's."""
        self._lines += [f"# {what}", ""]

    async def does(self, what: str, act: Awaitable[Any]) -> Any:
        """Somebody does something; what is on screen afterwards is written down."""
        self._lines += [f"> {what}", ""]
        done = await act
        await self._world.rest()
        self._look()
        return done

    def close(self) -> None:
        """Compare with what stands in the file, or write it anew."""
        text = "\n".join(self._lines).rstrip() + "\n"
        for person in self._people:
            text = text.replace(person.id, person.name)
        text = DATE.sub("(a day)", MOMENT.sub("(a moment)", text))
        if os.environ.get(REWRITE):
            self._path.write_text(text, encoding="utf-8")
        assert text == self._path.read_text(encoding="utf-8"), f"see tests/transcripts/README.md: {self._path.name}"

    def _look(self) -> None:
        for channel, place in self._places.items():
            for message in self._world.slack.messages(channel):
                self._message(channel, place, message)
        for person in self._people:
            told = self._world.slack.ephemerals(person)
            for message in told[self._told.get(person.id, 0) :]:
                self._block(f"Rehearse, to {person.name} alone", self._text(message))
            self._told[person.id] = len(told)
            self._view(person)

    def _message(self, channel: str, place: str, message: Message) -> None:
        at, (text, buttons) = (channel, message.ts), self._read(message)
        known = self._shown.get(at)
        self._shown[at] = text, buttons
        who = next((person.name for person in self._people if person.id == message.user), "Rehearse")
        if known is None:
            number = self._numbers[at] = len(self._numbers) + 1
            root = self._numbers.get((channel, message.thread_ts or ""))
            where = f"{place}, under {root}" if root and message.thread_ts != message.ts else place
            self._block(f"{number}. {who}, in {where}", _joined(text, buttons))
        elif known[0] != text and who == "Rehearse":
            self._block(f"{self._numbers[at]}. now reads", _joined(text, buttons))
        elif known[1] != buttons:
            self._block(f"{self._numbers[at]}. now bears", buttons or "no buttons")

    def _view(self, person: Person) -> None:
        views = self._world.slack.views(person)
        shown = views[-1].hash if views and views[-1].callback_id == PANEL_VIEW else views[-1].id if views else ""
        if shown and shown != self._open.get(person.id):
            view = views[-1]
            if view.callback_id == PANEL_VIEW:
                self._block(f"In front of {person.name}: {view.title}", self._panel(view))
            labels = [block["label"]["text"] for block in view.blocks if block["type"] == "input"]
            if labels or view.callback_id != PANEL_VIEW:
                self._block(f"A form opens for {person.name}: {view.title}", "\n".join(f"[{each}]" for each in labels))
        self._open[person.id] = shown

    def _panel(self, view: View) -> str:
        """A panel as it reads, with what can be pressed in square brackets."""
        labels = {one["text"]["text"] for _, one in interactive(view.blocks) if one["type"] == "button"}
        lines = visible_text("", view.blocks).replace("\u2060", "").split("\n")
        return "\n".join(f"[{line}]" if line in labels else line for line in lines)

    def _block(self, head: str, text: str) -> None:
        self._lines += [head, *(f"    {line}".rstrip() for line in text.split("\n")), ""]

    def _text(self, message: Message) -> str:
        return _joined(*self._read(message))

    def _read(self, message: Message) -> tuple[str, str]:
        """What a message says, and its buttons."""
        if message.deleted:
            return "(deleted)", ""
        buttons = [_label(message.element(action)) for action in message.action_ids]
        files = [f"(file {file.name})" for file in message.files]
        said = self._numbered("\n".join(filter(None, [_without(message, buttons), *files])))
        return said, " ".join(f"[{label}]" for label in buttons)

    def _numbered(self, text: str) -> str:
        def numbered(found: re.Match[str]) -> str:
            ts = f"{found.group(1)}.{found.group(2)}"
            return f"#{next((n for (_, known), n in self._numbers.items() if known == ts), '?')}"

        return PLACE.sub(numbered, text)


def _joined(text: str, buttons: str) -> str:
    return "\n".join(filter(None, [text, buttons]))


def _label(element: dict[str, Any] | None) -> str:
    """A button's words; of a menu, all of its options."""
    if element is None:
        return ""
    if element["type"] == "feedback_buttons":
        return "👍] [👎"
    if options := element.get("options"):
        return "… " + ", ".join(option["text"]["text"] for option in options)
    return element["text"]["text"] if isinstance(element.get("text"), dict) else json.dumps(element.get("text"))


def _without(message: Message, buttons: list[str]) -> str:
    """What a message says above its buttons."""
    labels = {part for label in buttons for part in re.split(r"\] \[|, ", label.removeprefix("… "))}
    lines = message.visible.split("\n")
    while lines and (lines[-1].strip() in labels or not lines[-1].strip()):
        lines.pop()
    return "\n".join(line.rstrip() for line in lines)
