"""What leads through panels: a path, and in whose server it is meant where the place does not say so.

    rh:a:types/backend          shows it in place of the message
    rh:a2:types/backend         the same, where one message leads there twice
    rh:ap3:types/backend        its third page
    rh:ab:share/0f1e2d3c4b5a    shows it in a message of its own, and leaves this one as it is
    rh:a@…:types                for a server: in a direct message nobody says which

The same name is that of a form, since forms and buttons come back in different ways. A path has at most 80 characters,
which leaves 20 for what stands before it.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

_NAME = re.compile(r"rh:a(b?)(p?)(\d{0,2})(?:@([A-Za-z0-9_-]{11}))?:(.{0,80})", re.DOTALL)
PAGES = 99


@dataclass(frozen=True, slots=True)
class Led:
    """Where a button, a menu or a form leads. `guild` is "" where the place of the press says it."""

    path: str
    guild: str = ""
    page: int = 1
    beside: bool = False

    def then(self, chosen: str) -> Led:
        """The same with what was chosen in a menu put behind it."""
        path = "/".join(part for part in (self.path, chosen) if part)
        return Led(path, self.guild, self.page, self.beside)


def panel_id(path: str, *, guild: str = "", page: int = 0, nth: int = 0, beside: bool = False) -> str:
    """`page` from 1 is a page of it; `nth` tells apart what leads to the same on one message."""
    mark = f"p{min(page, PAGES)}" if page else f"{nth or ''}"
    return f"rh:a{'b' if beside else ''}{mark}{_whose(guild)}:{path}"


def read_panel(custom_id: str) -> Led | None:
    found = _NAME.fullmatch(custom_id)
    if found is None:
        return None
    beside, paging, number, whose, path = found.groups()
    page = int(number) if paging and number else 1
    return Led(path, _guild(whose) if whose else "", max(1, page), bool(beside))


def _whose(guild: str) -> str:
    """A server's id in eleven letters, with the mark before them."""
    return "@" + urlsafe_b64encode(int(guild).to_bytes(8, "big")).decode().rstrip("=") if guild else ""


def _guild(letters: str) -> str:
    return str(int.from_bytes(urlsafe_b64decode(letters + "="), "big"))
