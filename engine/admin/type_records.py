"""What every act on interview types goes through: found, held to the rules, and written with its line of audit.

Who may do what is the door's business (`types.py`).
"""

from __future__ import annotations

from typing import cast, get_args

from engine.admin.people import People
from engine.admin.records import AdminStore
from engine.admin.roles import EVERYWHERE, Actor
from engine.admin.shelf import Held, Shelf, StoredSets, read_type
from engine.admin.type_bodies import Body, held_questions, set_of, type_of
from engine.errors import Overtaken, Wrong
from engine.interviews import InterviewType
from engine.pinning import resolved
from engine.ports import Task
from engine.prompting import PromptRegistry
from engine.questions import QuestionSet

TASKS = cast("tuple[Task, ...]", get_args(Task))
NOBODY_LEFT = "At least one interview type must stay open to everybody, or people would find nothing to begin."


class TypeRecords:
    """The types of every scope, as they are written."""

    def __init__(
        self, *, store: AdminStore, people: People, shelf: Shelf, sets: StoredSets, prompts: PromptRegistry
    ) -> None:
        self._store = store
        self._people = people
        self._shelf = shelf
        self._sets = sets
        self._prompts = prompts

    async def one(self, scope: str, id: str) -> Held:
        """Raises `Wrong` under `type` when there is none."""
        if (held := (await self._shelf.held(scope)).get(id)) is None:
            raise Wrong({"type": f"There is no interview type {id[:60]!r} here."})
        return held

    async def version(self, scope: str, id: str, number: int) -> InterviewType:
        """See `Types.version`. Raises `Wrong` under `version`."""
        if number == 0:
            # What the layers below say, as if this scope had said nothing.
            below = await self._shelf.held(EVERYWHERE) if scope != EVERYWHERE else {}
            kind = below[id].kind if id in below else self._shelf.shipped.get(id)
        else:
            found = await self._store.versions(scope, "type", id, limit=10_000)
            kind = next((read_type(record) for record in found if record.version == number), None)
        if kind is None:
            raise Wrong({"version": f"There is no version {number} of {id[:60]} here."})
        return kind

    async def fit(self, scope: str, body: Body) -> tuple[InterviewType, QuestionSet | None]:
        """The type that a body makes, and its own questions where the body holds them. Raises `Wrong`."""
        own, held = None, held_questions(body)
        if held is not None:
            own = set_of(held) if held else None
            body = {**body, "own_questions": own.digest if own else ""}
        kind = type_of(body)
        if own is None and kind.own_questions and await self.own(scope, kind) is None:
            raise Wrong({"own_questions": "These questions are not here any more. Put them in again."})
        await self._prompts_there(kind)
        return kind, own

    async def own(self, scope: str, kind: InterviewType) -> QuestionSet | None:
        """The type's own questions."""
        return await self._sets.kept(scope, kind.own_questions) if kind.own_questions else None

    async def _prompts_there(self, kind: InterviewType) -> None:
        problems: dict[str, str] = {}
        for task, choice in kind.prompts.items():
            if task not in TASKS:
                problems[f"prompts.{task}"] = f"There is no prompt for {task[:40]}; there are {', '.join(TASKS)}."
            elif resolved(await self._prompts.standing(task), choice) is None:
                problems[f"prompts.{task}"] = f"The prompt {task} has no version or label {choice} that is in use."
        if problems:
            raise Wrong(problems)

    async def stays_open(self, scope: str, kind: InterviewType, *, archived: bool) -> None:
        """Refuse what would leave nothing that everybody may begin."""
        others = [held for id, held in (await self._shelf.held(scope)).items() if id != kind.id]
        open_to_all = [each for each in others if not each.archived and each.kind.audience.everybody]
        if not open_to_all and (archived or not kind.audience.everybody):
            raise Wrong({"type" if archived else "audience": NOBODY_LEFT})

    async def put(
        self,
        actor: Actor,
        kind: InterviewType,
        own: QuestionSet | None,
        *,
        seen: int,
        act: str,
        words: str,
        archived: bool = False,
        shipped: bool = False,
    ) -> Held:
        """Write a version with its questions. Raises `Overtaken` unless `seen` is the scope's newest."""
        if own is not None:
            await self._keep(actor, own)
        role = await self._people.role(actor)
        entry = self._people.entry(actor, role, act, f"type:{kind.id}", words)
        body = kind.model_dump_json()
        record = await self._store.put(actor.scope, "type", kind.id, body, seen=seen, entry=entry, archived=archived)
        self._shelf.forget()
        return Held(kind, "here", record.version, archived, record.at, shipped)

    async def _keep(self, actor: Actor, own: QuestionSet) -> None:
        """Store a set before the type that names it. One that is there is left alone: its name is its content."""
        if await self._store.newest(actor.scope, "questions", own.digest) is not None:
            return
        words = f"kept a set of {len(own.questions)} questions"
        role = await self._people.role(actor)
        entry = self._people.entry(actor, role, "type.questions", f"questions:{own.digest}", words)
        try:
            await self._store.put(actor.scope, "questions", own.digest, own.model_dump_json(), seen=0, entry=entry)
        except Overtaken:
            return
