"""What an interview is made of: types, rubric criteria, role levels, questions, and the set-up one interview begins
with.

All of it is data: shipped types come from `prompts/`, admins may define their own, and a running interview keeps the
copy it began with. How questions are asked and answers judged is left to the rest of the engine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

Format = Literal["behavioral", "system_design", "coding", "custom"]
RoleLevel = Literal["intern", "junior", "mid", "senior", "staff"]
ROLE_LEVELS: tuple[RoleLevel, ...] = get_args(RoleLevel)
LEVEL_NAMES = ("Beginner", "Easy", "Intermediate", "Advanced", "Expert")
LOWEST_LEVEL, HIGHEST_LEVEL = 1, len(LEVEL_NAMES)

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=500)]
PlatformId = Annotated[str, StringConstraints(min_length=1, max_length=200)]
PromptChoice = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.@-]{0,79}$")]
AUDIENCE = 200
"""People, groups and channels that a type may name, each."""
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


class Audience(Frozen):
    """Who may begin a type, and where, by the platform's ids. Where nothing is named, everybody may, everywhere."""

    people: tuple[PlatformId, ...] = Field(default=(), max_length=AUDIENCE)
    groups: tuple[PlatformId, ...] = Field(default=(), max_length=AUDIENCE)
    channels: tuple[PlatformId, ...] = Field(default=(), max_length=AUDIENCE)

    @property
    def everybody(self) -> bool:
        return not (self.people or self.groups or self.channels)

    def admits(self, user: str, groups: frozenset[str], channel: str) -> bool:
        """Whether somebody in these groups may begin in this channel."""
        named = not (self.people or self.groups) or user in self.people or not groups.isdisjoint(self.groups)
        return named and (not self.channels or channel in self.channels)


class InterviewType(Frozen):
    """A kind of interview, as a candidate chooses it from a list.

    `minutes` is the time per question (`None`: the question's own), `start_level` where every role starts (`None`: the
    role's own). `own_questions` is the digest of a `QuestionSet` ("" for none), since every interview keeps a copy of
    its type. `prompts` maps a task to the version it is to use: a label, or `task@digest`.
    """

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
    minutes: int | None = Field(default=None, ge=1, le=120)
    start_level: Level | None = None
    own_questions: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16})?$")] = ""
    audience: Audience = Audience()
    prompts: Mapping[str, PromptChoice] = Field(default_factory=dict[str, str], max_length=12)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if problems := dict(self._problems()):
            text = "; ".join(f"{place}: {why}" for place, why in problems.items())
            raise PydanticCustomError("inconsistent", "{text}", {"text": text, "problems": problems})
        return self

    def _problems(self) -> Iterator[tuple[str, str]]:
        """What does not fit together: where, and why."""
        names = [criterion.id for criterion in self.criteria]
        if len(set(names)) != len(names):
            yield "criteria", "two have the same id"
        elif taken := RESERVED.intersection(names):
            yield "criteria", f"{', '.join(sorted(taken))} is a section of every review; choose another id"
        if not self.roles:
            yield "roles", "at least one role level is needed"
        for role, bar in self.roles.items():
            place, weights = f"roles.{role}.weights", bar.weights.values()
            if set(bar.weights) != set(names):
                yield place, f"weights of {role} must be for exactly {', '.join(names)}"
            elif min(weights) < 0:
                yield place, f"weights of {role} must be 0 or more"
            elif sum(weights) != 100:
                yield place, f"weights of {role} sum to {sum(weights)}; they must sum to 100"

    @property
    def digest(self) -> str:
        """Identity by content: the first 12 hex digits of the SHA-256 of the canonical JSON."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def starts(self, role: RoleLevel) -> int:
        """The difficulty that the first question has for a role level."""
        return self.start_level or self.roles[role].start


class Question(Frozen):
    """A question of a bank. `cues` runs parallel to `key_points`: any one phrase counts as evidence for its point."""

    id: Slug
    format: Format
    level: Level
    minutes: int = Field(default=5, ge=1, le=120)
    text: Annotated[str, StringConstraints(min_length=10, max_length=2_000)]
    topic: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    key_points: tuple[Line, ...] = Field(max_length=10)
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
