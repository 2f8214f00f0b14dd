"""The interview types of a workspace: list, make, change, try, put away, bring back.

A change is a whole new version; nobody's running interview notices. What somebody works on before it is published is
`type_drafts.py`; which versions count where is `shelf.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.admin.people import People
from engine.admin.records import AdminStore, Record
from engine.admin.rehearsing import Perform, Preview, dry_run
from engine.admin.roles import Actor, needs
from engine.admin.shelf import DEFAULTS, Defaults, Held, Shelf, StoredSets, read_type
from engine.admin.type_bodies import NEW_ID_CHARS, Body, body_of, plain_questions
from engine.admin.type_changes import Difference, difference
from engine.admin.type_records import TASKS, TypeRecords
from engine.errors import Wrong
from engine.interviews import Audience, InterviewType, RoleLevel, Setup
from engine.keys import ThreadKey
from engine.pinning import chosen
from engine.prompting import PromptRegistry
from engine.questions import QuestionSet
from engine.trials.rollout import Assignment

MOST_TYPES = 100
WORDS_OF_PATHS = frozenset({"new", "import", "old", "page", "pick"})


@dataclass(frozen=True, slots=True)
class TypeVersion:
    """A version of a type in this scope. `kind` is `None` where this program cannot read it."""

    number: int
    kind: InterviewType | None
    archived: bool
    by: str
    at: float


class Types:
    """`perform` is a performer's; `samples` gives answers by question id for dry runs; `now` is epoch seconds."""

    def __init__(
        self,
        *,
        store: AdminStore,
        people: People,
        shelf: Shelf,
        sets: StoredSets,
        prompts: PromptRegistry,
        perform: Perform,
        samples: Callable[[], Mapping[str, str]],
        now: Callable[[], float],
    ) -> None:
        self._store = store
        self._people = people
        self._shelf = shelf
        self._prompts = prompts
        self._perform = perform
        self._samples = samples
        self._now = now
        self._sets = sets
        self._records = TypeRecords(store=store, people=people, shelf=shelf, sets=sets, prompts=prompts)

    @property
    def roles(self) -> People:
        return self._people

    @needs("viewer")
    async def every(self, actor: Actor) -> Sequence[Held]:
        """Every type, archived ones too: the shipped ones first, then the others by title."""
        return list((await self._shelf.held(actor.scope)).values())

    @needs("viewer")
    async def get(self, actor: Actor, id: str) -> Held:
        """Raises `Wrong` under `type` when there is none."""
        return await self._records.one(actor.scope, id)

    @needs("viewer")
    async def versions(self, actor: Actor, id: str, *, limit: int = 50) -> Sequence[TypeVersion]:
        """The scope's own versions, newest first; none for a type that nobody changed here."""
        return [_version(record) for record in await self._store.versions(actor.scope, "type", id, limit)]

    @needs("viewer")
    async def version(self, actor: Actor, id: str, number: int) -> InterviewType:
        """The type as it was then; 0 is what there was before anybody changed it here."""
        return await self._records.version(actor.scope, id, number)

    @needs("viewer")
    async def difference(self, actor: Actor, id: str, older: int, newer: int) -> Difference:
        """What changed between two versions; 0 is what there was before anybody changed it here."""
        old, new = [await self._records.version(actor.scope, id, number) for number in (older, newer)]
        return difference(body_of(old), body_of(new), names=(f"version {older}", f"version {newer}"))

    @needs("viewer")
    async def questions(self, actor: Actor, id: str) -> QuestionSet | None:
        """The type's own questions."""
        held = await self._records.one(actor.scope, id)
        return await self._records.own(actor.scope, held.kind)

    @needs("viewer")
    async def export(self, actor: Actor, id: str) -> Body:
        """The type as plain values with its own questions in it, for a file; `take_in` reads it back."""
        kind = (await self._records.one(actor.scope, id)).kind
        own = await self._records.own(actor.scope, kind)
        return {**body_of(kind), "own_questions": plain_questions(own)}

    @needs("viewer")
    async def defaults(self, actor: Actor) -> Defaults:
        """What is chosen when nothing was said, in the workspace and in channels."""
        return (await self._shelf.defaults(actor.scope))[0]

    @needs("viewer")
    async def prompt_choices(self, actor: Actor) -> Mapping[str, Mapping[str, str]]:
        """Per task what a type may ask for, and what that is: labels first, then versions, the newest first."""
        made: dict[str, dict[str, str]] = {}
        for task in TASKS:
            standing = await self._prompts.standing(task)
            made[task] = {label: f"whatever is {label}" for label in standing.labels}
            for version in reversed(standing.versions):
                if version.status != "retired":
                    made[task][version.ref] = f"version {version.number}, for good"
        return made

    @needs("admin")
    async def create(self, actor: Actor, body: Body, *, in_use: bool = True) -> Held:
        """A new type. Not in use yet, it stands among the archived ones until it is published or restored."""
        kind, own = await self._records.fit(actor.scope, body)
        held = await self._shelf.held(actor.scope)
        if kind.id in held:
            raise Wrong({"id": f"There is a type with the id {kind.id} already; choose another id."})
        if kind.id in WORDS_OF_PATHS:
            raise Wrong({"id": f"The id {kind.id} means something else here; choose another one."})
        if len(kind.id) > NEW_ID_CHARS:
            raise Wrong({"id": f"The id may have at most {NEW_ID_CHARS} characters."})
        if len(held) >= MOST_TYPES:
            raise Wrong({"": f"There may be {MOST_TYPES} interview types at most, archived ones counted."})
        words = f"made the type {kind.title}" if in_use else f"began a new type {kind.title}"
        return await self._records.put(actor, kind, own, seen=0, act="type.create", words=words, archived=not in_use)

    @needs("admin")
    async def edit(self, actor: Actor, id: str, body: Body, *, seen: int) -> Held:
        """Publish a whole new version. Where nothing changed, nothing is done. `seen`: what it was decided on.

        Raises `Wrong` field by field, and `Overtaken` with the other's change when a newer version is there.
        """
        held = await self._records.one(actor.scope, id)
        kind, own = await self._records.fit(actor.scope, body)
        if kind.id != id:
            raise Wrong({"id": "A type keeps its id. Duplicate it to have one with another id."})
        if kind == held.kind and seen == held.version and not held.archived:
            return held
        await self._records.stays_open(actor.scope, kind, archived=False)
        words = f"published version {seen + 1} of the type {kind.title}"
        return await self._records.put(
            actor, kind, own, seen=seen, act="type.publish", words=words, shipped=held.shipped
        )

    @needs("admin")
    async def take_in(self, actor: Actor, body: Body) -> Held:
        """What `export` gave: a new type, or the next version of the one with its id."""
        held = (await self._shelf.held(actor.scope)).get(str(body.get("id", "")))
        if held is None:
            return await self.create(actor, body)
        return await self.edit(actor, held.id, body, seen=held.version)

    @needs("admin")
    async def duplicate(self, actor: Actor, id: str, *, new_id: str, title: str = "", in_use: bool = True) -> Held:
        """The same under another id, with the same questions."""
        kind = (await self._records.one(actor.scope, id)).kind
        body = body_of(kind) | {"id": new_id, "title": title or f"{kind.title[:73]} (copy)"}
        return await self.create(actor, body, in_use=in_use)

    @needs("admin")
    async def archive(self, actor: Actor, id: str) -> Held:
        """Offer it no more. Interviews that are under way go on."""
        held = await self._records.one(actor.scope, id)
        if held.archived:
            raise Wrong({"type": f"{held.kind.title} is archived already."})
        await self._records.stays_open(actor.scope, held.kind, archived=True)
        words = f"archived the type {held.kind.title}"
        seen, shipped = held.version, held.shipped
        return await self._records.put(
            actor, held.kind, None, seen=seen, act="type.archive", words=words, archived=True, shipped=shipped
        )

    @needs("admin")
    async def restore(self, actor: Actor, id: str, *, version: int | None = None, shipped: bool = False) -> Held:
        """Put it in use again: as it is, as an earlier version was (0: before any change here), or as it is shipped."""
        held = await self._records.one(actor.scope, id)
        kind, what = held.kind, "restored the type"
        if shipped:
            if (base := self._shelf.shipped.get(id)) is None:
                raise Wrong({"type": f"{held.kind.title} is your own; nothing like it is shipped."})
            if held.kind == base and not held.archived:
                raise Wrong({"type": f"{held.kind.title} is as it is shipped."})
            kind, what = base, "put back, as it is shipped, the type"
        elif version is not None:
            kind, what = (
                await self._records.version(actor.scope, id, version),
                f"went back to version {version} of the type",
            )
        elif not held.archived:
            raise Wrong({"type": f"{held.kind.title} is in use."})
        await self._records.stays_open(actor.scope, kind, archived=False)
        words = f"{what} {kind.title}"
        return await self._records.put(
            actor, kind, None, seen=held.version, act="type.restore", words=words, shipped=held.shipped
        )

    @needs("admin")
    async def set_default(self, actor: Actor, id: str, *, channel: str = "") -> Defaults:
        """Choose this type where nothing was said, in a channel or everywhere else; "" undoes it."""
        if id:
            held = await self._records.one(actor.scope, id)
            if held.archived:
                raise Wrong({"type": f"{held.kind.title} is archived; restore it first."})
        old, seen = await self._shelf.defaults(actor.scope)
        where = "a channel" if channel else "the workspace"
        if channel:
            channels = {at: kind for at, kind in old.channels.items() if at != channel} | ({channel: id} if id else {})
            new = type(old).model_validate({"usual": old.usual, "channels": channels})
        else:
            new = old.model_copy(update={"usual": id})
        words = f"made {id} the usual type of {where}" if id else f"unset the usual type of {where}"
        role = await self._people.role(actor)
        entry = self._people.entry(actor, role, "type.default", f"defaults:{DEFAULTS}", words)
        await self._store.put(actor.scope, "defaults", DEFAULTS, new.model_dump_json(), seen=seen, entry=entry)
        self._shelf.forget()
        return new

    @needs("admin")
    async def preview(
        self, actor: Actor, id: str, *, body: Body | None = None, role: RoleLevel | None = None, answer: str = ""
    ) -> Preview:
        """A dry run of one question and one review, of which nothing is kept; of `body`, where it is not published.

        Without an answer, a sample is reviewed. Raises `ModelError`, and `Wrong` for a body that is not fit for use.
        """
        if body is None:
            kind = (await self._records.one(actor.scope, id)).kind
        else:
            kind, own = await self._records.fit(actor.scope, body)
            if own is not None:
                self._sets.lend(own)
        at = _fitting(kind, role)
        setup = Setup(
            type=kind.model_copy(update={"audience": Audience()}),
            role=at,
            questions=1,
            start_level=kind.starts(at),
            language=kind.language,
            prompts=(await chosen(self._prompts, kind, Assignment(await self._prompts.production(), {}))).prompts,
            quiet_s=0,
            home=actor.scope,
        )
        key = ThreadKey(platform=actor.platform, workspace=actor.workspace, channel="preview", user=actor.user)
        return await dry_run(self._perform, setup, key, answer=answer, samples=self._samples(), at=self._now())


def _fitting(kind: InterviewType, role: RoleLevel | None) -> RoleLevel:
    if role is not None and role in kind.roles:
        return role
    return "mid" if "mid" in kind.roles else next(iter(kind.roles))


def _version(record: Record) -> TypeVersion:
    return TypeVersion(record.version, read_type(record), record.archived, record.by, record.at)
