"""What admins set, who they are, and a line for everything they did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

DOUBLE: sa.Double[float] = sa.Double()


def upgrade() -> None:
    op.create_table(
        "admin_record",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("archived", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("scope", "kind", "id", "version", name=op.f("admin_record_pkey")),
    )
    op.create_table(
        "admin_audit",
        sa.Column("n", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("admin_audit_pkey")),
    )
    op.create_index("admin_audit_scope", "admin_audit", ["scope", "n"], unique=False)
    op.create_table(
        "admin_grant",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("scope", "kind", "subject", name=op.f("admin_grant_pkey")),
    )
    op.create_index(op.f("admin_grant_person"), "admin_grant", ["person"], unique=False)
    op.create_table(
        "admin_seat",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("scope", "person", name=op.f("admin_seat_pkey")),
    )
    op.create_table(
        "admin_draft",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", DOUBLE, nullable=False),
        sa.PrimaryKeyConstraint("person", "path", name=op.f("admin_draft_pkey")),
    )
    op.create_table(
        "admin_card",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("person", "card", name=op.f("admin_card_pkey")),
    )
    _keep("admin_record", "UPDATE")
    _keep("admin_audit", "UPDATE", "DELETE")


def _keep(table: str, *changes: str) -> None:
    refuse = (
        "EXECUTE FUNCTION rehearse_refuse()"
        if op.get_context().dialect.name == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
    for change in changes:
        trigger = f"{table}_{'unchanged' if change == 'UPDATE' else 'kept'}"
        op.execute(f"CREATE TRIGGER {trigger} BEFORE {change} ON {table} FOR EACH ROW {refuse}")
