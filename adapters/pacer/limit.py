"""A rate limit of either kind: a bucket that fills all the time, or a window that is spent and begins anew."""

from __future__ import annotations

from adapters.pacer.budget import Budget
from adapters.pacer.window import Window

Limit = Budget | Window
