"""The admins' door put together: every part of it, and the panels it is shown as."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache, partial

from adapters.library.bank import sample_answers
from adapters.store import SqlStore
from adapters.surface.panels import Outlet
from adapters.surface.panels.audit import AuditPages
from adapters.surface.panels.data import DataPages
from adapters.surface.panels.menu import MenuPages
from adapters.surface.panels.paths import Panels
from adapters.surface.panels.people import PeoplePages
from adapters.surface.panels.telling import Telling
from adapters.surface.panels.types import TypePages
from bot.limits import limits_of
from bot.rollouts import rollouts_of
from bot.team import Coaching, Health, coaching_of
from bot.watch import Chore
from engine.admin.data import Data
from engine.admin.limits import LimitsDoor
from engine.admin.people import Directory, People
from engine.admin.prompts import Prompts
from engine.admin.records import SubjectKind
from engine.admin.rehearsing import Perform
from engine.admin.sharing import Standings
from engine.admin.shelf import Shelf, StoredSets
from engine.admin.type_drafts import TypeDrafts
from engine.admin.types import Types
from engine.interviews import InterviewType
from engine.limits.rules import Rules
from engine.ports import LLMProvider
from engine.retention import Swept, sweep

log = logging.getLogger(__name__)

SWEEP_EVERY_S = 86_400.0


class Directories:
    """Who there is on every platform that is connected; a platform attaches its own directory under its name.

    `standings` say what somebody is in a workspace, for those who press a button elsewhere.
    """

    def __init__(self) -> None:
        self._of: dict[str, Directory] = {}
        self.standings: dict[str, Standings] = {}

    def attach(self, platform: str, directory: Directory, standings: Standings | None = None) -> None:
        self._of[platform] = directory
        if standings is not None:
            self.standings[platform] = standings

    async def known(self, scope: str, kind: SubjectKind, subject: str) -> bool | None:
        directory = self._of.get(scope.partition("/")[0])
        return None if directory is None else await directory.known(scope, kind, subject)


@dataclass(frozen=True, slots=True)
class Admins:
    """What may be done (`people` and what stands beside it), how it is seen (`panels`), and what is done by itself."""

    people: People
    panels: Panels
    chores: tuple[Chore, ...]
    directories: Directories
    data: Data
    types: Types
    type_drafts: TypeDrafts
    prompts: Prompts
    trusted: set[str]
    """The scopes whose admins may change prompts: those of the settings, and Slack's where it has but one workspace."""
    outlets: dict[str, Outlet]
    """Where admins of a platform are told things; each platform adds its own when it connects."""
    telling: Telling
    coaching: Coaching
    limits: LimitsDoor


def admins_of(
    store: SqlStore,
    *,
    pseudonym: Callable[[str], str],
    shelf: Shelf,
    sets: StoredSets,
    perform: Perform,
    provider: LLMProvider,
    kinds: Mapping[str, InterviewType],
    trusted: Collection[str] = (),
    health: Health = tuple,
    rules: Rules,
) -> Admins:
    """`pseudonym` makes a keyed hash of a person; `perform` is a performer's, for dry runs.

    `provider` is whom a prompt is tried on, with a sample from `kinds`; `trusted` begins `Admins.trusted`.
    `health` says how the models are doing; `rules` are those that budgets go by.
    """
    directories = Directories()
    people = People(store=store.admin, now=time.time, pseudonym=pseudonym, directory=directories)
    types = Types(
        store=store.admin, people=people, shelf=shelf, sets=sets, prompts=store.prompts, perform=perform,
        samples=_samples, now=time.time,
    )  # fmt: skip
    drafts = TypeDrafts(types=types, store=store.admin, people=people, now=time.time)
    data = Data(people=people, store=store.admin, keeping=store.keeping, archive=store, now=time.time)
    outlets: dict[str, Outlet] = {}
    telling, may_change = Telling(store.admin, outlets), set(trusted)
    rollouts = rollouts_of(store, people, provider=provider, kinds=kinds, telling=telling, trusted=may_change)
    coaching = coaching_of(
        store, people=people, telling=telling, standings=directories.standings, health=health, now=time.time
    )
    limits = limits_of(store, people=people, rules=rules, telling=telling, platforms=outlets)
    pages = (
        MenuPages(people, alerts=(rollouts.pages.alerts, limits.pages.alerts)),
        TypePages(types, drafts),
        PeoplePages(people),
        AuditPages(people),
        DataPages(data),
        rollouts.pages,
        limits.pages,
        *coaching.pages,
    )
    panels = Panels(pages, store=store.admin, now=time.time)
    chores = (Chore("retention", SWEEP_EVERY_S, partial(_sweep, store)), rollouts.chore, *limits.chores)
    return Admins(
        people,
        panels,
        chores,
        directories,
        data,
        types,
        drafts,
        rollouts.prompts,
        may_change,
        outlets,
        telling,
        coaching,
        limits.door,
    )


async def _sweep(store: SqlStore) -> None:
    """Let go of what has been kept for as long as it may be."""
    swept = await sweep(store.admin, store.keeping, time.time())
    if swept != Swept():
        log.info("let go of what is over", extra={"words": swept.words, "whole": swept.whole})


@cache
def _samples() -> Mapping[str, str]:
    """An ordinary answer to each question of the bank that has one."""
    return {id: answers["fair"] for id, answers in sample_answers().items()}
