"""The first tables, and the triggers that keep what happened as it happened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

DOUBLE: sa.Double[float] = sa.Double()

FROZEN = {
    "facts": "",
    "prompt_label_event": "",
    "prompt_version": "OF ref, name, version, body, created_by, created_at, message",
}
"""Tables whose rows may not be changed, and in which columns (all, where none are named)."""
KEPT = ("prompt_label_event", "prompt_version")
"""Tables whose rows may not be deleted. Facts may: a person may ask for it."""


def upgrade() -> None:
    _tables()
    _triggers()


def _triggers() -> None:
    postgres = op.get_context().dialect.name == "postgresql"
    if postgres:
        op.execute(
            "CREATE FUNCTION rehearse_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    changes = [(f"{name}_unchanged", f"UPDATE {columns}", name) for name, columns in FROZEN.items()]
    changes += [(f"{name}_kept", "DELETE", name) for name in KEPT]
    for trigger, change, name in changes:
        act = (
            "EXECUTE FUNCTION rehearse_refuse()"
            if postgres
            else f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )
        op.execute(f"CREATE TRIGGER {trigger} BEFORE {change} ON {name} FOR EACH ROW {act}")


def _tables() -> None:
    op.create_table(
        "handles",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", "post", name=op.f("handles_pkey")),
    )
    op.create_index(op.f("handles_person"), "handles", ["person"], unique=False)
    op.create_table(
        "leases",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("expires_at", DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("leases_pkey")),
    )
    op.create_index(op.f("leases_person"), "leases", ["person"], unique=False)
    op.create_table(
        "mailbox",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("arrived_at", DOUBLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("n", name=op.f("mailbox_pkey")),
        sa.UniqueConstraint("key", "id", name=op.f("mailbox_key_id_key")),
    )
    op.create_index(op.f("mailbox_person"), "mailbox", ["person"], unique=False)
    op.create_index(
        "mailbox_unread",
        "mailbox",
        ["key", "n"],
        unique=False,
        sqlite_where=sa.text("body IS NOT NULL"),
        postgresql_where=sa.text("body IS NOT NULL"),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("meta_pkey")),
    )
    op.create_table(
        "prompt_label_event",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("from_ref", sa.String(), nullable=True),
        sa.Column("to_ref", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("prompt_label_event_pkey")),
    )
    op.create_table(
        "prompt_version",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", DOUBLE, nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'active', 'retired')", name=op.f("prompt_version_status")),
        sa.PrimaryKeyConstraint("ref", name=op.f("prompt_version_pkey")),
        sa.UniqueConstraint("name", "version", name=op.f("prompt_version_name_version_key")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shape", sa.String(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("due_at", DOUBLE, nullable=True),
        sa.Column("began_at", DOUBLE, nullable=False),
        sa.Column("updated_at", DOUBLE, nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sessions_pkey")),
        sa.UniqueConstraint("key", "number", name=op.f("sessions_key_number_key")),
    )
    op.create_index(
        "sessions_due",
        "sessions",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index("sessions_person", "sessions", ["person", "began_at"], unique=False)
    op.create_table(
        "facts",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("facts_session_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "seq", name=op.f("facts_pkey")),
    )
    op.create_index(op.f("facts_person"), "facts", ["person"], unique=False)
    op.create_table(
        "prompt_label",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ref"], ["prompt_version.ref"], name=op.f("prompt_label_ref_fkey")),
        sa.PrimaryKeyConstraint("name", "label", name=op.f("prompt_label_pkey")),
    )
    op.create_table(
        "rating",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("rating_session_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "turn", name=op.f("rating_pkey")),
    )
    op.create_index(op.f("rating_person"), "rating", ["person"], unique=False)
    op.create_table(
        "rollout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("control_ref", sa.String(), nullable=False),
        sa.Column("candidate_ref", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", DOUBLE, nullable=False),
        sa.Column("closed_at", DOUBLE, nullable=True),
        sa.Column("close_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["candidate_ref"], ["prompt_version.ref"], name=op.f("rollout_candidate_ref_fkey")),
        sa.ForeignKeyConstraint(["control_ref"], ["prompt_version.ref"], name=op.f("rollout_control_ref_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("rollout_pkey")),
    )
    op.create_index(
        "rollout_one_open",
        "rollout",
        ["name"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "turn_metric",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.Column("first_section_ms", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_micros", sa.Integer(), nullable=False),
        sa.Column("schema_ok", sa.Boolean(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("at", DOUBLE, nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("turn_metric_session_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("n", name=op.f("turn_metric_pkey")),
    )
    op.create_index(op.f("turn_metric_person"), "turn_metric", ["person"], unique=False)
    op.create_index(op.f("turn_metric_session_id"), "turn_metric", ["session_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=True),
        sa.Column("stage_seq", sa.Integer(), nullable=True),
        sa.Column("arm", sa.String(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("assignment_rollout_id_fkey")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("assignment_session_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", "name", name=op.f("assignment_pkey")),
    )
    op.create_index(op.f("assignment_person"), "assignment", ["person"], unique=False)
    op.create_table(
        "rollout_stage",
        sa.Column("rollout_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=False),
        sa.Column("started_at", DOUBLE, nullable=False),
        sa.Column("ended_at", DOUBLE, nullable=True),
        sa.CheckConstraint("share_bp BETWEEN 0 AND 10000", name=op.f("rollout_stage_share_bp")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("rollout_stage_rollout_id_fkey")),
        sa.PrimaryKeyConstraint("rollout_id", "seq", name=op.f("rollout_stage_pkey")),
    )
