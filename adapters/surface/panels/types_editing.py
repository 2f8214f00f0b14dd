"""Working on a type before it is published: one panel with its sections, and from there to publish or to discard.

What is changed is kept on the server between forms, each person's own. The forms are `types_forms.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from adapters.library.question_files import written_csv, written_yaml
from adapters.surface.panels import Download, Filled, Form, Go, Heading, Panel, Part, Row, Words
from adapters.surface.panels import types_forms as forms
from adapters.surface.panels.types_words import (
    audience_words,
    count,
    criteria,
    difference_parts,
    facts,
    problems_words,
    roles_words,
)
from adapters.surface.wording import ROLES
from engine.admin.rehearsing import Preview
from engine.admin.roles import Actor
from engine.admin.type_bodies import LABELS, held_questions, plain_questions, without_criterion
from engine.admin.type_drafts import TypeDrafts, Working
from engine.admin.types import Types
from engine.errors import Overtaken
from engine.interviews import RoleLevel
from engine.questions import OwnQuestion

KEPT = "Kept. Nobody sees it until you publish it."
SHOWN = 10


class Editing:
    """The panels behind `types/<id>` that change a type."""

    def __init__(self, types: Types, drafts: TypeDrafts) -> None:
        self._types = types
        self._drafts = drafts

    async def working(self, actor: Actor, id: str) -> Working:
        return await self._drafts.working(actor, id)

    async def preview(self, actor: Actor, id: str, role: RoleLevel | None, answer: str) -> Preview:
        return await self._drafts.preview(actor, id, role=role, answer=answer)

    async def begun(self, actor: Actor, id: str, changes: Mapping[str, object]) -> Panel:
        """The first look at a new type."""
        return _edit(await self._drafts.work(actor, id, changes), "Begun. Change what you like, then publish it.")

    async def show(self, actor: Actor, id: str, verb: Sequence[str]) -> Panel | Form:
        working = await self._drafts.working(actor, id)
        match verb:
            case ["edit"]:
                return _edit(working)
            case ["basics"]:
                return forms.basics(working)
            case ["length"]:
                return forms.length(working)
            case ["criteria"]:
                return _criteria(working)
            case ["c", number] if (index := forms.index_of(working, number)) is not None:
                return _criterion(working, index)
            case ["c", number, "edit"] if (index := forms.index_of(working, number)) is not None:
                return forms.criterion(working, index)
            case ["c", "new", "edit"]:
                return forms.criterion(working, None)
            case ["c", number, "gone"] if (index := forms.index_of(working, number)) is not None:
                return _gone(working, index)
            case ["c", number, "gone", "yes"] if (index := forms.index_of(working, number)) is not None:
                body = without_criterion(working.body, str(criteria(working.body)[index]["id"]))
                changed = await self._drafts.work(actor, id, {"criteria": body["criteria"], "roles": body["roles"]})
                return _criteria(changed, "Taken out; its weight went to the others. Discard brings it back.")
            case ["roles"]:
                return _roles(working)
            case ["role", role] if role in ROLES:
                return forms.role(working, role)
            case ["questions"]:
                return await self._questions(actor, working)
            case ["questions", "put"]:
                return forms.questions(working)
            case ["questions", "none"]:
                await self._drafts.work(actor, id, {"own_questions": ""})
                return await self._questions(
                    actor, await self.working(actor, id), "Taken out. Discard brings them back."
                )
            case ["who"]:
                return forms.who(working)
            case ["prompts"]:
                return forms.prompts(working, await self._types.prompt_choices(actor))
            case ["publish"]:
                return _publish(working)
            case ["publish", "yes"]:
                return await self._published(actor, id)
            case ["discard"]:
                words = Words("Everything you changed since it was published last is thrown away.")
                yes = Go("Discard", f"types/{id}/discard/yes", "danger")
                return Panel("Discard your changes?", (words,), (yes,), back=_back(id), tone="warn")
            case ["discard", "yes"]:
                await self._drafts.discard(actor, id)
                return _edit(await self.working(actor, id), "Discarded. This is what is published.")
            case ["rebase"]:
                rebased, both = await self._drafts.rebase(actor, id)
                fields = ", ".join(LABELS[field] for field in sorted(both))
                said = f"You both changed {fields}; yours stand here." if both else "Your changes are on top of theirs."
                return _publish(rebased, said)
            case _:
                return _edit(working)

    async def submit(self, actor: Actor, id: str, section: Sequence[str], filled: Filled) -> Panel | Form:
        working = await self._drafts.working(actor, id)
        match section:
            case ["basics"]:
                return await self._kept(actor, id, forms.basics_of(filled))
            case ["length"]:
                return await self._kept(actor, id, forms.length_of(filled))
            case ["c", number, "edit"]:
                changes, about = forms.criterion_of(working, forms.index_of(working, number), filled)
                with forms.at_fields(about):
                    return _criteria(await self._drafts.work(actor, id, changes, about=(about,)), KEPT)
            case ["role", role]:
                about = f"roles.{role}"
                with forms.at_fields(about):
                    changes = forms.role_of(working, role, filled)
                    return _roles(await self._drafts.work(actor, id, changes, about=(about,)), KEPT)
            case ["questions", "put"]:
                own = await self._own(actor, working)
                changes = forms.questions_of(filled, own)
                with forms.in_field("file" if filled.files else "text"):
                    changed = await self._drafts.work(actor, id, changes, about=("own_questions",))
                return await self._questions(actor, changed, KEPT)
            case ["who"]:
                return await self._kept(actor, id, forms.who_of(filled), about="audience")
            case ["prompts"]:
                return await self._kept(actor, id, forms.prompts_of(filled), about="prompts")
            case _:
                return _edit(working)

    async def _kept(self, actor: Actor, id: str, changes: Mapping[str, object], *, about: str = "") -> Panel:
        with forms.at_fields(about):
            return _edit(await self._drafts.work(actor, id, changes, about=(about,) if about else tuple(changes)), KEPT)

    async def _own(self, actor: Actor, working: Working) -> list[object]:
        """The copy's questions as plain values."""
        held = held_questions(working.body)
        if held is not None:
            return held
        kept = working.body.get("own_questions")
        return plain_questions(await self._types.questions(actor, working.id)) if kept else []

    async def _questions(self, actor: Actor, working: Working, notice: str = "") -> Panel:
        own, id = await self._own(actor, working), working.id
        shown = [OwnQuestion.model_validate_json(forms.as_json(each)) for each in own[:SHOWN]]
        rows = [Row(f"{n}. {each.text[:140]}", _about(each)) for n, each in enumerate(shown, 1)]
        more = (
            [Words(f"… and {len(own) - SHOWN} more, all of them in the files.", small=True)] if len(own) > SHOWN else []
        )
        none = Words(
            "None yet: questions come from the shipped bank and from a model. Your own are asked before those."
        )
        buttons = [Go("Put questions in", f"types/{id}/questions/put", "primary")]
        if own:
            buttons.append(Go("Take all out", f"types/{id}/questions/none", "danger"))
        files = (
            Download(f"{id}-questions.csv", written_csv(own).encode("utf-8-sig"), "For a spreadsheet"),
            Download(f"{id}-questions.yaml", written_yaml(own).encode(), "For an editor"),
        )  # fmt: skip
        tone = "good" if notice else "neutral"
        return Panel(f"Own questions ({len(own)})", (*rows, *more) if own else (none,), tuple(buttons), back=_back(id),
                     notice=notice, tone=tone, files=files if own else ())  # fmt: skip

    async def _published(self, actor: Actor, id: str) -> Panel:
        was = await self._types.get(actor, id)
        before = was.version
        try:
            held = await self._drafts.publish(actor, id)
        except Overtaken as error:
            theirs = await self._types.difference(actor, id, (await self.working(actor, id)).seen, before)
            parts: tuple[Part, ...] = (
                Words(f"{error.change} Nothing was overwritten, and your changes are kept."),
                Heading("What they changed"),
                *difference_parts(theirs),
            )
            buttons = (
                Go("Put mine on top", f"types/{id}/rebase", "primary"),
                Go("Discard mine", f"types/{id}/discard"),
            )
            return Panel("Somebody was quicker", parts, buttons, back=_back(id), tone="warn")
        undo = f"types/{id}/archive" if was.archived else f"types/{id}/v/{before}/back"
        words = Words("Interviews that begin from now on are like this; those under way go on as they began.")
        buttons = (Go("Undo", undo), Go("Make usual", f"types/{id}/usual"))
        said = f"Version {held.version} is published."
        return Panel(held.kind.title, (words,), buttons, back=Go("Back", f"types/{id}"), notice=said, tone="good")


