"""One payload on its way to the app, and how each attempt at it ended. Who sends and retries is `deliver.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.wire.slack.state import Team

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """How one attempt ended. `reason` is Slack's word for a failure, empty on success."""

    ok: bool
    reason: str = ""
    status: int = 0
    body: Any = None
    """JSON as it was parsed, text, or `None` for an empty acknowledgement."""
    no_retry: bool = False


@dataclass(slots=True)
class Attempt:
    at: float
    took_s: float
    answer: Answer


@dataclass(slots=True)
class Delivery:
    """One payload on its way to the app."""

    kind: str
    """`events_api`, `slash_commands` or `interactive`, as Socket Mode calls them."""
    payload: Json
    team: Team
    attempts: list[Attempt] = field(default_factory=list[Attempt])

    @property
    def acked(self) -> bool:
        return bool(self.attempts) and self.attempts[-1].answer.ok

    @property
    def answer(self) -> Answer:
        return self.attempts[-1].answer if self.attempts else Answer(False, "not_connected")
