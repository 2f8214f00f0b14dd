"""Sharing the report of one interview with a coach: how a button leads there, and what a candidate sees."""

from __future__ import annotations

from engine.admin.sharing import report_id

SHARE = "share"


def share_path(session_id: str) -> str:
    """Where the button *Share with a coach…* of a report leads."""
    return f"{SHARE}/{report_id(session_id)}"
