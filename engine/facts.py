"""What happened, in the past tense, kept for ever. A session is the fold of its facts (`engine/session.py`).

Turns are numbered from 1 within an interview; every follow-up and every swapped question is a turn of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from engine.feedback.model import Feedback, Origin
from engine.interviews import Frozen, Level, Setup
from engine.keys import ThreadKey

Kind = Literal["main", "follow_up"]


class AskedQuestion(Frozen):
    """A question as it was put. `id` is the bank's or `generated-…`; `parent` is the turn a follow-up follows."""

    id: str
    text: str
    topic: str
    level: Level
    kind: Kind = "main"
    parent: int = 0
    minutes: int = 5
    key_points: tuple[str, ...] = ()
    cues: tuple[tuple[str, ...], ...] = ()
    hints: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    origin: Origin | None = None


class CriterionTrend(Frozen):
    """A criterion over the whole interview: mean score 0–1 (`None`: never scored) and how many answers it rests on."""

    criterion: str
    title: str
    score: float | None
    n: int


class TrendPoint(Frozen):
    """One answered turn on the chart."""

    turn: int
    level: Level
    score: float | None
    hints: int = 0


class Report(Frozen):
    """The end of an interview. Numbers are computed in code; `summary`, `fixes` and `drill` may be a model's words."""

    summary: str
    fixes: tuple[str, ...] = Field(default=(), max_length=3)
    drill: str = ""
    score: float | None = None
    bar: float | None = None
    criteria: tuple[CriterionTrend, ...] = ()
    trend: tuple[TrendPoint, ...] = ()
    answered: int = 0
    skipped: int = 0
    unscored: int = 0
    engine: str = ""
    origins: Mapping[str, Origin] = Field(default_factory=dict[str, Origin])


class _Fact(Frozen):
    at: float


class Begun(_Fact):
    kind: Literal["begun"] = "begun"
    key: ThreadKey
    number: int
    setup: Setup


class Asked(_Fact):
    """A question was put. `reason` says why the level moved, if it did."""

    kind: Literal["asked"] = "asked"
    turn: int
    question: AskedQuestion
    reason: str = ""


class Answered(_Fact):
    """A message became part of the answer."""

    kind: Literal["answered"] = "answered"
    turn: int
    message: str
    text: str


class Amended(_Fact):
    """A part of the answer was edited (`None`: deleted)."""

    kind: Literal["amended"] = "amended"
    turn: int
    message: str
    text: str | None


class Submitted(_Fact):
    """The candidate said the answer is whole."""

    kind: Literal["submitted"] = "submitted"
    turn: int


class Hinted(_Fact):
    """The hint of this rung (from 1) was shown."""

    kind: Literal["hinted"] = "hinted"
    turn: int
    rung: int


class Skipped(_Fact):
    kind: Literal["skipped"] = "skipped"
    turn: int


class Reviewed(_Fact):
    """Feedback settled on this revision of this attempt. `provisional`: the full review of a model is still owed."""

    kind: Literal["reviewed"] = "reviewed"
    turn: int
    attempt: int
    revision: int
    feedback: Feedback
    provisional: bool = False


class Postponed(_Fact):
    """A review could not be had yet, or the answer must wait for it; it is due (again) at `until`."""

    kind: Literal["postponed"] = "postponed"
    turn: int
    until: float


class Advanced(_Fact):
    """Next was pressed."""

    kind: Literal["advanced"] = "advanced"


class Retried(_Fact):
    """The candidate answers the same question again."""

    kind: Literal["retried"] = "retried"
    turn: int


class ModelAnswerWanted(_Fact):
    kind: Literal["model_answer_wanted"] = "model_answer_wanted"
    turn: int


class ModelAnswered(_Fact):
    kind: Literal["model_answered"] = "model_answered"
    turn: int
    text: str
    origin: Origin


class Levelled(_Fact):
    """The candidate asked for easier or harder questions. `swap`: the open question is replaced too."""

    kind: Literal["levelled"] = "levelled"
    level: Level
    swap: bool = False


class Rated(_Fact):
    """A thumb, up or down, for the feedback of a turn."""

    kind: Literal["rated"] = "rated"
    turn: int
    value: Literal[-1, 1]


class Paused(_Fact):
    kind: Literal["paused"] = "paused"


class Resumed(_Fact):
    kind: Literal["resumed"] = "resumed"


class Stopped(_Fact):
    kind: Literal["stopped"] = "stopped"


class Summarised(_Fact):
    kind: Literal["summarised"] = "summarised"
    report: Report


LaterFact = (
    Asked | Answered | Amended | Submitted | Hinted | Skipped | Reviewed | Postponed | Advanced | Retried
    | ModelAnswerWanted | ModelAnswered | Levelled | Rated | Paused | Resumed | Stopped | Summarised
)  # fmt: skip
Fact = Annotated[Begun | LaterFact, Field(discriminator="kind")]
FACT: TypeAdapter[Fact] = TypeAdapter(Fact)
