"""Slack's write budgets as token buckets, one for each method of a workspace. What a refusal looks like is `web.py`'s.

The rates are Slack's published floors; the depth of a bucket, and the budgets of `chat.postMessage`, are a model: 12
seconds' worth, 1/s per channel (burst 3), and 300/min per workspace (burst 30).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

DEPTH_S = 12.0
_TIERS: Mapping[int, float] = {1: 1.0, 2: 20.0, 3: 50.0, 4: 100.0}
_TIER_OF: Mapping[str, int] = {
    **dict.fromkeys(("chat.startStream", "chat.stopStream", "conversations.list", "users.list", "reactions.remove"), 2),
    **dict.fromkeys(
        (
            "chat.update", "chat.delete", "assistant.threads.setSuggestedPrompts", "assistant.threads.setTitle",
            "agents.sessions.setStatus", "agents.sessions.rename", "conversations.open", "conversations.info",
            "conversations.members", "reactions.add", "team.info", "bots.info", "auth.revoke",
        ),
        3,
    ),
    **dict.fromkeys(
        (
            "chat.appendStream", "chat.postEphemeral", "views.open", "views.push", "views.update", "views.publish",
            "users.info", "files.getUploadURLExternal", "files.completeUploadExternal", "files.info", "oauth.v2.access",
        ),
        4,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rate:
    per_minute: float
    burst: float


@dataclass(slots=True)
class _Bucket:
    rate: Rate
    tokens: float
    at: float

    def wait_s(self, now: float) -> float:
        """How long until there is a token; 0 when there is one."""
        self.tokens = min(self.rate.burst, self.tokens + (now - self.at) * self.rate.per_minute / 60)
        self.at = now
        return 0.0 if self.tokens >= 1 - 1e-9 else (1 - self.tokens) * 60 / self.rate.per_minute


@dataclass(slots=True)
class Limits:
    """What an app may do in a workspace. A method that is in none of the tables is free."""

    methods: dict[str, Rate] = field(default_factory=dict[str, Rate])
    """For each team."""
    channels: dict[str, Rate] = field(default_factory=dict[str, Rate])
    """For each team and channel, on top."""
    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict[tuple[str, ...], _Bucket])

    @classmethod
    def documented(cls) -> Self:
        """What Slack documents for an app that is distributed outside its Marketplace."""
        return cls.scaled(1.0)

    @classmethod
    def scaled(cls, factor: float) -> Self:
        """Everything tighter (or wider) by a factor."""

        def rate(per_minute: float, burst: float | None = None) -> Rate:
            deep = per_minute * DEPTH_S / 60 if burst is None else burst
            return Rate(per_minute * factor, max(1.0, deep * factor))

        return cls(
            methods={
                **{method: rate(_TIERS[tier]) for method, tier in _TIER_OF.items()},
                "chat.postMessage": rate(300, 30),
                "auth.test": rate(600),
                "apps.connections.open": rate(_TIERS[1], 10),
                "conversations.history": rate(1, 1),
                "conversations.replies": rate(1, 1),
            },
            channels={"chat.postMessage": rate(60, 3), "assistant.threads.setStatus": rate(60)},
        )

    def take(self, team: str, method: str, args: Mapping[str, Any], now: float) -> int:
        """0, and the call is paid for; or after how many seconds to come back, and nothing is paid."""
        channel = str(args.get("channel") or args.get("channel_id") or "")
        wanted = [
            ((team, method), self.methods.get(method)),
            ((team, method, channel), self.channels.get(method)),
        ]
        buckets = [self._buckets.setdefault(key, _Bucket(rate, rate.burst, now)) for key, rate in wanted if rate]
        wait_s = max((bucket.wait_s(now) for bucket in buckets), default=0.0)
        if wait_s:
            return max(1, math.ceil(wait_s))
        for bucket in buckets:
            bucket.tokens -= 1
        return 0
