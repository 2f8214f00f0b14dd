"""One call as a method sees it, with the checks that many methods share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.wire.slack.blocks import validate_message
from tests.wire.slack.interact import named
from tests.wire.slack.state import Channel, Grant, Member, Message, Refused, Team
from tests.wire.slack.words import interactive

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]

UNAUTHORISED = frozenset({"oauth.v2.access", "api.test"})
APP_LEVEL = frozenset({"apps.connections.open"})
TEXT_CHARS = 4000
MARKDOWN_CHARS = 12_000


@dataclass(frozen=True, slots=True)
class Ask:
    method: str
    args: Json
    team: Team
    grant: Grant
    token: str
    headers: dict[str, str]

    def need(self, *keys: str) -> list[str]:
        """The values of required arguments."""
        missing = [key for key in keys if not self.args.get(key)]
        if missing:
            raise Refused("invalid_arguments", [f"[ERROR] missing required field: {key}" for key in missing])
        return [str(self.args[key]) for key in keys]

    def flag(self, key: str) -> bool:
        return self.args.get(key) in (True, "1", "true", "True", 1)


def place(slack: Slack, ask: Ask, key: str = "channel", *, to_write: bool = False) -> Channel:
    """The channel a call is about. A user id stands for the DM with that person."""
    (id,) = ask.need(key)
    if id.startswith(("U", "W")) and to_write:
        member(slack, ask, id)
        id = slack.dm(id, ask.team)
    channel = slack.channels.get(id)
    if channel is None or channel.team != ask.team.id or (channel.kind != "channel" and not _inside(ask, channel)):
        raise Refused("channel_not_found")
    if to_write and not _inside(ask, channel):
        raise Refused("not_in_channel")
    if to_write and channel.archived:
        raise Refused("is_archived")
    return channel


def _inside(ask: Ask, channel: Channel) -> bool:
    return ask.team.bot_user in channel.members


def member(slack: Slack, ask: Ask, id: str) -> Member:
    found = slack.members.get((ask.team.id, id))
    if found is None:
        raise Refused("user_not_found")
    return found


def own_message(ask: Ask, channel: Channel, ts: str, not_own: str) -> Message:
    message = channel.messages.get(ts)
    if message is None or message.deleted:
        raise Refused("message_not_found")
    if not message.bot:
        raise Refused(not_own)
    return message


def thread(ask: Ask, channel: Channel) -> str | None:
    """The thread a message is to stand in; its root must be there, and be a root."""
    ts = ask.args.get("thread_ts")
    if ts is None:
        return None
    root = channel.threads_at(str(ts))
    if root is None:
        raise Refused("thread_not_found")
    if root.thread_ts not in (None, root.ts):
        raise Refused("cannot_reply_to_message")
    return root.ts


def read_blocks(slack: Slack, ask: Ask, key: str = "blocks") -> list[Json]:
    """The blocks of a call, validated and given ids; [] when there are none."""
    given: Any = ask.args.get(key)
    if not given:
        return []
    problems = (
        validate_message(given) if isinstance(given, list) else ["[ERROR] must be an array [json-pointer:/blocks]"]
    )
    problems += refused_blocks(ask.team, given) if isinstance(given, list) else []
    if problems:
        too_long = len(problems) == 1 and "msg_blocks_too_long" in problems[0]
        raise Refused("msg_blocks_too_long" if too_long else "invalid_blocks", problems, errors=problems)
    return named(slack, given)


def refused_blocks(team: Team, blocks: list[Json]) -> list[str]:
    """What a workspace that does without some kind of block says to it."""
    unknown = {
        "data_visualization": "charts", "data_table": "tables", "context_actions": "feedback_buttons",
    }  # fmt: skip
    found = [
        f"[ERROR] unsupported type: {block['type']} [json-pointer:/blocks/{number}/type]"
        for number, block in enumerate(blocks)
        if unknown.get(block.get("type", "")) in team.refuses
    ]
    if "feedback_buttons" in team.refuses and not found:
        found = ["[ERROR] unsupported element" for _, one in interactive(blocks) if one["type"] == "feedback_buttons"]
    return found


def read_text(ask: Ask) -> str:
    """The text of a message: `text`, or Markdown, which is exclusive."""
    text, markdown = ask.args.get("text"), ask.args.get("markdown_text")
    if markdown is not None:
        if text is not None or ask.args.get("blocks"):
            raise Refused("markdown_text_conflict")
        if len(markdown) > MARKDOWN_CHARS:
            raise Refused("msg_too_long")
        return str(markdown)
    if text is not None and len(str(text)) > TEXT_CHARS:
        raise Refused("msg_too_long")
    return str(text or "")


def read_metadata(ask: Ask) -> Json | None:
    given = ask.args.get("metadata")
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("event_type"), str):
        raise Refused("invalid_metadata_format")
    return given
