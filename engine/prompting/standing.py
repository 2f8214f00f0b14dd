"""A prompt as it stands: its versions, where its labels point, the rollout that is open, and how it came to that.

What may be changed about it is `changes.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.errors import Overtaken, PromptError
from engine.trials.rollout import Rollout, percent

PRODUCTION = "production"
EVICTED = "evicted-"
"""How the store's labels begin that say which version stands in for one (its digest follows)."""

_HASH = re.compile(r"[0-9a-f]{16}")
Status = Literal["draft", "active", "retired"]
Deed = Literal[
    "created", "revived", "moved", "opened", "raised", "held", "resumed", "closed", "promoted", "rolled back",
    "rolled back at once", "retired",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it is listed; its text is under `ref`. `number` counts a prompt's versions from 1."""

    ref: str
    number: int
    status: Status
    created_by: str
    created_at: float
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line of a prompt's history. `label` and `before` are set where a label moved, `share_bp` where a share did."""

    name: str
    deed: Deed
    ref: str
    actor: str
    reason: str
    at: float
    label: str = ""
    before: str = ""
    share_bp: int | None = None

    @property
    def sentence(self) -> str:
        """What was done, for a list or a refusal."""
        share = "" if self.share_bp is None else f" at {percent(self.share_bp)}"
        label = f" {self.label} to" if self.label else ""
        why = f" ({self.reason})" if self.reason else ""
        return f"{actor_name(self.actor)} {self.deed}{label} {self.ref}{share}{why}."


@dataclass(frozen=True, slots=True)
class Standing:
    """A prompt as it stands. `revision` counts its history; whoever wants to change it says which one they saw.

    `evicted` maps versions that nobody is to use any more to those that stand in for them.
    `productions` are the versions that were in production, oldest first, and end with the one that is; what was rolled
    back is not among them any more.
    """

    name: str
    versions: tuple[Version, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    evicted: Mapping[str, str] = field(default_factory=dict[str, str])
    productions: tuple[str, ...] = ()
    rollout: Rollout | None = None
    rollouts: int = 0
    revision: int = 0
    last: Change | None = None

    @property
    def production(self) -> str:
        """The version in production; "" when there is none."""
        return self.labels.get(PRODUCTION, "")

    def seen_at(self, revision: int) -> None:
        """Raises `Overtaken` when this is not the standing that was seen."""
        if self.revision != revision:
            raise Overtaken(self.name, self.last.sentence if self.last else "")

    def version(self, ref: str) -> Version:
        """Raises `PromptError` when there is none."""
        if (found := next((each for each in self.versions if each.ref == ref), None)) is None:
            raise PromptError(ref, f"no such version of {self.name}")
        return found


def actor_name(actor: str) -> str:
    """Who did something, in words: admins are kept as a keyed hash, of which the beginning tells them apart."""
    match actor:
        case "" | "seed":
            return "Rehearse"
        case "operator":
            return "The operator"
        case _:
            return f"Admin {actor[:6]}" if _HASH.fullmatch(actor) else actor


def split_labels(name: str, labels: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The labels that people gave, and which versions are evicted in favour of which."""
    own = {label: ref for label, ref in labels.items() if not label.startswith(EVICTED)}
    all_evicted = {
        f"{name}@{label.removeprefix(EVICTED)}": ref for label, ref in labels.items() if label.startswith(EVICTED)
    }
    return own, {old: new for old, new in all_evicted.items() if old != new}


def in_force(ref: str, evicted: Mapping[str, str]) -> str:
    """The version that whoever is pinned to `ref` is to use."""
    passed = {ref}
    while (after := evicted.get(ref)) is not None and after not in passed:
        passed.add(after)
        ref = after
    return ref


def productions(moves: Iterable[str]) -> tuple[str, ...]:
    """What was in production, from every move of that label, oldest first. A move back undoes those since."""
    stack: list[str] = []
    for ref in moves:
        if ref in stack:
            del stack[stack.index(ref) + 1 :]
        else:
            stack.append(ref)
    return tuple(stack)
