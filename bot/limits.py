"""Limits put together: models charged to budgets, the admins' door to them, and admins told when one goes to an end."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from adapters.store import SqlStore
from adapters.surface.panels.limits import LimitsPages, alert_panel
from adapters.surface.panels.telling import Telling
from bot.models import Models
from bot.watch import Chore
from engine.admin.limits import LimitsDoor
from engine.admin.people import People
from engine.feedback.model import OFFLINE
from engine.keys import ThreadKey, person_of
from engine.limits.alerts import due_alerts
from engine.limits.budgets import Budgets
from engine.limits.rules import Rules
from engine.llm.metered import Metered
from engine.ports import LLMProvider, Usage

log = logging.getLogger(__name__)

ALERT_EVERY_S, SWEEP_EVERY_S = 30.0, 86_400.0
KEEP_DAYS = 400
"""Use is kept for a year and a month, so that this month can be held against that of last year."""


@dataclass(frozen=True, slots=True)
class Metering:
    """`provider` is whoever answers, charged to `budgets`, which go by `rules`."""

    rules: Rules
    budgets: Budgets
    provider: LLMProvider


@dataclass(frozen=True, slots=True)
class Limiting:
    """What admins may do about limits, how they see it, and what is done by itself."""

    door: LimitsDoor
    pages: LimitsPages
    chores: tuple[Chore, ...]


@asynccontextmanager
async def metering(store: SqlStore, models: Models, tell: Callable[[ThreadKey, str], None]) -> AsyncGenerator[Metering]:
    """Charge the models' calls while this context is entered; what is left to be written down is written at its end."""
    rules = Rules(store=store.admin, now=time.time)
    marker = partial(secrets.token_hex, 12)
    async with Budgets(ledger=store.ledger, rules=rules, now=time.time, marker=marker) as budgets:
        yield Metering(rules, budgets, _metered(models, budgets, tell))


def _metered(models: Models, budgets: Budgets, tell: Callable[[ThreadKey, str], None]) -> LLMProvider:
    if models.provider.name == OFFLINE:
        return models.provider  # it costs nothing, and there is nobody to stand in for it
    from adapters.llm.offline import Offline

    names = [provider.model for provider in models.configured] or [models.provider.model]
    return Metered(
        models.provider, budgets=budgets, price=_price, models=names, now=time.time, tell=tell, fallback=Offline()
    )


def _price(model: str, usage: Usage) -> int | None:
    from adapters.llm.capabilities import cost_micros

    return cost_micros(model, usage)


def limits_of(
    store: SqlStore, *, people: People, rules: Rules, telling: Telling, platforms: Collection[str]
) -> Limiting:
    """The admins' side of it; on `platforms` they can be told things, and there may be more of them later."""
    door = LimitsDoor(people=people, store=store.admin, ledger=store.ledger, rules=rules, now=time.time, person=_person)
    chores = (
        Chore("limits", ALERT_EVERY_S, partial(alert, store, rules, telling, platforms)),
        Chore("old use", SWEEP_EVERY_S, partial(store.ledger.sweep, keep_days=KEEP_DAYS)),
    )
    return Limiting(door, LimitsPages(door, now=time.time), chores)


async def alert(store: SqlStore, rules: Rules, telling: Telling, platforms: Collection[str]) -> None:
    """Tell the admins of every workspace that has come to half, 80 % or all of a budget, once a day for each."""
    async for due in due_alerts(store.ledger, rules, platforms):
        log.warning("a workspace has used much of a limit", extra={"limit": due.measure, "percent": due.percent})
        await telling.tell(due.scope, alert_panel(due, time.time()))


def _person(scope: str, user: str) -> str:
    """Discord's people are the same in every server, and their interviews stand under none."""
    platform, _, workspace = scope.partition("/")
    return person_of(platform, "-" if platform == "discord" else workspace, user)
