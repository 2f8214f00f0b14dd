"""What is pressed around interviews: lists, settings, one's data; and the fields of forms."""

from __future__ import annotations

from typing import Literal, cast, get_args

from adapters.surface.choices import OWN as OWN
from engine.keys import ThreadKey

START = "rh:start"
"""Opens the picker."""
HISTORY = "rh:history"
PROGRESS = "rh:progress"
SETTINGS = "rh:settings"
EXPORT = "rh:export"
FORGET = "rh:forget"
"""Asks before anything is deleted."""
LIVE_ON, LIVE_OFF = "rh:set:live:on", "rh:set:live:off"
LANGUAGE = "rh:set:language"
"""A select; the value is a language code, or `OWN`."""

START_FORM = "rh:m:start"

# The fields of forms.
ANSWER, FILES = "answer", "files"
TYPE, ROLE, QUESTIONS, LEVEL, FOCUS = "type", "role", "questions", "level", "focus"
QUESTION = "question"

Sure = Literal["yes", "no"]


def score_form_id(channel: str, message: str) -> str:
    """The form to have a message scored."""
    return f"rh:m:score:{channel}:{message}"


def read_score_form(custom_id: str) -> tuple[str, str] | None:
    """The channel and the message that is to be scored."""
    match custom_id.split(":"):
        case ["rh", "m", "score", channel, message] if channel and message:
            return channel, message
        case _:
            return None


def forget_id(sure: Sure, owner: str) -> str:
    return f"{FORGET}:{sure}:{owner}"


def read_forget(custom_id: str) -> tuple[Sure, str] | None:
    """Whether to delete everything, and of whom."""
    match custom_id.split(":"):
        case ["rh", "forget", sure, owner] if sure in get_args(Sure) and owner:
            return cast("Sure", sure), owner
        case _:
            return None


def report_id(session: str) -> str:
    """Shows the report of an interview of the history."""
    return f"rh:report:{session}"


def read_report(custom_id: str) -> str | None:
    """The session's id."""
    return _after("rh:report:", custom_id)


def resume_id(key: ThreadKey) -> str:
    """Goes on with an open interview."""
    return f"rh:resume:{key}"


def read_resume(custom_id: str) -> ThreadKey | None:
    try:
        return ThreadKey.parse(_after("rh:resume:", custom_id) or "")
    except ValueError:
        return None


def _after(prefix: str, custom_id: str) -> str | None:
    return custom_id.removeprefix(prefix) or None if custom_id.startswith(prefix) else None
