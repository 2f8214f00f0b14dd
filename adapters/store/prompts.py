"""Prompt versions in the database: each content once, for ever; labels and rollouts that say which an interview gets.

The contract is `engine.prompting.PromptRegistry`. What may be changed is decided in the engine, from the standing read
in the same transaction; what admins choose is never moved by a new release.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from pydantic import ValidationError
from sqlalchemy import Connection, func, select, update

from adapters.store import observing, rows, standings
from adapters.store.admin import note
from adapters.store.database import Database
from adapters.store.statements import alone, insert_new
from adapters.store.tables import prompt_label, prompt_version
from adapters.store.waiting import to_the_end
from engine.admin.records import Entry
from engine.errors import PromptError
from engine.prompting.changes import Act, decide
from engine.prompting.drafting import problems
from engine.prompting.prompt import Prompt
from engine.prompting.standing import PRODUCTION, Change, Deed, Standing, in_force
from engine.trials.observing import Observation
from engine.trials.rollout import Assignment, Rollout, assigned

KNOWN_S = 1.0
"""How long another process may still use a version after it was evicted here."""
SEED = "seed"
"""Who moves a label when the product is started."""
SHIPPED, RELEASED = "shipped with Rehearse", "a new release"


class SqlPromptStore:
    """`now` is epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now
        self._read: dict[str, Prompt] = {}  # a version never changes, and there are as many as admins wrote
        self._evicted: dict[str, tuple[float, Mapping[str, str]]] = {}

    async def seed(self, prompts: Sequence[Prompt]) -> None:
        at = self._now()

        def work(connection: Connection) -> None:
            alone(connection)
            trying = {rollout.name for rollout in standings.open_rollouts(connection)}
            for prompt in prompts:
                _add(connection, prompt, status="active", by=SEED, message=SHIPPED, at=at)
                if prompt.task not in trying:
                    _release(connection, prompt, at)

        await to_the_end(self._database.write(work))

    async def production(self) -> Mapping[str, str]:
        return await self._database.read(standings.production)

    async def assign(self, unit: str) -> Assignment:
        def work(connection: Connection) -> Assignment:
            # Rollouts first: one that is promoted in between then means the version in production either way.
            rollouts = standings.open_rollouts(connection)
            return assigned(standings.production(connection), rollouts, unit)

        return await self._database.read(work)

    async def in_force(self, ref: str) -> str:
        name = ref.partition("@")[0]
        until, evicted = self._evicted.get(name, (0.0, {}))
        if (now := time.monotonic()) >= until:
            # Asked for before every request to a model, and next to never anything but empty.
            evicted = await self._database.read(lambda connection: standings.evicted(connection, ref))
            self._evicted[name] = (now + KNOWN_S, evicted)
        return in_force(ref, evicted)

    async def prompt(self, ref: str) -> Prompt:
        if (known := self._read.get(ref)) is not None:
            return known
        query = select(prompt_version.c.body).where(prompt_version.c.ref == ref)
        body = await self._database.read(lambda connection: connection.scalar(query))
        if body is None:
            raise PromptError(ref, "no such prompt version")
        try:
            prompt = self._read[ref] = Prompt.model_validate_json(body)
        except ValidationError as error:
            raise PromptError(ref, f"cannot be read by this version of Rehearse: {error}") from error
        return prompt

    async def standing(self, name: str) -> Standing:
        return await self._database.read(lambda connection: standings.standing(connection, name))

    async def history(self, name: str, limit: int = 50) -> Sequence[Change]:
        return await self._database.read(lambda connection: standings.changes(connection, name, limit))

    async def rollouts(self, name: str, limit: int = 5) -> Sequence[Rollout]:
        return await self._database.read(lambda connection: standings.rollouts(connection, name, limit))

    async def create(self, prompt: Prompt, *, by: str, message: str, entry: Entry | None = None) -> Standing:
        if found := problems(prompt):
            raise PromptError(prompt.ref, found[0])
        at = self._now()

        def work(connection: Connection) -> Standing:
            alone(connection)
            if _add(connection, prompt, status="draft", by=by, message=message, at=at) and entry is not None:
                note(connection, entry)
            return standings.standing(connection, prompt.task)

        return await to_the_end(self._database.write(work))

    async def change(
        self, name: str, act: Act, *, by: str, reason: str, seen: int, entry: Entry | None = None
    ) -> Standing:
        at = self._now()

        def work(connection: Connection) -> Standing:
            alone(connection)
            before = standings.standing(connection, name)
            standings.carry_out(connection, decide(before, act, by=by, reason=reason, seen=seen, at=at))
            if entry is not None:
                note(connection, entry)
            return standings.standing(connection, name)

        after = await to_the_end(self._database.write(work))
        self._evicted.pop(name, None)
        return after

    async def observations(self, name: str, *, rollout: int | None = None, since: float = 0.0) -> Sequence[Observation]:
        return await self._database.read(
            lambda connection: observing.observations(connection, name, rollout=rollout, since=since)
        )


def _add(connection: Connection, prompt: Prompt, *, status: str, by: str, message: str, at: float) -> bool:
    """Keep a version, once; a retired one becomes a draft again when it is written once more. `False`: it was there."""
    last = connection.scalar(select(func.max(prompt_version.c.version)).where(prompt_version.c.name == prompt.task))
    row = {
        "ref": prompt.ref,
        "name": prompt.task,
        "version": (last or 0) + 1,
        "body": prompt.model_dump_json(),
        "created_by": rows.column_text(by),
        "created_at": at,
        "message": rows.column_text(message),
        "status": status,
    }
    deed: Deed = "created"
    if not insert_new(connection, prompt_version, row):
        retired = (prompt_version.c.ref == prompt.ref, prompt_version.c.status == "retired")
        if by == SEED or connection.execute(update(prompt_version).where(*retired).values(status=status)).rowcount != 1:
            return False
        deed = "revived"
    standings.remember(connection, Change(prompt.task, deed, prompt.ref, by, message, at))
    return True


def _release(connection: Connection, prompt: Prompt, at: float) -> None:
    """Let production point to the shipped version, unless somebody chose another."""
    here = (prompt_label.c.name == prompt.task, prompt_label.c.label == PRODUCTION)
    now = connection.execute(select(prompt_label.c.ref, prompt_label.c.moved_by).where(*here)).one_or_none()
    before, moved_by = now or ("", SEED)
    if moved_by != SEED or before == prompt.ref:
        return
    connection.execute(update(prompt_version).where(prompt_version.c.ref == prompt.ref).values(status="active"))
    standings.move_label(connection, prompt.task, PRODUCTION, prompt.ref, by=SEED, reason=RELEASED, at=at)
    move = Change(prompt.task, "moved", prompt.ref, SEED, RELEASED, at, label=PRODUCTION, before=before)
    standings.remember(connection, move)
