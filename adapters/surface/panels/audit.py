"""What was changed in a workspace: twenty lines at a time, newest first. Who did it is told apart, never named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.surface.panels import Filled, Form, Go, Panel, Part, Row, Words
from engine.admin.people import AuditLine, People
from engine.admin.roles import Actor

BACK = Go("Back to the menu", "menu")
SHOWN = 20
WHO_CHARS = 6


class AuditPages:
    """`audit`, and `audit/<number>` for what is older than a line."""

    name = "audit"

    def __init__(self, people: People) -> None:
        self._people = people

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        before = int(path[0]) if path and path[0].isdecimal() else None
        found = await self._people.audit(actor, limit=SHOWN + 1, before=before)
        lines, more = found[:SHOWN], len(found) > SHOWN
        parts: list[Part] = [_row(line, everywhere=line.entry.scope != actor.scope) for line in lines]
        if not lines:
            parts.append(Words("Nothing was changed yet." if before is None else "There is nothing older."))
        else:
            note = "Who did it is a keyed hash: the same letters are the same person, and nobody can be read from them."
            parts.append(Words(note, small=True))
        buttons = [Go("Older", f"audit/{lines[-1].number}")] if more else []
        if before is not None:
            buttons.append(Go("Newest", "audit"))
        return Panel("Audit", tuple(parts), tuple(buttons), back=BACK)

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        del filled
        return await self.show(actor, path)


def who(line: AuditLine) -> str:
    """Who did it, in a few words."""
    actor, role = line.entry.actor, line.entry.role
    if not actor:
        return "Rehearse itself"
    if actor == "operator":
        return "whoever runs Rehearse"
    return f"{role or 'somebody'} {actor[:WHO_CHARS]}"


def _row(line: AuditLine, *, everywhere: bool) -> Row:
    when = f"{datetime.fromtimestamp(line.entry.at, UTC):%-d %b %Y, %H:%M} UTC"
    words = line.entry.words
    about = (when, who(line), *(["for every workspace"] if everywhere else []))
    return Row(words[:1].upper() + words[1:], " · ".join(about))
