"""The admins' door to limits: what holds, what was used, and who may use more today."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pydantic import ValidationError

from engine.admin.people import People
from engine.admin.records import AdminStore, Entry, Record
from engine.admin.roles import EVERYWHERE, Actor, needs
from engine.errors import Wrong
from engine.inbound import MESSAGE_CHARS
from engine.limits.ledger import DayUse, Ledger, Lift
from engine.limits.model import MOST, NO_LIMITS, Limits, Used, day_of, ends_at
from engine.limits.rules import RECORD, Rules, read_limits
from engine.limits.words import MICROS, dollars

SUBJECT = f"limits:{RECORD}"
TIMES = (2, 3, 5, 10)
"""How many times as much a person may be let use."""
KNOWN = tuple(NO_LIMITS.by_name())
NUMBER = f"Write a whole number from 0 to {MOST:,}, or nothing for no limit."
CHARS = f"Write a whole number from 100 to {MESSAGE_CHARS:,}, or nothing for no limit."
DAYS = 31
"""How many days of use can be looked at."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds in a scope, what it used today, and when that resets. `seen` goes along with a change.

    `own`: set for this workspace, not for every one.
    """

    limits: Limits
    own: bool
    seen: int
    used: Used
    resets_at: float
    lifts: Sequence[Lift]


@dataclass(frozen=True, slots=True)
class Version:
    """Limits as they once were set; none where those of everywhere were taken instead."""

    number: int
    limits: Limits | None
    at: float


class LimitsDoor:
    """`person` gives the `ThreadKey.person` of a platform's user in a scope; `now` is epoch seconds."""

    def __init__(
        self,
        *,
        people: People,
        store: AdminStore,
        ledger: Ledger,
        rules: Rules,
        now: Callable[[], float],
        person: Callable[[str, str], str],
    ) -> None:
        self._people = people
        self._store = store
        self._ledger = ledger
        self._rules = rules
        self._now = now
        self._person = person

    @property
    def roles(self) -> People:
        return self._people

    @needs("viewer")
    async def show(self, actor: Actor) -> Standing:
        """The limits of the scope, and what it used of them today."""
        rule = await self._rules.rule(actor.scope)
        now = self._now()
        return Standing(
            limits=rule.limits,
            own=rule.own,
            seen=rule.version,
            used=await self._ledger.used(actor.scope),
            resets_at=ends_at(day_of(now)),
            lifts=await self._ledger.lifts(actor.scope),
        )

    @needs("viewer")
    async def use(self, actor: Actor, days: int = 7) -> Sequence[DayUse]:
        """What everybody together used on each of the last days, oldest first."""
        return await self._ledger.days(actor.scope, max(1, min(days, DAYS)))

    @needs("viewer")
    async def mine(self, actor: Actor) -> Used:
        """What the actor used today."""
        return await self._ledger.used(actor.scope, self._person(actor.scope, actor.user))

    @needs("viewer")
    async def versions(self, actor: Actor, limit: int = 10) -> Sequence[Version]:
        """What was set before, newest first."""
        return [_version(record) for record in await self._store.versions(actor.scope, "limits", RECORD, limit)]

    @needs("admin")
    async def change(self, actor: Actor, limits: Limits, *, seen: int) -> int:
        """Set the limits of the scope; the number of this version. Raises `Overtaken` when `seen` is not the newest."""
        before = (await self._rules.rule(actor.scope)).limits
        return await self._put(actor, limits, seen, f"set the limits: {changes(before, limits)}")

    @needs("admin")
    async def undo(self, actor: Actor, *, seen: int) -> int:
        """Set the limits as they were before version `seen`. Raises `Overtaken` when it is not the newest."""
        known = await self._store.versions(actor.scope, "limits", RECORD, 2)
        if not known:
            raise Wrong({"": "There is nothing to undo."})
        before = _version(known[1]).limits if len(known) > 1 else None
        return await self._put(actor, before, seen, "took the last change of the limits back")

    @needs("admin")
    async def share(self, actor: Actor, *, seen: int) -> int:
        """Go by the limits that hold everywhere again. Raises `Overtaken`."""
        return await self._put(actor, None, seen, "took the limits that hold everywhere")

    @needs("admin")
    async def raise_for(self, actor: Actor, user: str, times: int | None) -> Lift:
        """Let a person use `times` as much as others until the day is over; `None`: without a limit of their own."""
        if actor.scope == EVERYWHERE:
            raise Wrong({"person": "Say in which workspace: a person belongs to one."})
        if not user.strip() or len(user) > 200:
            raise Wrong({"person": "Choose a person."})
        if times is not None and times not in TIMES:
            raise Wrong({"times": f"Choose one of: {', '.join(map(str, TIMES))}, or no limit."})
        lift = Lift(actor.scope, self._person(actor.scope, user.strip()), day_of(self._now()), times)
        how = "without a limit" if times is None else f"{times} times as much"
        await self._ledger.lift(lift, entry=await self._entry(actor, "limits.lift", f"let a person use {how} today"))
        return lift

    @needs("admin")
    async def lower_for(self, actor: Actor, person: str) -> bool:
        """Take back what `raise_for` did today; `person` is the lift's. `False` when there is nothing to take back."""
        entry = await self._entry(actor, "limits.unlift", "took back that a person may use more today")
        return await self._ledger.unlift(actor.scope, person, entry=entry)

    async def _put(self, actor: Actor, limits: Limits | None, seen: int, words: str) -> int:
        entry = self._people.entry(
            actor, await self._people.role(actor), "limits.change" if limits else "limits.share", SUBJECT, words
        )
        body = (limits or NO_LIMITS).model_dump_json()
        record = await self._store.put(
            actor.scope, "limits", RECORD, body, seen=seen, entry=entry, archived=limits is None
        )
        self._rules.changed()
        return record.version

    async def _entry(self, actor: Actor, act: str, words: str) -> Entry:
        return self._people.entry(actor, await self._people.role(actor), act, "limits:person", words)


