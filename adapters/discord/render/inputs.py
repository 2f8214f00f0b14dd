"""Fields of modals. A field's `custom_id` names its value when the modal comes back."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.discord.render.page import Json
from adapters.surface.words import shortened

TITLE_CHARS, LABEL_CHARS, ABOUT_CHARS, PLACEHOLDER_CHARS = 45, 45, 100, 100
INPUT_CHARS = 4_000
FIELDS = 5
"""How many a modal holds."""


def modal(custom_id: str, title: str, components: Sequence[Json]) -> Json:
    """The data of a modal response."""
    return {"custom_id": custom_id, "title": shortened(title, TITLE_CHARS), "components": list(components)}


def field(label: str, component: Json, about: str = "") -> Json:
    made: Json = {"type": 18, "label": shortened(label, LABEL_CHARS), "component": component}
    return made | {"description": shortened(about, ABOUT_CHARS)} if about else made


def typed(
    custom_id: str, initial: str = "", *, most: int = INPUT_CHARS, long: bool = False, required: bool = True,
    placeholder: str = "",
) -> Json:  # fmt: skip
    made: Json = {
        "type": 4, "custom_id": custom_id, "style": 2 if long else 1, "max_length": most, "required": required,
    }  # fmt: skip
    if initial:
        made["value"] = initial[:most]
    return made | {"placeholder": shortened(placeholder, PLACEHOLDER_CHARS)} if placeholder else made


def upload(custom_id: str, most: int) -> Json:
    """Files, if any."""
    return {"type": 19, "custom_id": custom_id, "min_values": 0, "max_values": most, "required": False}
