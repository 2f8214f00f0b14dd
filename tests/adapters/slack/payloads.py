"""Payloads as Slack sends them, each with sensible defaults."""

from __future__ import annotations

from typing import Any

TEAM, CHANNEL, DM, YOU, BOT = "T1", "C1", "D1", "U1", "UBOT"


def callback(event: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A1",
        "event_id": "Ev1",
        "event_time": 1,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}],
        "event": event,
    } | changes


def message(**changes: Any) -> dict[str, Any]:
    event = {"type": "message", "channel": DM, "channel_type": "im", "user": YOU, "text": "Hello", "ts": "10.1",
             "event_ts": "10.1"}  # fmt: skip
    return callback(event | changes)


def edited(now: dict[str, Any], was: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    event = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": DM, "channel_type": "im",
             "ts": "12.1", "event_ts": "12.1", "message": {"user": YOU, "ts": "10.1"} | now,
             "previous_message": {"user": YOU, "ts": "10.1", "text": "Hello"} | (was or {})}  # fmt: skip
    return callback(event | changes)


def press(action: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "t"},
        "user": {"id": YOU, "username": "you", "team_id": TEAM},
        "channel": {"id": DM, "name": "directmessage"},
        "container": {"type": "message", "message_ts": "11.1", "channel_id": DM, "thread_ts": "10.1"},
        "message": {"ts": "11.1", "thread_ts": "10.1", "blocks": [{"type": "divider"}]},
        "trigger_id": "tr1",
        "response_url": "https://hooks.example/1",
        "actions": [{"type": "button", "action_ts": "13.1", "block_id": "b"} | action],
    } | changes
