"""Prompt versions in the database: each content once, for ever, and a label that says which is in production.

The contract is `engine.prompting.PromptStore`. Traffic splits and moving labels by hand are left to the admins' tools,
which use the same tables; what they choose is never moved by a new release.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pydantic import ValidationError
from sqlalchemy import Connection, func, insert, select

from adapters.store.database import Database
from adapters.store.statements import alone, insert_new, inserting
from adapters.store.tables import prompt_label, prompt_label_event, prompt_version
from adapters.store.waiting import to_the_end
from engine.errors import PromptError
from engine.prompting.prompt import Prompt

PRODUCTION = "production"
SEED = "seed"
"""Who moves a label when the product is started."""


class SqlPromptStore:
    """`now` is epoch seconds."""

    def __init__(self, database: Database, now: Callable[[], float]) -> None:
        self._database = database
        self._now = now
        self._read: dict[str, Prompt] = {}  # a version never changes, and there are as many as admins wrote

    async def seed(self, prompts: Sequence[Prompt]) -> None:
        at = self._now()

        def work(connection: Connection) -> None:
            alone(connection)
            for prompt in prompts:
                _add(connection, prompt, at)
                _release(connection, prompt, at)

        await to_the_end(self._database.write(work))

    async def production(self) -> Mapping[str, str]:
        query = select(prompt_label.c.name, prompt_label.c.ref).where(prompt_label.c.label == PRODUCTION)
        return await self._database.read(lambda connection: dict(connection.execute(query).all()))

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


def _add(connection: Connection, prompt: Prompt, at: float) -> None:
    last = connection.scalar(select(func.max(prompt_version.c.version)).where(prompt_version.c.name == prompt.task))
    row = {
        "ref": prompt.ref,
        "name": prompt.task,
        "version": (last or 0) + 1,
        "body": prompt.model_dump_json(),
        "created_by": SEED,
        "created_at": at,
        "message": "shipped with Rehearse",
        "status": "active",
    }
    insert_new(connection, prompt_version, row)


def _release(connection: Connection, prompt: Prompt, at: float) -> None:
    """Let production point to the shipped version, unless somebody chose another."""
    here = (prompt_label.c.name == prompt.task, prompt_label.c.label == PRODUCTION)
    now = connection.execute(select(prompt_label.c.ref, prompt_label.c.moved_by).where(*here)).one_or_none()
    before, moved_by = now or (None, SEED)
    if moved_by != SEED or before == prompt.ref:
        return
    row = {"name": prompt.task, "label": PRODUCTION, "ref": prompt.ref, "moved_by": SEED}
    label = inserting(connection, prompt_label).values(row)
    key = [prompt_label.c.name, prompt_label.c.label]
    connection.execute(label.on_conflict_do_update(index_elements=key, set_={"ref": prompt.ref}))
    event = {"name": prompt.task, "label": PRODUCTION, "from_ref": before, "to_ref": prompt.ref}
    connection.execute(insert(prompt_label_event).values(event | {"actor": SEED, "reason": "a new release", "at": at}))
