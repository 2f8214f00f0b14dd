"""What admins set, and the line that every change leaves, in the words of whoever keeps them.

A record is one version of one thing: an interview type, a set of questions, limits. Versions are never changed; the
newest one counts, and going back is one more version that says what an earlier one said.
`adapters/store/admin.py` keeps these promises; `tests/contracts/admin_store.py` holds it to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from engine.admin.roles import AdminRole

RecordKind = Literal["type", "questions", "defaults", "limits", "retention", "draft", "alerts"]
SubjectKind = Literal["user", "group"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit, which nobody can change or delete.

    `actor` is a keyed hash of who did it ("" for the product itself), `act` what they did ("type.publish"), `subject`
    what they did it to, `words` a sentence about it without names of people.
    """

    scope: str
    at: float
    actor: str
    role: AdminRole | None
    act: str
    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class Record:
    """A version of something. `body` is its JSON. `archived`: kept, but not in use."""

    scope: str
    kind: RecordKind
    id: str
    version: int
    body: str
    archived: bool
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that somebody was given. `subject` is the platform's id of a person or a group."""

    scope: str
    kind: SubjectKind
    subject: str
    role: AdminRole
    at: float


@dataclass(frozen=True, slots=True)
class FormDraft:
    """What somebody typed into a form that is not done: by field, kept until it is done or a day is over."""

    path: str
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])


class AdminStore(Protocol):
    """Each change is one transaction with its line of the audit; changes of one thing come one by one.

    A `scope` is `platform/workspace`, or `EVERYWHERE`. A `person` is `ThreadKey.person`; what is kept under one goes
    when the person is forgotten.
    """

    async def newest(self, scope: str, kind: RecordKind, id: str) -> Record | None:
        """The version that counts."""
        ...

    async def every(self, scope: str, kind: RecordKind) -> Sequence[Record]:
        """Of each thing of a kind the version that counts, archived ones too, in the order of their ids."""
        ...

    async def versions(self, scope: str, kind: RecordKind, id: str, limit: int = 50) -> Sequence[Record]:
        """Of one thing every version, newest first."""
        ...

    async def put(
        self, scope: str, kind: RecordKind, id: str, body: str, *, seen: int, entry: Entry, archived: bool = False
    ) -> Record:
        """One more version. `seen` is the version it was decided on, 0 for a new thing.

        Raises `Overtaken`, whose `change` is the other's line of the audit, when a newer version is there; then nothing
        was written.
        """
        ...

    async def note(self, entry: Entry) -> None:
        """A line of the audit for something that is kept elsewhere."""
        ...

    async def audit(self, scope: str, *, limit: int = 50, before: int | None = None) -> Sequence[tuple[int, Entry]]:
        """Lines of a scope with their numbers, newest first; `before` is the number of the last one seen."""
        ...

    async def grants(self, scope: str) -> Sequence[Grant]:
        """Every grant of a scope, in the order they were given."""
        ...

    async def grant(self, grant: Grant, *, entry: Entry) -> None:
        """Give a role, instead of one that was given before."""
        ...

    async def revoke(self, scope: str, kind: SubjectKind, subject: str, *, entry: Entry) -> bool:
        """Take a grant back; `False` when there was none, and then nothing is written."""
        ...

    async def seat(self, scope: str, person: str, *, told: bool, at: float) -> None:
        """Remember that somebody looks after this scope, and whether they want to be told of what needs them."""
        ...

    async def seats(self, scope: str) -> Sequence[str]:
        """The people who want to be told."""
        ...

    async def draft(self, person: str, path: str) -> FormDraft | None:
        """What the person typed into a form before; nothing older than a day."""
        ...

    async def keep_draft(self, person: str, draft: FormDraft, *, at: float) -> None: ...

    async def drop_draft(self, person: str, path: str) -> None: ...

    async def handle(self, person: str, card: str) -> str:
        """Where a card that is written again in place was delivered to a person; "" when it was not."""
        ...

    async def keep_handle(self, person: str, card: str, handle: str) -> None: ...
