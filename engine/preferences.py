"""What a person set for themselves, for every interview of theirs in a workspace."""

from __future__ import annotations

from pydantic import Field

from engine.interviews import Frozen


class Preferences(Frozen):
    """`live`: feedback is shown while it is written, rather than once it is whole. `language` is "" for the type's."""

    live: bool = True
    language: str = Field(default="", max_length=20)
