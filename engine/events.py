"""What surfaces are told while an interview goes on: snapshots of posts, never deltas.

A post has an id that stays the same for ever (`q3`, `f3.1`, `h3.2`, `m3`, `report`), so whoever missed an event only
needs the next one. `Card`s are what a post shows, free of any platform; adapters render them and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from engine.facts import Kind, Report
from engine.feedback.model import ChecklistItem, Confidence
from engine.inbound import Action
from engine.interviews import Frozen
from engine.keys import ThreadKey


class QuestionCard(Frozen):
    """A question. `number` of `total` counts main questions; `text` is "" while it is being prepared."""

    card: Literal["question"] = "question"
    turn: int
    number: int
    total: int
    kind: Kind = "main"
    level: int
    level_name: str
    level_reason: str = ""
    topic: str = ""
    text: str = ""
    minutes: int = 0
    actions: tuple[Action, ...] = ()


class AnswerCard(Frozen):
    """What the candidate said, as far as it is kept. Surfaces where the answer already stands do not show it."""

    card: Literal["answer"] = "answer"
    turn: int
    attempt: int
    text: str


class SectionView(Frozen):
    """One criterion on a feedback card. `level` and `score` are only set once the section has settled."""

    criterion: str
    title: str
    weight: int
    state: Literal["waiting", "growing", "settled"] = "waiting"
    assessment: str = ""
    quotes: tuple[str, ...] = ()
    fix: str = ""
    level: int | None = None
    score: float | None = None
    meets: bool | None = None
    reason: str = ""
    anchor: str = ""
    next_anchor: str = ""


class FeedbackCard(Frozen):
    """The review of one attempt, growing or whole. `before` is the score of the attempt before it.

    `status` is a sentence about where it stands ("Reading your answer…"); `provisional` says that a full review
    follows.
    """

    card: Literal["feedback"] = "feedback"
    turn: int
    attempt: int
    state: Literal["growing", "settled"] = "growing"
    status: str = ""
    headline: str = ""
    sections: tuple[SectionView, ...] = ()
    rewrite: str = ""
    additional_notes: str = ""
    next_drill: str = ""
    checklist: tuple[ChecklistItem, ...] = ()
    score: float | None = None
    before: float | None = None
    bar: float | None = None
    hints: int = 0
    engine: str = ""
    confidence: Confidence = "medium"
    provisional: bool = False
    notes: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()


class HintCard(Frozen):
    """A rung of the hint ladder: the `rung`-th of `rungs`."""

    card: Literal["hint"] = "hint"
    turn: int
    rung: int
    rungs: int
    text: str


class ModelAnswerCard(Frozen):
    card: Literal["model_answer"] = "model_answer"
    turn: int
    text: str = ""
    engine: str = ""


class ReportCard(Frozen):
    """The end. `report` is `None` while it is being written."""

    card: Literal["report"] = "report"
    title: str
    report: Report | None = None


Card = Annotated[
    QuestionCard | AnswerCard | FeedbackCard | HintCard | ModelAnswerCard | ReportCard, Field(discriminator="card")
]


class _Event(Frozen):
    key: ThreadKey
    session: str


class Opened(_Event):
    """A post appears."""

    kind: Literal["opened"] = "opened"
    post: str
    card: Card


class Grew(_Event):
    """A post shows more than before; may be dropped when a newer snapshot is there."""

    kind: Literal["grew"] = "grew"
    post: str
    card: Card


class Settled(_Event):
    """A post is final for now and its content is durable; never dropped."""

    kind: Literal["settled"] = "settled"
    post: str
    card: Card


class Notice(_Event):
    """A short sentence outside any post. `error` marks something the candidate should act on."""

    kind: Literal["notice"] = "notice"
    text: str
    error: bool = False


Event = Annotated[Opened | Grew | Settled | Notice, Field(discriminator="kind")]
EVENT: TypeAdapter[Event] = TypeAdapter(Event)

Emit = Callable[[Event], None]
"""Tells whoever watches. Synchronous, and never blocks."""
