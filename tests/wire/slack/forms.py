"""Filling in what a view asks for: the state Slack sends along with presses and submissions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def initial_state(blocks: list[Json]) -> Json:
    """The state of a view that nobody has touched."""
    return fill(blocks, {})


def fill(blocks: list[Json], values: Mapping[str, Any], *, whole: bool = False) -> Json:
    """`state.values` with these values, by action or block id, over what stands there at first.

    With `whole` it is a submission: what a client would not let through (an empty required field, too long a text) is
    an AssertionError, and so is a value that belongs nowhere.
    """
    state: dict[str, Json] = {}
    left = dict(values)
    for block in blocks:
        held = [block.get("element"), block.get("accessory"), *(block.get("elements") or [])]
        for element in held:
            if not isinstance(element, dict) or element.get("type") in _STATELESS or "action_id" not in element:
                continue
            given, key = None, next((one for one in (element["action_id"], block["block_id"]) if one in left), None)
            if key is not None:
                given = left.pop(key)
            said = resolve(element, given) if key is not None else _initial(element)
            if whole and block["type"] == "input":
                _let_through(block, element, said)
            state.setdefault(block["block_id"], {})[element["action_id"]] = said
    assert not left, f"the view has no place for {sorted(left)}"
    return state


_STATELESS = ("button", "overflow", "image", "feedback_buttons", "icon_button", "mrkdwn", "plain_text")


def options_of(element: Json) -> list[Json]:
    return [
        *element.get("options", ()),
        *(one for group in element.get("option_groups", ()) for one in group["options"]),
    ]


def choose(element: Json, wanted: Any) -> Json:
    """The option with this value, or else with this text; an option itself is also understood."""
    options = options_of(element)
    if wanted in options:
        return wanted
    for option in options:
        if option.get("value") == wanted:
            return option
    for option in options:
        if option["text"]["text"] == wanted:
            return option
    raise AssertionError(
        f"{element.get('action_id')} has no option {wanted!r} but {[one.get('value') for one in options]}"
    )


def resolve(element: Json, given: Any) -> Json:
    """An element's state with a value put in: a text, a date, an id; an option's value or text, or a list of them."""
    kind = element["type"]
    said: Json = {"type": kind}
    match kind:
        case "static_select" | "radio_buttons" | "external_select":
            said["selected_option"] = None if given is None else choose(element, given)
        case "multi_static_select" | "checkboxes" | "multi_external_select":
            said["selected_options"] = [choose(element, one) for one in (given or [])]
        case "datepicker":
            said["selected_date"] = given
        case "timepicker":
            said["selected_time"] = given
        case "datetimepicker":
            said["selected_date_time"] = given
        case "users_select" | "channels_select" | "conversations_select":
            said[f"selected_{kind.removesuffix('s_select')}"] = given
        case "multi_users_select" | "multi_channels_select" | "multi_conversations_select":
            said[f"selected_{kind.removeprefix('multi_').removesuffix('_select')}"] = given or []
        case "rich_text_input":
            said["rich_text_value"] = given
        case "file_input":
            said["files"] = [one.as_json() for one in given or []]
        case _:
            said["value"] = given
    return said


def _initial(element: Json) -> Json:
    for key in (
        "initial_option",
        "initial_options",
        "initial_value",
        "initial_date",
        "initial_time",
        "initial_date_time",
    ):
        if key in element:
            return resolve(element, element[key])
    for key in element:
        if key.startswith("initial_"):
            return resolve(element, element[key])
    return resolve(element, None)


def _let_through(block: Json, element: Json, said: Json) -> None:
    value = next((value for key, value in said.items() if key != "type"), None)
    name = block["label"]["text"]
    assert value or block.get("optional"), f"the form needs {name!r}"
    if isinstance(value, str) and value and element["type"] == "plain_text_input":
        assert len(value) <= element.get("max_length", 3000), f"{name!r} takes no more than {element.get('max_length')}"
        assert len(value) >= element.get("min_length", 0), f"{name!r} takes no less than {element.get('min_length')}"
