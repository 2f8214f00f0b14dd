"""What a refusal says, and the rules that hold for any component: text lengths, required fields, unique ids.

A `Problem` has the path, code and sentence of Discord's "Invalid Form Body" (50035); `form_errors` nests them the way
the API does. Lengths are in code points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.wire.discord import components as c
from tests.wire.discord.components import Json

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is refused."""

    path: tuple[str, ...]
    code: str
    message: str

    def __str__(self) -> str:
        return f"{'.'.join(self.path) or 'body'}: {self.message} ({self.code})"


Problems = Iterator[Problem]


def form_errors(problems: Iterable[Problem]) -> Json:
    """Discord's nested `errors` object."""
    tree: Json = {}
    for problem in problems:
        node = tree
        for step in problem.path:
            node = node.setdefault(step, {})
        node.setdefault("_errors", []).append({"code": problem.code, "message": problem.message})
    return tree


def custom_id_of(path: Path, component: Json) -> Problems:
    """A `custom_id` of 1 to 100 characters."""
    yield from text_at((*path, "custom_id"), component.get("custom_id"), 1, 100, required=True)


def text_at(path: Path, text: object, least: int, most: int, *, required: bool = False, blank: bool = True) -> Problems:
    """A text within its length. Not `blank`: it must have more than white space."""
    if text is None or text == "":
        if required or not blank:
            yield missing(path)
    elif not isinstance(text, str):
        yield Problem(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
    elif not blank and not text.strip():
        yield missing(path)
    elif not least <= len(text) <= most:
        yield bad_length(path, least, most)


def missing(path: Path) -> Problem:
    """A field that is not there."""
    return Problem(path, "BASE_TYPE_REQUIRED", "This field is required")


def bad_length(path: Path, least: int, most: int) -> Problem:
    """A list or text that is too short or too long."""
    if least:
        return Problem(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
    return Problem(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")


def identity(components: Sequence[Json]) -> Problems:
    """Ids and custom ids are each used once."""
    for field, code in (("id", "COMPONENT_ID_DUPLICATED"), ("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED")):
        seen: set[Any] = set()
        for path, component in _placed((), components):
            value = component.get(field)
            if value in seen:
                yield Problem((*path, field), code, f"Component {field.replace('_', ' ')} cannot be duplicated")
            elif value:
                seen.add(value)


def _placed(at: Path, components: Sequence[Json]) -> Iterator[tuple[Path, Json]]:
    for n, component in enumerate(components):
        yield from _below((*at, "components", str(n)), component)


def _below(path: Path, component: Json) -> Iterator[tuple[Path, Json]]:
    yield path, component
    for step, child in c.children(component):
        yield from _below((*path, *step), child)
