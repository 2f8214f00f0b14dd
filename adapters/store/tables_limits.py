"""The tables of what was used. See `tables.py` for what the columns of `Table.info` mean.

A `day` is a number of days since the epoch, in UTC. Rows with the person "" are those of the whole workspace.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Named, Table, TypedColumns

from adapters.store.tables import UNTIL_FORGOTTEN, metadata


class UseColumns(TypedColumns):
    scope: Named[str] = Column(primary_key=True)
    person: Named[str] = Column(primary_key=True)
    day: Named[int] = Column(primary_key=True, autoincrement=False)
    interviews: Named[int] = Column(BigInteger)
    answers: Named[int] = Column(BigInteger)
    tokens: Named[int] = Column(BigInteger)
    cost_micros: Named[int] = Column(BigInteger)
    audio_s: Named[int] = Column(BigInteger)


limit_use = Table(
    "limit_use",
    metadata,
    UseColumns,
    Index("limit_use_person", "person"),
    Index("limit_use_day", "day"),
    info={"personal": "figures", "kept": UNTIL_FORGOTTEN + ", at most for 400 days"},
)
"""What was used on a day, by a person and by everybody together."""


class HoldColumns(TypedColumns):
    id: Named[str] = Column(primary_key=True)
    scope: Named[str]
    person: Named[str] = Column(index=True)
    day: Named[int]
    expires_at: Named[float]
    interviews: Named[int] = Column(BigInteger)
    answers: Named[int] = Column(BigInteger)
    tokens: Named[int] = Column(BigInteger)
    cost_micros: Named[int] = Column(BigInteger)
    audio_s: Named[int] = Column(BigInteger)


limit_hold = Table(
    "limit_hold",
    metadata,
    HoldColumns,
    Index("limit_hold_scope", "scope", "day", "expires_at"),
    info={"personal": "figures", "kept": "for two days"},
)
"""What is set aside for something under way. One that has expired only says that its id was counted."""


class OpenColumns(TypedColumns):
    key: Named[str] = Column(primary_key=True)
    scope: Named[str]
    person: Named[str] = Column(index=True)
    at: Named[float]


limit_open = Table(
    "limit_open",
    metadata,
    OpenColumns,
    Index("limit_open_scope", "scope"),
    info={"personal": "ids", "kept": UNTIL_FORGOTTEN},
)
"""Whose rules hold for the newest interview of a thread."""


class LiftColumns(TypedColumns):
    scope: Named[str] = Column(primary_key=True)
    person: Named[str] = Column(primary_key=True)
    day: Named[int] = Column(primary_key=True, autoincrement=False)
    times: Named[int | None]


limit_lift = Table(
    "limit_lift",
    metadata,
    LiftColumns,
    Index("limit_lift_person", "person"),
    info={"personal": "choices", "kept": "for two days"},
)
"""How many times as much a person may use on a day; NULL: without a limit of their own."""


class ToldColumns(TypedColumns):
    scope: Named[str] = Column(primary_key=True)
    day: Named[int] = Column(primary_key=True, autoincrement=False)
    what: Named[str] = Column(primary_key=True)


limit_told = Table("limit_told", metadata, ToldColumns, info={"personal": "none", "kept": "for two days"})
"""What admins were told on a day."""