def read_limit(name: str, written: str) -> int | None:
    """A limit as people write it: a number, dollars such as 2.50 for a cost, nothing or `none` for no limit.

    Raises `ValueError` for anything else.
    """
    bare = written.strip().casefold().replace(",", "").replace("_", "").replace(" ", "").removeprefix("$")
    if bare in ("", "none"):
        return None
    money = name.endswith("_micros")
    if not re.fullmatch(r"\d{1,14}(\.\d{1,6})?" if money else r"\d{1,14}", bare, re.ASCII):
        raise ValueError(written)
    return int(Decimal(bare) * MICROS) if money else int(bare)


def checked(limits: Mapping[str, int | None]) -> Limits:
    """Limits by their full names (`person.tokens`), as `Limits.by_name`. Raises `Wrong`, name by name."""
    whole: dict[str, dict[str, int | None]] = {"person": {}, "workspace": {}}
    problems: dict[str, str] = {}
    for full, limit in limits.items():
        whose, _, name = full.partition(".")
        if full not in KNOWN:
            problems[full] = f"There is no such limit. Choose one of: {', '.join(map(short, KNOWN))}."
        else:
            whole[whose][name] = limit
    try:
        found = Limits.model_validate(whole)
    except ValidationError as error:
        for each in error.errors():
            name = ".".join(map(str, each["loc"]))
            problems[name] = CHARS if name == "person.answer_chars" else NUMBER
        raise Wrong(problems) from error
    if problems:
        raise Wrong(problems)
    return found


def changes(before: Limits, after: Limits) -> str:
    """What is different, in a few words: `person.interviews none → 5`."""
    old, new = before.by_name(), after.by_name()
    said = [f"{short(n)} {_shown(n, old[n])} → {_shown(n, new[n])}" for n in new if old[n] != new[n]]
    return "; ".join(said) or "as they were"


def short(name: str) -> str:
    """The name of a limit as people write it."""
    return name.removesuffix("_micros")


def _shown(name: str, limit: int | None) -> str:
    if limit is None:
        return "none"
    return dollars(limit) if name.endswith("_micros") else f"{limit:,}"


def _version(record: Record) -> Version:
    return Version(record.version, None if record.archived else read_limits(record.body), record.at)
