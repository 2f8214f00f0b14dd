"""The bot as the delivery sees it: its limits, its governor, how it stands with Discord, how long reviews take."""

from __future__ import annotations

from collections.abc import Callable

from adapters.discord.delivery.calls import Calls
from adapters.discord.delivery.health import Health
from adapters.discord.delivery.hooks import costs
from adapters.discord.delivery.limits import Limits
from adapters.discord.delivery.plan import Create, LookUp, Op, Remove, Update
from adapters.discord.delivery.rest import Rest
from adapters.pacer.governor import Governor
from adapters.pacer.limit import Limit

ANSWER_S = 10.0
"""How long a review takes to be written, until some were seen."""
LEARN = 0.2


class Scope:
    """`now` is the monotonic clock of the limits. `closed`: the bot's token was refused."""

    def __init__(self, rest: Rest, now: Callable[[], float]) -> None:
        self.limits = Limits()
        self.health = Health()
        self.calls = Calls(rest, self.limits, self.health, now)
        self.governor = Governor(now=now)
        self.answer_s = ANSWER_S
        self.closed = False

    def costs(self, op: Op, channel: str) -> tuple[Limit, ...]:
        """The limits a write needs a token of; the narrowest comes last."""
        match op:
            case Create(way=way):
                return costs(way, "create", channel, self.limits)
            case Update(way=way):
                return costs(way, "edit", channel, self.limits)
            case Remove(way=way):
                return costs(way, "delete", channel, self.limits)
            case LookUp():
                return (self.limits.overall, self.limits.window("read", channel))

    def took(self, seconds: float) -> None:
        """A review took so long to be written."""
        self.answer_s += LEARN * (min(seconds, 120.0) - self.answer_s)
