"""What interviews came to, what candidates share with coaches, and how coaches rate it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

DOUBLE: sa.Double[float] = sa.Double()


def upgrade() -> None:
    op.create_table(
        "outcome",
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("home", sa.String(), nullable=False),
        sa.Column("type_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("began_at", DOUBLE, nullable=False),
        sa.Column("ended_at", DOUBLE, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("score", DOUBLE, nullable=True),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("hints", sa.Integer(), nullable=False),
        sa.Column("judge", sa.String(), nullable=False),
        _of_a_session("outcome"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("outcome_pkey")),
    )
    op.create_index(op.f("outcome_person"), "outcome", ["person"], unique=False)
    op.create_index("outcome_home", "outcome", ["home", "began_at"], unique=False)
    op.create_index("outcome_report", "outcome", ["report"], unique=False)
    op.create_table(
        "shared_report",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("home", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        _of_a_session("shared_report"),
        sa.PrimaryKeyConstraint("id", name=op.f("shared_report_pkey")),
    )
    op.create_index(op.f("shared_report_session_id"), "shared_report", ["session_id"], unique=False)
    op.create_index(op.f("shared_report_person"), "shared_report", ["person"], unique=False)
    op.create_table(
        "report_coach",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["shared_report.id"], name=op.f("report_coach_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("report_coach_pkey")),
    )
    op.create_index(op.f("report_coach_person"), "report_coach", ["person"], unique=False)
    op.create_table(
        "coach_rating",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("home", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("coach", sa.String(), nullable=False),
        sa.Column("type_id", sa.String(), nullable=False),
        sa.Column("rubric", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("machine", sa.Integer(), nullable=True),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("prompt", sa.String(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        _of_a_session("coach_rating"),
        sa.PrimaryKeyConstraint("n", name=op.f("coach_rating_pkey")),
    )
    op.create_index(op.f("coach_rating_session_id"), "coach_rating", ["session_id"], unique=False)
    op.create_index(op.f("coach_rating_person"), "coach_rating", ["person"], unique=False)
    op.create_index("coach_rating_home", "coach_rating", ["home", "at"], unique=False)
    _keep()


def _of_a_session(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["session_id"], ["sessions.id"], name=op.f(f"{table}_session_id_fkey"), ondelete="CASCADE"
    )


def _keep() -> None:
    refuse = (
        "EXECUTE FUNCTION rehearse_refuse()"
        if op.get_context().dialect.name == "postgresql"
        else "BEGIN SELECT RAISE(ABORT, 'coach_rating is append-only'); END"
    )
    op.execute(f"CREATE TRIGGER coach_rating_unchanged BEFORE UPDATE ON coach_rating FOR EACH ROW {refuse}")
