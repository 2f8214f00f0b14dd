"""The tables of what admins set. See `tables.py` for what the columns of `Table.info` mean."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Named, Table, Text, TypedColumns

from adapters.store.tables import UNTIL_FORGOTTEN, metadata


class RecordColumns(TypedColumns):
    scope: Named[str] = Column(primary_key=True)
    kind: Named[str] = Column(primary_key=True)
    id: Named[str] = Column(primary_key=True)
    version: Named[int] = Column(primary_key=True, autoincrement=False)
    body: Named[str] = Column(Text)
    archived: Named[bool]
    actor: Named[str]
    at: Named[float]


admin_record = Table(
    "admin_record",
    metadata,
    RecordColumns,
    info={"personal": "none", "kept": "until the workspace removes the app"},
)
"""Append-only: every version of what admins set, as JSON. The newest counts."""


class AuditColumns(TypedColumns):
    n: Named[int] = Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    scope: Named[str]
    at: Named[float]
    actor: Named[str]
    role: Named[str | None]
    act: Named[str]
    subject: Named[str]
    words: Named[str] = Column(Text)


admin_audit = Table(
    "admin_audit",
    metadata,
    AuditColumns,
    Index("admin_audit_scope", "scope", "n"),
    info={"personal": "none", "kept": "for ever; who did it is a keyed hash"},
)
"""Append-only: every change an admin made."""


class GrantColumns(TypedColumns):
    scope: Named[str] = Column(primary_key=True)
    kind: Named[str] = Column(primary_key=True)
    subject: Named[str] = Column(primary_key=True)
    person: Named[str] = Column(index=True)
    role: Named[str]
    at: Named[float]


admin_grant = Table("admin_grant", metadata, GrantColumns, info={"personal": "ids", "kept": UNTIL_FORGOTTEN})
"""A role that was given. `person` is that of a `user`, and "" for a group."""


class SeatColumns(TypedColumns):
    scope: Named[str] = Column(primary_key=True)
    person: Named[str] = Column(primary_key=True)
    told: Named[bool]
    at: Named[float]


admin_seat = Table("admin_seat", metadata, SeatColumns, info={"personal": "ids", "kept": UNTIL_FORGOTTEN})
"""Who looks after a scope, and whether they want to be told of what needs them."""


class DraftColumns(TypedColumns):
    person: Named[str] = Column(primary_key=True)
    path: Named[str] = Column(primary_key=True)
    body: Named[str] = Column(Text)
    at: Named[float]


admin_draft = Table("admin_draft", metadata, DraftColumns, info={"personal": "words", "kept": "for a day"})
"""What was typed into a form that is not done."""


class CardColumns(TypedColumns):
    person: Named[str] = Column(primary_key=True)
    card: Named[str] = Column(primary_key=True)
    handle: Named[str]


admin_card = Table("admin_card", metadata, CardColumns, info={"personal": "ids", "kept": UNTIL_FORGOTTEN})
"""Where a card that is written again in place was delivered to a person."""
