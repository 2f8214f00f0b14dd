"""Fields of forms. A field's block has a name of its own, which is where an error is shown; its element is `FIELD`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.slack.render.blocks import plain_text
from adapters.slack.render.page import Json
from adapters.surface import choices
from adapters.surface.choices import OWN as OWN
from adapters.surface.choices import Option
from adapters.surface.wording import LANGUAGES as LANGUAGES  # what comes back from a form is held against them
from adapters.surface.words import in_short

FIELD = "value"
"""The action id of the one element of every field: a form's state is `values[block id][FIELD]`."""

OPTION_CHARS, TITLE_CHARS, RADIO_OPTIONS = 75, 24, 10
INPUT_CHARS = 3_000
EMPTY = "\u2205"
"""Stands for an option without a value."""


def modal(callback_id: str, title: str, submit: str, blocks: Sequence[Json], metadata: str = "") -> Json:
    """A form. `metadata` comes back with it, at most 3,000 characters."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, TITLE_CHARS),
        "submit": plain_text(submit, TITLE_CHARS),
        "close": plain_text("Cancel", TITLE_CHARS),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }


def field(block_id: str, label: str, element: Json, *, hint: str = "", optional: bool = False) -> Json:
    made: Json = {
        "type": "input", "block_id": block_id, "label": plain_text(label), "element": element, "optional": optional,
    }  # fmt: skip
    return made | {"hint": plain_text(hint)} if hint else made


def option(each: Option) -> Json:
    made: Json = {"text": plain_text(each.label, OPTION_CHARS), "value": each.value}
    about = in_short(each.about, OPTION_CHARS)
    return made | {"description": plain_text(about, OPTION_CHARS)} if about else made


def choice(each: Option) -> Option:
    """An option as Slack takes it: its value may not be empty."""
    return each if each.value else replace(each, value=EMPTY)


def chosen(value: str) -> str:
    """The value of an option that was chosen."""
    return "" if value == EMPTY else value


def pick(options: Sequence[Option], chosen: str, *, radio: bool = False, action_id: str = FIELD) -> Json:
    """One of several: radio buttons where they fit and are wished for, else a select."""
    made = [option(each) for each in options[:100]]
    first = next((each for each in made if each["value"] == chosen), None)
    kind = "radio_buttons" if radio and len(made) <= RADIO_OPTIONS else "static_select"
    element: Json = {"type": kind, "action_id": action_id, "options": made}
    return element | {"initial_option": first} if first else element


def typed(initial: str = "", *, most: int, multiline: bool = False, placeholder: str = "") -> Json:
    element: Json = {"type": "plain_text_input", "action_id": FIELD, "max_length": most, "multiline": multiline}
    if initial:
        element["initial_value"] = initial[:most]
    return element | {"placeholder": plain_text(placeholder, 150)} if placeholder else element


def number(initial: int, *, least: int, most: int) -> Json:
    return {
        "type": "number_input", "action_id": FIELD, "is_decimal_allowed": False, "initial_value": str(initial),
        "min_value": str(least), "max_value": str(most),
    }  # fmt: skip


def languages(chosen: str, *, action_id: str = FIELD) -> Json:
    """The languages, the interview type's own first."""
    return pick(*choices.languages(chosen), action_id=action_id)
