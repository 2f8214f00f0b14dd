"""Where prompt versions are kept, in the engine's words. `adapters/store/prompts.py` keeps these promises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from engine.prompting.prompt import Prompt


class PromptStore(Protocol):
    """Prompt versions, immutable and addressed by content (`task@digest`), and which of them is in production."""

    async def seed(self, prompts: Sequence[Prompt]) -> None:
        """Add the versions that are not there yet; production points to the shipped ones unless an admin chose."""
        ...

    async def production(self) -> Mapping[str, str]:
        """The version each task uses now, as `task -> task@digest`."""
        ...

    async def prompt(self, ref: str) -> Prompt:
        """The version `task@digest`. Raises `PromptError` when there is none."""
        ...
