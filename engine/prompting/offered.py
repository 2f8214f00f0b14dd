"""What each task offers a prompt, and how far each value is trusted: what an author of prompts needs to know.

Whatever a candidate can influence is offered as `user`: the answer, but also a focus they typed, a topic or a question
that a model made from it, and the memory of earlier turns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from engine.ports import Task

Trust = Literal["system", "user"]
MARKER = "marker"
"""Offered to every task: what fences the candidate's words in this very request, for the instructions to name."""

OFFERED: Mapping[Task, Mapping[str, Trust]] = {
    "question": {
        "format": "system", "type_title": "system", "level": "system", "level_name": "system", "role": "system",
        "expects": "system", "language": "system", "seeds": "system", "focus": "user", "asked": "user", "past": "user",
    },
    "follow_up": {
        "format": "system", "level": "system", "level_name": "system", "role": "system", "language": "system",
        "question": "user", "answer": "user", "key_points": "user", "uncovered": "user", "candidates": "user",
        "asked": "user",
    },
    "review": {
        "format": "system", "level": "system", "level_name": "system", "role": "system", "expects": "system",
        "meets": "system", "language": "system", "minutes": "system", "criteria": "system", "topic": "user",
        "question": "user", "key_points": "user", "answer": "user", "past": "user",
    },
    "model_answer": {
        "format": "system", "level": "system", "level_name": "system", "role": "system", "language": "system",
        "question": "user", "key_points": "user",
    },
    "report": {
        "type_title": "system", "role": "system", "language": "system", "numbers": "system", "past": "user",
        "fixes": "user", "drills": "user",
    },
}  # fmt: skip

ESSENTIAL: Mapping[Task, frozenset[str]] = {
    "question": frozenset({"level_name"}),
    "follow_up": frozenset({"question", "answer"}),
    "review": frozenset({"criteria", "question", "answer"}),
    "model_answer": frozenset({"question"}),
    "report": frozenset({"numbers"}),
}
"""What a prompt of the task cannot do without."""
