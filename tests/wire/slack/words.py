"""What blocks say to somebody reading, what can be pressed in them, and what in them would act."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_MARKUP = re.compile(r"<[@#!][^<>\s]+>|<(?:https?://|mailto:)[^<>\s]+>")


@dataclass(frozen=True, slots=True)
class Write:
    """An accepted write as people saw it. `at` is `time.monotonic()`, whatever the server's own clock."""

    at: float
    method: str
    team: str
    channel: str
    ts: str
    thread_ts: str | None
    text: str
    blocks: Sequence[Json]
    streamed: bool
    live: bool

    @property
    def visible(self) -> str:
        """The full text of the message after this write."""
        return visible_text(self.text, list(self.blocks), streamed=self.streamed)

    def as_json(self) -> Json:
        return {
            "at": self.at, "method": self.method, "team": self.team, "channel": self.channel, "ts": self.ts,
            "thread_ts": self.thread_ts, "visible": self.visible, "live": self.live,
        }  # fmt: skip


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every block with each element a person can act on."""
    for block in blocks:
        held = [
            *(block.get("elements") or []),
            *(block.get("actions") or []),
            block.get("accessory"),
            block.get("element"),
        ]
        for one in held:
            if isinstance(one, dict) and "action_id" in one:
                yield block, one
        yield from interactive([child for child in block.get("child_blocks") or [] if isinstance(child, dict)])


def visible_text(text: str, blocks: list[Json], *, streamed: bool = False) -> str:
    """Blocks replace the text of a message; on a stream they stand below it."""
    if not blocks:
        return text
    shown = "\n".join(filter(None, map(_words, blocks)))
    return f"{text}\n{shown}" if streamed and text else shown


def _words(said: Any) -> str:
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        return "\n".join(filter(None, map(_words, said)))
    if not isinstance(said, dict):
        return ""
    match said.get("type"):
        case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
            return "".join(map(_inline, said.get("elements", [])))
        case "static_select" | "overflow" | "radio_buttons" | "checkboxes":
            return _words(said.get("options"))
        case "raw_number":
            return str(said.get("text") or said.get("value"))
        case _:
            keys = (
                "title", "text", "label", "subtitle", "body", "fields", "caption", "rows", "elements", "accessory",
                "element", "actions", "hint", "alt_text", "positive_button", "negative_button", "child_blocks", "chart",
                "segments", "series", "axis_config", "categories", "data", "name",
            )  # fmt: skip
            return "\n".join(filter(None, (_words(said.get(key)) for key in keys)))


def _inline(part: Any) -> str:
    match part.get("type"):
        case "user":
            return f"@{part.get('user_id')}"
        case "emoji":
            return f":{part.get('name')}:"
        case "link":
            return part.get("text") or part.get("url", "")
        case _:
            return part.get("text", "")


def live_markup(text: str, blocks: list[Json]) -> list[str]:
    """The control sequences Slack would act on: in the text, in mrkdwn and Markdown, and as elements of rich text."""
    return _MARKUP.findall(text) + _live(blocks)


def _live(said: Any) -> list[str]:
    if isinstance(said, list):
        return [found for one in said for found in _live(one)]
    if not isinstance(said, dict):
        return []
    match said.get("type"):
        case "mrkdwn" | "markdown":
            return _MARKUP.findall(str(said.get("text")))
        case "user" if "user_id" in said:
            return [f"<@{said['user_id']}>"]
        case "broadcast":
            return [f"<!{said.get('range')}>"]
        case "link":
            return [f"<{said.get('url')}>"]
        case _:
            return [found for value in said.values() for found in _live(value)]
