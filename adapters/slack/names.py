"""The names both halves of the Slack adapter agree on: what is rendered carries them, what is parsed is told by them.

A button's `action_id` says what it does and its `value` whose it is and which turn it stood on, so that a press can be
understood from the payload alone, after a restart as well.
"""

from __future__ import annotations

from typing import cast, get_args

from engine.inbound import Action
from engine.keys import ThreadKey

PLATFORM = "slack"
COMMAND = "/interview"

PRESS = "rehearse.press."
"""Followed by an `Action`. The value is `press_value(owner, turn)`."""
MENU = "rehearse.menu"
"""The overflow menu of a question; the chosen option's value is `menu_value(action, owner, turn)`."""
FEEDBACK = "rehearse.feedback"
"""Slack's own feedback buttons; the chosen value is `menu_value("helpful" | "unhelpful", owner, turn)`."""

HOME_START = "rehearse.home.start"
HOME_RESUME = "rehearse.home.resume"
"""The value is the thread key's text."""
HOME_HISTORY = "rehearse.home.history"
HOME_LIVE = "rehearse.home.live"
"""Checkboxes; the option's value is `on`."""
HOME_LANGUAGE = "rehearse.home.language"
"""A select; the value is a language code."""
HOME_EXPORT = "rehearse.home.export"
HOME_FORGET = "rehearse.home.forget"
SHOW_REPORT = "rehearse.history.report"
"""Beside an interview of the history; the value is the session's id."""

VOICE_USE = "rehearse.voice.use"
VOICE_EDIT = "rehearse.voice.edit"
VOICE_AGAIN = "rehearse.voice.again"
VOICE_DISCARD = "rehearse.voice.discard"
"""The value of all four is `<owner>|<file id>|<ts of the message that held the clip>`."""

START_FORM = "rehearse.start"
SCORE_FORM = "rehearse.score"
VOICE_FORM = "rehearse.voice"
FORGET_FORM = "rehearse.forget"
HISTORY_VIEW = "rehearse.history"

START_SHORTCUT = "rehearse_start"
SCORE_SHORTCUT = "rehearse_score"

GO = "rehearse.go:"
"""A button of an admin's panel: the path it leads to follows, and is its value as well."""
PICK = "rehearse.pick:"
"""A menu of a panel: its path follows; what is chosen is put behind that."""
SEND = "rehearse.send"
"""Send the files of the panel in this modal to the direct message."""
PANEL_VIEW = "rehearse.panel"
PANEL_FORM = "rehearse.panel.form"
"""The path a form goes to is what it is given to keep."""


def thread_key(team: str, channel: str, thread_ts: str, user: str) -> ThreadKey:
    """The address of an interview: every interview in Slack stands in a thread."""
    return ThreadKey(platform=PLATFORM, workspace=team, channel=channel, thread=thread_ts, user=user)


def press_value(owner: str, turn: int) -> str:
    return f"{owner}|{turn}"


def read_press(action_id: str, value: str) -> tuple[Action, str, int] | None:
    """The action, owner and turn of a pressed button; `None` when it is none of ours."""
    return read_menu(f"{action_id.removeprefix(PRESS)}|{value}") if action_id.startswith(PRESS) else None


def menu_value(action: Action, owner: str, turn: int) -> str:
    return f"{action}|{owner}|{turn}"


def read_menu(value: str) -> tuple[Action, str, int] | None:
    """The action, owner and turn of a chosen option; `None` when it is none of ours."""
    parts = value.split("|")
    if len(parts) != 3 or parts[0] not in get_args(Action) or not parts[1] or not parts[2].isdecimal():
        return None
    return cast("Action", parts[0]), parts[1], int(parts[2][:9])


def go_id(path: str, number: int = 0) -> str:
    return f"{GO}{path}" if number == 0 else f"{GO}{path}#{number}"


def pick_id(path: str) -> str:
    return f"{PICK}{path}"


def read_go(action_id: str, value: str) -> str:
    """The path that somebody wants to go to; "" when it is no button or menu of a panel."""
    if action_id.startswith(GO):
        return value
    return f"{action_id.removeprefix(PICK)}/{value}" if action_id.startswith(PICK) and value else ""


def field_id(path: str, kind: str, id: str) -> str:
    """The block of a form's field. Of a block that it knows, Slack keeps what was typed there: forms share none."""
    return f"{path}|{kind}|{id}"


def read_field(block_id: str) -> tuple[str, str]:
    """Kind and id of the field that a block is."""
    _, kind, id = ["", "", *block_id.split("|", 2)][-3:]
    return kind, id