def _edit(working: Working, notice: str = "") -> Panel:
    body, at = working.body, f"types/{working.id}"
    bars = [ROLES[role] for role, about in roles_words(body) if about]
    own, kept = held_questions(body), body.get("own_questions")
    questions = count(len(own), "question") if own is not None else "as published" if kept else "none"
    chosen = body.get("prompts")
    sections = (
        ("Title and format", str(body["title"]), "basics"),
        ("Length and pace", "; ".join(value for _, value in facts(body).pairs[1:5]), "length"),
        ("Criteria", ", ".join(str(each["title"]) for each in criteria(body)), "criteria"),
        ("Role levels", ", ".join(bars) or "none", "roles"),
        ("Own questions", questions, "questions"),
        ("Who may begin it", audience_words(body), "who"),
        ("Prompts", "its own choice" if chosen else "as for every type", "prompts"),
    )
    rows = [Row(title, about, Go("Change", f"{at}/{verb}")) for title, about, verb in sections]
    buttons = [Go("Preview", f"{at}/try")]
    if working.changed or working.archived:
        buttons = [Go("Publish…", f"{at}/publish", "primary"), *buttons]
    if working.changed:
        buttons.append(Go("Discard", f"{at}/discard", "danger"))
    parts: list[Part] = [*rows]
    if problems := working.problems:
        parts += [Heading("Before you can publish"), problems_words(problems)]
    tone = "good" if notice else "neutral"
    return Panel(
        f"Editing {body['title']}", tuple(parts), tuple(buttons), back=Go("Back", at), notice=notice, tone=tone
    )


