"""Discord's write limits.

Published are 50 requests a second of a bot over everything but the endpoints of interactions, and that everything else
is to be read off the answers. So ours is a bucket of 46 a second that holds two, and windows by route and channel, or
interaction token, that begin as what people have measured (5 in 5 s) and are told by every answer. Routes that turn
out to share a bucket share their windows from then on.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Literal

from adapters.pacer.budget import Budget
from adapters.pacer.window import Window

Kind = Literal["create", "edit", "delete", "read", "typing", "open", "hook create", "hook edit", "hook delete"]

OVERALL_PER_S = 46
USUAL, USUAL_S = 5, 5.0
KEPT_WINDOWS = 8_192
"""More than are used within the few seconds for which a window remembers anything."""


class Limits:
    """What one bot may write."""

    def __init__(self) -> None:
        self.overall = Budget("overall", OVERALL_PER_S * 60, burst=2)
        self._windows: OrderedDict[tuple[str, str], Window] = OrderedDict()
        self._buckets: dict[Kind, str] = {}

    def window(self, kind: Kind, major: str) -> Window:
        """The window of a kind of request in one channel, or by one interaction token."""
        where = (self._buckets.get(kind, kind), major)
        window = self._windows.get(where)
        if window is None:
            window = self._windows[where] = Window(kind, USUAL, USUAL_S)
            if len(self._windows) > KEPT_WINDOWS:
                self._windows.popitem(last=False)
        else:
            self._windows.move_to_end(where)
        return window

    def learn(self, kind: Kind, bucket: str) -> None:
        """An answer said which bucket its route counts in; what is known of its windows goes on there."""
        was = self._buckets.get(kind, kind)
        if was == bucket:
            return
        self._buckets[kind] = bucket
        shared = was in self._buckets.values()
        for where in [where for where in self._windows if where[0] == was]:
            window = self._windows[where] if shared else self._windows.pop(where)
            self._windows.setdefault((bucket, where[1]), window)
