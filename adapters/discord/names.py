"""The names both halves of the Discord adapter agree on: what is rendered carries them, what is parsed is told by them.

A `custom_id` holds 100 characters, and all that is needed to understand a press after a restart: what it does, whose it
is, which turn it stood on. A part may hold no colon, except where it is the last or the parts around it are counted
from both ends. Users and channels are Discord's ids of at most 20 digits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from engine.inbound import Action
from engine.interviews import LEVEL_NAMES, ROLE_LEVELS, RoleLevel
from engine.keys import ThreadKey

PLATFORM = "discord"
COMMAND = "/interview"
CUSTOM_ID_CHARS = 100

FORMS = "forms:"
"""In a key's channel: the interview stands in private messages of this channel and is answered by forms."""

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
OWN = "-"
"""The value of "as the interview type says", since an option's value may not be empty."""

START_FORM = "rh:m:start"

# The fields of forms.
ANSWER, FILES = "answer", "files"
TYPE, ROLE, QUESTIONS, LEVEL, FOCUS = "type", "role", "questions", "level", "focus"
QUESTION = "question"

VoiceAct = Literal["use", "edit", "again", "discard"]
PickAct = Literal["type", "role", "go", "form", "again"]
PlaceAct = Literal["thread", "here"]
Sure = Literal["yes", "no"]

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def thread_key(channel: str, user: str, *, forms: bool = False) -> ThreadKey:
    """The address of an interview: a direct message or private thread, or (`forms`) private messages in a channel.

    The workspace is always "-": a person's interviews belong together, wherever they were begun.
    """
    where = channel if not forms or channel.startswith(FORMS) else FORMS + channel
    return ThreadKey(platform=PLATFORM, channel=where, user=user)


def by_forms(key: ThreadKey) -> bool:
    """Whether the interview is answered by forms, in messages that only the candidate sees."""
    return key.channel.startswith(FORMS)


def channel_of(key: ThreadKey) -> str:
    """The id of the channel where the interview stands."""
    return key.channel.removeprefix(FORMS)


def press_id(action: Action, owner: str, turn: int) -> str:
    return f"rh:p:{action}:{owner}:{turn}"


def read_press(custom_id: str) -> tuple[Action, str, int] | None:
    """The action, owner and turn of a pressed button; `None` when it is none of ours."""
    match custom_id.split(":"):
        case ["rh", "p", action, owner, turn] if action in get_args(Action) and owner and _number(turn):
            return cast("Action", action), owner, int(turn)
        case _:
            return None


def menu_id(owner: str, turn: int) -> str:
    """The menu of a question; the chosen value is an `Action`."""
    return f"rh:menu:{owner}:{turn}"


def read_menu(custom_id: str, value: str) -> tuple[Action, str, int] | None:
    """The action, owner and turn of what was chosen; `None` when it is none of ours."""
    head, _, rest = custom_id.partition("rh:menu:")
    return None if head or not rest else read_press(f"rh:p:{value}:{rest}")


def form_id(owner: str, turn: int) -> str:
    """The button that opens the form to answer in."""
    return f"rh:form:{owner}:{turn}"


def read_form(custom_id: str) -> tuple[str, int] | None:
    """The owner and turn."""
    match custom_id.split(":"):
        case ["rh", "form", owner, turn] if owner and _number(turn):
            return owner, int(turn)
        case _:
            return None


def answer_id(owner: str, channel: str, turn: int) -> str:
    """The form to answer in. `channel` is that of the interview's key."""
    return f"rh:m:answer:{owner}:{channel}:{turn}"


def read_answer(custom_id: str) -> tuple[str, str, int] | None:
    """The owner, the key's channel and the turn."""
    match custom_id.split(":"):
        case ["rh", "m", "answer", owner, *channel, turn] if owner and any(channel) and _number(turn):
            return owner, ":".join(channel), int(turn)
        case _:
            return None


def why_id(owner: str, turn: int, attempt: int, criterion: str) -> str:
    return f"rh:why:{owner}:{turn}:{attempt}:{criterion}"


def read_why(custom_id: str) -> tuple[str, int, int, str] | None:
    """The owner, the turn, the attempt, and the criterion's id."""
    match custom_id.split(":"):
        case ["rh", "why", owner, turn, attempt, criterion] if owner and _number(turn, attempt) and criterion:
            return owner, int(turn), int(attempt), criterion
        case _:
            return None


def voice_id(act: VoiceAct, owner: str, message: str) -> str:
    """What to do with a transcript; `message` held the recording."""
    return f"rh:v:{act}:{owner}:{message}"


def read_voice(custom_id: str) -> tuple[VoiceAct, str, str] | None:
    """The act, the owner, and the message that held the recording."""
    match custom_id.split(":", 4):
        case ["rh", "v", act, owner, message] if act in get_args(VoiceAct) and owner and message:
            return cast("VoiceAct", act), owner, message
        case _:
            return None


def voice_form_id(owner: str, message: str) -> str:
    """The form to change a transcript in."""
    return f"rh:m:voice:{owner}:{message}"


def read_voice_form(custom_id: str) -> tuple[str, str] | None:
    """The owner, and the message that held the recording."""
    match custom_id.split(":", 4):
        case ["rh", "m", "voice", owner, message] if owner and message:
            return owner, message
        case _:
            return None


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


@dataclass(frozen=True, slots=True)
class Picked:
    """An interview as far as it has been chosen. `level` is the difficulty to start with, 0 for the role's own."""

    type_id: str
    role: RoleLevel = "mid"
    level: int = 0
    questions: int = 0

    def but(
        self, *, type_id: str | None = None, role: RoleLevel | None = None, level: int | None = None,
        questions: int | None = None,
    ) -> Picked:  # fmt: skip
        """The same with something else chosen."""
        return replace(
            self,
            type_id=self.type_id if type_id is None else type_id,
            role=self.role if role is None else role,
            level=self.level if level is None else level,
            questions=self.questions if questions is None else questions,
        )


def pick_id(act: PickAct, picked: Picked) -> str:
    """A part of the picker: two selects, whose value is chosen instead of what `picked` says, and its buttons.

    `again` starts another interview although one is open.
    """
    return f"rh:pick:{act}:{_picked(picked)}"


def read_pick(custom_id: str) -> tuple[PickAct, Picked] | None:
    match custom_id.split(":"):
        case ["rh", "pick", act, *rest] if act in get_args(PickAct):
            picked = _read_picked(rest)
            return None if picked is None else (cast("PickAct", act), picked)
        case _:
            return None


def place_id(act: PlaceAct, picked: Picked) -> str:
    """Where to hold an interview whose direct message was refused."""
    return f"rh:place:{act}:{_picked(picked)}"


def read_place(custom_id: str) -> tuple[PlaceAct, Picked] | None:
    match custom_id.split(":"):
        case ["rh", "place", act, *rest] if act in get_args(PlaceAct):
            picked = _read_picked(rest)
            return None if picked is None else (cast("PlaceAct", act), picked)
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


def _picked(picked: Picked) -> str:
    return f"{picked.type_id}:{picked.role}:{picked.level}:{picked.questions}"


def _read_picked(parts: list[str]) -> Picked | None:
    match parts:
        case [type_id, role, level, questions] if (
            _SLUG.fullmatch(type_id) and role in ROLE_LEVELS and _number(level, questions)
        ):
            if int(level) > len(LEVEL_NAMES):
                return None
            return Picked(type_id, role, int(level), int(questions))
        case _:
            return None


def _number(*texts: str) -> bool:
    return all(text.isascii() and text.isdigit() and len(text) < 10 for text in texts)