def _publish(working: Working, notice: str = "") -> Panel:
    title, id = str(working.body["title"]), working.id
    if problems := working.problems:
        words = Words("Something does not fit together yet:")
        return Panel(f"{title} cannot be published yet", (words, problems_words(problems)), back=_back(id), tone="warn")
    parts = difference_parts(working.difference)
    if not working.changed:
        parts = (
            Words("Nothing is changed; it is put in use as it is." if working.archived else "Nothing is changed."),
        )
        if not working.archived:
            return Panel(f"{title} is published as it is", parts, back=_back(id))
    yes = Go("Publish", f"types/{id}/publish/yes", "primary")
    return Panel(f"Publish {title}?", (Heading("What changes"), *parts), (yes,), back=_back(id), notice=notice)


def _criteria(working: Working, notice: str = "") -> Panel:
    id = working.id
    rows = [
        Row(str(each["title"]), str(each.get("description") or ""), Go("Open", f"types/{id}/c/{number}"))
        for number, each in enumerate(criteria(working.body), 1)
    ]
    add = (Go("Add a criterion", f"types/{id}/c/new/edit", "primary"),) if len(rows) < 6 else ()
    words = Words("Each answer is judged by each of them, one by one; weights are set per role level.", small=True)
    tone = "good" if notice else "neutral"
    return Panel("Criteria", (words, *rows), add, back=_back(id), notice=notice, tone=tone)


def _criterion(working: Working, index: int) -> Panel:
    each, at = criteria(working.body)[index], f"types/{working.id}/c/{index + 1}"
    anchors = cast("Sequence[str]", each["anchors"])
    lines = "\n".join(f"{level}  {text}" for level, text in enumerate(anchors, 1))
    parts = (Words(str(each.get("description") or "")), Heading("Levels"), Words(lines))
    buttons = [Go("Change", f"{at}/edit", "primary")]
    if len(criteria(working.body)) > 1:
        buttons.append(Go("Take out", f"{at}/gone", "danger"))
    back = Go("Criteria", f"types/{working.id}/criteria")
    return Panel(str(each["title"]), tuple(part for part in parts if part.text), tuple(buttons), back=back)


def _gone(working: Working, index: int) -> Panel:
    each, at = criteria(working.body)[index], f"types/{working.id}/c/{index + 1}"
    words = Words("Its weight goes to the other criteria in proportion. Nothing changes for anybody until you publish.")
    yes = Go("Take out", f"{at}/gone/yes", "danger")
    return Panel(f"Take out {each['title']}?", (words,), (yes,), back=Go("Cancel", at), tone="warn")


def _roles(working: Working, notice: str = "") -> Panel:
    rows = [
        Row(ROLES[role], about or "not offered", Go("Change" if about else "Add", f"types/{working.id}/role/{role}"))
        for role, about in roles_words(working.body)
    ]
    titles = " / ".join(str(each["title"]) for each in criteria(working.body))
    words = Words(f"Weights are in this order: {titles}.", small=True)
    tone = "good" if notice else "neutral"
    return Panel("Role levels", (*rows, words), back=_back(working.id), notice=notice, tone=tone)


def _about(question: OwnQuestion) -> str:
    level = f"level {question.level}" if question.level else "any level"
    return f"{level} · {count(len(question.key_points), 'key point')}"


def _back(id: str) -> Go:
    return Go("Back to editing", f"types/{id}/edit")
