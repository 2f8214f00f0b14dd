"""The tables of the team view, of sharing, and of coaches' ratings. See `tables.py` for what `Table.info` means."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Named, Table, Text, TypedColumns

from adapters.store.tables import UNTIL_FORGOTTEN, metadata, sessions


class OutcomeColumns(TypedColumns):
    session_id: Named[str] = Column(ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True)
    person: Named[str] = Column(index=True)
    report: Named[str]
    home: Named[str]
    type_id: Named[str]
    title: Named[str]
    role: Named[str]
    began_at: Named[float]
    ended_at: Named[float | None]
    state: Named[str]
    answers: Named[int]
    score: Named[float | None]
    criteria: Named[str] = Column(Text)
    hints: Named[int]
    judge: Named[str]


outcome = Table(
    "outcome",
    metadata,
    OutcomeColumns,
    Index("outcome_home", "home", "began_at"),
    Index("outcome_report", "report"),
    info={"personal": "figures", "kept": UNTIL_FORGOTTEN},
)
"""One per interview, written with the facts that change it. `report` is `engine.admin.sharing.report_id`."""


class SharedReportColumns(TypedColumns):
    id: Named[str] = Column(primary_key=True)
    session_id: Named[str] = Column(ForeignKey(sessions.c.id, ondelete="CASCADE"), index=True)
    person: Named[str] = Column(index=True)
    home: Named[str]
    title: Named[str]
    note: Named[str] = Column(Text)
    at: Named[float]


shared_report = Table(
    "shared_report", metadata, SharedReportColumns, info={"personal": "words", "kept": "until the person takes it back"}
)
"""An interview that its candidate, `person`, shows to a coach."""


class ReportCoachColumns(TypedColumns):
    id: Named[str] = Column(ForeignKey(shared_report.c.id, ondelete="CASCADE"), primary_key=True)
    person: Named[str] = Column(index=True)


report_coach = Table(
    "report_coach", metadata, ReportCoachColumns, info={"personal": "ids", "kept": "until the candidate takes it back"}
)
"""The coach it is shown to, in a row of their own: forgetting either of the two people takes the sharing along."""


class CoachRatingColumns(TypedColumns):
    n: Named[int] = Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)
    session_id: Named[str] = Column(ForeignKey(sessions.c.id, ondelete="CASCADE"), index=True)
    person: Named[str] = Column(index=True)
    home: Named[str]
    turn: Named[int]
    attempt: Named[int]
    revision: Named[int]
    coach: Named[str]
    type_id: Named[str]
    rubric: Named[str]
    question: Named[str]
    difficulty: Named[int]
    criterion: Named[str]
    level: Named[int | None]
    machine: Named[int | None]
    engine: Named[str]
    prompt: Named[str]
    blind: Named[bool]
    at: Named[float]


coach_rating = Table(
    "coach_rating",
    metadata,
    CoachRatingColumns,
    Index("coach_rating_home", "home", "at"),
    info={"personal": "figures", "kept": UNTIL_FORGOTTEN},
)
"""Append-only: every level a coach gave. `person` is the candidate, `coach` a keyed hash; the newest row counts."""
