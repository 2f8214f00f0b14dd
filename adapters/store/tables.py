"""Every table: its columns, and for what is about a person, which class of data it is and how long it is kept.

One set of tables serves SQLite and PostgreSQL; `migrations/` builds them, and a test holds the two together. JSON is
kept as text: it is written and read whole, and PostgreSQL's own JSON type refuses a NUL that a candidate may well type.

Whatever is about a person has a `person` column (`rows.person`), and deleting a person means deleting by it from every
table that has one. `Table.info` says the rest: `personal` is one of

    words     what a candidate wrote, or what was written about it
    ids       a platform's ids of a person or a place
    figures   numbers about a person's interviews
    choices   what a person set for themselves
    none      the product's own

and `kept` for how long. Triggers that forbid changing what happened stand in the first migration.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    text,
)

UNTIL_FORGOTTEN = "until the person asks for deletion, or the workspace's retention ends"

metadata = MetaData(
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    }
)
C = TypeVar("C", bound=TypedColumns)


def _counted() -> Column[int]:
    # SQLite counts by itself only in a column that is exactly INTEGER.
    return Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True)


class MailboxColumns(TypedColumns):
    n = _counted()
    key: Named[str]
    id: Named[str]
    person: Named[str] = Column(index=True)
    arrived_at: Named[float]
    body: Named[str | None] = Column(Text)


mailbox = Table(
    "mailbox",
    metadata,
    MailboxColumns,
    UniqueConstraint("key", "id"),
    Index(
        "mailbox_unread", "key", "n", sqlite_where=text("body IS NOT NULL"), postgresql_where=text("body IS NOT NULL")
    ),
    info={"personal": "words", "kept": "the words until read; the delivery's id " + UNTIL_FORGOTTEN},
)
"""`body` is the inbound's JSON while it is unread, then NULL: the words live on in the facts, `id` knows duplicates."""


class SessionColumns(TypedColumns):
    id: Named[str] = Column(primary_key=True)
    key: Named[str]
    number: Named[int]
    person: Named[str]
    version: Named[int]
    shape: Named[str]
    snapshot: Named[str] = Column(Text)
    due_at: Named[float | None]
    began_at: Named[float]
    updated_at: Named[float]
    over: Named[bool]
    home: Named[str] = Column(server_default="")
    swept_at: Named[float | None]


sessions = Table(
    "sessions",
    metadata,
    SessionColumns,
    UniqueConstraint("key", "number"),
    Index("sessions_person", "person", "began_at"),
    Index("sessions_home", "home", "updated_at"),
    Index(
        "sessions_due", "due_at", sqlite_where=text("due_at IS NOT NULL"), postgresql_where=text("due_at IS NOT NULL")
    ),
    info={"personal": "words", "kept": UNTIL_FORGOTTEN},
)
"""`snapshot` caches the facts, good while `shape` is ours. `due_at` is only set on a thread's newest interview.

`home` is the scope whose rules the interview goes by; `swept_at` is when its words went, and only figures were left.
"""


class FactColumns(TypedColumns):
    session_id: Named[str] = Column(ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True)
    seq: Named[int] = Column(primary_key=True, autoincrement=False)
    person: Named[str] = Column(index=True)
    kind: Named[str]
    at: Named[float]
    body: Named[str] = Column(Text)


facts = Table("facts", metadata, FactColumns, info={"personal": "words", "kept": UNTIL_FORGOTTEN})
"""Append-only. `seq` is the session's version after the fact."""


class LeaseColumns(TypedColumns):
    key: Named[str] = Column(primary_key=True)
    person: Named[str] = Column(index=True)
    process: Named[str]
    fence: Named[int]
    expires_at: Named[float]


leases = Table("leases", metadata, LeaseColumns, info={"personal": "ids", "kept": UNTIL_FORGOTTEN})
"""A row that has expired is a free thread. `process` and `fence` together are never used twice."""


