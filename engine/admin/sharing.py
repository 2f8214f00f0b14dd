"""A candidate shows one interview to a coach, and takes it back.

Nobody needs a role to share, but everybody shares only what is their own. A coach needs the role at the moment of
sharing and at every reading, in the workspace whose rules the interview goes by.
"""

from __future__ import annotations

import hashlib


def report_id(session_id: str) -> str:
    """An interview in twelve hex digits, which fit into a button."""
    return hashlib.sha256(session_id.encode()).hexdigest()[:12]
