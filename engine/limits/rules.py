"""Which limits hold where: what the admins of a workspace set, or else what holds everywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from engine.admin.records import AdminStore
from engine.admin.roles import EVERYWHERE
from engine.limits.model import NO_LIMITS, Limits

log = logging.getLogger(__name__)

RECORD = "workspace"
"""The id of the one record of limits that a scope has."""
FRESH_S = 5.0
"""How long another process may go by limits that were changed in this one."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The limits of a scope: its `own`, or those of everywhere. `version` is that of its own record, 0 for none."""

    limits: Limits
    version: int
    own: bool


class Rules:
    """`limits` is asked for in every turn, so what was read is remembered for a moment. `now` is epoch seconds."""

    def __init__(self, *, store: AdminStore, now: Callable[[], float]) -> None:
        self._store = store
        self._now = now
        self._known: dict[str, tuple[float, Limits]] = {}

    async def limits(self, scope: str) -> Limits:
        """What holds there, at most `FRESH_S` old."""
        known = self._known.get(scope)
        if known is not None and self._now() < known[0]:
            return known[1]
        limits = (await self.rule(scope)).limits
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[scope] = (self._now() + FRESH_S, limits)
        return limits

    async def rule(self, scope: str) -> Rule:
        """What holds there now, and whose it is."""
        own = await self._store.newest(scope, "limits", RECORD)
        version = own.version if own else 0
        if own is not None and not own.archived:
            return Rule(read_limits(own.body), version, own=True)
        everywhere = None if scope == EVERYWHERE else await self._store.newest(EVERYWHERE, "limits", RECORD)
        if everywhere is None or everywhere.archived:
            return Rule(NO_LIMITS, version, own=False)
        return Rule(read_limits(everywhere.body), version, own=False)

    def changed(self) -> None:
        """Forget what was read: somebody changed it."""
        self._known.clear()


def read_limits(body: str) -> Limits:
    """Limits as they are kept. What a newer version wrote is none, rather than an end to everything."""
    try:
        return Limits.model_validate_json(body)
    except ValidationError:
        log.exception("the limits cannot be read, so there are none")
        return NO_LIMITS
