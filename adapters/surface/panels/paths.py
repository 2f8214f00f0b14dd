"""From a path to what stands there: the pages of every part behind one door, drafts kept, failures said."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from adapters.surface.panels import Amiss, Field, Filled, Form, Go, Pages, Panel, Words
from engine.admin.records import AdminStore, FormDraft
from engine.admin.roles import Actor
from engine.errors import NotAllowed, Overtaken, RehearseError, Wrong
from engine.keys import person_of

log = logging.getLogger(__name__)

HOME = "menu"
BACK = Go("Back to the menu", HOME)


class Panels:
    """What went wrong is a panel, or stands beside its field; nothing raises but what is nobody's fault."""

    def __init__(self, pages: Sequence[Pages], *, store: AdminStore, now: Callable[[], float]) -> None:
        self._pages = {page.name: page for page in pages}
        self._store = store
        self._now = now

    async def show(self, actor: Actor, path: str = HOME) -> Panel | Form:
        """What stands at a path, or what comes of doing what it says. A form holds what was typed into it before."""
        name, *rest = path.split("/")
        if (pages := self._pages.get(name)) is None:
            return _gone()
        try:
            shown = await pages.show(actor, rest)
        except RehearseError as error:
            return _refused(error)
        if isinstance(shown, Form) and (draft := await self._store.draft(_person(actor), shown.path)) is not None:
            return _filled(shown, draft.fields)
        return shown

    async def submit(self, actor: Actor, path: str, filled: Filled) -> Panel | Form | Amiss:
        """What comes of a form. What is amiss is said beside its field, and what was typed is kept for a day."""
        name, *rest = path.split("/")
        if (pages := self._pages.get(name)) is None:
            return _gone()
        person = _person(actor)
        try:
            shown = await pages.submit(actor, rest, filled)
        except Wrong as error:
            try:
                form = await pages.show(actor, rest)
            except RehearseError as refused:
                # Who may not see the form is told that, rather than what is wrong with it.
                return _refused(refused)
            await self.keep(actor, path, filled)
            if not isinstance(form, Form):
                return replace(form, notice=error.hint, tone="bad")
            return Amiss(_filled(form, filled.fields), error.problems)
        except RehearseError as error:
            await self.keep(actor, path, filled)
            return _refused(error)
        await self._store.drop_draft(person, path)
        return shown

    async def keep(self, actor: Actor, path: str, filled: Filled) -> None:
        """Keep what was typed for a day, so that the form opens with it."""
        await self._store.keep_draft(_person(actor), FormDraft(path, filled.fields), at=self._now())


def _filled(form: Form, typed: Mapping[str, tuple[str, ...]]) -> Form:
    def with_words(field: Field) -> Field:
        values = typed.get(field.id)
        return field if values is None or field.kind == "file" else replace(field, values=values)

    return replace(form, fields=tuple(with_words(field) for field in form.fields))


def _person(actor: Actor) -> str:
    return person_of(actor.platform, actor.workspace, actor.user)


def _refused(error: RehearseError) -> Panel:
    match error:
        case NotAllowed():
            title = "Not for you"
        case Overtaken():
            title = "Somebody was quicker"
        case _:
            title = "That did not work"
            log.info("an admin's act failed", extra={"error": type(error).__name__})
    return Panel(title, (Words(error.hint),), back=BACK, tone="warn")


def _gone() -> Panel:
    return Panel("Not there any more", (Words("This leads nowhere now; it may be from an older version."),), back=BACK)
