"""What people set for themselves, and the workspaces that installed an app with the tokens they gave it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

DOUBLE: sa.Double[float] = sa.Double()


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("preferences_pkey")),
    )
    op.create_table(
        "installations",
        sa.Column("app", sa.String(), nullable=False),
        sa.Column("enterprise", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("busy_until", DOUBLE, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("app", "enterprise", "team", name=op.f("installations_pkey")),
    )
    op.create_table(
        "installation_teams",
        sa.Column("app", sa.String(), nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("enterprise", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("app", "team", name=op.f("installation_teams_pkey")),
    )
    op.create_table(
        "oauth_states",
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("expires_at", DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("state", name=op.f("oauth_states_pkey")),
    )
