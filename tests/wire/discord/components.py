"""What components are, whatever is done with them: walked through, numbered, read aloud.

Components are Discord's own JSON. What is allowed in them is in `validate`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

Json = dict[str, Any]

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 17, 18, 19, 21, 22, 23

SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
LINK, PREMIUM = 5, 6  # button styles that send no interaction


def children(component: Json) -> list[tuple[tuple[str, ...], Json]]:
    """The components directly inside one, each with the path that leads to it, in the order they are shown."""
    found: list[tuple[tuple[str, ...], Json]] = []
    inside = component.get("components")
    if isinstance(inside, list):
        found += [(("components", str(n)), child) for n, child in enumerate(inside) if isinstance(child, dict)]
    for field in ("accessory", "component"):
        if isinstance(component.get(field), dict):
            found.append(((field,), component[field]))
    return found


def walk(components: Sequence[Json]) -> Iterator[Json]:
    """Every component of a message or modal, parents first."""
    for component in components:
        yield component
        yield from walk([child for _, child in children(component)])


def numbered(components: Sequence[Json]) -> list[Json]:
    """A copy in which every component has an `id`: its own, or the next free number (0 counts as none)."""
    result = copy.deepcopy(list(components))
    taken = {component["id"] for component in walk(result) if component.get("id")}
    free = (number for number in range(1, 1_000_000) if number not in taken)
    for component in walk(result):
        if not component.get("id"):
            component["id"] = next(free)
    return result


def find(components: Sequence[Json], custom_id: str) -> Json | None:
    """The component with this `custom_id`."""
    return next((each for each in walk(components) if each.get("custom_id") == custom_id), None)


def custom_ids(components: Sequence[Json]) -> list[str]:
    """All that can be pressed or chosen, in order."""
    return [each["custom_id"] for each in walk(components) if each.get("custom_id")]


def visible_text(components: Sequence[Json]) -> str:
    """What a reader sees of text displays, one per line; buttons and menus are left out."""
    return "\n".join(str(each.get("content", "")) for each in walk(components) if each.get("type") == TEXT_DISPLAY)
