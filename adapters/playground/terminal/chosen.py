"""What a person may choose before an interview; the form asks for what is missing."""

from __future__ import annotations

from dataclasses import dataclass

from engine.interviews import RoleLevel


@dataclass(frozen=True, slots=True)
class Chosen:
    """`None` where nothing was chosen yet."""

    type_id: str | None = None
    role: RoleLevel | None = None
    questions: int | None = None
    focus: str | None = None
