"""What an admin may do to a prompt's versions, and what comes of it: rules over a `Standing`, pure.

Every change is decided here, from what stands and what is asked for, and carried out by the store in one transaction
with a line of history that says who and why. What a version must keep to is `prompt.py`; how a rollout's share moves is
`engine/trials/rollout.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import assert_never

from engine.errors import PromptError
from engine.prompting.standing import EVICTED, PRODUCTION, Change, Deed, Standing, Status, Version
from engine.trials.rollout import Rollout, opened

LATEST = "latest"
"""What people say for the newest version; no label may be called so."""
_LABEL = re.compile(r"[a-z0-9_.-]{1,36}")
REASON_CHARS = 500


@dataclass(frozen=True, slots=True)
class Move:
    """Let a label point to a version. Production is moved by `Promote` and `RollBack`."""

    label: str
    ref: str


@dataclass(frozen=True, slots=True)
class Promote:
    """Put a version into production. Where a rollout is open it must be the candidate, and the rollout ends."""

    ref: str


@dataclass(frozen=True, slots=True)
class Open:
    """Try a version on a share of the new interviews, beside the one in production."""

    ref: str
    share_bp: int


@dataclass(frozen=True, slots=True)
class Raise:
    share_bp: int


@dataclass(frozen=True, slots=True)
class Hold:
    """Give the candidate to nobody new, for the time being."""


@dataclass(frozen=True, slots=True)
class Resume:
    pass


@dataclass(frozen=True, slots=True)
class Close:
    """End the rollout; production stays as it is."""


@dataclass(frozen=True, slots=True)
class RollBack:
    """End the rollout that is open; where none is, put the version before this one back into production.

    With `evict`, interviews that are pinned to the version go on with the older one from their next request on. That is
    for a version that must not be used at all; otherwise they finish as they began.
    """

    evict: bool = False


@dataclass(frozen=True, slots=True)
class Retire:
    """Let nobody choose this version any more."""

    ref: str


Act = Move | Promote | Open | Raise | Hold | Resume | Close | RollBack | Retire


@dataclass(frozen=True, slots=True)
class Decision:
    """What to write: always the line of history, and whatever else of it is set.

    `moves` maps a label to a version, and `evicts` a version to the one that running interviews use in its place:
    itself, where it is in force again.
    """

    change: Change
    moves: tuple[str, str] | None = None
    status: tuple[str, Status] | None = None
    rollout: Rollout | None = None
    evicts: tuple[str, str] | None = None


def decide(standing: Standing, act: Act, *, by: str, reason: str, seen: int, at: float) -> Decision:
    """What comes of an act, decided on when the prompt's revision was `seen`.

    Raises `Overtaken` when it is another now, and `PromptError` with a sentence when the act is not possible.
    """
    standing.seen_at(seen)
    deed = _Deed(standing, by, reason[:REASON_CHARS], at)
    try:
        match act:
            case Move(label, ref):
                return _move(deed, label, ref)
            case Promote(ref):
                return _promote(deed, ref)
            case Open(ref, share_bp):
                return _open(deed, ref, share_bp)
            case Raise(share_bp):
                return deed.on_rollout("raised", deed.rollout.raised(share_bp, at))
            case Hold():
                return deed.on_rollout("held", deed.rollout.on_hold(at))
            case Resume():
                return deed.on_rollout("resumed", deed.rollout.resumed(at))
            case Close():
                return deed.on_rollout("closed", deed.rollout.closed(at, deed.reason or "closed"))
            case RollBack(evict):
                return _roll_back(deed, evict)
            case Retire(ref):
                return _retire(deed, ref)
            case _:
                assert_never(act)
    except ValueError as error:
        raise PromptError(standing.name, str(error)) from error


@dataclass(frozen=True, slots=True)
class _Deed:
    """Who does something to what, and why."""

    standing: Standing
    by: str
    reason: str
    at: float

    @property
    def rollout(self) -> Rollout:
        if self.standing.rollout is None:
            raise ValueError("no rollout is open")
        return self.standing.rollout

    def change(self, deed: Deed, ref: str, *, label: str = "", share_bp: int | None = None) -> Change:
        before = self.standing.labels.get(label, "") if label else ""
        return Change(self.standing.name, deed, ref, self.by, self.reason, self.at, label, before, share_bp)

    def on_rollout(self, deed: Deed, rollout: Rollout) -> Decision:
        share = rollout.stage.share_bp if rollout.open else None
        return Decision(self.change(deed, rollout.candidate, share_bp=share), rollout=rollout)

    def chosen(self, ref: str) -> Version:
        """A version that may be chosen."""
        if (version := self.standing.version(ref)).status == "retired":
            raise ValueError(f"version {version.number} is retired")
        return version

    def to(self, deed: Deed, label: str, ref: str, rollout: Rollout | None = None) -> Decision:
        """A label moves, and the version it moves to is in use from now on."""
        status: tuple[str, Status] | None = (ref, "active") if self.chosen(ref).status == "draft" else None
        change = self.change(deed, ref, label=label)
        evicts = self.back_in_force(ref) if label == PRODUCTION else None
        return Decision(change, moves=(label, ref), status=status, rollout=rollout, evicts=evicts)

    def back_in_force(self, ref: str) -> tuple[str, str] | None:
        """A version that is chosen again is used again by whoever is pinned to it."""
        return (ref, ref) if ref in self.standing.evicted else None


def _move(deed: _Deed, label: str, ref: str) -> Decision:
    if label == PRODUCTION:
        raise ValueError("production is moved by promoting a version, or by rolling back")
    if label == LATEST or label.startswith(EVICTED) or not _LABEL.fullmatch(label):
        raise ValueError(f"{label[:40]!r} is no label: up to 36 of a–z, 0–9, “_”, “-” and “.”, and not {LATEST!r}")
    if label.isdigit():
        raise ValueError(f"{label!r} could be taken for the number of a version")
    if deed.standing.labels.get(label) == ref:
        raise ValueError(f"{label} points there already")
    return deed.to("moved", label, ref)


def _promote(deed: _Deed, ref: str) -> Decision:
    rollout = deed.standing.rollout
    if rollout is not None and ref != rollout.candidate:
        raise ValueError("a rollout of another version is open; close it first")
    if ref == deed.standing.production:
        raise ValueError("this version is in production already")
    ended = rollout.closed(deed.at, deed.reason or "promoted") if rollout else None
    return deed.to("promoted", PRODUCTION, ref, ended)


def _open(deed: _Deed, ref: str, share_bp: int) -> Decision:
    standing = deed.standing
    if standing.rollout is not None:
        raise ValueError(f"a rollout of {standing.rollout.candidate} is open; close it first")
    if not standing.production:
        raise ValueError("no version is in production to compare with")
    version = deed.chosen(ref)
    number = standing.rollouts + 1
    rollout = opened(standing.name, standing.production, ref, share_bp, number=number, by=deed.by, at=deed.at)
    status: tuple[str, Status] | None = (ref, "active") if version.status == "draft" else None
    change = deed.change("opened", ref, share_bp=share_bp)
    return Decision(change, status=status, rollout=rollout, evicts=deed.back_in_force(ref))


def _roll_back(deed: _Deed, evict: bool) -> Decision:
    standing = deed.standing
    done: Deed = "rolled back at once" if evict else "rolled back"
    if (rollout := standing.rollout) is not None:
        decision = deed.on_rollout(done, rollout.closed(deed.at, deed.reason or "rolled back"))
        return replace(decision, evicts=(rollout.candidate, rollout.control)) if evict else decision
    for ref in reversed(standing.productions[:-1]):
        if standing.version(ref).status != "retired" and ref not in standing.evicted:
            decision = deed.to(done, PRODUCTION, ref)
            return replace(decision, evicts=(standing.production, ref)) if evict else decision
    raise ValueError("there is no earlier version to go back to")


def _retire(deed: _Deed, ref: str) -> Decision:
    version, rollout = deed.chosen(ref), deed.standing.rollout
    if pointing := sorted(label for label, to in deed.standing.labels.items() if to == ref):
        raise ValueError(f"version {version.number} is labelled {', '.join(pointing)}")
    if rollout is not None and ref in (rollout.control, rollout.candidate):
        raise ValueError("this version is part of an open rollout; close it first")
    return Decision(deed.change("retired", ref), status=(ref, "retired"))
