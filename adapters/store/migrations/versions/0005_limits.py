"""What people and workspaces use, what is set aside for what is under way, and who may use more today."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

DOUBLE: sa.Double[float] = sa.Double()


def upgrade() -> None:
    op.create_table(
        "limit_use",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        *_amounts(),
        sa.PrimaryKeyConstraint("scope", "person", "day", name=op.f("limit_use_pkey")),
    )
    op.create_index("limit_use_person", "limit_use", ["person"], unique=False)
    op.create_index("limit_use_day", "limit_use", ["day"], unique=False)
    op.create_table(
        "limit_hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("expires_at", DOUBLE, nullable=False),
        *_amounts(),
        sa.PrimaryKeyConstraint("id", name=op.f("limit_hold_pkey")),
    )
    op.create_index(op.f("limit_hold_person"), "limit_hold", ["person"], unique=False)
    op.create_index("limit_hold_scope", "limit_hold", ["scope", "day", "expires_at"], unique=False)
    op.create_table(
        "limit_open",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("limit_open_pkey")),
    )
    op.create_index(op.f("limit_open_person"), "limit_open", ["person"], unique=False)
    op.create_index("limit_open_scope", "limit_open", ["scope"], unique=False)
    op.create_table(
        "limit_lift",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("scope", "person", "day", name=op.f("limit_lift_pkey")),
    )
    op.create_index("limit_lift_person", "limit_lift", ["person"], unique=False)
    op.create_table(
        "limit_told",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "day", "what", name=op.f("limit_told_pkey")),
    )


def _amounts() -> tuple[sa.Column[int], ...]:
    names = ("interviews", "answers", "tokens", "cost_micros", "audio_s")
    return tuple(sa.Column(name, sa.BigInteger(), nullable=False) for name in names)
