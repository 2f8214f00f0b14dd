"""What buttons, choices and standing sentences say, the same on every platform."""

from __future__ import annotations

from collections.abc import Mapping

from engine.inbound import Action
from engine.interviews import RoleLevel

LABELS: Mapping[Action, str] = {
    "done": "Done", "next": "Next", "hint": "Hint", "skip": "Skip", "repeat": "Repeat", "easier": "Easier",
    "harder": "Harder", "pause": "Pause", "resume": "Resume", "retry": "Try again", "model_answer": "Model answer",
    "stop": "End", "helpful": "👍", "unhelpful": "👎", "help": "Help",
}  # fmt: skip

ROLES: Mapping[RoleLevel, str] = {
    "intern": "Intern", "junior": "Junior", "mid": "Mid-level", "senior": "Senior", "staff": "Staff",
}  # fmt: skip

LANGUAGES: Mapping[str, str] = {
    "en": "English", "de": "Deutsch", "es": "Español", "fr": "Français", "it": "Italiano", "nl": "Nederlands",
    "pl": "Polski", "pt": "Português", "tr": "Türkçe", "uk": "Українська", "hi": "हिन्दी", "ja": "日本語",
    "ko": "한국어", "zh": "中文",
}  # fmt: skip
TYPES_LANGUAGE = "As the interview type says"

WORDS = (
    ("done", "ends your answer at once; otherwise a short pause does"),
    ("hint", "shows the next rung of the hint ladder"),
    ("skip", "goes on without an answer"),
    ("repeat", "shows the question again"),
    ("easier, harder", "swaps the question for one of another level"),
    ("pause, resume", "as it says; nothing is lost"),
    ("next", "goes on after feedback"),
    ("try again", "answers the same question once more; both scores stay"),
    ("model answer", "shows one good way to answer"),
    ("👍, 👎", "says whether the feedback helped"),
    ("stop", "ends the interview with a report on what there is"),
)
"""What a word in an interview does, or the button of that name."""

PREPARING = "Preparing the question…"
WRITING = "Writing…"
WRITING_REPORT = "Writing your report…"
NOT_THE_ONLY_ONE = "One good way to answer, not the only one."
DISCLAIMER = "For practice, not for hiring decisions."
NOTHING_YET = "No interview yet. Your first one takes about ten minutes, and nobody else sees it."
NOTHING_HEARD = "I could not hear any words in it."
HEARD = "This is what I heard. Is it your answer?"
