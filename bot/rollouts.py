"""Prompt versions put together: the door, its pages, and the look at every rollout now and then.

What is wrong is stopped by whichever process looks first; who is told depends on who is connected where, so that news
is taken from the history and not from the hand that made it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial

from adapters.store import SqlStore
from adapters.surface.panels.prompts import PromptPages
from adapters.surface.panels.rollout import card_of, news_card, rollout_card
from adapters.surface.panels.telling import Telling
from bot.watch import Chore
from engine.admin.guard import Guard
from engine.admin.people import People
from engine.admin.prompts import Prompts
from engine.admin.trying import Trial
from engine.interviews import InterviewType
from engine.ports import LLMProvider

LOOK_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class Rollouts:
    """What comes of prompts: the door, its pages, and the chore that looks after rollouts."""

    prompts: Prompts
    pages: PromptPages
    chore: Chore


def rollouts_of(
    store: SqlStore,
    people: People,
    *,
    provider: LLMProvider,
    kinds: Mapping[str, InterviewType],
    telling: Telling,
    trusted: Collection[str],
    now: Callable[[], float] = time.time,
) -> Rollouts:
    """`trusted` are the scopes whose admins may change prompts, and who are told; it may grow later."""
    from adapters.llm.offline import Offline

    trial = Trial(
        provider=provider,
        offline=Offline(),
        marker=lambda: secrets.token_hex(16),
        kind=kinds.get("behavioral") or next(iter(kinds.values())),
        clock=time.monotonic,
    )
    prompts = Prompts(registry=store.prompts, people=people, store=store.admin, trial=trial, now=now, trusted=trusted)
    guard = Guard(registry=store.prompts, now=now)
    pages = PromptPages(prompts, store=store.admin, telling=telling, now=now)
    return Rollouts(prompts, pages, Chore("rollouts", LOOK_EVERY_S, partial(look_after, guard, telling, trusted)))


async def look_after(guard: Guard, telling: Telling, trusted: Collection[str]) -> None:
    """Stop what is wrong, write the rollout cards again, and tell of what was stopped."""
    for looked in await guard.look():
        for scope in sorted(trusted):
            await telling.renew(scope, rollout_card(looked), card_of(looked.comparison.rollout))
    for news in await guard.news():
        for scope in sorted(trusted):
            await telling.tell_once(scope, news_card(news), news.card)
