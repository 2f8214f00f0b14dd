"""Everything that is kept about a person, as JSON: their interviews, what they set, and every other row about them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from engine.desk import Desk
from engine.keys import ThreadKey
from engine.preferences import Preferences

EVERY_INTERVIEW = 100_000

Export = Mapping[str, object]


async def export(desk: Desk, key: ThreadKey) -> Export:
    """What is kept about the person of this key, ready for JSON; `nothing` says whether that is anything.

    `interviews` and `preferences` are as people know them; what stands beside them is named by where it is kept, and
    there is none of it that is empty: messages and their handles, scores, thumbs, use, roles, shared reports.
    """
    sessions = await desk.history(key, limit=EVERY_INTERVIEW)
    preferences = await desk.preferences(key)
    about = await desk.about(key)
    return {
        "interviews": [session.model_dump(mode="json") for session in sessions],
        "preferences": preferences.model_dump(mode="json"),
        **{name: list(rows) for name, rows in about.items() if rows},
    }


def nothing(exported: Export) -> bool:
    """Whether nothing at all is kept."""
    usual: Export = {"interviews": [], "preferences": Preferences().model_dump(mode="json")}
    return exported == usual


def files(exported: Export, *, most: int) -> Iterator[str]:
    """The whole of it as JSON texts of at most `most` bytes, unless one thing alone is larger.

    Each is an object of the same shape; a list that does not fit goes on in the next one.
    """
    part: dict[str, list[str]] = {}
    size = 0
    for name, item in _items(exported):
        text = json.dumps(item, ensure_ascii=False)
        weight = len(text.encode()) + len(name) + 8
        if part and size + weight > most:
            yield _file(part, exported)
            part, size = {}, 0
        part.setdefault(name, []).append(text)
        size += weight
    yield _file(part, exported)


def _items(exported: Export) -> Iterator[tuple[str, object]]:
    for name, value in exported.items():
        if isinstance(value, list):
            yield from ((name, item) for item in cast("list[object]", value))
        else:
            yield name, value


def _file(part: Mapping[str, list[str]], exported: Export) -> str:
    written: list[str] = []
    for name, items in part.items():
        listed = ",\n".join(items)
        written.append(f'"{name}": ' + (f"[\n{listed}\n]" if isinstance(exported[name], list) else listed))
    return "{" + ",\n".join(written) + "}\n"
