"""The next write of a post: the first difference between what it should be and what is known to stand there. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from adapters.discord.delivery.handle import Handle, digest
from adapters.discord.delivery.hooks import Way
from adapters.discord.render import Page


@dataclass(frozen=True, slots=True)
class Create:
    """Post a message, which will be the last one. `anew`: the nonce of the intent is used, for it may be there."""

    page: Page
    digest: str
    way: Way
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    index: int
    page: Page
    digest: str
    way: Way


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete a message: the last one of the post, or (`old`) one that it has left."""

    message: str
    way: Way
    old: bool = False


@dataclass(frozen=True, slots=True)
class LookUp:
    """See whether the message that was to be posted is there."""


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """This message would have to be edited, and cannot be any more."""

    index: int


Op = Create | Update | Remove | LookUp
Waiting = Literal["waiting"]
"""There is something to write, and no way to write it until the person does something."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How messages can be written now; `None` where they cannot. `edit` is asked with a message and its hook's mark."""

    create: Callable[[], Way | None]
    edit: Callable[[str, str], Way | None]
    nonce_s: float
    """For how long Discord surely knows a nonce again."""
    looks_up: bool
    """Whether what was posted can be read."""


def next_op(
    pages: tuple[Page, ...], handle: Handle, ways: Ways, now: float, *, settled: bool
) -> Op | OutOfReach | Waiting | None:
    """What to write next; `None` when all of it is shown. `now` is epoch seconds."""
    intent = handle.intent
    again = intent is not None and not intent.hook and now - intent.at < ways.nonce_s
    if intent is not None and not again and ways.looks_up:
        return LookUp()
    for index, page in enumerate(pages):
        mark = digest(page)
        if index >= len(handle.ids):
            way = "bot" if again else ways.create()
            return Create(page, mark, way, anew=again) if way is not None else "waiting"
        if handle.shown[index] != mark:
            way = ways.edit(handle.ids[index], handle.hooks[index])
            return Update(index, page, mark, way) if way is not None else OutOfReach(index)
    if again and ways.looks_up:
        # It has grown shorter meanwhile, and what was to be its last message may stand there.
        return LookUp()
    if not settled:
        return None
    if len(handle.ids) > len(pages) > 0:
        way = ways.edit(handle.ids[-1], handle.hooks[-1])
        return Remove(handle.ids[-1], way) if way is not None else None
    return Remove(handle.old[-1], "bot", old=True) if handle.old else None
