"""How the validator notes what is wrong, in Slack's own form: a sentence and a JSON pointer. It knows no block."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

ID_CHARS = 255


@dataclass(slots=True)
class Problems:
    """A list of problems that grows while blocks are walked, and what must be unique across them."""

    found: list[str] = field(default_factory=list[str])
    block_ids: set[str] = field(default_factory=set[str])
    charts: int = 0
    where: str = "message"
    """`message`, `modal` or `home`: some blocks are allowed in one of them only."""

    def add(self, at: str, what: str) -> None:
        self.found.append(f"[ERROR] {what} [json-pointer:{at}]")

    def string(self, holder: Json, key: str, at: str, longest: int, *, required: bool = True, shortest: int = 1) -> str:
        """The string at `key`, or "" with a problem noted."""
        if key not in holder or holder[key] is None:
            if required:
                self.add(at, f"missing required field: {key}")
            return ""
        said = holder[key]
        if not isinstance(said, str):
            self.add(f"{at}/{key}", "must be a string")
            return ""
        self.length(said, f"{at}/{key}", longest, shortest)
        return said

    def length(self, said: str, at: str, longest: int, shortest: int = 1) -> None:
        if len(said) > longest:
            self.add(at, f"must be less than {longest + 1} characters")
        if len(said) < shortest:
            self.add(at, f"must be more than {shortest - 1} characters")

    def items(self, holder: Json, key: str, at: str, most: int, *, required: bool = True, least: int = 1) -> list[Any]:
        """The list at `key`, or [] with a problem noted."""
        if key not in holder or holder[key] is None:
            if required:
                self.add(at, f"missing required field: {key}")
            return []
        said = holder[key]
        if not isinstance(said, list):
            self.add(f"{at}/{key}", "must be an array")
            return []
        if len(said) > most:
            self.add(f"{at}/{key}", f"no more than {most} items allowed")
        if len(said) < least:
            self.add(f"{at}/{key}", f"must have at least {least} items")
        return said

    def object(self, holder: Json, key: str, at: str, *, required: bool = True) -> Json | None:
        if key not in holder or holder[key] is None:
            if required:
                self.add(at, f"missing required field: {key}")
            return None
        said = holder[key]
        if not isinstance(said, dict):
            self.add(f"{at}/{key}", "must be an object")
            return None
        return said

    def one_of(self, holder: Json, key: str, at: str, allowed: Collection[Any], *, required: bool = False) -> None:
        if holder.get(key) is None:
            if required:
                self.add(at, f"missing required field: {key}")
        elif holder[key] not in allowed:
            self.add(f"{at}/{key}", f"must be one of {', '.join(sorted(map(str, allowed)))}")

    def number(self, holder: Json, key: str, at: str, least: float, most: float, *, required: bool = False) -> None:
        if holder.get(key) is None:
            if required:
                self.add(at, f"missing required field: {key}")
        elif isinstance(holder[key], bool) or not isinstance(holder[key], int | float):
            self.add(f"{at}/{key}", "must be a number")
        elif not least <= holder[key] <= most:
            self.add(f"{at}/{key}", f"must be between {least} and {most}")

    def keys(self, holder: Json, at: str, allowed: str) -> None:
        """Slack refuses fields it does not know."""
        for key in holder.keys() - set(allowed.split()) - {"type"}:
            self.add(at, f"invalid additional property: {key}")

    def text(
        self, holder: Json, key: str, at: str, longest: int, *, plain: bool = False, required: bool = True
    ) -> Json | None:
        """A text object: plain_text only where `plain`, else mrkdwn as well."""
        said = self.object(holder, key, at, required=required)
        if said is not None:
            self.text_object(said, f"{at}/{key}", longest, plain=plain)
        return said

    def text_object(self, said: Any, at: str, longest: int, *, plain: bool = False) -> None:
        if not isinstance(said, dict):
            self.add(at, "must be an object")
            return
        allowed = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
        if said.get("type") not in allowed:
            self.add(f"{at}/type", f"must be one of {', '.join(sorted(allowed))}")
        self.keys(said, at, "text emoji" if said.get("type") == "plain_text" else "text verbatim")
        self.string(said, "text", at, longest)
