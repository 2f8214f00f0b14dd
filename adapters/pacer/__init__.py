"""The governor: who may write next, so that a platform's limits are never met and what matters is shown first."""

from __future__ import annotations

from adapters.pacer.budget import Budget
from adapters.pacer.forecast import Need, affordable
from adapters.pacer.governor import Governor, Rank, Wish, Writer

__all__ = ["Budget", "Governor", "Need", "Rank", "Wish", "Writer", "affordable"]
