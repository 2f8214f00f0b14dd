"""What people do in Slack: they write, press, fill in forms, record, stop. Each act is what a client would let them do.

An act returns when Slack has had the app's first answer to it (or none within three seconds). What cannot be done on
screen, such as pressing a button that is not there, is an AssertionError.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.wire.slack import interact
from tests.wire.slack.events import message_json
from tests.wire.slack.forms import fill, initial_state, resolve
from tests.wire.slack.interact import CommandReply, FormReply
from tests.wire.slack.state import Member, Message, SlackFile, Team
from tests.wire.slack.surfaces import View
from tests.wire.slack.words import interactive

if TYPE_CHECKING:
    from tests.wire.slack.delivery import Delivery
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]

_URL = re.compile(r"https?://[^\s<>|]+")
_MENTION = re.compile(r"<@(\w+)>")


def as_typed(text: str) -> tuple[str, list[Json]]:
    """What Slack makes of something typed: the escaped `text`, and the rich text block. `<@U1>` is a mention."""
    wire, parts, at = "", [], 0
    for mention in _MENTION.finditer(text):
        before = text[at : mention.start()]
        wire += _escaped(before) + mention.group()
        parts += [{"type": "text", "text": before}] if before else []
        parts.append({"type": "user", "user_id": mention.group(1)})
        at = mention.end()
    rest = text[at:]
    parts += [{"type": "text", "text": rest}] if rest else []
    section: Json = {"type": "rich_text_section", "elements": parts}
    return wire + _escaped(rest), [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def _escaped(text: str) -> str:
    return _URL.sub(lambda url: f"<{url.group()}>", html.escape(text, quote=False))


@dataclass(slots=True, repr=False, eq=False)
class Person:
    """Somebody in a workspace."""

    slack: Slack
    member: Member
    team: Team
    heard: list[Delivery] = field(default_factory=list["Delivery"])
    """Every delivery this person's acts caused."""

    @property
    def id(self) -> str:
        return self.member.id

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def dm(self) -> str:
        """The conversation with the app."""
        return self.slack.dm(self)

    # Messages

    async def says(
        self, channel: str | None, text: str, thread: str | None = None, files: Sequence[SlackFile] = (), *,
        raw: bool = False,
    ) -> str:  # fmt: skip
        """Write a message (in the DM with the app where `channel` is `None`); its ts. `raw` is not escaped."""
        message = self._post(channel or self.dm, text, thread, files, raw=raw)
        place = self.slack.channels[message.channel]
        await self._cause(self.slack.events.posted(message, place, self.team))
        return message.ts

    async def mentions(self, channel: str, text: str, thread: str | None = None) -> str:
        """Write `@Rehearse text` in a channel: the app hears of it twice at once, as a mention and as a message."""
        message = self._post(channel, f"<@{self.team.bot_user}> {text}", thread, ())
        place = self.slack.channels[channel]
        event = self.slack.events.posted(message, place, self.team)
        without = {key: value for key, value in event.items() if key != "channel_type"}
        both = [{**without, "type": "app_mention"}, event] if self.team.bot_user in place.members else []
        await asyncio.gather(*map(self._cause, both))
        return message.ts

    async def edits(self, channel: str, ts: str, text: str) -> None:
        """Change an own message."""
        message = self._own(channel, ts)
        previous = message_json(message, self.team)
        message.text, message.blocks = as_typed(text)
        message.edited, message.edited_ts = True, self.slack.new_ts()
        self.slack.changed()
        await self._cause(self.slack.events.changed(message, previous, self.slack.channels[channel], self.team))

    async def deletes(self, channel: str, ts: str) -> None:
        message = self._own(channel, ts)
        message.deleted = True
        self.slack.changed()
        await self._cause(self.slack.events.deleted(message, self.slack.channels[channel], self.team))

    async def uploads(
        self, channel: str | None, name: str, content: bytes, mimetype: str, thread: str | None = None, *,
        external: bool = False, text: str = "",
    ) -> str:  # fmt: skip
        """Share a file; the ts of the message that holds it. An `external` one lies on another site."""
        return await self.says(channel, text, thread, [self.file(name, content, mimetype, external=external)])

    async def records(
        self, channel: str | None, seconds: float, thread: str | None = None, mimetype: str = "audio/mp4",
        content: bytes = b"\x00\x00\x00\x1cftypM4A a clip", name: str = "audio_message.m4a",
    ) -> str:  # fmt: skip
        """Record a voice clip."""
        clip = self.file(name, content, mimetype)
        clip.subtype, clip.duration_ms = "slack_audio", round(seconds * 1000)
        return await self.says(channel, "", thread, [clip])

    def file(self, name: str, content: bytes, mimetype: str, *, external: bool = False) -> SlackFile:
        """A file of this person that is not shared yet."""
        slack, id = self.slack, self.slack.new_id("F")
        file = SlackFile(id, name, mimetype, content, self.team.id, self.id, external=external)
        site = f"{slack.foreign_url}/foreign/{id}" if external else f"{slack.url}/files-pri/{self.team.id}-{id}"
        file.url, file.download_url = f"{site}/{name}", f"{site}/download/{name}"
        slack.files[id] = file
        return file

    async def reacts(self, channel: str, ts: str, emoji: str) -> None:
        message = self.slack.message(channel, ts)
        message.reactions.append((self.id, emoji))
        item = {"type": "message", "channel": channel, "ts": ts}
        event = {"type": "reaction_added", "user": self.id, "reaction": emoji, "item": item, "item_user": message.user}
        await self._cause(event)

    # Commands, buttons, forms

    async def command(self, text: str, channel: str | None = None, command: str = "/interview") -> CommandReply:
        """Type a slash command. It cannot be typed inside a thread."""
        return await interact.command(self, text, channel or self.dm, command)

    async def presses(
        self,
        channel: str,
        ts: str,
        action_id: str,
        option: Any = None,
        *,
        block_id: str | None = None,
        seen: list[Json] | None = None,
    ) -> Delivery:
        """Press a button of a message, or choose in a menu: `option` is the value or text of what is chosen.

        `seen` are the blocks on this person's screen, where it lags behind.
        """
        place = self.slack.channels.get(channel)
        assert place is not None, f"there is no channel {channel}"
        hidden = next((one for one in self.slack.ephemerals(self) if one.ts == ts and not one.deleted), None)
        message = hidden or place.messages.get(ts)
        assert message is not None, f"there is no message {ts} in {channel}"
        assert not message.deleted, f"message {ts} is deleted"
        assert self.id in place.members, f"{self.id} does not see {channel}"
        block, element = self._find(message.blocks if seen is None else seen, action_id, block_id)
        return await interact.press_message(self, message, block, element, option)

    async def presses_in(
        self, view: View | str, action_id: str, option: Any = None, values: Mapping[str, Any] | None = None
    ) -> Delivery:
        """Press something in an open modal (by view or view id) or in Home (`"home"`)."""
        shown = self._view(view)
        block, element = self._find(shown.blocks, action_id, None)
        return await interact.press_view(self, shown, block, element, option, fill(shown.blocks, values or {}))

    async def submits(self, view: View | str, values: Mapping[str, Any] | None = None) -> FormReply:
        """Fill in a modal and submit it: `values` by action or block id, in the words of `forms.resolve`."""
        shown = self._view(view)
        assert self.slack.views(self)[-1].id == shown.id, "only the view on top can be submitted"
        return await interact.submit(self, shown, fill(shown.blocks, values or {}, whole=True))

    async def closes(self, view: View | str) -> Delivery | None:
        """Close a modal by its cross."""
        shown = self._view(view)
        stack = self.slack.views(self)
        stack[:] = stack[: [one.id for one in stack].index(shown.id)]
        self.slack.changed()
        if not shown.json.get("notify_on_close"):
            return None
        return await interact.closed(self, shown)

    async def shortcut(self, callback_id: str) -> Delivery:
        """Choose a global shortcut."""
        return await interact.shortcut(self, callback_id)

    async def message_shortcut(self, callback_id: str, channel: str, ts: str) -> Delivery:
        """Choose a shortcut from a message's menu; works in threads too."""
        return await interact.message_shortcut(self, callback_id, self.slack.message(channel, ts))

    async def opens_home(self, tab: str = "home") -> None:
        """Open the app: its `home` or its `messages` tab."""
        event: Json = {"type": "app_home_opened", "user": self.id, "channel": self.dm, "tab": tab}
        shown = self.slack.home(self)
        if shown is not None and tab == "home":
            event["view"] = {**shown.json, "state": {"values": initial_state(shown.blocks)}}
        await self._cause(event)

    async def stops(self, channel: str, ts: str) -> None:
        """Press Slack's own Stop on a message that streams: Slack closes the stream, then tells the app."""
        message = self.slack.message(channel, ts)
        self.slack.expire(message)
        assert message.stream is not None, f"message {ts} is not a stream"
        assert message.streaming, f"message {ts} does not stream any more"
        assert "agents" not in self.team.refuses, "there is no Stop button in this workspace"
        message.stream.closed = True
        self.slack.changed()
        await self._cause(
            {
                "type": "agent_session_stopped", "channel": channel, "user": self.id, "thread_ts": message.thread_ts,
                "streaming_message_ts": [ts],
            }
        )  # fmt: skip

    async def renames_session(self, channel: str, thread: str, title: str) -> None:
        event = {"type": "agent_session_title_changed", "channel": channel, "user": self.id, "thread_ts": thread}
        await self._cause({**event, "title": title})

    # Inside

    def _post(
        self, channel: str, text: str, thread: str | None, files: Sequence[SlackFile], *, raw: bool = False
    ) -> Message:
        place = self.slack.channels[channel]
        assert self.id in place.members, f"{self.id} is not in {channel}"
        assert not place.archived, f"{channel} is archived"
        assert thread is None or place.threads_at(thread), f"there is no thread {thread} in {channel}"
        wire, blocks = (text, []) if raw or not text else as_typed(text)
        subtype = "file_share" if files else ""
        message = Message(
            channel, self.slack.new_ts(), self.id, wire, blocks, thread, subtype=subtype, files=list(files)
        )
        for file in files:
            file.shared_in.append(channel)
        place.messages[message.ts] = message
        self.slack.changed()
        return message

    def _own(self, channel: str, ts: str) -> Message:
        message = self.slack.message(channel, ts)
        assert message.user == self.id, "only an own message can be changed"
        assert not message.deleted, f"message {ts} is deleted"
        return message

    def _find(self, blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
        for block, element in interactive(blocks):
            if element["action_id"] == action_id and block_id in (None, block["block_id"]):
                seen_by = element.get("visible_to_user_ids")
                assert not seen_by or self.id in seen_by, f"{self.id} does not see {action_id}"
                return block, element
        there = [element["action_id"] for _, element in interactive(blocks)]
        raise AssertionError(f"{action_id} is not on screen; there are {there}")

    def _view(self, view: View | str) -> View:
        if view == "home":
            shown = self.slack.home(self)
        else:
            id = view if isinstance(view, str) else view.id
            shown = next((one for one in self.slack.views(self) if one.id == id), None)
        assert shown is not None, f"{view} is not open in front of {self.id}"
        return shown

    async def _cause(self, event: Json) -> None:
        place = self.slack.channels.get(event.get("channel", ""))
        if event["type"] == "message" and place is not None and self.team.bot_user not in place.members:
            return
        delivery = await self.slack.events.send(self.team, event)
        if delivery is not None:
            self.heard.append(delivery)


__all__ = ["CommandReply", "FormReply", "Person", "as_typed", "resolve"]
