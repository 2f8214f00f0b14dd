"""What a prompt is made from, as plain values: the same facts for a model that reads prose and one that does not.

`engine/prompting.py` turns a material into messages; the offline coach reads the material itself. The sections each
task answers with are named beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.facts import Report
from engine.interviews import Criterion, Format, Question, RoleLevel

QUESTION_SECTIONS = ("topic", "question", "key_points", "hints")
FOLLOW_UP_SECTIONS = ("question", "key_points", "hints")
REPORT_SECTIONS = ("summary", "fixes", "drill")


@dataclass(frozen=True, slots=True)
class PastTurn:
    """An earlier turn of this interview. `answer` is "" for turns old enough to be remembered by `summary` alone."""

    number: int
    topic: str
    question: str
    answer: str
    summary: str
    score: float | None


@dataclass(frozen=True, slots=True)
class QuestionMaterial:
    """For a new main question. `seeds` are bank questions of this format and level not asked yet, the best first."""

    format: Format
    type_title: str
    level: int
    role: RoleLevel
    expects: str
    focus: str
    language: str
    past: tuple[PastTurn, ...] = ()
    seeds: tuple[Question, ...] = ()
    task: Literal["question"] = "question"


@dataclass(frozen=True, slots=True)
class FollowUpMaterial:
    """For a follow-up. `candidates` come with the question; `uncovered` are key points that the answer left out."""

    format: Format
    level: int
    role: RoleLevel
    language: str
    question: str
    answer: str
    key_points: tuple[str, ...] = ()
    uncovered: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    asked_before: tuple[str, ...] = ()
    task: Literal["follow_up"] = "follow_up"


@dataclass(frozen=True, slots=True)
class ReviewMaterial:
    """For a review. `answer` is the whole answer as the candidate wrote it; `meets` is the role's bar."""

    format: Format
    level: int
    role: RoleLevel
    expects: str
    meets: float
    language: str
    topic: str
    question: str
    minutes: int
    key_points: tuple[str, ...]
    cues: tuple[tuple[str, ...], ...]
    criteria: tuple[Criterion, ...]
    answer: str
    past: tuple[PastTurn, ...] = ()
    task: Literal["review"] = "review"


@dataclass(frozen=True, slots=True)
class ModelAnswerMaterial:
    """For a model answer. Free text comes back, no sections."""

    format: Format
    level: int
    role: RoleLevel
    language: str
    question: str
    key_points: tuple[str, ...] = ()
    cues: tuple[tuple[str, ...], ...] = ()
    task: Literal["model_answer"] = "model_answer"


@dataclass(frozen=True, slots=True)
class ReportMaterial:
    """For the closing words. `numbers` holds all scores, computed; `fixes` and `drills` what the reviews advised."""

    type_title: str
    role: RoleLevel
    language: str
    numbers: Report
    past: tuple[PastTurn, ...] = ()
    fixes: tuple[str, ...] = ()
    drills: tuple[str, ...] = ()
    task: Literal["report"] = "report"


Material = QuestionMaterial | FollowUpMaterial | ReviewMaterial | ModelAnswerMaterial | ReportMaterial
