"""Rollouts looked after while nobody looks: what has gone wrong is held or rolled back, and never promoted.

A roll-back comes whenever the evidence is there. A hold comes once in a rollout: whoever resumed it has read why, and
is not overruled for the same reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.admin.records import Entry
from engine.admin.roles import EVERYWHERE
from engine.errors import Overtaken, PromptError
from engine.prompting.changes import Hold, RollBack
from engine.prompting.choosing import TASKS
from engine.prompting.standing import Change, Standing
from engine.prompting.store import PromptRegistry
from engine.trials.guardrails import Limits
from engine.trials.observing import Observation
from engine.trials.rollout import Rollout
from engine.trials.verdict import Comparison, compare

PRODUCT = ""
"""Who it is that holds and rolls back by itself, in the history and in the audit."""
NEWS_S = 86_400.0
"""How long what happened by itself is news."""
SETTLED_S = 3_600.0
"""How long a rollout that is over is looked at: interviews that began in it still end."""
_HISTORY = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """A prompt with a rollout, open or not, and what it has shown."""

    standing: Standing
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class News:
    """Something that was done to a prompt by itself, not long ago."""

    standing: Standing
    change: Change

    @property
    def card(self) -> str:
        """Names it, so that nobody is told twice."""
        return f"news:{self.change.name}:{self.change.at:.3f}"


def due(comparison: Comparison, history: Sequence[Change]) -> Hold | RollBack | None:
    """What is to be done about a rollout, whose prompt's `history` is newest first; nothing, for the most part."""
    rollout = comparison.rollout
    if not rollout.open:
        return None
    match comparison.verdict.advice:
        case "roll back":
            return RollBack()
        case "hold" if not rollout.held:
            held = any(
                each.deed == "held" and each.actor == PRODUCT and each.at >= rollout.opened_at for each in history
            )
            return None if held else Hold()
        case _:
            return None


class Guard:
    """`now` is epoch seconds."""

    def __init__(self, *, registry: PromptRegistry, now: Callable[[], float], limits: Limits | None = None) -> None:
        self._registry = registry
        self._now = now
        self._limits = limits or Limits()

    async def look(self) -> Sequence[Looked]:
        """Look at every rollout that is open, or was lately, and do what is due. What stands after that."""
        return [looked for task in TASKS if (looked := await self._look(task)) is not None]

    async def news(self) -> Sequence[News]:
        """What was done by itself in the last day, by this process or another, oldest first."""
        found: list[News] = []
        for task in TASKS:
            mine = [
                change
                for change in await self._registry.history(task, _HISTORY)
                if change.actor == PRODUCT and change.at > self._now() - NEWS_S
            ]
            if mine:
                standing = await self._registry.standing(task)
                found += [News(standing, change) for change in mine]
        return sorted(found, key=lambda each: each.change.at)

    async def _look(self, task: str) -> Looked | None:
        rollouts = await self._registry.rollouts(task, 1)
        if not rollouts or self._now() - (rollouts[0].closed_at or self._now()) > SETTLED_S:
            return None
        standing = await self._registry.standing(task)
        seen = standing.rollout if standing.rollout is not None else rollouts[0]
        observations = await self._registry.observations(task, rollout=seen.id)
        comparison = await self._compared(seen, observations)
        act = due(comparison, await self._registry.history(task, _HISTORY))
        if act is None:
            return Looked(standing, comparison)
        try:
            after = await self._do(standing, act, comparison)
        except (Overtaken, PromptError):
            # Somebody did something at this moment; the next look sees what.
            return Looked(await self._registry.standing(task), comparison)
        rollout = (await self._registry.rollouts(task, 1))[0]
        return Looked(after, await self._compared(rollout, observations))

    async def _compared(self, rollout: Rollout, observations: Sequence[Observation]) -> Comparison:
        # In a thread: ten thousand interviews take a third of a second.
        return await asyncio.to_thread(compare, rollout, observations, now=self._now(), limits=self._limits)

    async def _do(self, standing: Standing, act: Hold | RollBack, comparison: Comparison) -> Standing:
        name, number = standing.name, standing.version(comparison.rollout.candidate).number
        verb, kind = ("held", "hold") if isinstance(act, Hold) else ("rolled back", "rollback")
        why = comparison.verdict.words
        words = f"{verb} the rollout of version {number} of the {name} prompt by itself: {why}"
        entry = Entry(EVERYWHERE, self._now(), PRODUCT, None, f"prompt.{kind}", f"prompt:{name}", words)
        return await self._registry.change(name, act, by=PRODUCT, reason=why, seen=standing.revision, entry=entry)
