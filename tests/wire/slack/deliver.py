"""Deliveries to the app: one record each, retried on Slack's schedule, through HTTP or Socket Mode.

Events are retried (at once, after about 1 minute, about 5); what a person pressed or typed as a command is not: it has
three seconds, and then the person sees that it failed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from tests.wire.slack.delivery import Answer, Attempt, Delivery
from tests.wire.slack.http_door import HttpDoor
from tests.wire.slack.socket_door import Sockets
from tests.wire.slack.state import Team

if TYPE_CHECKING:
    from tests.wire.slack.slack import Slack

Json = dict[str, Any]

RETRIES_AFTER_S = (0.0, 60.0, 300.0)


class Deliveries:
    """All deliveries so far, and the doors they go through."""

    def __init__(self, slack: Slack) -> None:
        self.log: list[Delivery] = []
        self.retry_scale = 1.0
        self.ack_within_s = 3.0
        self.twice = False
        """Whether every event is delivered a second time, as Slack now and then does."""
        self.sockets = Sockets(slack)
        self.http: HttpDoor | None = None
        self._slack = slack
        self._tasks: set[asyncio.Task[Any]] = set()
        self._retries: set[asyncio.Task[Any]] = set()

    async def connect_http(self, url: str, *, verify: bool) -> None:
        if self.http is not None:
            await self.http.close()
        self.http = HttpDoor(url, self._slack)
        if verify:
            await self.http.challenge()

    async def send(self, kind: str, payload: Json, team: Team) -> Delivery:
        """Deliver, and return when the first attempt has ended. Retries go on behind."""
        delivery = Delivery(kind, payload, team)
        self.log.append(delivery)
        await self.attempt(delivery)
        if kind == "events_api" and not delivery.acked:
            retry = self._own(self._retry(delivery))
            self._retries.add(retry)
            retry.add_done_callback(self._retries.discard)
        if kind == "events_api" and self.twice:
            await self.attempt(delivery)
        return delivery

    def send_soon(self, kind: str, payload: Json, team: Team) -> None:
        if self.http is not None or self.sockets.count:
            self._own(self.send(kind, payload, team))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.http is not None:
            await self.http.close()

    async def settled(self) -> None:
        """Wait until everything that was sent has had its first attempt."""
        while first := self._tasks - self._retries:
            await asyncio.gather(*first, return_exceptions=True)

    async def attempt(self, delivery: Delivery) -> Answer:
        """One more attempt at a delivery, whatever came of it before: a replay, with Slack's retry headers."""
        began = time.monotonic()
        number, reason = len(delivery.attempts), delivery.answer.reason
        if self.http is not None:
            answer = await self.http.deliver(delivery, number, reason, self.ack_within_s)
        else:
            answer = await self.sockets.deliver(delivery, number, reason, self.ack_within_s)
        delivery.attempts.append(Attempt(began, time.monotonic() - began, answer))
        self._slack.changed()
        return answer

    async def _retry(self, delivery: Delivery) -> None:
        for after_s in RETRIES_AFTER_S:
            if delivery.answer.no_retry:
                return
            await asyncio.sleep(after_s * self.retry_scale)
            await self.attempt(delivery)
            if delivery.acked:
                return

    def _own(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
