"""What an interview is made of: types, rubric criteria, role levels, questions, and the set-up one interview begins
with.

All of it is data: shipped types come from `prompts/`, admins may define their own, and a running interview keeps the
copy it began with. How questions are asked and answers judged is left to the rest of the engine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Format = Literal["behavioral", "system_design", "coding", "custom"]
RoleLevel = Literal["intern", "junior", "mid", "senior", "staff"]
ROLE_LEVELS: tuple[RoleLevel, ...] = get_args(RoleLevel)
LEVEL_NAMES = ("Beginner", "Easy", "Intermediate", "Advanced", "Expert")
LOWEST_LEVEL, HIGHEST_LEVEL = 1, len(LEVEL_NAMES)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Level = Annotated[int, Field(ge=LOWEST_LEVEL, le=HIGHEST_LEVEL)]
GIVEN_CHARS = 2_000
"""The longest question a candidate may bring along."""
RESERVED = frozenset({"headline", "rewrite", "additional_notes", "next_drill", "summary"})
"""Sections that every review has beside the criteria; no criterion may be called so."""


def level_name(level: int) -> str:
    """The name of a difficulty level, 1 (Beginner) to 5 (Expert)."""
    return LEVEL_NAMES[level - 1]


class Frozen(BaseModel):
    """A value that is stored or comes from outside."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Criterion(Frozen):
    """One dimension of a rubric. `anchors` describes levels 1 to 5, in this order."""

    id: Slug
    title: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    description: Annotated[str, StringConstraints(max_length=500)] = ""
    anchors: tuple[Line, Line, Line, Line, Line]


class Bar(Frozen):
    """What a role level asks for: the level that counts as met, where questions start, and weights in percent."""

    meets: float = Field(ge=1, le=5)
    start: Level
    weights: Mapping[str, int]
    expects: str = Field(default="", max_length=500)


class InterviewType(Frozen):
    """A kind of interview, as a candidate chooses it from a list."""

    id: Slug
    title: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    format: Format
    description: str = Field(default="", max_length=1_000)
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=6)
    roles: Mapping[RoleLevel, Bar]
    questions: int = Field(default=4, ge=1, le=20)
    follow_ups: int = Field(default=1, ge=0, le=3)
    feedback: Literal["each", "end"] = "each"
    source: Literal["bank", "generated", "both"] = "both"
    language: str = Field(default="en", min_length=2, max_length=20)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [criterion.id for criterion in self.criteria]
        if len(set(names)) != len(names):
            raise ValueError("criteria: two have the same id")
        if taken := RESERVED.intersection(names):
            raise ValueError(f"criteria: {', '.join(sorted(taken))} is a section of every review; choose another id")
        if not self.roles:
            raise ValueError("roles: at least one role level is needed")
        for role, bar in self.roles.items():
            if set(bar.weights) != set(names):
                raise ValueError(f"roles.{role}.weights: expected exactly {', '.join(names)}")
            if sum(bar.weights.values()) != 100 or min(bar.weights.values()) < 0:
                raise ValueError(f"roles.{role}.weights: must be 0 or more and sum to 100")
        return self

    @property
    def digest(self) -> str:
        """Identity by content: the first 12 hex digits of the SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]


class Question(Frozen):
    """A question of the bank. `cues` runs parallel to `key_points`: any one phrase counts as evidence for its point."""

    id: Slug
    format: Format
    level: Level
    minutes: int = Field(default=5, ge=1, le=120)
    text: Annotated[str, StringConstraints(min_length=10, max_length=2_000)]
    topic: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    key_points: tuple[Line, ...] = Field(min_length=2, max_length=10)
    cues: tuple[tuple[Line, ...], ...] = Field(max_length=10)
    follow_ups: tuple[Line, ...] = ()
    hints: tuple[Line, ...] = ()
    roles: tuple[RoleLevel, ...] = ()
    tags: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _parallel(self) -> Self:
        if len(self.cues) != len(self.key_points) or not all(self.cues):
            raise ValueError(f"{self.id}: one non-empty list of cues is needed per key point")
        return self


class Arm(Frozen):
    """Where an interview stands in a rollout of one of its prompts: in which stage it began, and on which side."""

    rollout: int
    stage: int
    candidate: bool


class Setup(Frozen):
    """All that one interview is pinned to from its first moment to its last.

    `prompts` maps a task to the prompt version it uses (`purpose@digest`), and `arms` to its side of a rollout, if one
    was open; `quiet_s` is how long a pause ends an answer. `home` is the scope whose rules the interview goes by
    (`platform/workspace`), "" for that of its key.
    """

    type: InterviewType
    role: RoleLevel = "mid"
    questions: int = Field(ge=1, le=20)
    start_level: Level
    focus: str = Field(default="", max_length=200)
    language: str = Field(default="en", min_length=2, max_length=20)
    prompts: Mapping[str, str] = Field(default_factory=dict[str, str])
    arms: Mapping[str, Arm] = Field(default_factory=dict[str, Arm])
    quiet_s: float = Field(default=3.0, ge=0, le=600)
    home: str = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _has_role(self) -> Self:
        if self.role not in self.type.roles:
            raise ValueError(f"role: {self.type.id} is for {', '.join(self.type.roles)}")
        return self

    @property
    def bar(self) -> Bar:
        """What the chosen role level asks for."""
        return self.type.roles[self.role]
