"""The admins' door put together: every part of it, and the panels it is shown as."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from adapters.store import SqlStore
from adapters.surface.panels.audit import AuditPages
from adapters.surface.panels.menu import MenuPages
from adapters.surface.panels.paths import Panels
from adapters.surface.panels.people import PeoplePages
from engine.admin.people import Directory, People
from engine.admin.records import SubjectKind


class Directories:
    """Who there is on every platform that is connected; a platform attaches its own directory under its name."""

    def __init__(self) -> None:
        self._of: dict[str, Directory] = {}

    def attach(self, platform: str, directory: Directory) -> None:
        self._of[platform] = directory

    async def known(self, scope: str, kind: SubjectKind, subject: str) -> bool | None:
        directory = self._of.get(scope.partition("/")[0])
        return None if directory is None else await directory.known(scope, kind, subject)


@dataclass(frozen=True, slots=True)
class Admins:
    """What may be done (`people` and what stands beside it), and how it is seen (`panels`)."""

    people: People
    panels: Panels
    directories: Directories


def admins_of(store: SqlStore, *, pseudonym: Callable[[str], str]) -> Admins:
    """`pseudonym` makes a keyed hash of a person."""
    directories = Directories()
    people = People(store=store.admin, now=time.time, pseudonym=pseudonym, directory=directories)
    pages = (MenuPages(people), PeoplePages(people), AuditPages(people))
    panels = Panels(pages, store=store.admin, now=time.time)
    return Admins(people, panels, directories)
