"""The interview types of a workspace: what there is, a new one, and one from a file.

What can be done to one is `types_using.py`; working on it before it is published is `types_editing.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from adapters.library.type_files import read_type_file
from adapters.surface.choices import Option
from adapters.surface.panels import Field, Filled, Form, Go, Menu, Panel, Row, Words
from adapters.surface.panels.types_editing import Editing
from adapters.surface.panels.types_using import LIST, Using, before
from adapters.surface.panels.types_words import (
    FORMATS,
    options,
    role_named,
    told,
    when,
)
from engine.admin.roles import Actor
from engine.admin.shelf import Held
from engine.admin.type_bodies import NEW_ID_CHARS
from engine.admin.type_drafts import TypeDrafts
from engine.admin.types import WORDS_OF_PATHS, Types
from engine.errors import Wrong

BACK = Go("Back to the menu", "menu")
SHOWN = 8


class TypePages:
    """Under `types`: `new`, `import`, `old`, `page/<n>`, and `<id>` with what can be done to it behind it."""

    name = "types"

    def __init__(self, types: Types, drafts: TypeDrafts) -> None:
        self._types = types
        self._editing = Editing(types, drafts)
        self._using = Using(types, self._editing)

    async def show(self, actor: Actor, path: Sequence[str]) -> Panel | Form:
        match path:
            case ["page", page] if page.isdecimal():
                return await self._list(actor, int(page))
            case ["old"]:
                return await self._archived(actor)
            case ["new"]:
                await self._using.must_change(actor)
                return await self._new(actor)
            case ["import"]:
                await self._using.must_change(actor)
                return _import()
            case ["pick", id] | [id]:
                return await self._using.one(actor, id)
            case [id, *verb]:
                return await self._using.act(actor, id, verb)
            case _:
                return await self._list(actor)

    async def submit(self, actor: Actor, path: Sequence[str], filled: Filled) -> Panel | Form:
        match path:
            case ["new"]:
                return await self._made(actor, filled.one("base"), filled)
            case ["import"]:
                return await self._imported(actor, filled)
            case [id, "copy"]:
                return await self._made(actor, id, filled)
            case [id, "try"]:
                role = role_named(filled.one("role"))
                return await self._using.previewed(actor, id, role, filled.one("answer"))
            case [id, "usual-in"]:
                return await self._using.usual_in(actor, id, filled.fields.get("channels", ()))
            case [id, *section]:
                return await self._editing.submit(actor, id, section, filled)
            case _:
                return await self._list(actor)

    async def _list(self, actor: Actor, page: int = 0) -> Panel:
        every, defaults = await self._types.every(actor), await self._types.defaults(actor)
        used = [held for held in every if not held.archived]
        shown = used[page * SHOWN : (page + 1) * SHOWN]
        rows = [Row(held.kind.title, told(held, defaults), Go("Open", f"types/{held.id}")) for held in shown]
        new = [Go("New type", "types/new", "primary"), Go("Import", "types/import")]
        buttons = new if await self._using.admin(actor) else []
        if len(used) < len(every):
            buttons.append(Go(f"Archived ({len(every) - len(used)})", "types/old"))
        if page:
            buttons.append(Go("Before", f"types/page/{page - 1}"))
        if len(used) > (page + 1) * SHOWN:
            buttons.append(Go("More", f"types/page/{page + 1}"))
        words = Words("What people can choose when they begin, in this order; the usual one goes first.", small=True)
        return Panel("Interview types", (words, *rows), tuple(buttons), back=BACK)

    async def _archived(self, actor: Actor) -> Panel:
        old = [held for held in await self._types.every(actor) if held.archived]
        rows = [Row(each.kind.title, _since(each), Go("Open", f"types/{each.id}")) for each in old[:SHOWN]]
        rest = tuple(Option(each.id, each.kind.title, _since(each)) for each in old[SHOWN : SHOWN + 25])
        menus = (Menu("More of them", "types/pick", rest),) if rest else ()
        parts = tuple(rows) or (Words("Nothing is archived."),)
        return Panel("Archived, and not published yet", parts, menus=menus, back=LIST)

    async def _new(self, actor: Actor) -> Form:
        used = [held for held in await self._types.every(actor) if not held.archived][:25]
        bases = tuple(Option(held.id, held.kind.title, FORMATS[held.kind.format]) for held in used)
        fields = (
            Field("title", "Title", "line", most=80, hint="What people choose it by"),
            Field(
                "base", "Begin with", "choice", (bases[0].value,), options=bases, hint="Criteria, roles and all else"
            ),
            Field("format", "Format", "choice", ("-",), options=(Option("-", "The same"), *options(FORMATS))),
        )
        intro = "A copy of another type, which you then change. Nobody sees it until you publish it."
        return Form("types/new", "New interview type", fields, submit="Begin", intro=intro)

    async def _made(self, actor: Actor, base: str, filled: Filled) -> Panel | Form:
        title = filled.one("title")
        if not title:
            raise Wrong({"title": "The title must not be empty."})
        known = {held.id for held in await self._types.every(actor)}
        made = await self._types.duplicate(actor, base, new_id=new_id(title, known), title=title, in_use=False)
        changes = {"title": title}
        if (format := filled.one("format")) in FORMATS:
            changes["format"] = format
        return await self._editing.begun(actor, made.id, changes)

    async def _imported(self, actor: Actor, filled: Filled) -> Panel:
        upload = next(iter(filled.files), None)
        raw = upload.content if upload else filled.one("text").encode()
        if not raw:
            raise Wrong({"text": "Choose a file, or paste what is in it."})
        try:
            held = await self._types.take_in(actor, read_type_file(raw, name=upload.name if upload else "the text"))
        except Wrong as error:
            raise Wrong({"file" if upload else "text": error.hint}) from error
        return await self._using.one(actor, held.id, f"Version {held.version} is in use.", before(held))


def new_id(title: str, known: set[str]) -> str:
    """An id made of a title, unlike the known ones."""
    words = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[: NEW_ID_CHARS - 4].strip("-") or "type"
    taken = known | WORDS_OF_PATHS
    return next(id for id in (words, *(f"{words}-{n}" for n in range(2, 1_000))) if id not in taken)


def _import() -> Form:
    fields = (
        Field("file", "YAML file", "file", optional=True, hint="As Export makes it"),
        Field("text", "Or paste it here", "text", optional=True),
    )
    intro = "A type with a new id is added; with the id of one that is here, it becomes its next version."
    return Form("types/import", "Import a type", fields, submit="Import", intro=intro)


def _since(held: Held) -> str:
    return f"Since {when(held.at)}" if held.at else ""
