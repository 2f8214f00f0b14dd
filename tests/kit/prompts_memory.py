"""A prompt registry that lives in memory and keeps every promise of its port, for tests in virtual time.

With a store to look at, it observes that store's interviews, as the real one observes its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Protocol

from engine.admin.records import AdminStore, Entry
from engine.errors import PromptError
from engine.facts import Begun, Fact, Rated, Reviewed, Stopped
from engine.keys import ThreadKey
from engine.prompting import PRODUCTION, Act, Change, Prompt, Standing, Version, decide, problems
from engine.prompting.standing import in_force, productions
from engine.session import fold
from engine.trials.observing import Observation, TurnMetric, turn_metric
from engine.trials.rollout import Assignment, Rollout, assigned

SEED = "seed"


class Interviews(Protocol):
    """What is looked at of a store in memory."""

    history: defaultdict[ThreadKey, list[list[Fact]]]


class MemoryPrompts:
    """Prompt versions by reference; the last one seeded for a task is in production, unless somebody chose."""

    def __init__(
        self,
        prompts: Sequence[Prompt] = (),
        *,
        interviews: Interviews | None = None,
        now: Callable[[], float] = float,
        admin: AdminStore | None = None,
    ) -> None:
        self._prompts: dict[str, Prompt] = {}
        self._versions: dict[str, list[Version]] = defaultdict(list)
        self._labels: dict[str, dict[str, str]] = defaultdict(dict)
        self._evicted: dict[str, dict[str, str]] = defaultdict(dict)
        self._moved: dict[str, list[str]] = defaultdict(list)
        self._chosen: set[str] = set()
        self._rollouts: list[Rollout] = []
        self._history: dict[str, list[Change]] = defaultdict(list)
        self._ids = count(1)
        self._interviews = interviews
        self._now = now
        self._admin = admin
        self._seed(prompts)

    async def seed(self, prompts: Sequence[Prompt]) -> None:
        self._seed(prompts)

    def _seed(self, prompts: Sequence[Prompt]) -> None:
        for prompt in prompts:
            self._add(prompt, SEED, "shipped with Rehearse")
            name, before = prompt.task, self._labels[prompt.task].get(PRODUCTION, "")
            if name in self._chosen or before == prompt.ref or any(r.open and r.name == name for r in self._rollouts):
                continue
            self._restatus(prompt.task, prompt.ref, "active")
            self._point(name, PRODUCTION, prompt.ref)
            reason = "a new release"
            self._remember(Change(name, "moved", prompt.ref, SEED, reason, self._now(), PRODUCTION, before))

    async def production(self) -> Mapping[str, str]:
        return {name: labels[PRODUCTION] for name, labels in self._labels.items() if PRODUCTION in labels}

    async def assign(self, unit: str) -> Assignment:
        return assigned(await self.production(), self._rollouts, unit)

    async def in_force(self, ref: str) -> str:
        return in_force(ref, self._evicted[ref.partition("@")[0]])

    async def rollouts(self, name: str, limit: int = 5) -> Sequence[Rollout]:
        mine = [rollout for rollout in self._rollouts if rollout.name == name]
        return sorted(mine, key=lambda each: each.id, reverse=True)[:limit]

    async def prompt(self, ref: str) -> Prompt:
        try:
            return self._prompts[ref]
        except KeyError:
            raise PromptError(ref, "there is no such prompt version") from None

    async def standing(self, name: str) -> Standing:
        mine = [rollout for rollout in self._rollouts if rollout.name == name]
        history = self._history[name]
        return Standing(
            name=name,
            versions=tuple(self._versions[name]),
            labels=dict(self._labels[name]),
            evicted=dict(self._evicted[name]),
            productions=productions(self._moved[name]),
            rollout=next((rollout for rollout in mine if rollout.open), None),
            rollouts=len(mine),
            revision=len(history),
            last=history[-1] if history else None,
        )

    async def history(self, name: str, limit: int = 50) -> Sequence[Change]:
        return self._history[name][::-1][:limit]

    async def create(self, prompt: Prompt, *, by: str, message: str, entry: Entry | None = None) -> Standing:
        if found := problems(prompt):
            raise PromptError(prompt.ref, found[0])
        before = len(self._history[prompt.task])
        self._add(prompt, by, message)
        if len(self._history[prompt.task]) > before:
            await self._note(entry)
        return await self.standing(prompt.task)

    async def change(
        self, name: str, act: Act, *, by: str, reason: str, seen: int, entry: Entry | None = None
    ) -> Standing:
        decision = decide(await self.standing(name), act, by=by, reason=reason, seen=seen, at=self._now())
        if decision.status is not None:
            self._restatus(name, *decision.status)
        if decision.moves is not None:
            self._point(name, *decision.moves)
            self._chosen.add(name)
        if decision.evicts is not None:
            old, new = decision.evicts
            self._evicted[name] |= {old: new}
            self._evicted[name] = {ref: to for ref, to in self._evicted[name].items() if ref != to}
        if (rollout := decision.rollout) is not None:
            self._rollouts = [each for each in self._rollouts if each.id != rollout.id]
            self._rollouts.append(rollout if rollout.id else replace(rollout, id=next(self._ids)))
        self._remember(decision.change)
        await self._note(entry)
        return await self.standing(name)

    async def observations(self, name: str, *, rollout: int | None = None, since: float = 0.0) -> Sequence[Observation]:
        found = [each for each in self._observed(name) if each.at >= since and rollout in (None, each.rollout)]
        return sorted(found, key=lambda each: (each.at, each.session))

    def _observed(self, name: str) -> Iterator[Observation]:
        for interviews in self._interviews.history.values() if self._interviews else ():
            for facts in interviews:
                if isinstance(begun := facts[0], Begun) and name in begun.setup.prompts:
                    yield _observation(name, begun, facts)

    def _add(self, prompt: Prompt, by: str, message: str) -> None:
        name, versions = prompt.task, self._versions[prompt.task]
        known = next((version for version in versions if version.ref == prompt.ref), None)
        if known is not None and (by == SEED or known.status != "retired"):
            return
        if known is not None:
            self._restatus(name, prompt.ref, "draft")
        else:
            self._prompts[prompt.ref] = prompt
            status = "active" if by == SEED else "draft"
            versions.append(Version(prompt.ref, len(versions) + 1, status, by, self._now(), message))
        self._remember(Change(name, "revived" if known else "created", prompt.ref, by, message, self._now()))

    def _restatus(self, name: str, ref: str, status: object) -> None:
        self._versions[name] = [
            replace(each, status=status) if each.ref == ref else each for each in self._versions[name]
        ]

    def _point(self, name: str, label: str, ref: str) -> None:
        self._labels[name][label] = ref
        if label == PRODUCTION:
            self._moved[name].append(ref)

    async def _note(self, entry: Entry | None) -> None:
        if entry is not None and self._admin is not None:
            await self._admin.note(entry)

    def _remember(self, change: Change) -> None:
        self._history[change.name].append(change)


def _observation(name: str, begun: Begun, facts: list[Fact]) -> Observation:
    session, arm = fold(facts), begun.setup.arms.get(name)
    assert session is not None
    weights = begun.setup.bar.weights
    metrics = [turn_metric(fact, weights) for fact in facts if isinstance(fact, Reviewed)]
    turns: list[TurnMetric] = [each for each in metrics if each is not None and each.ref.partition("@")[0] == name]
    return Observation(
        session=session.id,
        person=begun.key.person,
        ref=begun.setup.prompts[name],
        at=begun.at,
        rollout=arm.rollout if arm else None,
        stage=arm.stage if arm else None,
        candidate=arm is not None and arm.candidate,
        turns=tuple(turns),
        ratings={fact.turn: fact.value for fact in facts if isinstance(fact, Rated)},
        over=session.over,
        stopped=any(isinstance(fact, Stopped) for fact in facts),
        changed_at=session.updated_at,
    )
