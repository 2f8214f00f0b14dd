"""Where a thread goes on that can no longer be written to: in its person's own messages, saying why."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import cast

from adapters.pacer.budget import Budget
from adapters.slack.delivery.calls import CallFailed
from adapters.slack.delivery.scope import Scope

log = logging.getLogger(__name__)

MOVED = "The rest of your interview stands in this thread."


async def new_place(
    scope: Scope, user: str, channel: str, error: str, now: Callable[[], float]
) -> tuple[str, str] | None:
    """A new thread with this person, as its channel and its root; `None` where there is no other place."""
    # In the person's own messages only the root of the thread can be missing; a new one will do.
    if channel.startswith("D") and error != "thread_not_found":
        return None
    limits = scope.limits
    try:
        await _afford(limits.open, now)
        opened = (await scope.calls.write("conversations.open", {"users": user}, limits.open)).get("channel")
        if not isinstance(opened, Mapping):
            return None
        there = str(cast("Mapping[str, object]", opened).get("id", ""))
        await _afford(limits.post, now)
        why = "" if there == channel else f"I can no longer write in <#{channel}> ({error}). "
        root = await scope.calls.write("chat.postMessage", {"channel": there, "text": f"{why}{MOVED}"}, limits.post)
    except CallFailed as failure:
        log.warning("no other place to write", extra={"team": scope.team, "error": str(failure)})
        return None
    return there, str(root.get("ts", ""))


async def _afford(budget: Budget, now: Callable[[], float]) -> None:
    """Take a token outside any governor's decision, which is rare enough to wait for."""
    await asyncio.sleep(max(0.0, budget.ready_at(now()) - now()))
    if budget.has(now()):
        budget.take(now())
