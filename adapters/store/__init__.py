"""The store: what happened, durably, on SQLite or PostgreSQL. `open_store` is the way in."""

from __future__ import annotations

from adapters.store.opening import open_store
from adapters.store.prompts import SqlPromptStore
from adapters.store.sql import SqlStore

__all__ = ["SqlPromptStore", "SqlStore", "open_store"]
