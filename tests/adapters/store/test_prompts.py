"""Prompt versions: each content once, and nobody moves a label that an admin has set."""

from __future__ import annotations

import asyncio

import pytest

from adapters.store.sql import SqlStore
from engine.errors import PromptError
from engine.ports import Task
from engine.prompting.prompt import MessageTemplate, Prompt
from tests.adapters.store.worlds import DatabaseWorld


def prompt(text: str, task: Task = "question") -> Prompt:
    return Prompt(task=task, title="A prompt", messages=(MessageTemplate(role="system", text=text),))


OLD, NEW, REVIEW = prompt("Ask a question."), prompt("Ask a better question."), prompt("Judge.", "review")


async def test_shipped_prompts_go_into_production(store: SqlStore) -> None:
    await store.prompts.seed([OLD, REVIEW])
    assert await store.prompts.production() == {"question": OLD.ref, "review": REVIEW.ref}
    assert await store.prompts.prompt(OLD.ref) == OLD


async def test_an_unknown_version_is_an_error_that_names_it(store: SqlStore) -> None:
    with pytest.raises(PromptError, match="question@0000"):
        await store.prompts.prompt("question@0000")


async def test_a_version_that_cannot_be_read_is_an_error_that_names_it(store: SqlStore, world: DatabaseWorld) -> None:
    await world.run(
        "INSERT INTO prompt_version (ref, name, version, body, created_by, created_at, message, status) "
        "VALUES ('question@1', 'question', 1, '{}', 'someone', 0, '', 'draft')"
    )
    with pytest.raises(PromptError, match="question@1: cannot be read"):
        await store.prompts.prompt("question@1")


async def test_the_same_content_is_the_same_version(store: SqlStore, world: DatabaseWorld) -> None:
    for _ in range(3):
        await store.prompts.seed([OLD])
    assert (await world.rows("SELECT ref, version FROM prompt_version")) == [(OLD.ref, 1)]
    assert (await world.rows("SELECT from_ref, to_ref, actor FROM prompt_label_event")) == [(None, OLD.ref, "seed")]


async def test_a_release_moves_the_label_and_keeps_the_old_version(store: SqlStore, world: DatabaseWorld) -> None:
    await store.prompts.seed([OLD])
    await store.prompts.seed([NEW])
    assert await store.prompts.production() == {"question": NEW.ref}
    assert await store.prompts.prompt(OLD.ref) == OLD
    assert (await world.rows("SELECT ref, version FROM prompt_version ORDER BY version")) == [
        (OLD.ref, 1),
        (NEW.ref, 2),
    ]
    assert (await world.rows("SELECT from_ref, to_ref FROM prompt_label_event ORDER BY n")) == [
        (None, OLD.ref),
        (OLD.ref, NEW.ref),
    ]


async def test_a_release_does_not_move_what_an_admin_chose(store: SqlStore, world: DatabaseWorld) -> None:
    await store.prompts.seed([OLD])
    await world.run("UPDATE prompt_label SET moved_by = 'admin'")
    await store.prompts.seed([NEW])
    assert await store.prompts.production() == {"question": OLD.ref}
    assert await store.prompts.prompt(NEW.ref) == NEW, "it is there to be chosen"


async def test_two_processes_may_start_at_once(world: DatabaseWorld) -> None:
    async with world.open() as store, world.open() as peer:
        await asyncio.gather(store.prompts.seed([OLD, REVIEW]), peer.prompts.seed([OLD, REVIEW]))
        assert await store.prompts.production() == {"question": OLD.ref, "review": REVIEW.ref}
    assert len(await world.rows("SELECT n FROM prompt_label_event")) == 2
