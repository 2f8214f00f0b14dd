"""What was done to prompts, by whom and why, and the score that a review gave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

DOUBLE: sa.Double[float] = sa.Double()


def upgrade() -> None:
    op.create_table(
        "prompt_event",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("before_ref", sa.String(), nullable=False),
        sa.Column("share_bp", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("prompt_event_pkey")),
    )
    op.create_index("prompt_event_name", "prompt_event", ["name", "n"], unique=False)
    op.create_index("assignment_name", "assignment", ["name", "at"], unique=False)
    op.add_column("turn_metric", sa.Column("score", DOUBLE, nullable=True))
    _remember()
    _keep()


def _remember() -> None:
    """What was done before there was a table for it."""
    columns = "name, deed, ref, label, before_ref, share_bp, actor, reason, at"
    op.execute(
        f"INSERT INTO prompt_event ({columns}) SELECT * FROM ("
        "SELECT name, 'created' AS deed, ref, '' AS label, '' AS before_ref, CAST(NULL AS INTEGER) AS share_bp, "
        "created_by AS actor, message AS reason, created_at AS at FROM prompt_version UNION ALL "
        "SELECT name, 'moved', to_ref, label, COALESCE(from_ref, ''), NULL, actor, reason, at FROM prompt_label_event"
        ") AS earlier ORDER BY at, deed"
    )


def _keep() -> None:
    refuse = (
        "EXECUTE FUNCTION rehearse_refuse()"
        if op.get_context().dialect.name == "postgresql"
        else "BEGIN SELECT RAISE(ABORT, 'prompt_event is append-only'); END"
    )
    for trigger, change in (("unchanged", "UPDATE"), ("kept", "DELETE")):
        op.execute(f"CREATE TRIGGER prompt_event_{trigger} BEFORE {change} ON prompt_event FOR EACH ROW {refuse}")
