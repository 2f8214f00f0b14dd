"""By whose rules an interview goes, and when its words went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

DOUBLE: sa.Double[float] = sa.Double()


def upgrade() -> None:
    op.add_column("sessions", sa.Column("home", sa.String(), nullable=False, server_default=""))
    op.add_column("sessions", sa.Column("swept_at", DOUBLE, nullable=True))
    _fill()
    op.create_index("sessions_home", "sessions", ["home", "updated_at"], unique=False)


def _fill() -> None:
    """Until now every interview went by the rules of its workspace: what stands before the last slash."""
    connection = op.get_bind()
    person: sa.ColumnClause[str] = sa.column("person", sa.String)
    sessions = sa.table("sessions", person, sa.column("home", sa.String))
    for who in connection.scalars(sa.select(person).select_from(sessions).distinct()).all():
        connection.execute(sa.update(sessions).where(person == who).values(home=who.rpartition("/")[0]))
