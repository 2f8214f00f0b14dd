"""A template language too small to be wrong in: `{{name}}`, and `{{#name}}…{{/name}}` around what a variable needs.

Values are data. One pass puts them in, so a value that looks like a template stays as it is. Which variables a template
may have, and what they may hold, is the business of `prompt.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_TAG = re.compile(r"\{\{([#/]?)([a-z][a-z0-9_]{0,39})\}\}")


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Slot:
    name: str


@dataclass(frozen=True, slots=True)
class When:
    """Stands only when the variable `name` has something to say."""

    name: str
    parts: tuple[Text | Slot, ...]


Part = Text | Slot | When


@lru_cache(maxsize=256)  # templates are few, and parsed for every request
def parse(template: str) -> tuple[Part, ...]:
    """The template as parts. `ValueError` for a section that is nested, unclosed or unopened, and for stray braces."""
    parts: list[Part] = []
    inside: list[Text | Slot] = []
    section = ""
    at = 0
    for tag in _TAG.finditer(template):
        (inside if section else parts).append(_text(template[at : tag.start()]))
        at = tag.end()
        mark, name = tag.group(1), tag.group(2)
        if mark == "":
            (inside if section else parts).append(Slot(name))
        elif mark == "#":
            if section:
                raise ValueError(f"{{{{#{name}}}}} stands inside {{{{#{section}}}}}; sections do not nest")
            section, inside = name, []
        elif name != section:
            raise ValueError(f"{{{{/{name}}}}} closes a section that is not open")
        else:
            parts.append(When(name, tuple(inside)))
            section = ""
    if section:
        raise ValueError(f"{{{{#{section}}}}} is never closed")
    parts.append(_text(template[at:]))
    return tuple(parts)


def names(parts: tuple[Part, ...]) -> frozenset[str]:
    """Every variable that is put in somewhere. A section's condition alone puts nothing in."""
    found: set[str] = set()
    for part in parts:
        match part:
            case Slot(name):
                found.add(name)
            case When(_, inner):
                found |= names(inner)
            case Text():
                pass
    return frozenset(found)


def conditions(parts: tuple[Part, ...]) -> frozenset[str]:
    """The variables that sections depend on."""
    return frozenset(part.name for part in parts if isinstance(part, When))


def fill(parts: tuple[Part, ...], values: Mapping[str, str]) -> str:
    """The text with its variables put in; a variable without a value, or with "", is absent."""
    pieces: list[str] = []
    for part in parts:
        match part:
            case Text(text):
                pieces.append(text)
            case Slot(name):
                pieces.append(values.get(name, ""))
            case When(name, inner):
                if values.get(name):
                    pieces.append(fill(inner, values))
    return "".join(pieces)


def _text(text: str) -> Text:
    if "{{" in text:
        raise ValueError(f"template syntax that is not understood: {text[text.index('{{') :][:40]!r}")
    return Text(text)
