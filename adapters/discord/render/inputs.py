"""Fields of modals. A field's `custom_id` names its value when the modal comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from adapters.discord.names import OWN
from adapters.discord.render.page import Json
from adapters.discord.render.parts import Option
from adapters.discord.render.words import shortened
from adapters.surface.wording import LANGUAGES, ROLES, TYPES_LANGUAGE
from engine.interviews import ROLE_LEVELS, InterviewType, RoleLevel

TITLE_CHARS, LABEL_CHARS, ABOUT_CHARS, PLACEHOLDER_CHARS = 45, 45, 100, 100
INPUT_CHARS = 4_000
FIELDS = 5
"""How many a modal holds."""


def modal(custom_id: str, title: str, components: Sequence[Json]) -> Json:
    """The data of a modal response."""
    return {"custom_id": custom_id, "title": shortened(title, TITLE_CHARS), "components": list(components)}


def field(label: str, component: Json, about: str = "") -> Json:
    made: Json = {"type": 18, "label": shortened(label, LABEL_CHARS), "component": component}
    return made | {"description": shortened(about, ABOUT_CHARS)} if about else made


def typed(
    custom_id: str, initial: str = "", *, most: int = INPUT_CHARS, long: bool = False, required: bool = True,
    placeholder: str = "",
) -> Json:  # fmt: skip
    made: Json = {
        "type": 4, "custom_id": custom_id, "style": 2 if long else 1, "max_length": most, "required": required,
    }  # fmt: skip
    if initial:
        made["value"] = initial[:most]
    return made | {"placeholder": shortened(placeholder, PLACEHOLDER_CHARS)} if placeholder else made


def upload(custom_id: str, most: int) -> Json:
    """Files, if any."""
    return {"type": 19, "custom_id": custom_id, "min_values": 0, "max_values": most, "required": False}


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


def languages(chosen: str) -> tuple[list[Option], str]:
    """The languages, the interview type's own first; and which is chosen."""
    known = [Option(OWN, TYPES_LANGUAGE), *(Option(code, name) for code, name in LANGUAGES.items())]
    if chosen and chosen not in LANGUAGES:
        known.append(Option(chosen, chosen))
    return known, chosen or OWN
