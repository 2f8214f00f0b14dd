"""The envelopes of the Events API, and messages as events describe them. How they reach the app is `deliver.py`'s."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.wire.slack.state import Channel, Message, Team

if TYPE_CHECKING:
    from tests.wire.slack.delivery import Delivery
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]


def message_json(message: Message, team: Team) -> Json:
    """A message as events, `conversations.replies` and action payloads show it."""
    said: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts, "team": team.id}
    if message.subtype:
        said["subtype"] = message.subtype
    if message.bot:
        said |= {
            "bot_id": team.bot_id, "app_id": team.app_id,
            "bot_profile": {"id": team.bot_id, "app_id": team.app_id, "name": "Rehearse", "team_id": team.id},
        }  # fmt: skip
    if message.thread_ts:
        said["thread_ts"] = message.thread_ts
    if message.blocks:
        said["blocks"] = message.blocks
    if message.files:
        said |= {"files": [file.as_json() for file in message.files], "upload": False}
    if message.edited:
        said["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.metadata:
        said["metadata"] = message.metadata
    if message.streaming:
        said["streaming_state"] = "in_progress"
    elif message.stream is not None:
        said["streaming_state"] = "completed"
    return said


class Events:
    """Builds events and sends them off."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def envelope(self, team: Team, event: Json) -> Json:
        """An event in its outer envelope, with the fields every event has filled in."""
        slack = self._slack
        event = {"event_ts": slack.new_ts(), **event}
        event_id = slack.new_id("Ev")
        return {
            "token": slack.app.verification_token, "team_id": team.id, "context_team_id": team.id,
            "context_enterprise_id": team.enterprise or None, "enterprise_id": team.enterprise or None,
            "api_app_id": slack.app.id, "event": event, "type": "event_callback", "event_id": event_id,
            "event_time": int(time.time()),
            "authorizations": [{
                "enterprise_id": team.enterprise or None, "team_id": None if team.org_wide else team.id,
                "user_id": team.bot_user, "is_bot": True, "is_enterprise_install": team.org_wide,
            }],
            "is_ext_shared_channel": False, "event_context": f"4-{event_id}",
        }  # fmt: skip

    async def send(self, team: Team, event: Json) -> Delivery | None:
        """Send an event and wait for its first attempt to end. `None` when the app does not listen for it."""
        if not self._wanted(event):
            return None
        return await self._slack.deliveries.send("events_api", self.envelope(team, event), team)

    def send_soon(self, team: Team, event: Json) -> None:
        if self._wanted(event):
            self._slack.deliveries.send_soon("events_api", self.envelope(team, event), team)

    def _wanted(self, event: Json) -> bool:
        name = event["type"]
        if name == "message":
            name = f"message.{({'im': 'im', 'mpim': 'mpim', 'group': 'groups'}).get(event['channel_type'], 'channels')}"
        return self._slack.subscriptions is None or name in self._slack.subscriptions

    def posted(self, message: Message, channel: Channel, team: Team) -> Json:
        """The event of a new message."""
        said = message_json(message, team) | {
            "channel": channel.id,
            "channel_type": channel.kind,
            "event_ts": message.ts,
        }
        if not message.bot:
            said["client_msg_id"] = f"msg-{channel.id}-{message.ts}"
        root = channel.messages.get(message.thread_ts or "")
        return said | ({"parent_user_id": root.user} if root is not None and root is not message else {})

    def changed(self, message: Message, previous: Json, channel: Channel, team: Team) -> Json:
        ts = self._slack.new_ts()
        return {
            "type": "message", "subtype": "message_changed", "hidden": True, "channel": channel.id,
            "channel_type": channel.kind, "ts": ts, "event_ts": ts, "message": message_json(message, team),
            "previous_message": previous,
        }  # fmt: skip

    def deleted(self, message: Message, channel: Channel, team: Team) -> Json:
        """A message is gone; one that has replies is not, but is changed into a tombstone."""
        replies = channel.replies(message)
        if replies:
            return self._tombstone(message, channel, team, replies)
        ts = self._slack.new_ts()
        return {
            "type": "message", "subtype": "message_deleted", "hidden": True, "channel": channel.id,
            "channel_type": channel.kind, "ts": ts, "event_ts": ts, "deleted_ts": message.ts,
            "previous_message": message_json(message, team),
        }  # fmt: skip

    def _tombstone(self, message: Message, channel: Channel, team: Team, replies: list[Message]) -> Json:
        stone = {
            "type": "message", "subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT",
            "hidden": True, "ts": message.ts, "thread_ts": message.ts, "parent_user_id": "USLACKBOT",
            "reply_count": len(replies), "latest_reply": replies[-1].ts, "is_locked": False, "subscribed": False,
        }  # fmt: skip
        return self.changed(message, message_json(message, team), channel, team) | {"message": stone}

    def echo(self, event: Json, channel: Channel, team: Team) -> None:
        """The app's own doing, sent back to it where it is a member."""
        if self._slack.echoes and team.bot_user in channel.members:
            self.send_soon(team, event)
