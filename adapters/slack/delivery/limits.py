"""Slack's write limits, as budgets of one workspace.

Numbers: Slack's rate limit tiers ("at least so many per minute", by method, workspace and app) and, for
`chat.postMessage`, "one per second per channel" with several hundred per minute over a workspace. How the budgets are
spent is left to the posts (`post.py`) and the governor.
"""

from __future__ import annotations

from collections import OrderedDict

from adapters.pacer.budget import Belief, Budget
from adapters.pacer.limit import Limit

KEPT_CHANNELS = 4_096
"""More conversations than a workspace uses within the few seconds for which a channel's budget remembers anything."""


class Limits:
    """What the app may write in one workspace."""

    def __init__(self) -> None:
        self.post = Budget("chat.postMessage", 300, burst=30)
        self.update = Budget("chat.update", 50)
        self.start = Budget("chat.startStream", 20)
        self.append = Budget("chat.appendStream", 100)
        self.stop = Budget("chat.stopStream", 20)
        self.delete = Budget("chat.delete", 50)
        self.look_up = Budget("conversations.replies", 50)
        self.open = Budget("conversations.open", 50)
        self.upload = Budget("files.completeUploadExternal", 100)
        self.session = Budget("agents.sessions.setStatus", 50)
        self.status = Budget("assistant.threads.setStatus", 300, burst=30)
        self._of_channels = Belief()
        """What one conversation teaches about the limit holds for all."""
        self._channels: OrderedDict[str, Budget] = OrderedDict()

    def refused(self, budget: Limit, now: float, retry_after_s: float) -> None:
        """Slack asked to wait, for that method; but where one limit is tighter than documented, others are as well."""
        budget.refused(now, retry_after_s)
        for other in (self.post, self.update, self.start, self.append, self.stop, self.session):
            if other is not budget:
                other.suspect()

    def channel(self, channel: str) -> Budget:
        """What may be posted in one conversation, on top of the workspace's limit."""
        budget = self._channels.get(channel)
        if budget is None:
            budget = self._channels[channel] = Budget(
                f"chat.postMessage in {channel}", 60, burst=3, belief=self._of_channels
            )
            while len(self._channels) > KEPT_CHANNELS:
                self._channels.popitem(last=False)
        self._channels.move_to_end(channel)
        return budget