class HandleColumns(TypedColumns):
    key: Named[str] = Column(primary_key=True)
    post: Named[str] = Column(primary_key=True)
    person: Named[str] = Column(index=True)
    handle: Named[str]


handles = Table("handles", metadata, HandleColumns, info={"personal": "ids", "kept": UNTIL_FORGOTTEN})


class PreferencesColumns(TypedColumns):
    person: Named[str] = Column(primary_key=True)
    body: Named[str] = Column(Text)


preferences = Table("preferences", metadata, PreferencesColumns, info={"personal": "choices", "kept": UNTIL_FORGOTTEN})
"""`body` is JSON, so that one more preference is not one more column."""


class InstallationColumns(TypedColumns):
    app: Named[str] = Column(primary_key=True)
    enterprise: Named[str] = Column(primary_key=True)
    team: Named[str] = Column(primary_key=True)
    version: Named[int]
    busy_until: Named[float]
    body: Named[str] = Column(Text)


installations = Table(
    "installations",
    metadata,
    InstallationColumns,
    info={"personal": "none", "kept": "until the workspace removes the app"},
)
"""A workspace's bot token, sealed before it comes here. `team` is "" where a whole organisation installed the app.

Only the holder of `busy_until` may ask for a new token, and only onto the `version` that it read.
"""


class InstallationTeamColumns(TypedColumns):
    app: Named[str] = Column(primary_key=True)
    team: Named[str] = Column(primary_key=True)
    enterprise: Named[str]


installation_teams = Table(
    "installation_teams",
    metadata,
    InstallationTeamColumns,
    info={"personal": "none", "kept": "until the organisation removes the app"},
)
"""Which organisation's installation a workspace goes by."""


class OAuthStateColumns(TypedColumns):
    state: Named[str] = Column(primary_key=True)
    expires_at: Named[float]


oauth_states = Table(
    "oauth_states", metadata, OAuthStateColumns, info={"personal": "none", "kept": "ten minutes, or until it is used"}
)
"""An installation that somebody has begun. `state` is a digest, so that reading the table lets nobody finish one."""


class PromptVersionColumns(TypedColumns):
    ref: Named[str] = Column(primary_key=True)
    name: Named[str]
    version: Named[int]
    body: Named[str] = Column(Text)
    created_by: Named[str]
    created_at: Named[float]
    message: Named[str] = Column(Text)
    status: Named[str]


prompt_version = Table(
    "prompt_version",
    metadata,
    PromptVersionColumns,
    UniqueConstraint("name", "version"),
    CheckConstraint("status IN ('draft', 'active', 'retired')", "status"),
    info={"personal": "none", "kept": "for ever"},
)
"""`ref` is `name@digest`, so the same content is the same version. Only `status` may change."""


class PromptLabelColumns(TypedColumns):
    name: Named[str] = Column(primary_key=True)
    label: Named[str] = Column(primary_key=True)
    ref: Named[str] = Column(ForeignKey(prompt_version.c.ref))
    moved_by: Named[str]


prompt_label = Table("prompt_label", metadata, PromptLabelColumns, info={"personal": "none", "kept": "for ever"})


class PromptLabelEventColumns(TypedColumns):
    n = _counted()
    name: Named[str]
    label: Named[str]
    from_ref: Named[str | None]
    to_ref: Named[str]
    actor: Named[str]
    reason: Named[str] = Column(Text)
    at: Named[float]


prompt_label_event = Table(
    "prompt_label_event", metadata, PromptLabelEventColumns, info={"personal": "none", "kept": "for ever"}
)
"""Append-only: every move of a label, by whom and why."""


class PromptEventColumns(TypedColumns):
    n = _counted()
    name: Named[str]
    deed: Named[str]
    ref: Named[str]
    label: Named[str]
    before_ref: Named[str]
    share_bp: Named[int | None]
    actor: Named[str]
    reason: Named[str] = Column(Text)
    at: Named[float]


