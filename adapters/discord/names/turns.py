"""What is pressed or sent within an interview: its turn, and whose it is."""

from __future__ import annotations

from typing import Literal, cast, get_args

from engine.inbound import Action

VoiceAct = Literal["use", "edit", "again", "discard"]


def press_id(action: Action, owner: str, turn: int) -> str:
    return f"rh:p:{action}:{owner}:{turn}"


def read_press(custom_id: str) -> tuple[Action, str, int] | None:
    """The action, owner and turn of a pressed button; `None` when it is none of ours."""
    match custom_id.split(":"):
        case ["rh", "p", action, owner, turn] if action in get_args(Action) and owner and number(turn):
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
        case ["rh", "form", owner, turn] if owner and number(turn):
            return owner, int(turn)
        case _:
            return None


def answer_id(owner: str, channel: str, turn: int) -> str:
    """The form to answer in. `channel` is that of the interview's key."""
    return f"rh:m:answer:{owner}:{channel}:{turn}"


def read_answer(custom_id: str) -> tuple[str, str, int] | None:
    """The owner, the key's channel and the turn."""
    match custom_id.split(":"):
        case ["rh", "m", "answer", owner, *channel, turn] if owner and any(channel) and number(turn):
            return owner, ":".join(channel), int(turn)
        case _:
            return None


def why_id(owner: str, turn: int, attempt: int, criterion: str) -> str:
    return f"rh:why:{owner}:{turn}:{attempt}:{criterion}"


def read_why(custom_id: str) -> tuple[str, int, int, str] | None:
    """The owner, the turn, the attempt, and the criterion's id."""
    match custom_id.split(":"):
        case ["rh", "why", owner, turn, attempt, criterion] if owner and number(turn, attempt) and criterion:
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


def number(*texts: str) -> bool:
    """Whether all of them are."""
    return all(text.isascii() and text.isdigit() and len(text) < 10 for text in texts)
