"""What a person can choose before an interview, and which of it is chosen when nothing was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from adapters.surface.wording import LANGUAGES, ROLES, TYPES_LANGUAGE
from engine.interviews import LEVEL_NAMES, ROLE_LEVELS, InterviewType, RoleLevel

OWN = "-"
"""The value of "as the interview type says", since an option's value may not be empty."""


@dataclass(frozen=True, slots=True)
class Option:
    """One of several to choose from."""

    value: str
    label: str
    about: str = ""


def types_of(types: Mapping[str, InterviewType]) -> list[Option]:
    return [Option(id, kind.title, kind.description) for id, kind in types.items()]


def roles_of(kinds: Sequence[InterviewType]) -> list[Option]:
    """The role levels that any of the types is made for."""
    return [Option(role, ROLES[role]) for role in ROLE_LEVELS if any(role in kind.roles for kind in kinds)]


def fitting_role(kind: InterviewType, wished: str) -> RoleLevel:
    """The role wished for where the type is made for it, else its middle."""
    own: list[RoleLevel] = [role for role in ROLE_LEVELS if role in kind.roles]
    for role in own:
        if role == wished:
            return role
    return "mid" if "mid" in own else own[0]


def levels() -> list[Option]:
    """Of difficulty."""
    return [Option(str(n), f"{n} · {name}") for n, name in enumerate(LEVEL_NAMES, 1)]


def languages(chosen: str) -> tuple[list[Option], str]:
    """The languages, the interview type's own first; and which is chosen."""
    known = [Option(OWN, TYPES_LANGUAGE), *(Option(code, name) for code, name in LANGUAGES.items())]
    if chosen and chosen not in LANGUAGES:
        known.append(Option(chosen, chosen))
    return known, chosen or OWN