prompt_event = Table(
    "prompt_event",
    metadata,
    PromptEventColumns,
    Index("prompt_event_name", "name", "n"),
    info={"personal": "none", "kept": "for ever"},
)
"""Append-only: everything that was done to a prompt, by whom and why. How many there are is the prompt's revision."""


class RolloutColumns(TypedColumns):
    id: Named[int] = Column(primary_key=True)
    name: Named[str]
    control_ref: Named[str] = Column(ForeignKey(prompt_version.c.ref))
    candidate_ref: Named[str] = Column(ForeignKey(prompt_version.c.ref))
    salt: Named[str]
    opened_by: Named[str]
    opened_at: Named[float]
    closed_at: Named[float | None]
    close_reason: Named[str | None] = Column(Text)


rollout = Table(
    "rollout",
    metadata,
    RolloutColumns,
    Index(
        "rollout_one_open",
        "name",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
    info={"personal": "none", "kept": "for ever"},
)


class RolloutStageColumns(TypedColumns):
    rollout_id: Named[int] = Column(ForeignKey(rollout.c.id), primary_key=True, autoincrement=False)
    seq: Named[int] = Column(primary_key=True, autoincrement=False)
    share_bp: Named[int]
    started_at: Named[float]
    ended_at: Named[float | None]


rollout_stage = Table(
    "rollout_stage",
    metadata,
    RolloutStageColumns,
    CheckConstraint("share_bp BETWEEN 0 AND 10000", "share_bp"),
    info={"personal": "none", "kept": "for ever"},
)
"""`share_bp` is the candidate version's share of new sessions, in basis points. Statistics are per stage."""


class AssignmentColumns(TypedColumns):
    session_id: Named[str] = Column(ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True)
    name: Named[str] = Column(primary_key=True)
    person: Named[str] = Column(index=True)
    ref: Named[str]
    rollout_id: Named[int | None] = Column(ForeignKey(rollout.c.id))
    stage_seq: Named[int | None]
    arm: Named[str]
    at: Named[float]


assignment = Table(
    "assignment",
    metadata,
    AssignmentColumns,
    Index("assignment_name", "name", "at"),
    info={"personal": "figures", "kept": UNTIL_FORGOTTEN},
)
"""Which version of each prompt a session is pinned to, and by which rollout, if any."""


class TurnMetricColumns(TypedColumns):
    n = _counted()
    session_id: Named[str] = Column(ForeignKey(sessions.c.id, ondelete="CASCADE"), index=True)
    turn: Named[int]
    person: Named[str] = Column(index=True)
    name: Named[str]
    ref: Named[str]
    provider: Named[str]
    model: Named[str]
    took_ms: Named[int]
    first_section_ms: Named[int]
    input_tokens: Named[int]
    output_tokens: Named[int]
    cost_micros: Named[int]
    schema_ok: Named[bool]
    retries: Named[int]
    error: Named[str | None]
    at: Named[float]
    score: Named[float | None]


turn_metric = Table("turn_metric", metadata, TurnMetricColumns, info={"personal": "figures", "kept": UNTIL_FORGOTTEN})
"""One per review. `error` is `engine.trials.observing.Trouble`."""


class RatingColumns(TypedColumns):
    session_id: Named[str] = Column(ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True)
    turn: Named[int] = Column(primary_key=True, autoincrement=False)
    person: Named[str] = Column(index=True)
    value: Named[int]
    at: Named[float]


rating = Table("rating", metadata, RatingColumns, info={"personal": "figures", "kept": UNTIL_FORGOTTEN})


class MetaColumns(TypedColumns):
    name: Named[str] = Column(primary_key=True)
    value: Named[str] = Column(Text)


meta = Table("meta", metadata, MetaColumns, info={"personal": "none", "kept": "for ever"})
"""Facts about the database itself."""
