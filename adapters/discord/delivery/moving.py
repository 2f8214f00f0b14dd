"""Where an interview goes on whose channel can no longer be written to: in the person's direct messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from adapters.discord.delivery.calls import DM_REFUSED, CallFailed, Refused
from adapters.discord.delivery.scope import Scope
from adapters.discord.delivery.writing import mapping

log = logging.getLogger(__name__)


async def direct_messages(scope: Scope, user: str, now: Callable[[], float]) -> str:
    """The channel of somebody's direct messages; "" when there is none to be had."""
    limits = (scope.limits.overall, scope.limits.window("open", ""))
    for limit in limits:
        # Outside any governor's decision, which is rare enough to wait for.
        await asyncio.sleep(max(0.0, limit.ready_at(now()) - now()))
        if limit.has(now()):
            limit.take(now())
    try:
        answer = await scope.calls.send("open", "POST", "/users/@me/channels", *limits, body={"recipient_id": user})
    except CallFailed as failure:
        if not (isinstance(failure, Refused) and failure.code in DM_REFUSED):
            log.warning("no other place to write", extra={"user": user, "error": str(failure)})
        return ""
    return str(mapping(answer.parsed()).get("id", ""))
