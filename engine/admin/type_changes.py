"""What changed between two versions of an interview type, in sentences and line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import cast

from engine.admin.type_bodies import LABELS, Body, weights_text

SHOWN_CHARS = 80


@dataclass(frozen=True, slots=True)
class Difference:
    """`sentences` for a reader, `text` as a unified diff; both empty when nothing changed."""

    sentences: tuple[str, ...]
    text: str


def difference(old: Body, new: Body, *, names: tuple[str, str] = ("before", "after")) -> Difference:
    """What a reader should know before one becomes the other."""
    sentences = tuple(sentence for field in LABELS for sentence in _told(field, old, new))
    diff = unified_diff(_lines(old), _lines(new), *names, lineterm="", n=1)
    return Difference(sentences, "\n".join(diff))


def changed(old: Body, new: Body) -> frozenset[str]:
    """The fields that differ."""
    return frozenset(field for field in LABELS if old.get(field) != new.get(field))


def merged(base: Body, mine: Body, newest: Body) -> tuple[dict[str, object], frozenset[str]]:
    """What was changed from `base` put on top of the newest, and the fields that both changed, where mine stand."""
    own = changed(base, mine)
    both = frozenset(field for field in own & changed(base, newest) if mine.get(field) != newest.get(field))
    return {**newest, **{field: mine[field] for field in own if field in mine}}, both


def _told(field: str, old: Body, new: Body) -> Iterator[str]:
    before, after = old.get(field), new.get(field)
    if before == after:
        return
    match field:
        case "criteria":
            yield from _criteria(_by_id(before), _by_id(after))
        case "roles":
            yield from _roles(old, new)
        case "description" | "own_questions" | "audience" | "prompts":
            verb = "added" if not before else "removed" if not after else "changed"
            yield f"{_upper(LABELS[field])}: {verb}."
        case _:
            yield f"{_upper(LABELS[field])}: {_shown(before)} → {_shown(after)}."


def _criteria(before: Mapping[str, Body], after: Mapping[str, Body]) -> Iterator[str]:
    for id in after:
        if id not in before:
            yield f"New criterion {_shown(after[id]['title'])}."
        elif before[id] != after[id]:
            parts = [
                part for part in ("title", "description", "anchors") if before[id].get(part) != after[id].get(part)
            ]
            yield f"Criterion {_shown(after[id]['title'])}: {', '.join(parts)} changed."
    for id in before:
        if id not in after:
            yield f"Criterion {_shown(before[id]['title'])} is gone."
    if set(before) == set(after) and list(before) != list(after):
        yield "The criteria stand in another order."


def _roles(old: Body, new: Body) -> Iterator[str]:
    before, after = (cast("Mapping[str, Body]", body.get("roles") or {}) for body in (old, new))
    orders = [list(_by_id(body.get("criteria"))) for body in (old, new)]
    for role in after:
        if role not in before:
            yield f"New role level {role}."
            continue
        for part in ("meets", "start", "expects"):
            if before[role].get(part) != after[role].get(part):
                yield f"{_upper(role)}: {part} {_shown(before[role].get(part))} → {_shown(after[role].get(part))}."
        weights = [cast("Mapping[str, int]", bars[role].get("weights") or {}) for bars in (before, after)]
        if weights[0] != weights[1]:
            shown = [weights_text(order, each) for order, each in zip(orders, weights, strict=True)]
            yield f"{_upper(role)}: weights {shown[0]} → {shown[1]}."
    for role in before:
        if role not in after:
            yield f"Role level {role} is gone."


def _by_id(criteria: object) -> dict[str, Body]:
    return {str(each["id"]): each for each in cast("Sequence[Body]", criteria or ())}


def _shown(value: object) -> str:
    match value:
        case None | "":
            return "none"
        case str():
            text = " ".join(value.split())
            return f"“{text[:SHOWN_CHARS]}{'…' if len(text) > SHOWN_CHARS else ''}”"
        case _:
            return str(value)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lines(body: Body) -> list[str]:
    ordered = {field: body[field] for field in LABELS if field in body}
    return json.dumps(ordered, ensure_ascii=False, indent=1).splitlines()
