"""What a test can order to go wrong."""

from __future__ import annotations

from typing import Literal

from tests.wire.discord.clock import Clock
from tests.wire.discord.faults import Fault, Faults
from tests.wire.discord.gateway import Gateway
from tests.wire.discord.house import House
from tests.wire.discord.limits import Buckets
from tests.wire.discord.world import Message


class Misbehaviour:
    """The half of a server's face that makes trouble; each order is in force from its call."""

    clock: Clock
    faults: Faults
    buckets: Buckets
    gateway: Gateway
    house: House

    def fail(
        self,
        pattern: str,
        *,
        status: int | None = None,
        code: int | None = None,
        times: float = 1,
        skip: int = 0,
        message: str = "",
        retry_after_s: float | None = None,
        headers: dict[str, str] | None = None,
        no_via: bool = False,
        reset: bool | Literal["after"] = False,
        hang_s: float = 0.0,
    ) -> Fault:
        """Let REST calls go wrong. `"PATCH */messages/*"` is matched with the path, and with its template.

        A status or code is answered; `reset` cuts the connection, before the call has its effect or `"after"`; `hang_s`
        is waited before anything else, and alone is mere slowness. `no_via` makes a 429 look like Cloudflare's.
        """
        fault = Fault(pattern, times, skip, status, code, message, retry_after_s, headers or {}, no_via, reset, hang_s)
        return self.faults.order(fault)

    def behave(self) -> None:
        """Order no more misbehaviour."""
        self.faults.clear()
        self.buckets.close_globally(0.0)

    def global_429(self, seconds: float) -> None:
        """Refuse everything of the bot token for a while."""
        self.buckets.close_globally(self.clock.now() + seconds)

    def outage(self, seconds: float) -> None:
        """Answer 502 to every REST call for a while."""
        self.faults.out_until = self.clock.now() + seconds

    def drop_gateway(self, *, resumable: bool = True, code: int | None = None) -> None:
        """Cut every gateway connection: without a word, or with a close code."""
        self.gateway.drop(resumable=resumable, code=code)

    def lose_events(self, events: int) -> None:
        """Let the next events reach nobody, not even by RESUME."""
        self.gateway.lose(events)

    def op7(self) -> None:
        """Ask every client to reconnect."""
        self.gateway.send(7)

    def op9(self, *, resumable: bool = False) -> None:
        """Tell every client that its session is invalid."""
        self.gateway.send(9, resumable)

    def expire_interactions(self) -> None:
        """Let every interaction token so far be worth nothing."""
        for each in self.house.interactions.values():
            each.expired = True

    def delete(self, message: Message) -> None:
        """Let a moderator delete a message."""
        self.house.delete_message(message)

    def age(self, message: Message, seconds: float) -> None:
        """Let a message be older."""
        message.created_at -= seconds
