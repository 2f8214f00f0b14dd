"""What Alembic runs for us: all migrations in the one transaction that `adapters/store/migrate.py` has begun."""

from __future__ import annotations

from typing import cast

from alembic import context
from sqlalchemy import Connection

from adapters.store.tables import metadata

connection = cast("Connection", context.config.attributes["connection"])
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
