"""How long what is about people is kept, by class and workspace, and what is left of an interview once its words go.

    answers   every word of an interview: what was asked, answered, reviewed and advised
    scores    figures: scores, times, costs, thumbs; they may outlive the words they were given to
    audio     is never kept: a recording is forgotten as soon as its words are written down
    logs      hold no words and no ids of people; whoever runs Rehearse says how long they are kept

Days count from the last time that something happened in an interview, so one that is open and in use is never cut off.
Nothing here deletes: a store does, and keeps the promises of `Keeping`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from pydantic import Field, ValidationError

from engine.admin.records import AdminStore, Record
from engine.admin.roles import EVERYWHERE
from engine.facts import Begun, Fact, Stopped, Summarised
from engine.interviews import Audience, Frozen
from engine.report import report_numbers
from engine.session import Session

DAY_S = 86_400.0
LONGEST_DAYS = 3_650
ID = "days"
"""The id of the one record of its kind."""
WORDS_GONE = "The words of this interview were deleted when their time was over; its figures are kept."


class Retention(Frozen):
    """Days, or `None`: until the person asks for deletion. Scores are kept at least as long as answers."""

    answers_days: int | None = Field(default=None, ge=1, le=LONGEST_DAYS)
    scores_days: int | None = Field(default=None, ge=1, le=LONGEST_DAYS)

    @property
    def consistent(self) -> bool:
        if self.scores_days is None:
            return True
        return self.answers_days is not None and self.answers_days <= self.scores_days


USUAL = Retention(answers_days=90, scores_days=365)
UNTIL_DELETED = Retention()


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds in a scope. `version` is that of the scope's own record, 0 where it has none.

    `chosen`: somebody set it, there or for everywhere.
    """

    retention: Retention
    version: int = 0
    chosen: bool = False

    def cutoffs(self, now: float, since: float) -> tuple[float | None, float | None]:
        """Before which moment words go, and before which everything goes; `None` for never.

        A rule that nobody chose counts from `since`, the day this database learned of it: an upgrade deletes nothing.
        """
        grace = 0.0 if self.chosen else since

        def before(days: int | None) -> float | None:
            return None if days is None or grace > now - days * DAY_S else now - days * DAY_S

        return before(self.retention.answers_days), before(self.retention.scores_days)


@dataclass(frozen=True, slots=True)
class Swept:
    """How many interviews lost their words, and how many went altogether."""

    words: int = 0
    whole: int = 0

    def __add__(self, other: Swept) -> Swept:
        return Swept(self.words + other.words, self.whole + other.whole)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many interviews a scope has: with their words, with figures alone, not over yet; and how old the oldest is.

    `oldest_at` is when something last happened in the one that has been quiet for longest, `None` without any.
    """

    worded: int = 0
    figures: int = 0
    under_way: int = 0
    oldest_at: float | None = None


class Keeping(Protocol):
    """Whatever keeps interviews, and lets them go."""

    async def scopes(self) -> Sequence[str]:
        """The scopes whose rules some interview goes by (`Setup.home`, or else its key's)."""
        ...

    async def since(self) -> float:
        """When retention began to hold here."""
        ...

    async def standing(self, scope: str) -> Standing: ...

    async def sweep(self, scope: str, words_before: float | None, whole_before: float | None) -> Swept:
        """Take the words out of interviews in which nothing happened since the one moment, and delete those of before
        the other, with everything that came with them. Nothing of it is left in the database's files.
        """
        ...


def usual(scope: str) -> Retention:
    """What holds where nobody chose: somebody's own computer keeps everything, a workspace does not."""
    return UNTIL_DELETED if scope.partition("/")[0] == "local" else USUAL


async def rule_of(store: AdminStore, scope: str) -> Rule:
    """What holds in a scope: its own rule, or that of everywhere, or the usual."""
    own = await store.newest(scope, "retention", ID)
    version = 0 if own is None else own.version
    found = _read(own) or (_read(await store.newest(EVERYWHERE, "retention", ID)) if scope != EVERYWHERE else None)
    return Rule(usual(scope), version) if found is None else Rule(found, version, chosen=True)


async def sweep(store: AdminStore, keeping: Keeping, now: float) -> Swept:
    """Let go of everything whose time is over, everywhere. `now` is epoch seconds."""
    since, total = await keeping.since(), Swept()
    for scope in await keeping.scopes():
        total += await sweep_scope(store, keeping, scope, now, since)
    return total


async def sweep_scope(store: AdminStore, keeping: Keeping, scope: str, now: float, since: float) -> Swept:
    """Let go of everything in a scope whose time is over."""
    words_before, whole_before = (await rule_of(store, scope)).cutoffs(now, since)
    if words_before is None and whole_before is None:
        return Swept()
    return await keeping.sweep(scope, words_before, whole_before)


def bare(session: Session) -> tuple[Fact, ...]:
    """The facts that are left of an interview without its words: it is over, and its figures are as they were."""
    kind = session.setup.type.model_copy(update={"audience": Audience()})
    begun = Begun(
        at=session.began_at,
        key=session.key,
        number=session.number,
        setup=session.setup.model_copy(update={"focus": "", "type": kind}),
    )
    figures = session.report or report_numbers(session)
    without: dict[str, object] = {"summary": WORDS_GONE, "fixes": (), "drill": "", "origins": {}}
    summarised = Summarised(at=session.updated_at, report=figures.model_copy(update=without))
    # An interview that was left half-way counts as stopped.
    stopped = (Stopped(at=session.updated_at),) if session.stopped or session.report is None else ()
    return (begun, *stopped, summarised)


def _read(record: Record | None) -> Retention | None:
    """What a record says; nothing where it was taken back, or is a later version's."""
    if record is None or record.archived:
        return None
    try:
        return Retention.model_validate_json(record.body)
    except ValidationError:
        return None
