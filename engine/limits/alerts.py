"""When the admins of a workspace should hear that a budget of the day goes to an end: at half, at 80 %, at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass

from engine.limits.ledger import Ledger
from engine.limits.model import MEASURES, Measure
from engine.limits.rules import Rules
from engine.limits.words import share

THRESHOLDS = (100, 80, 50)
"""Percent, the highest first: whoever is told of it need not hear of the lower ones."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A workspace has used this much of a budget for the day."""

    scope: str
    measure: Measure
    percent: int
    used: int
    most: int


async def due_alerts(ledger: Ledger, rules: Rules, platforms: Collection[str]) -> AsyncIterator[Alert]:
    """What the admins on these platforms were not told yet today.

    Each threshold is due once a day and workspace, whoever asks; so nobody asks who could not tell them.
    """
    for scope in await ledger.active():
        if scope.partition("/")[0] not in platforms:
            continue
        limits = (await rules.rule(scope)).limits
        used = (await ledger.used(scope)).workspace
        for measure in MEASURES:
            most = limits.of_a_day("workspace", measure)
            amount = used.of(measure)
            part = share(amount, most)
            if most is None or part is None or not amount:
                continue
            reached = [percent for percent in THRESHOLDS if part * 100 >= percent]
            fresh = [percent for percent in reached if await ledger.first(scope, f"{measure}:{percent}")]
            if fresh and fresh[0] == reached[0]:
                yield Alert(scope, measure, fresh[0], amount, most)
