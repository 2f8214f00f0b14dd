"""What the interactive elements inside blocks must keep to, and the objects they are made of: options, confirm dialogs.

The numbers are those of Slack's Block Kit reference ("Block elements", "Composition objects").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.wire.slack.problems import ID_CHARS, Json, Problems

BUTTON_TEXT_CHARS = 75
PLACEHOLDER_CHARS = 150
_FOCUS = "focus_on_load"
_SELECT = "action_id placeholder confirm focus_on_load"


def check_element(said: Any, at: str, problems: Problems, allowed: frozenset[str]) -> None:
    """Note what is wrong with one element where only the types in `allowed` may stand."""
    if not isinstance(said, dict):
        problems.add(at, "must be an object")
        return
    kind = said.get("type")
    if kind not in allowed or kind not in ELEMENTS:
        problems.add(f"{at}/type", f"unsupported type of element: {kind}")
        return
    if kind not in ("image", "mrkdwn", "plain_text"):
        problems.string(said, "action_id", at, ID_CHARS, required=kind in _NEEDS_ID)
        confirm = problems.object(said, "confirm", at, required=False)
        if confirm is not None:
            check_confirm(confirm, f"{at}/confirm", problems)
        problems.text(said, "placeholder", at, PLACEHOLDER_CHARS, plain=True, required=False)
    ELEMENTS[kind](said, at, problems)


def check_confirm(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "title text confirm deny style")
    problems.text(said, "title", at, 100, plain=True)
    problems.text(said, "text", at, 300)
    problems.text(said, "confirm", at, 30, plain=True)
    problems.text(said, "deny", at, 30, plain=True)
    problems.one_of(said, "style", at, ("primary", "danger"))


def _option(said: Any, at: str, problems: Problems, *, value_chars: int = 150, mrkdwn: bool = False) -> None:
    if not isinstance(said, dict):
        problems.add(at, "must be an object")
        return
    problems.keys(said, at, "text value description url")
    problems.text(said, "text", at, 75, plain=not mrkdwn)
    problems.string(said, "value", at, value_chars)
    problems.text(said, "description", at, 75, plain=not mrkdwn, required=False)
    problems.string(said, "url", at, 3000, required=False)


def _options(
    holder: Json, at: str, problems: Problems, most: int, *, key: str = "options", required: bool = True,
    mrkdwn: bool = False,
) -> list[Any]:  # fmt: skip
    said = problems.items(holder, key, at, most, required=required)
    for number, option in enumerate(said):
        _option(option, f"{at}/{key}/{number}", problems, mrkdwn=mrkdwn)
    values = [option.get("value") for option in said if isinstance(option, dict)]
    if len(set(map(str, values))) != len(values):
        problems.add(f"{at}/{key}", "option values must be unique")
    return said


def _initial(holder: Json, key: str, among: list[Any], at: str, problems: Problems) -> None:
    """What is chosen at first must be one of the options, to the letter."""
    if key not in holder:
        return
    chosen = holder[key] if isinstance(holder[key], list) else [holder[key]]
    if not chosen:
        problems.add(f"{at}/{key}", "must have at least 1 items")
    for one in chosen:
        if one not in among:
            problems.add(f"{at}/{key}", "must match one of the options")


def _button(said: Json, at: str, problems: Problems) -> None:
    problems.keys(
        said, at, "text action_id url value style confirm accessibility_label visible_to_user_ids agent_prompt"
    )
    problems.text(said, "text", at, BUTTON_TEXT_CHARS, plain=True)
    problems.string(said, "value", at, 2000, required=False)
    problems.string(said, "url", at, 3000, required=False)
    problems.string(said, "accessibility_label", at, 75, required=False)
    problems.one_of(said, "style", at, ("primary", "danger"))


def _icon_button(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "icon text action_id value confirm accessibility_label visible_to_user_ids")
    problems.one_of(said, "icon", at, ("trash",), required=True)
    problems.text(said, "text", at, BUTTON_TEXT_CHARS, plain=True)
    problems.string(said, "value", at, 2000, required=False)


def _feedback_buttons(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "action_id positive_button negative_button")
    for key in ("positive_button", "negative_button"):
        button = problems.object(said, key, at)
        if button is not None:
            problems.keys(button, f"{at}/{key}", "text value accessibility_label")
            problems.text(button, "text", f"{at}/{key}", 75, plain=True)
            problems.string(button, "value", f"{at}/{key}", 2000)
            problems.string(button, "accessibility_label", f"{at}/{key}", 75, required=False)


def _overflow(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "action_id options confirm")
    _options(said, at, problems, 5)


def _static_select(said: Json, at: str, problems: Problems) -> None:
    many = said["type"].startswith("multi_")
    chosen = "initial_options max_selected_items" if many else "initial_option"
    problems.keys(said, at, f"{_SELECT} options option_groups {chosen}")
    if ("options" in said) == ("option_groups" in said):
        problems.add(at, "either options or option_groups must be given, not both")
    among = _options(said, at, problems, 100, required=False)
    for number, group in enumerate(problems.items(said, "option_groups", at, 100, required=False)):
        there = f"{at}/option_groups/{number}"
        if isinstance(group, dict):
            problems.text(group, "label", there, 75, plain=True)
            among = among + _options(group, there, problems, 100)
        else:
            problems.add(there, "must be an object")
    _initial(said, "initial_options" if many else "initial_option", among, at, problems)


def _other_select(said: Json, at: str, problems: Problems) -> None:
    problems.keys(
        said, at, f"{_SELECT} initial_user initial_users initial_channel initial_channels initial_conversation "
        "initial_conversations default_to_current_conversation response_url_enabled filter max_selected_items "
        "min_query_length initial_option initial_options",
    )  # fmt: skip


def _choices(said: Json, at: str, problems: Problems) -> None:
    many = said["type"] == "checkboxes"
    problems.keys(said, at, f"action_id options confirm {_FOCUS} " + ("initial_options" if many else "initial_option"))
    among = _options(said, at, problems, 10, mrkdwn=True)
    _initial(said, "initial_options" if many else "initial_option", among, at, problems)


def _dispatch(said: Json, at: str, problems: Problems) -> None:
    config = problems.object(said, "dispatch_action_config", at, required=False)
    if config is not None:
        for one in problems.items(config, "trigger_actions_on", f"{at}/dispatch_action_config", 2, required=False):
            if one not in ("on_enter_pressed", "on_character_entered"):
                problems.add(f"{at}/dispatch_action_config/trigger_actions_on", "unknown trigger")


def _plain_text_input(said: Json, at: str, problems: Problems) -> None:
    problems.keys(
        said, at, "action_id placeholder initial_value multiline min_length max_length dispatch_action_config " + _FOCUS
    )
    problems.number(said, "min_length", at, 0, 3000)
    problems.number(said, "max_length", at, 1, 3000)
    problems.string(said, "initial_value", at, min(3000, said.get("max_length") or 3000), required=False, shortest=0)
    if (said.get("min_length") or 0) > (said.get("max_length") or 3000):
        problems.add(f"{at}/min_length", "must not be greater than max_length")
    _dispatch(said, at, problems)


def _typed_input(said: Json, at: str, problems: Problems) -> None:
    problems.keys(
        said, at, "action_id placeholder initial_value dispatch_action_config is_decimal_allowed min_value max_value "
        "min_lines max_lines " + _FOCUS,
    )  # fmt: skip
    if said["type"] == "number_input" and not isinstance(said.get("is_decimal_allowed"), bool):
        problems.add(at, "missing required field: is_decimal_allowed")
    _dispatch(said, at, problems)


def _file_input(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "action_id filetypes max_files")
    problems.number(said, "max_files", at, 1, 10)


def _picker(said: Json, at: str, problems: Problems) -> None:
    problems.keys(
        said, at, f"action_id placeholder confirm initial_date initial_time initial_date_time timezone {_FOCUS}"
    )
    for key, shape in (("initial_date", r"\d{4}-\d\d-\d\d"), ("initial_time", r"\d\d:\d\d")):
        if key in said and not re.fullmatch(shape, str(said[key])):
            problems.add(f"{at}/{key}", "has the wrong format")


def image(said: Json, at: str, problems: Problems) -> None:
    """The image element, and what the image block shares with it."""
    if ("image_url" in said) == ("slack_file" in said):
        problems.add(at, "either image_url or slack_file must be given, not both")
    problems.string(said, "image_url", at, 3000, required=False)
    problems.string(said, "alt_text", at, 2000)


def _image(said: Json, at: str, problems: Problems) -> None:
    problems.keys(said, at, "image_url slack_file alt_text")
    image(said, at, problems)


def _text(said: Json, at: str, problems: Problems) -> None:
    problems.text_object(said, at, 3000)


ELEMENTS: dict[str, Callable[[Json, str, Problems], None]] = {
    "button": _button, "icon_button": _icon_button, "feedback_buttons": _feedback_buttons, "overflow": _overflow,
    "static_select": _static_select, "multi_static_select": _static_select,
    **{f"{many}{kind}_select": _other_select
       for many in ("", "multi_") for kind in ("external", "users", "conversations", "channels")},
    "checkboxes": _choices, "radio_buttons": _choices, "plain_text_input": _plain_text_input,
    "email_text_input": _typed_input, "url_text_input": _typed_input, "number_input": _typed_input,
    "rich_text_input": _typed_input, "file_input": _file_input, "datepicker": _picker, "timepicker": _picker,
    "datetimepicker": _picker, "image": _image, "mrkdwn": _text, "plain_text": _text,
}  # fmt: skip
_SELECTS = frozenset(kind for kind in ELEMENTS if kind.endswith("_select"))
_PICKED = _SELECTS | {"checkboxes", "radio_buttons", "datepicker", "timepicker", "datetimepicker"}
_NEEDS_ID: frozenset[str] = frozenset()  # Slack makes one up where it is missing
IN_ACTIONS = _PICKED | {"button", "overflow"}
IN_SECTION = _PICKED | {"button", "overflow", "image"}
IN_INPUT = _PICKED | {
    "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input",
}  # fmt: skip
IN_CONTEXT = frozenset({"image", "mrkdwn", "plain_text"})
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})
