"""An interview as far as it has been chosen, carried along by every part of the picker."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal, cast, get_args

from adapters.discord.names.turns import number
from engine.interviews import LEVEL_NAMES, ROLE_LEVELS, RoleLevel

PickAct = Literal["type", "role", "go", "form", "again"]
PlaceAct = Literal["thread", "here"]

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


@dataclass(frozen=True, slots=True)
class Picked:
    """An interview as far as it has been chosen. `level` is the difficulty to start with, 0 for the role's own."""

    type_id: str
    role: RoleLevel = "mid"
    level: int = 0
    questions: int = 0

    def but(
        self, *, type_id: str | None = None, role: RoleLevel | None = None, level: int | None = None,
        questions: int | None = None,
    ) -> Picked:  # fmt: skip
        """The same with something else chosen."""
        return replace(
            self,
            type_id=self.type_id if type_id is None else type_id,
            role=self.role if role is None else role,
            level=self.level if level is None else level,
            questions=self.questions if questions is None else questions,
        )


def pick_id(act: PickAct, picked: Picked) -> str:
    """A part of the picker: two selects, whose value is chosen instead of what `picked` says, and its buttons.

    `again` starts another interview although one is open.
    """
    return f"rh:pick:{act}:{_picked(picked)}"


def read_pick(custom_id: str) -> tuple[PickAct, Picked] | None:
    match custom_id.split(":"):
        case ["rh", "pick", act, *rest] if act in get_args(PickAct):
            picked = _read_picked(rest)
            return None if picked is None else (cast("PickAct", act), picked)
        case _:
            return None


def place_id(act: PlaceAct, picked: Picked) -> str:
    """Where to hold an interview whose direct message was refused."""
    return f"rh:place:{act}:{_picked(picked)}"


def read_place(custom_id: str) -> tuple[PlaceAct, Picked] | None:
    match custom_id.split(":"):
        case ["rh", "place", act, *rest] if act in get_args(PlaceAct):
            picked = _read_picked(rest)
            return None if picked is None else (cast("PlaceAct", act), picked)
        case _:
            return None


def _picked(picked: Picked) -> str:
    return f"{picked.type_id}:{picked.role}:{picked.level}:{picked.questions}"


def _read_picked(parts: list[str]) -> Picked | None:
    match parts:
        case [type_id, role, level, questions] if (
            _SLUG.fullmatch(type_id) and role in ROLE_LEVELS and number(level, questions)
        ):
            if int(level) > len(LEVEL_NAMES):
                return None
            return Picked(type_id, role, int(level), int(questions))
        case _:
            return None
