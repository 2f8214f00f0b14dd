"""What somebody works on before it is published: a copy of a type that may be unfit for use in the meantime.

A copy is its author's own, remembers which version it was made from, and is kept for a day after the last change.
Whoever publishes second is shown the first one's change, and may put their own on top of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from engine.admin.people import People
from engine.admin.records import AdminStore, FormDraft
from engine.admin.rehearsing import Preview
from engine.admin.roles import Actor, needs
from engine.admin.shelf import Held
from engine.admin.type_bodies import Body, body_of, held_questions, problems_of, set_of, under
from engine.admin.type_changes import Difference, changed, difference, merged
from engine.admin.types import Types
from engine.errors import Wrong
from engine.interviews import RoleLevel
from engine.keys import person_of


@dataclass(frozen=True, slots=True)
class Working:
    """`base` is what it was made from: version `seen` of this scope. `own_questions` may be a list of plain values.

    `archived`: what is published is not in use, or nothing is published yet; publishing puts it in use.
    """

    id: str
    body: Body
    base: Body
    seen: int
    archived: bool = False

    @property
    def changed(self) -> bool:
        return bool(changed(self.base, self.body))

    @property
    def problems(self) -> Mapping[str, str]:
        """What keeps it from being published, by place."""
        if questions := held_questions(self.body):
            try:
                set_of(questions)
            except Wrong as error:
                return {**problems_of({**self.body, "own_questions": ""}), **error.problems}
        return problems_of(_with_digest(self.body))

    @property
    def difference(self) -> Difference:
        """What publishing it would change."""
        return difference(_with_digest(self.base), _with_digest(self.body), names=("published", "yours"))


class TypeDrafts:
    """`now` is epoch seconds."""

    def __init__(self, *, types: Types, store: AdminStore, people: People, now: Callable[[], float]) -> None:
        self._types = types
        self._store = store
        self._people = people
        self._now = now

    @property
    def roles(self) -> People:
        return self._people

    @needs("admin")
    async def working(self, actor: Actor, id: str) -> Working:
        """The actor's copy; a fresh one where they have none."""
        held = await self._types.get(actor, id)
        return await self._kept(actor, held) or _fresh(held)

    @needs("admin")
    async def work(self, actor: Actor, id: str, changes: Body, *, about: Sequence[str] = ()) -> Working:
        """Change fields of the copy. Raises `Wrong` for what is amiss at these places or below; the rest may wait."""
        working = await self.working(actor, id)
        changed = replace(working, body={**working.body, **changes, "id": id})
        problems: Mapping[str, str] = changed.problems if about else {}
        if wrong := {at: why for place in about for at, why in under(place, problems).items()}:
            raise Wrong(wrong)
        await self._keep(actor, changed)
        return changed

    @needs("admin")
    async def publish(self, actor: Actor, id: str) -> Held:
        """Make the copy the next version. Raises `Wrong` and `Overtaken`; then the copy is kept."""
        working = await self.working(actor, id)
        held = await self._types.edit(actor, id, working.body, seen=working.seen)
        await self.discard(actor, id)
        return held

    @needs("admin")
    async def discard(self, actor: Actor, id: str) -> None:
        """Throw the copy away."""
        await self._store.drop_draft(_person(actor), _path(actor, id))

    @needs("admin")
    async def rebase(self, actor: Actor, id: str) -> tuple[Working, frozenset[str]]:
        """Put the actor's changes on top of what is published now; and the fields both changed, where theirs stand."""
        held, working = await self._types.get(actor, id), await self.working(actor, id)
        fresh = _fresh(held)
        body, both = merged(working.base, working.body, fresh.base)
        rebased = replace(fresh, body=body)
        await self._keep(actor, rebased)
        return rebased, both

    @needs("admin")
    async def preview(self, actor: Actor, id: str, *, role: RoleLevel | None = None, answer: str = "") -> Preview:
        """A dry run of the copy, as `Types.preview`."""
        working = await self.working(actor, id)
        return await self._types.preview(actor, id, body=working.body, role=role, answer=answer)

    async def _kept(self, actor: Actor, held: Held) -> Working | None:
        draft = await self._store.draft(_person(actor), _path(actor, held.id))
        if draft is None:
            return None
        fields = draft.fields
        body, base = (cast("Body", json.loads(fields[name][0])) for name in ("body", "base"))
        return Working(held.id, body, base, int(fields["seen"][0]), held.archived)

    async def _keep(self, actor: Actor, working: Working) -> None:
        fields = {"body": working.body, "base": working.base, "seen": working.seen}
        kept: dict[str, tuple[str, ...]] = {
            name: (json.dumps(value, ensure_ascii=False),) for name, value in fields.items()
        }
        # Once more in the open, so that the copy goes with whoever of them is forgotten.
        kept["people"] = tuple(sorted({*_people(working.body), *_people(working.base)}))
        await self._store.keep_draft(_person(actor), FormDraft(_path(actor, working.id), kept), at=self._now())


def _fresh(held: Held) -> Working:
    body = body_of(held.kind)
    return Working(held.id, body, body, held.version, held.archived)


def _with_digest(body: Body) -> Body:
    """Own questions that are not stored yet, by the name they will have; as they are where they are unfit."""
    questions = held_questions(body)
    if questions is None:
        return body
    try:
        digest = set_of(questions).digest if questions else ""
    except Wrong:
        return body
    return {**body, "own_questions": digest}


def _people(body: Body) -> Sequence[str]:
    audience = cast("Mapping[str, Sequence[str]]", body.get("audience") or {})
    return audience.get("people") or ()


def _person(actor: Actor) -> str:
    return person_of(actor.platform, actor.workspace, actor.user)


def _path(actor: Actor, id: str) -> str:
    return f"type {actor.scope} {id}"
