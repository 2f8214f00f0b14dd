"""The options of `rehearse practice`, as the command line has checked them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from engine.interviews import RoleLevel


class Options(BaseModel):
    """See `rehearse practice --help`. What was not given is `None` or false."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: str | None = None
    level: RoleLevel | None = None
    questions: int | None = None
    difficulty: int | None = None
    focus: str | None = None
    language: str | None = None
    feedback: Literal["each", "end"] | None = None
    resume: bool = False
    new: bool = False
    demo: bool = False
    history: bool = False
    json_lines: bool = False
    answers: str | None = None

    @property
    def names_an_interview(self) -> bool:
        """Something was said about what to practise, so no form is needed."""
        chosen = (self.type, self.level, self.questions, self.difficulty, self.focus, self.language, self.feedback)
        return any(value is not None for value in chosen)
