"""The admins' door put together: every part of it, and the panels it is shown as."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from adapters.store import SqlStore
from adapters.surface.panels.paths import Panels
from engine.admin.people import People


@dataclass(frozen=True, slots=True)
class Admins:
    """What may be done (`people` and what stands beside it), and how it is seen (`panels`)."""

    people: People
    panels: Panels


def admins_of(store: SqlStore, *, pseudonym: Callable[[str], str]) -> Admins:
    """`pseudonym` makes a keyed hash of a person."""
    people = People(store=store.admin, now=time.time, pseudonym=pseudonym)
    panels = Panels((), store=store.admin, now=time.time)
    return Admins(people, panels)
