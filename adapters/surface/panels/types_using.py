"""One interview type: what it says, and all that can be done to it but changing it.

The list is `types.py`; changing is `types_editing.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from adapters.library.question_files import written_csv
from adapters.library.type_files import written_type
from adapters.surface.panels import Code, Download, Field, Form, Go, Heading, Panel, Part, Row, Words
from adapters.surface.panels.types_editing import Editing
from adapters.surface.panels.types_words import (
    LAYERS,
    audience_words,
    count,
    cut,
    difference_parts,
    facts,
    feedback_parts,
    role_options,
    roles_words,
    when,
)
from adapters.surface.wording import ROLES
from engine.admin.rehearsing import Preview
from engine.admin.roles import Actor, at_least
from engine.admin.shelf import Held
from engine.admin.type_bodies import body_of, held_questions
from engine.admin.types import Types
from engine.errors import NotAllowed
from engine.interviews import RoleLevel

LIST = Go("All types", "types")
VERSIONS = 12
CHANGING = frozenset({"archive", "restore", "shipped", "copy", "try", "usual", "usual-in"})
GO_ON = "Interviews that are under way go on as they began."


class Using:
    """The panels behind `types/<id>`."""

    def __init__(self, types: Types, editing: Editing) -> None:
        self._types = types
        self._editing = editing

    async def act(self, actor: Actor, id: str, verb: Sequence[str]) -> Panel | Form:
        if verb[0] in CHANGING:
            await self.must_change(actor)
        match verb:
            case ["archive"]:
                held = await self._types.get(actor, id)
                words = f"{held.kind.title} is offered no more, and keeps everything it has. {GO_ON}"
                return _sure(
                    f"Archive {held.kind.title}?", words, Go("Archive", f"types/{id}/archive/yes", "danger"), id
                )
            case ["archive", "yes"]:
                held = await self._types.archive(actor, id)
                return await self.one(actor, id, f"Archived. {GO_ON}", Go("Undo", f"types/{id}/restore"))
            case ["restore"]:
                await self._types.restore(actor, id)
                return await self.one(actor, id, "In use again.", Go("Undo", f"types/{id}/archive"))
            case ["shipped"]:
                return await self._to_shipped(actor, id)
            case ["shipped", "yes"]:
                before = await self._types.get(actor, id)
                await self._types.restore(actor, id, shipped=True)
                return await self.one(actor, id, "As it is shipped again.", _undo(id, before.version))
            case ["export"]:
                return await self._export(actor, id)
            case ["versions"]:
                return await self._versions(actor, id)
            case ["v", number] if number.isdecimal():
                return await self._version(actor, id, int(number))
            case ["v", number, "back"] if number.isdecimal():
                before = await self._types.get(actor, id)
                await self._types.restore(actor, id, version=int(number))
                return await self.one(actor, id, f"Version {number} counts again.", _undo(id, before.version))
            case ["copy"]:
                return await self._copy(actor, id)
            case ["try"]:
                return await self._try(actor, id)
            case ["usual"]:
                return await self._usual(actor, id)
            case ["usual", wish]:
                before = (await self._types.defaults(actor)).usual
                await self._types.set_default(actor, id if wish == "yes" else "")
                said = "The usual type now." if wish == "yes" else "Not the usual type any more."
                back = f"types/{before}/usual/yes" if before and before != id else f"types/{id}/usual/no"
                undo = Go("Undo", back if wish == "yes" else f"types/{id}/usual/yes")
                return await self.one(actor, id, said, undo)
            case ["usual-in"]:
                return await self._usual_form(actor, id)
            case _:
                return await self._editing.show(actor, id, verb)

    async def one(self, actor: Actor, id: str, notice: str = "", undo: Go | None = None) -> Panel:
        held, defaults = await self._types.get(actor, id), await self._types.defaults(actor)
        kind, body = held.kind, body_of(held.kind)
        own = await self._types.questions(actor, id)
        standing = f"Archived. {GO_ON}" if held.archived else f"In use, {LAYERS[held.layer]}."
        if held.version:
            standing += f" Version {held.version}, {when(held.at)}."
        channels = [channel for channel, usual in defaults.channels.items() if usual == id]
        also = [f"Usual in {count(len(channels), 'channel')}." if channels else "",
                "Chosen when nothing was said." if defaults.usual == id else ""]  # fmt: skip
        questions = count(len(own.questions), "own question") if own else "none of its own"
        pairs = (*facts(body).pairs, ("Own questions", questions), ("May be begun by", audience_words(body)))
        if kind.prompts:
            pairs = (*pairs, ("Prompts", ", ".join(f"{task}: {choice}" for task, choice in kind.prompts.items())))
        parts: list[Part] = [Words(" ".join(filter(None, [standing, *also])), small=True)]
        if kind.description:
            parts.append(Words(kind.description))
        parts.append(type(facts(body))(pairs))
        titles = "\n".join(f"• {each.title}" for each in kind.criteria)
        bars = "\n".join(f"• {ROLES[role]}: {about}" for role, about in roles_words(body) if about)
        parts += [
            Heading("Criteria"),
            Words(titles),
            Heading("Role levels, weights in the order of the criteria"),
            Words(bars),
        ]
        buttons = await self._buttons(actor, held)
        first = () if undo is None else (undo,)
        tone = "good" if notice else "neutral"
        return Panel(kind.title, tuple(parts), (*first, *buttons), back=LIST, notice=notice, tone=tone)

    async def _buttons(self, actor: Actor, held: Held) -> list[Go]:
        at = f"types/{held.id}"
        looking = [Go("Versions", f"{at}/versions"), Go("Export", f"{at}/export")]
        if not await self.admin(actor):
            return looking
        edit, copy = Go("Edit", f"{at}/edit", "primary"), Go("Duplicate", f"{at}/copy")
        back = [Go("As shipped", f"{at}/shipped")] if held.shipped and held.layer != "shipped" else []
        if held.archived:
            return [Go("Restore", f"{at}/restore", "primary"), Go("Edit", f"{at}/edit"), copy, *looking, *back]
        tried = [Go("Preview", f"{at}/try"), copy, Go("Make usual", f"{at}/usual")]
        return [edit, *tried, *looking, *back, Go("Archive", f"{at}/archive", "danger")]

    async def _to_shipped(self, actor: Actor, id: str) -> Panel:
        held = await self._types.get(actor, id)
        if not held.version:
            return await self.one(actor, id)
        parts = difference_parts(await self._types.difference(actor, id, held.version, 0))
        yes = Go("Put it back", f"types/{id}/shipped/yes", "danger")
        words = Words(
            "It becomes what it is when Rehearse is installed. Your versions stay, and you can go back to them."
        )
        return Panel(f"{held.kind.title} as it is shipped?", (words, *parts), (yes,), back=Go("Cancel", f"types/{id}"))

    async def _export(self, actor: Actor, id: str) -> Panel:
        body = await self._types.export(actor, id)
        text = written_type(body)
        files = [Download(f"{id}.yaml", text.encode(), "The type, to keep, change and import")]
        if questions := held_questions(body):
            files.append(Download(f"{id}-questions.csv", written_csv(questions).encode("utf-8-sig"), "Its questions"))
        return Panel(
            f"{body['title']} as a file", (Code(cut(text), "yaml"),), back=Go("Back", f"types/{id}"), files=tuple(files)
        )

    async def _versions(self, actor: Actor, id: str) -> Panel:
        held, versions = await self._types.get(actor, id), await self._types.versions(actor, id, limit=VERSIONS)
        rows = [
            Row(f"Version {each.number}{' · counts now' if each.number == held.version else ''}",
                f"{when(each.at)}{' · archived' if each.archived else ''}", Go("Look", f"types/{id}/v/{each.number}"))
            for each in versions
        ]  # fmt: skip
        none = (Words("Nobody changed it here; it is as it is shipped, or as it is set for every workspace."),)
        return Panel(f"Versions of {held.kind.title}", tuple(rows) or none, back=Go("Back", f"types/{id}"))

    async def _version(self, actor: Actor, id: str, number: int) -> Panel:
        held = await self._types.get(actor, id)
        parts = difference_parts(await self._types.difference(actor, id, number, held.version))
        heading = Heading("What changed from this version to now")
        here = number == held.version
        may = await self.admin(actor) and not here
        back = (Go("Make it count again", f"types/{id}/v/{number}/back", "primary"),) if may else ()
        parts = (Words("It counts now."),) if here else (heading, *parts)
        return Panel(f"{held.kind.title}, version {number}", parts, back, back=Go("Versions", f"types/{id}/versions"))

    async def _copy(self, actor: Actor, id: str) -> Form:
        held = await self._types.get(actor, id)
        fields = (Field("title", "Title", "line", (f"{held.kind.title[:73]} (copy)",), most=80),)
        return Form(
            f"types/{id}/copy", "Duplicate", fields, submit="Duplicate", intro="Nobody sees it until you publish it."
        )

    async def _try(self, actor: Actor, id: str) -> Form:
        body = (await self._editing.working(actor, id)).body
        roles = role_options(body)
        usual = next((each.value for each in roles if each.value == "mid"), roles[0].value)
        fields = (
            Field("role", "Role level", "choice", (usual,), options=roles),
            Field(
                "answer",
                "An answer to review",
                "text",
                optional=True,
                hint="Empty: a sample answer of middling quality",
            ),
        )
        intro = "One question and one review, as they would be with your changes. Nothing is kept."
        return Form(f"types/{id}/try", "Preview", fields, submit="Try it", intro=intro)

    async def previewed(self, actor: Actor, id: str, role: RoleLevel | None, answer: str) -> Panel:
        preview: Preview = await self._editing.preview(actor, id, role, answer)
        kind, question = preview.session.setup.type, preview.question
        about = f"Level {question.level} · {question.minutes} minutes · {question.topic}"
        titles = {each.id: each.title for each in kind.criteria}
        parts: list[Part] = [Heading("The question"), Words(question.text), Words(about, small=True)]
        parts += [Heading("The answer"), Words(cut(preview.answer, 900)), Heading("The review")]
        parts += feedback_parts(preview.feedback, titles)
        again = (Go("Again", f"types/{id}/try", "primary"), Go("Edit", f"types/{id}/edit"))
        return Panel(f"Preview of {kind.title}", tuple(parts), again, back=Go("Back", f"types/{id}"))

    async def _usual(self, actor: Actor, id: str) -> Panel:
        held, defaults = await self._types.get(actor, id), await self._types.defaults(actor)
        words = Words("The usual type is chosen when somebody begins and says nothing else. A channel's goes first.")
        everywhere = Go("Everywhere here", f"types/{id}/usual/yes", "primary")
        if defaults.usual == id:
            everywhere = Go("No longer in the workspace", f"types/{id}/usual/no")
        buttons = (everywhere, Go("In channels", f"types/{id}/usual-in"))
        return Panel(f"Make {held.kind.title} usual", (words,), buttons, back=Go("Back", f"types/{id}"))

    async def _usual_form(self, actor: Actor, id: str) -> Form:
        channels = (await self._types.defaults(actor)).channels
        own = tuple(channel for channel, usual in channels.items() if usual == id)
        field = Field("channels", "Channels", "channels", own, optional=True, most=25)
        return Form(
            f"types/{id}/usual-in", "Usual in channels", (field,), intro="Left out, a channel has no type of its own."
        )

    async def usual_in(self, actor: Actor, id: str, chosen: Sequence[str]) -> Panel:
        before = {channel for channel, usual in (await self._types.defaults(actor)).channels.items() if usual == id}
        for channel in before.difference(chosen):
            await self._types.set_default(actor, "", channel=channel)
        for channel in chosen:
            if channel not in before:
                await self._types.set_default(actor, id, channel=channel)
        said = f"Usual in {count(len(chosen), 'channel')} now."
        return await self.one(actor, id, said, Go("Change", f"types/{id}/usual-in"))

    async def must_change(self, actor: Actor) -> None:
        """Show no form to somebody who could not hand it in."""
        if not await self.admin(actor):
            raise NotAllowed("admin")

    async def admin(self, actor: Actor) -> bool:
        return at_least(await self._types.roles.role(actor), "admin")


def before(held: Held) -> Go:
    """Back to what there was before the newest version, which may have been the first of an own type."""
    if held.version == 1 and not held.shipped:
        return Go("Undo", f"types/{held.id}/archive")
    return _undo(held.id, held.version - 1)


def _sure(title: str, words: str, yes: Go, id: str) -> Panel:
    return Panel(title, (Words(words),), (yes,), back=Go("Cancel", f"types/{id}"), tone="warn")


def _undo(id: str, version: int) -> Go:
    return Go("Undo", f"types/{id}/v/{version}/back")
