"""A rollout: a candidate version of a prompt gets a share of the new interviews, stage by stage, beside the control.

Who gets it follows from a hash of the person (`engine/experiments.py`): the same person stays on the same side of a
stage, and a raised share only adds people. A rollout on hold gives the candidate to nobody; resumed, it goes on with
the very same people. All is pure; who may do it, and what else a change brings, is `engine/prompting/changes.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.experiments import BASIS_POINTS, Allocation, pin
from engine.interviews import Arm


@dataclass(frozen=True, slots=True)
class Stage:
    """A time during which the candidate's share did not change; in basis points, 0 while on hold. `seq` is from 1."""

    seq: int
    share_bp: int
    started_at: float
    ended_at: float | None = None


@dataclass(frozen=True, slots=True)
class Rollout:
    """`control` and `candidate` are prompt versions (`task@digest`). `id` is the store's, 0 before it has one.

    The salt stays the same from the first stage to the last, so that nobody changes sides but by a raised share.
    """

    name: str
    control: str
    candidate: str
    salt: str
    opened_by: str
    opened_at: float
    stages: tuple[Stage, ...]
    id: int = 0
    closed_at: float | None = None
    close_reason: str = ""

    @property
    def open(self) -> bool:
        return self.closed_at is None

    @property
    def stage(self) -> Stage:
        """The newest stage."""
        return self.stages[-1]

    @property
    def held(self) -> bool:
        """On hold: open, and the candidate goes to nobody."""
        return self.open and self.stage.share_bp == 0

    @property
    def reached_bp(self) -> int:
        """The largest share so far: the one in force, or the one it would be resumed with."""
        return max(stage.share_bp for stage in self.stages)

    def raised(self, share_bp: int, at: float) -> Rollout:
        """With a larger share from now on. Raises `ValueError` with a sentence."""
        if self.held:
            raise ValueError("the rollout is on hold; resume it before its share is raised")
        if share_bp <= self.stage.share_bp:
            raise ValueError(f"a share can only be raised; it is {percent(self.stage.share_bp)} now")
        return self._next(share_bp, at)

    def on_hold(self, at: float) -> Rollout:
        """With nobody new on the candidate. Raises `ValueError` with a sentence."""
        if self.held:
            raise ValueError("the rollout is on hold already")
        return self._next(0, at)

    def resumed(self, at: float) -> Rollout:
        """With the share it had before the hold. Raises `ValueError` with a sentence."""
        if not self.held:
            raise ValueError("the rollout is not on hold")
        return self._next(self.reached_bp, at)

    def closed(self, at: float, reason: str) -> Rollout:
        """At its end; what has begun goes on as it began."""
        ended = replace(self.stage, ended_at=at)
        return replace(self, stages=(*self.stages[:-1], ended), closed_at=at, close_reason=reason)

    def _next(self, share_bp: int, at: float) -> Rollout:
        stage = Stage(self.stage.seq + 1, _share(share_bp, least=0), at)
        return replace(self, stages=(*self.stages[:-1], replace(self.stage, ended_at=at), stage))


def opened(name: str, control: str, candidate: str, share_bp: int, *, number: int, by: str, at: float) -> Rollout:
    """The `number`-th rollout of a prompt (from 1). Raises `ValueError` with a sentence."""
    if control == candidate:
        raise ValueError("this version is in production already")
    stage = Stage(1, _share(share_bp, least=1), at)
    return Rollout(name, control, candidate, salt=f"{name}:{number}", opened_by=by, opened_at=at, stages=(stage,))


@dataclass(frozen=True, slots=True)
class Assignment:
    """What an interview is pinned to: per task the version, and per task with an open rollout the side of it."""

    prompts: Mapping[str, str]
    arms: Mapping[str, Arm]


def assigned(production: Mapping[str, str], rollouts: Iterable[Rollout], unit: str) -> Assignment:
    """The assignment of a unit, which is a person: always the same, until a share is raised or a rollout ends."""
    prompts = dict(production)
    arms: dict[str, Arm] = {}
    for rollout in rollouts:
        if rollout.open:
            shares = [Allocation(rollout.candidate, rollout.stage.share_bp)]
            ref = prompts[rollout.name] = pin(rollout.salt, unit, shares, otherwise=rollout.control)
            is_candidate = ref == rollout.candidate
            arms[rollout.name] = Arm(rollout=rollout.id, stage=rollout.stage.seq, candidate=is_candidate)
    return Assignment(prompts, arms)


def percent(share_bp: int) -> str:
    """A share in words: 250 basis points are "2.5 %"."""
    return f"{share_bp / 100:g} %"


def _share(share_bp: int, *, least: int) -> int:
    if not least <= share_bp <= BASIS_POINTS:
        raise ValueError(f"a share is from {least / 100:g} % to 100 %, not {percent(share_bp)}")
    return share_bp
