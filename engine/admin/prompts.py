"""Prompt versions, behind the door: who may look and who may change, with a line of the audit for every change.

Prompts are shared by all workspaces of an installation, so that a change takes more than the role: whoever runs
Rehearse, or an admin of a workspace that they named. What an act means is `engine/prompting/changes.py`; what a rollout
has shown, `engine/trials`; what happens by itself, `guard.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from engine.admin.people import People
from engine.admin.records import AdminStore
from engine.admin.roles import Actor, Roles, needs
from engine.admin.trying import Trial, Tried
from engine.errors import NotAllowed, PromptError, Wrong
from engine.keys import ThreadKey, person_of, scope_of
from engine.ports import Account, Task
from engine.prompting.changes import (
    Act,
    Close,
    Hold,
    Move,
    Open,
    Promote,
    Raise,
    Resume,
    Retire,
    RollBack,
)
from engine.prompting.choosing import TASKS, task_named, version_named
from engine.prompting.drafting import Draft, difference, drafted, problems
from engine.prompting.prompt import Prompt
from engine.prompting.standing import PRODUCTION, Change, Standing, Version
from engine.prompting.store import PromptRegistry
from engine.trials.figures import Figures, by_version
from engine.trials.guardrails import Limits
from engine.trials.rollout import Rollout, percent
from engine.trials.verdict import Comparison, compare

MESSAGE_CHARS = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """One version, in what stands of its prompt."""

    standing: Standing
    version: Version
    prompt: Prompt


@dataclass(frozen=True, slots=True)
class Kept:
    """A version that was saved. `new` is false where its content was there already."""

    standing: Standing
    version: Version
    new: bool


class Prompts:
    """`now` is epoch seconds. `trusted` are the scopes whose admins may change prompts; it may grow later."""

    def __init__(
        self,
        *,
        registry: PromptRegistry,
        people: People,
        store: AdminStore,
        trial: Trial,
        now: Callable[[], float],
        trusted: Collection[str] = (),
        limits: Limits | None = None,
    ) -> None:
        self._registry = registry
        self._people = people
        self._store = store
        self._trial = trial
        self._now = now
        self._trusted = trusted
        self._limits = limits or Limits()

    @property
    def roles(self) -> Roles:
        return self._people

    # Looking.

    @needs("viewer")
    async def may_change(self, actor: Actor) -> bool:
        """Whether the actor's changes would be taken, for a surface to know which buttons to offer."""
        role = await self._people.role(actor)
        return role in ("admin", "owner") and self._is_trusted(actor)

    @needs("viewer")
    async def list(self, actor: Actor) -> Sequence[Standing]:
        """Every prompt as it stands, in the order in which an interview needs them."""
        return [await self._registry.standing(task) for task in TASKS]

    @needs("viewer")
    async def show(self, actor: Actor, name: str, ref: str = PRODUCTION) -> Shown:
        """A version (see `version_named`). Raises `Wrong` for a name or a version there is not."""
        standing = await self._registry.standing(task_named(name))
        version = version_named(standing, ref)
        return Shown(standing, version, await self._registry.prompt(version.ref))

    @needs("viewer")
    async def diff(self, actor: Actor, name: str, old: str, new: str) -> str:
        """What changed between two versions, as a unified diff; "" when nothing did."""
        before, after = await self.show(actor, name, old), await self.show(actor, name, new)
        return difference(before.prompt, after.prompt)

    @needs("viewer")
    async def lint(self, actor: Actor, name: str, ref: str = PRODUCTION) -> Sequence[str]:
        """What speaks against a version, in sentences; nothing for one that is fit for use."""
        return problems((await self.show(actor, name, ref)).prompt)

    @needs("viewer")
    async def draft(self, actor: Actor, name: str, base: str, text: str, *, title: str = "") -> Draft:
        """The version that a text makes of another one, with its problems; nothing is kept."""
        return drafted((await self.show(actor, name, base)).prompt, text, title=title)

    @needs("viewer")
    async def history(self, actor: Actor, name: str, limit: int = 20) -> Sequence[Change]:
        """What was done to a prompt, newest first."""
        return await self._registry.history(task_named(name), limit)

    @needs("viewer")
    async def stats(self, actor: Actor, name: str, *, since: float = 0.0) -> Mapping[str, Figures]:
        """The figures of each version that interviews began with since then, by its reference."""
        observations = await self._registry.observations(task_named(name), since=since)
        return await asyncio.to_thread(by_version, observations, now=self._now())

    @needs("viewer")
    async def rollouts(self, actor: Actor, name: str, limit: int = 5) -> Sequence[Rollout]:
        """The rollouts of a prompt, newest first; an open one is the first."""
        return await self._registry.rollouts(task_named(name), limit)

    @needs("viewer")
    async def compare(self, actor: Actor, name: str) -> Comparison:
        """What the newest rollout of a prompt has shown so far. Raises `Wrong` when there was none."""
        task = task_named(name)
        found = await self._registry.rollouts(task, 1)
        if not found:
            raise Wrong({"prompt": f"There has been no rollout of {task}."})
        observations = await self._registry.observations(task, rollout=found[0].id)
        # In a thread: ten thousand interviews take a third of a second.
        return await asyncio.to_thread(compare, found[0], observations, now=self._now(), limits=self._limits)

    # Changing.

    @needs("admin")
    async def try_(self, actor: Actor, name: str, ref: str, *, answer: str = "", offline: bool = False) -> Tried:
        """Ask a model once, as an interview would, about a sample (or this answer). Nothing is kept."""
        self._trust(actor)
        return await self._tried(actor, (await self.show(actor, name, ref)).prompt, answer, offline)

    @needs("admin")
    async def try_draft(self, actor: Actor, prompt: Prompt, *, answer: str = "", offline: bool = False) -> Tried:
        """The same with a version that is not kept yet. Raises `Wrong` for one that is not fit for use."""
        self._trust(actor)
        if found := problems(prompt):
            raise Wrong({"text": found[0]})
        return await self._tried(actor, prompt, answer, offline)

    @needs("admin")
    async def create(
        self, actor: Actor, name: str, base: str, text: str, *, message: str = "", title: str = ""
    ) -> Kept:
        """Keep what a text makes of another version, as a draft. Raises `Wrong` for a text with problems."""
        self._trust(actor)
        shown = await self.show(actor, name, base)
        draft = drafted(shown.prompt, text, title=title)
        if draft.prompt is None or draft.problems:
            raise Wrong({"text": "\n".join(draft.problems)})
        if len(message) > MESSAGE_CHARS:
            raise Wrong({"message": f"At most {MESSAGE_CHARS} characters, not {len(message)}."})
        task, prompt = shown.standing.name, draft.prompt
        words = f"wrote the version {prompt.ref} from version {shown.version.number}"
        entry = self._people.entry(actor, await self._people.role(actor), "prompt.create", f"prompt:{task}", words)
        after = await self._registry.create(prompt, by=entry.actor, message=message, entry=entry)
        return Kept(after, after.version(prompt.ref), new=after.revision != shown.standing.revision)

    @needs("admin")
    async def label(
        self, actor: Actor, name: str, label: str, ref: str, *, reason: str = "", seen: int | None = None
    ) -> Standing:
        """Let a label point to a version."""
        standing, version = await self._chosen(actor, name, ref)
        words = f"let the label {label[:40]} of the {standing.name} prompt point to version {version.number}"
        return await self._do(actor, standing, Move(label, version.ref), "label", words, reason, seen)

    @needs("admin")
    async def promote(
        self, actor: Actor, name: str, ref: str, *, reason: str = "", seen: int | None = None
    ) -> Standing:
        """Put a version into production; the rollout that is open ends with it."""
        standing, version = await self._chosen(actor, name, ref)
        words = f"put version {version.number} of the {standing.name} prompt into production"
        return await self._do(actor, standing, Promote(version.ref), "promote", words, reason, seen)

    @needs("admin")
    async def rollout(
        self,
        actor: Actor,
        name: str,
        share_bp: int,
        *,
        ref: str = "",
        reason: str = "",
        seen: int | None = None,
    ) -> Standing:
        """Give a version to a share of the new interviews; without a `ref`, raise the share of the open rollout.

        Whoever opens a rollout is told how it goes. Raises `Wrong` or `PromptError` for what is not possible.
        """
        standing = await self._standing(actor, name)
        is_open = standing.rollout
        version = version_named(standing, ref or (is_open.candidate if is_open else ""))
        of = f"version {version.number} of the {standing.name} prompt"
        if is_open is not None and is_open.candidate == version.ref:
            words = f"raised the share of {of} to {percent(share_bp)}"
            return await self._do(actor, standing, Raise(share_bp), "raise", words, reason, seen)
        words = f"opened a rollout of {of} at {percent(share_bp)}"
        after = await self._do(actor, standing, Open(version.ref, share_bp), "rollout", words, reason, seen)
        if not actor.operator:
            person = person_of(actor.platform, actor.workspace, actor.user)
            await self._store.seat(actor.scope, person, told=True, at=self._now())
        return after

    @needs("admin")
    async def hold(self, actor: Actor, name: str, *, reason: str = "", seen: int | None = None) -> Standing:
        """Give the candidate of the open rollout to nobody new, for the time being."""
        return await self._on_rollout(actor, name, Hold(), "hold", "held", reason, seen)

    @needs("admin")
    async def resume(self, actor: Actor, name: str, *, reason: str = "", seen: int | None = None) -> Standing:
        """Go on with a rollout that is on hold, with the very same people."""
        return await self._on_rollout(actor, name, Resume(), "resume", "resumed", reason, seen)

    @needs("admin")
    async def close(self, actor: Actor, name: str, *, reason: str = "", seen: int | None = None) -> Standing:
        """End the open rollout; production stays as it is."""
        return await self._on_rollout(actor, name, Close(), "close", "closed", reason, seen)

    @needs("admin")
    async def rollback(
        self, actor: Actor, name: str, *, reason: str = "", evict: bool = False, seen: int | None = None
    ) -> Standing:
        """End the open rollout; where none is open, put the version before this one back into production.

        With `evict`, interviews that run with the version go on with the older one from their next request on. Asks no
        model and needs nobody's consent.
        """
        standing = await self._standing(actor, name)
        number = standing.version(standing.rollout.candidate if standing.rollout else standing.production).number
        words = f"rolled back version {number} of the {standing.name} prompt" + (" at once" if evict else "")
        return await self._do(actor, standing, RollBack(evict), "rollback", words, reason, seen)

    @needs("admin")
    async def retire(self, actor: Actor, name: str, ref: str, *, reason: str = "", seen: int | None = None) -> Standing:
        """Let nobody choose a version any more; interviews that run with it go on."""
        standing, version = await self._chosen(actor, name, ref)
        words = f"retired version {version.number} of the {standing.name} prompt"
        return await self._do(actor, standing, Retire(version.ref), "retire", words, reason, seen)

    async def _tried(self, actor: Actor, prompt: Prompt, answer: str, offline: bool) -> Tried:
        # Whoever runs the program pays for what they try there; everybody else has budgets.
        key = ThreadKey(platform=actor.platform, workspace=actor.workspace, channel="try", user=actor.user)
        account = None if actor.operator else Account(actor.scope, key)
        who = self._people.hashed(actor)
        return await self._trial.run(prompt, answer=answer, offline=offline, user=who, account=account)

    async def _standing(self, actor: Actor, name: str) -> Standing:
        self._trust(actor)
        return await self._registry.standing(task_named(name))

    async def _chosen(self, actor: Actor, name: str, ref: str) -> tuple[Standing, Version]:
        standing = await self._standing(actor, name)
        return standing, version_named(standing, ref)

    async def _on_rollout(
        self, actor: Actor, name: str, act: Act, kind: str, verb: str, reason: str, seen: int | None
    ) -> Standing:
        standing = await self._standing(actor, name)
        if standing.rollout is None:
            raise PromptError(standing.name, "no rollout is open")
        number = standing.version(standing.rollout.candidate).number
        words = f"{verb} the rollout of version {number} of the {standing.name} prompt"
        return await self._do(actor, standing, act, kind, words, reason, seen)

    async def _do(
        self, actor: Actor, standing: Standing, act: Act, kind: str, words: str, reason: str, seen: int | None
    ) -> Standing:
        name: Task = task_named(standing.name)
        entry = self._people.entry(actor, await self._people.role(actor), f"prompt.{kind}", f"prompt:{name}", words)
        at = standing.revision if seen is None else seen
        return await self._registry.change(name, act, by=entry.actor, reason=reason.strip(), seen=at, entry=entry)

    def _is_trusted(self, actor: Actor) -> bool:
        return actor.operator or scope_of(actor.platform, actor.workspace) in self._trusted

    def _trust(self, actor: Actor) -> None:
        if not self._is_trusted(actor):
            raise NotAllowed(
                "operator",
                "Prompts are shared by every workspace of this installation. Whoever runs Rehearse can change them "
                f"with `rehearse prompts`, or name this workspace ({actor.scope}) in REHEARSE_ADMIN_WORKSPACES, so "
                "that its admins can.",
            )
