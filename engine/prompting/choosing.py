"""Which version somebody means: by number, by name, by the beginning of its digest, or by a label."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import cast, get_args

from engine.errors import Wrong
from engine.ports import Task
from engine.prompting.changes import LATEST
from engine.prompting.standing import Standing, Version

TASKS = cast("tuple[Task, ...]", get_args(Task))
_NUMBER = re.compile(r"[v#]?([0-9]{1,6})")
_DIGEST = re.compile(r"[0-9a-f]{4,12}")


def task_named(text: str) -> Task:
    """The task of this name. Raises `Wrong` with the nearest one."""
    wanted = text.strip().casefold().replace("-", "_")
    for task in TASKS:
        if task == wanted:
            return task
    near = get_close_matches(wanted, TASKS, n=1)
    advice = f"Did you mean {near[0]}?" if near else f"There are {', '.join(TASKS)}."
    raise Wrong({"prompt": f"There is no prompt called {text[:40]!r}. {advice}"})


def version_named(standing: Standing, text: str) -> Version:
    """The version that is meant: `3`, `review@4f0c2a91be77`, `4f0c`, `production` or `latest`. Raises `Wrong`."""
    wanted = text.strip().removeprefix(f"{standing.name}@")
    if not standing.versions:
        raise Wrong({"version": f"{standing.name} has no version yet."})
    if wanted == LATEST:
        return standing.versions[-1]
    if (ref := standing.labels.get(wanted)) is not None:
        return standing.version(ref)
    if (number := _NUMBER.fullmatch(wanted)) and int(number[1]) in (known := {v.number: v for v in standing.versions}):
        return known[int(number[1])]
    if _DIGEST.fullmatch(wanted):
        found = [each for each in standing.versions if each.ref.partition("@")[2].startswith(wanted)]
        if len(found) > 1:
            numbers = ", ".join(str(each.number) for each in found)
            raise Wrong({"version": f"{wanted} could be any of the versions {numbers}; write more of it."})
        if found:
            return found[0]
    last, labels = standing.versions[-1].number, ", ".join(sorted(standing.labels))
    known_labels = f" or a label ({labels}, latest)" if labels else ""
    raise Wrong({"version": f"There is no version {text[:60]!r} of {standing.name}: write 1 to {last}{known_labels}."})


def share_bp(text: str) -> int:
    """A share in basis points, from `5%`, `2.5 %`, `5` (percent) or `500bp`. Raises `Wrong` with a sentence."""
    written = text.strip().casefold().replace(",", ".").replace(" ", "")
    if (points := re.fullmatch(r"([0-9]{1,9})bp", written)) is not None:
        found = float(points[1])
    elif (percent := re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)%?", written)) is not None:
        found = float(percent[1]) * 100
    else:
        raise Wrong({"share": f"{text[:40]!r} is no share. Write percent, for example 10 or 2.5."})
    if not 1 <= round(found) <= 10_000:
        raise Wrong({"share": f"A share is more than 0 and at most 100 %, not {found / 100:g} %."})
    if abs(found - round(found)) > 1e-6:
        raise Wrong({"share": "A share has at most two digits behind the point."})
    return round(found)
