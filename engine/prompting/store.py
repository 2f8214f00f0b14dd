"""Where prompt versions are kept, in the engine's words, and what admins ask there.

`adapters/store/prompts.py` keeps these promises; `tests/contracts/prompt_store.py` holds it to them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from engine.admin.records import Entry
from engine.prompting.changes import Act
from engine.prompting.prompt import Prompt
from engine.prompting.standing import Change, Standing
from engine.trials.observing import Observation
from engine.trials.rollout import Assignment, Rollout


class PromptStore(Protocol):
    """Prompt versions, immutable and addressed by content (`task@digest`), and which of them an interview gets."""

    async def seed(self, prompts: Sequence[Prompt]) -> None:
        """Add the versions that are not there yet; production points to the shipped ones unless an admin chose.

        Nor is it moved while a rollout is open, which compares with it.
        """
        ...

    async def production(self) -> Mapping[str, str]:
        """The version each task uses now, as `task -> task@digest`."""
        ...

    async def assign(self, unit: str) -> Assignment:
        """What an interview that begins now is pinned to: production, and the open rollouts' share of it.

        `unit` is the person (`ThreadKey.person`). What comes of it is recorded with the interview.
        """
        ...

    async def in_force(self, ref: str) -> str:
        """The version to use where an interview is pinned to `ref`: that one, unless it was rolled back at once."""
        ...

    async def prompt(self, ref: str) -> Prompt:
        """The version `task@digest`. Raises `PromptError` when there is none."""
        ...


class PromptRegistry(PromptStore, Protocol):
    """What admins need besides. Each change is one transaction with its line of history, and they come one by one.

    With an `entry`, the line of the audit is written in that transaction too; where nothing is changed, neither is.
    """

    async def standing(self, name: str) -> Standing:
        """A task's prompt as it stands. Empty for a task without one."""
        ...

    async def history(self, name: str, limit: int = 50) -> Sequence[Change]:
        """What was done to it, newest first."""
        ...

    async def create(self, prompt: Prompt, *, by: str, message: str, entry: Entry | None = None) -> Standing:
        """Keep a new version as a draft. The same content is the same version; a retired one is a draft again.

        Raises `PromptError` for a prompt that is not fit for use.
        """
        ...

    async def change(
        self, name: str, act: Act, *, by: str, reason: str, seen: int, entry: Entry | None = None
    ) -> Standing:
        """Do what `decide` makes of an act. `seen` is the revision of the standing it was decided on.

        Raises `Overtaken`, which says what the other did, when that is not the newest revision any more; and
        `PromptError` when the act is not possible. Then nothing was changed.
        """
        ...

    async def rollouts(self, name: str, limit: int = 5) -> Sequence[Rollout]:
        """The rollouts of a prompt, open or closed, newest first."""
        ...

    async def observations(self, name: str, *, rollout: int | None = None, since: float = 0.0) -> Sequence[Observation]:
        """Every interview that was assigned a version of this prompt since then, or in this rollout, oldest first."""
        ...
