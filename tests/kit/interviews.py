"""Small, complete interviews to test with: a type, a set-up, questions and feedback, each with sensible defaults."""

from __future__ import annotations

from typing import Any

from engine.facts import AskedQuestion
from engine.feedback.model import CriterionFeedback, Feedback
from engine.interviews import Bar, Criterion, InterviewType, Setup
from engine.keys import ThreadKey

KEY = ThreadKey(platform="local", channel="c1", user="you")
CRITERIA = ("technical_accuracy", "communication_clarity", "problem_solving", "completeness")
WEIGHTS: dict[str, int] = dict(zip(CRITERIA, (30, 25, 25, 20), strict=True))


def interview_type(**changes: Any) -> InterviewType:
    """A behavioral type with the four default criteria."""
    anchors = ("absent", "a start", "sound core", "complete", "foresight")
    fields: dict[str, Any] = {
        "id": "behavioral",
        "title": "Behavioral interview",
        "format": "behavioral",
        "criteria": tuple(
            Criterion(id=name, title=name.replace("_", " ").capitalize(), anchors=anchors) for name in CRITERIA
        ),
        "roles": {"mid": Bar(meets=3.5, start=3, weights=WEIGHTS)},
        "questions": 2,
        "follow_ups": 0,
    }
    return InterviewType(**(fields | changes))


def setup(**changes: Any) -> Setup:
    """A set-up for two questions at level 3; `type_…` names change the type."""
    of_type = {name.removeprefix("type_"): value for name, value in changes.items() if name.startswith("type_")}
    rest = {name: value for name, value in changes.items() if not name.startswith("type_")}
    fields: dict[str, Any] = {"type": interview_type(**of_type), "questions": 2, "start_level": 3, "quiet_s": 3.0}
    return Setup(**(fields | rest))


def question(**changes: Any) -> AskedQuestion:
    """A question with two key points and two hints."""
    fields: dict[str, Any] = {
        "id": "b3-01",
        "text": "Tell me about a mistake of yours that reached users.",
        "topic": "ownership",
        "level": 3,
        "key_points": ("names the impact", "says what was changed afterwards"),
        "cues": (("users", "customers"), ("added a test", "since then")),
        "hints": ("Start with the impact.", "Say what changed."),
    }
    return AskedQuestion(**(fields | changes))


def feedback(*levels: int | None, **changes: Any) -> Feedback:
    """Feedback with these levels for the four criteria (3 each by default)."""
    given = levels or (3, 3, 3, 3)
    criteria = tuple(
        CriterionFeedback(
            criterion=name,
            level=level,
            assessment=f"{name} assessed",
            reason="" if level else "not scored",
            fix=f"fix {name}",
        )
        for name, level in zip(CRITERIA, given, strict=True)
    )
    fields: dict[str, Any] = {"headline": "A headline", "criteria": criteria, "summary": "s", "engine": "gpt-test",
                              "next_drill": "drill"}  # fmt: skip
    return Feedback(**(fields | changes))
