"""What Discord refuses in the parts that are pressed, chosen or written into: buttons, menus, groups, text inputs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from tests.wire.discord import components as c
from tests.wire.discord.components import Json
from tests.wire.discord.problems import Path, Problem, Problems, bad_length, custom_id_of, text_at


def button(path: Path, component: Json) -> Problems:
    """A button, of a row or beside a section."""
    style, custom_id, url, sku = (component.get(key) for key in ("style", "custom_id", "url", "sku_id"))
    label, emoji = component.get("label"), component.get("emoji")
    if style not in (1, 2, 3, 4, c.LINK, c.PREMIUM):
        yield Problem((*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    yield from text_at((*path, "label"), label, 0, 80)
    yield from _emoji((*path, "emoji"), emoji)
    if style == c.PREMIUM:
        if not sku:
            yield Problem((*path, "sku_id"), "BUTTON_COMPONENT_SKU_ID_REQUIRED", "A sku id is required")
        if custom_id or label or url or emoji:
            yield Problem(path, "BUTTON_COMPONENT_INVALID_PREMIUM", "A premium button has a sku id and nothing else")
        return
    if not label and not emoji:
        yield Problem(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")
    if style == c.LINK:
        if custom_id:
            yield Problem(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A link has no custom id")
        if not url or not re.match(r"(https?|discord)://\S+$", url):
            yield Problem((*path, "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
        yield from text_at((*path, "url"), url, 1, 512)
        return
    if url:
        yield Problem(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "Only a link has a url")
    yield from custom_id_of(path, component)


def select(path: Path, component: Json, *, modal: bool) -> Problems:
    """A menu of a row, or of a label in a modal."""
    yield from custom_id_of(path, component)
    yield from text_at((*path, "placeholder"), component.get("placeholder"), 0, 150)
    if modal and component.get("disabled"):
        yield Problem((*path, "disabled"), "COMPONENT_DISABLED_IN_MODAL", "Components in modals cannot be disabled")
    options: list[Json] = component.get("options") or []
    if component["type"] == c.STRING_SELECT:
        yield from options_of(path, options, 1, 25)
    yield from bounds(path, component, 25, options, modal=modal)


def options_of(path: Path, options: Sequence[Json], least: int, most: int, *, defaults: int | None = None) -> Problems:
    """The options of a menu or group: how many, what each says, each value once."""
    if not least <= len(options) <= most:
        yield bad_length((*path, "options"), least, most)
    for n, option in enumerate(options):
        at = (*path, "options", str(n))
        yield from text_at((*at, "label"), option.get("label"), 1, 100, required=True)
        yield from text_at((*at, "value"), option.get("value"), 1, 100, required=True)
        yield from text_at((*at, "description"), option.get("description"), 0, 100)
        yield from _emoji((*at, "emoji"), option.get("emoji"))
    for value, times in Counter(option.get("value") for option in options).items():
        if times > 1:
            n = next(n for n, option in enumerate(options) if option.get("value") == value)
            message = "The specified option value is already used"
            yield Problem((*path, "options", str(n), "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
    if defaults is not None and sum(bool(option.get("default")) for option in options) > defaults:
        yield Problem((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", f"At most {defaults} may be default")


def bounds(path: Path, component: Json, most: int, options: Sequence[Json] | None, *, modal: bool) -> Problems:
    """How many may be chosen. A checkbox group lets all its options be chosen unless told; anything else, one."""
    low, high = component.get("min_values"), component.get("max_values")
    if low is not None and not 0 <= low <= most:
        yield Problem((*path, "min_values"), "NUMBER_TYPE_MAX", f"int value should be between 0 and {most}.")
    if high is not None and not 1 <= high <= most:
        yield Problem((*path, "max_values"), "NUMBER_TYPE_MAX", f"int value should be between 1 and {most}.")
    usual = len(options) if options and component["type"] == c.CHECKBOX_GROUP else 1
    if (1 if low is None else low) > (usual if high is None else high):
        yield Problem((*path, "max_values"), "SELECT_COMPONENT_MAX_VALUES_TOO_SMALL", "max_values is below min_values")
    if options and (low or 0) > len(options):
        message = "There are fewer options than must be chosen"
        yield Problem((*path, "options"), "SELECT_COMPONENT_MIN_VALUES_MORE_THAN_OPTIONS", message)
    if modal and low == 0 and component.get("required") in (None, True):
        message = "min_values must be at least 1 where an answer is required"
        yield Problem((*path, "min_values"), "SELECT_COMPONENT_MIN_VALUES_LESS_THAN_REQUIRED_VALUES", message)


def text_input(path: Path, text: Json) -> Problems:
    """A text input of a modal."""
    if text.get("style") not in (1, 2):
        yield Problem((*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")
    low, high = text.get("min_length"), text.get("max_length")
    if low is not None and not 0 <= low <= 4000:
        yield Problem((*path, "min_length"), "NUMBER_TYPE_MAX", "int value should be between 0 and 4000.")
    if high is not None and not 1 <= high <= 4000:
        yield Problem((*path, "max_length"), "NUMBER_TYPE_MAX", "int value should be between 1 and 4000.")
    if low is not None and high is not None and low > high:
        yield Problem((*path, "min_length"), "TEXT_INPUT_MIN_LENGTH_TOO_LARGE", "min_length is above max_length")
    yield from text_at((*path, "placeholder"), text.get("placeholder"), 0, 100)
    yield from text_at((*path, "value"), text.get("value"), 0, high or 4000)


def _emoji(path: Path, emoji: Json | None) -> Problems:
    if emoji and not emoji.get("id") and (not emoji.get("name") or str(emoji["name"]).isascii()):
        yield Problem((*path, "name"), "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
