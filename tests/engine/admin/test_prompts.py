"""Prompts behind the door: who may look, who may change, and the line that every change leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.admin.people import People
from engine.admin.prompts import Prompts
from engine.admin.roles import EVERYWHERE, Actor
from engine.admin.trying import ANSWER_CHARS, Trial
from engine.errors import NotAllowed, Overtaken, PromptError, RehearseError, Wrong
from engine.ports import Request
from engine.prompting import Standing, as_text
from engine.prompting.choosing import TASKS
from engine.trials.rollout import Rollout
from tests.contracts.prompt_store import NAME, NEW, NEWER, OLD
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.interviews import interview_type
from tests.kit.model import Model
from tests.kit.prompts_memory import MemoryPrompts

ADMIN = Actor("slack", "T1", "U1", standing="admin")
OTHER = Actor("slack", "T1", "U2", standing="owner")
VIEWER = Actor("slack", "T1", "U3", standing="viewer")
STRANGER = Actor("slack", "T9", "U1", standing="owner")
OPERATOR = Actor("local", "-", "operator", operator=True, on=EVERYWHERE)
SCOPE = "slack/T1"
HASH = {"slack/T1/U1": "a" * 64, "slack/T1/U2": "b" * 64}


@dataclass
class House:
    now: float = 1_000.0
    model: Model = field(default_factory=Model)
    offline: Model = field(default_factory=lambda: Model(name="offline", model="checklist"))

    trusted: set[str] = field(default_factory=lambda: {SCOPE})

    def __post_init__(self) -> None:
        self.admin = MemoryAdmin(lambda: self.now)
        self.registry = MemoryPrompts([OLD], now=lambda: self.now, admin=self.admin)
        people = People(store=self.admin, now=lambda: self.now, pseudonym=lambda who: HASH.get(who, "c" * 64))
        trial = Trial(
            provider=self.model,
            offline=self.offline,
            marker=lambda: "5f" * 16,
            kind=interview_type(),
            clock=lambda: self.now,
        )
        self.prompts = Prompts(
            registry=self.registry,
            people=people,
            store=self.admin,
            trial=trial,
            now=lambda: self.now,
            trusted=self.trusted,
        )

    async def with_drafts(self) -> House:
        for new in (NEW, NEWER):
            await self.prompts.create(ADMIN, NAME, "1", as_text(new), message="shorter")
        return self

    @property
    def words(self) -> list[str]:
        return [entry.words for entry in self.admin.entries]


Act = Callable[[Prompts, Actor], Awaitable[object]]
LOOKS: dict[str, Act] = {
    "list": lambda door, who: door.list(who),
    "show": lambda door, who: door.show(who, NAME),
    "diff": lambda door, who: door.diff(who, NAME, "1", "2"),
    "lint": lambda door, who: door.lint(who, NAME, "2"),
    "draft": lambda door, who: door.draft(who, NAME, "1", as_text(NEW)),
    "history": lambda door, who: door.history(who, NAME),
    "stats": lambda door, who: door.stats(who, NAME),
    "rollouts": lambda door, who: door.rollouts(who, NAME),
    "may_change": lambda door, who: door.may_change(who),
}
CHANGES: dict[str, Act] = {
    "create": lambda door, who: door.create(who, NAME, "1", as_text(NEW).replace("Only", "Just")),
    "label": lambda door, who: door.label(who, NAME, "staging", "2"),
    "promote": lambda door, who: door.promote(who, NAME, "2"),
    "rollout": lambda door, who: door.rollout(who, NAME, 500, ref="2"),
    "retire": lambda door, who: door.retire(who, NAME, "2"),
}
ON_ROLLOUT: dict[str, Act] = {
    "raise": lambda door, who: door.rollout(who, NAME, 2_500),
    "hold": lambda door, who: door.hold(who, NAME),
    "resume": lambda door, who: door.resume(who, NAME),
    "close": lambda door, who: door.close(who, NAME),
    "rollback": lambda door, who: door.rollback(who, NAME),
    "rollback at once": lambda door, who: door.rollback(who, NAME, evict=True),
    "promote": lambda door, who: door.promote(who, NAME, "2"),
}
TRIES: dict[str, Act] = {
    "try": lambda door, who: door.try_(who, NAME, "2"),
    "try_draft": lambda door, who: door.try_draft(who, NEW),
}


async def opened(house: House) -> House:
    await (await house.with_drafts()).prompts.rollout(ADMIN, NAME, 500, ref="2")
    return house


@pytest.mark.parametrize("name", LOOKS)
async def test_a_viewer_may_look_and_nobody_else_without_a_role(name: str) -> None:
    house = await House().with_drafts()
    await LOOKS[name](house.prompts, VIEWER)
    await LOOKS[name](house.prompts, STRANGER)
    with pytest.raises(NotAllowed):
        await LOOKS[name](house.prompts, replace(VIEWER, standing=None))


@pytest.mark.parametrize("name", [*CHANGES, *ON_ROLLOUT, *TRIES])
async def test_only_admins_of_a_trusted_workspace_change_anything(name: str) -> None:
    house = await opened(House()) if name in ON_ROLLOUT else await House().with_drafts()
    if name == "resume":
        await house.prompts.hold(ADMIN, NAME)
    act = ({**ON_ROLLOUT, **CHANGES, **TRIES} if name != "promote" else CHANGES)[name]
    before = await house.registry.standing(NAME)
    for refused in (VIEWER, replace(VIEWER, standing="coach"), STRANGER):
        with pytest.raises(NotAllowed) as caught:
            await act(house.prompts, refused)
    assert "name this workspace (slack/T9) in REHEARSE_ADMIN_WORKSPACES" in caught.value.hint
    assert await house.registry.standing(NAME) == before
    await act(house.prompts, ADMIN)


@pytest.mark.parametrize("name", [*CHANGES, *ON_ROLLOUT])
async def test_every_change_leaves_its_line_and_no_name(name: str) -> None:
    house = await opened(House()) if name in ON_ROLLOUT else await House().with_drafts()
    if name == "resume":
        await house.prompts.hold(ADMIN, NAME)
    lines, revision = len(house.admin.entries), (await house.registry.standing(NAME)).revision
    await ({**CHANGES, **ON_ROLLOUT}[name])(house.prompts, ADMIN)
    assert (await house.registry.standing(NAME)).revision == revision + 1
    [line] = house.admin.entries[lines:]
    assert (line.scope, line.actor, line.role, line.subject) == (SCOPE, "a" * 16, "admin", f"prompt:{NAME}")
    assert line.act.startswith("prompt.")
    assert (await house.registry.history(NAME, 1))[0].actor == "a" * 16
    assert "U1" not in repr(house.admin.entries) + repr(await house.registry.history(NAME))


@given(st.lists(st.sampled_from([*CHANGES, *ON_ROLLOUT]), max_size=12))
async def test_whatever_is_done_there_is_one_line_per_change(names: list[str]) -> None:
    house = await House().with_drafts()
    for name in names:
        try:
            await ({**CHANGES, **ON_ROLLOUT}[name])(house.prompts, ADMIN)
        except RehearseError:
            continue
    made = [change for change in await house.registry.history(NAME, 100) if change.actor != "seed"]
    assert len(made) == len(house.admin.entries)


async def test_the_operator_changes_prompts_and_is_told_apart() -> None:
    house = await House().with_drafts()
    await house.prompts.promote(OPERATOR, NAME, "2", reason=" reads better ")
    line = house.admin.entries[-1]
    assert (line.scope, line.actor, line.role) == (EVERYWHERE, "operator", "owner")
    [change] = await house.prompts.history(OPERATOR, NAME, 1)
    assert (change.actor, change.reason) == ("operator", "reads better")


async def test_a_workspace_that_becomes_trusted_may_change_from_then_on() -> None:
    house = House()
    house.trusted.clear()
    door = house.prompts
    assert not await door.may_change(ADMIN)
    house.trusted.add(SCOPE)
    assert await door.may_change(ADMIN)
    assert not await door.may_change(VIEWER)


async def test_the_list_holds_every_task() -> None:
    assert [each.name for each in await House().prompts.list(VIEWER)] == list(TASKS)


async def test_a_new_version_is_kept_once_and_says_what_is_wrong_with_it() -> None:
    house = House()
    kept = await house.prompts.create(ADMIN, NAME, "production", as_text(NEW), message="says it shorter")
    assert (kept.version.number, kept.version.status, kept.version.message, kept.new) == (
        2,
        "draft",
        "says it shorter",
        True,
    )
    again = await house.prompts.create(OTHER, NAME, "production", as_text(NEW))
    assert (again.version, again.new) == (kept.version, False)
    assert house.words == [f"wrote the version {NEW.ref} from version 1"]
    for text, sentence in (
        (as_text(NEW).replace("{{question}}", "{{questoin}}"), "did you mean question?"),
        ("# system\n\n{{marker}} {{question}}", "question may only stand in a user message"),
        ("no role", "must begin with a line"),
    ):
        with pytest.raises(Wrong) as caught:
            await house.prompts.create(ADMIN, NAME, "1", text)
        assert sentence in caught.value.problems["text"]
    with pytest.raises(Wrong, match="At most 500 characters, not 501"):
        await house.prompts.create(ADMIN, NAME, "1", as_text(NEWER), message="x" * 501)


async def test_the_second_of_two_admins_is_told_what_the_first_did() -> None:
    house = await House().with_drafts()
    seen = (await house.registry.standing(NAME)).revision
    await house.prompts.promote(ADMIN, NAME, "2", reason="reads better", seen=seen)
    with pytest.raises(Overtaken, match="Admin aaaaaa promoted production"):
        await house.prompts.promote(OTHER, NAME, "3", seen=seen)


async def test_a_rollout_is_opened_raised_and_told_to_whoever_opened_it() -> None:
    house = await House().with_drafts()
    with pytest.raises(Wrong, match="no version ''"):
        await house.prompts.rollout(ADMIN, NAME, 500)
    opened = await house.prompts.rollout(ADMIN, NAME, 1_000, ref="2")
    assert list(await house.admin.seats(SCOPE)) == ["slack/T1/U1"]
    raised = await house.prompts.rollout(OTHER, NAME, 2_500)
    assert _shares(opened.rollout, raised.rollout) == [[1_000], [1_000, 2_500]]
    with pytest.raises(PromptError, match="can only be raised"):
        await house.prompts.rollout(ADMIN, NAME, 500, ref="2")
    with pytest.raises(PromptError, match="close it first"):
        await house.prompts.rollout(ADMIN, NAME, 500, ref="3")
    with pytest.raises(PromptError, match="from 0 % to 100 %"):
        await house.prompts.rollout(ADMIN, NAME, 10_001)
    assert house.words[-2:] == [
        "opened a rollout of version 2 of the model_answer prompt at 10 %",
        "raised the share of version 2 of the model_answer prompt to 25 %",
    ]
    assert [each.id for each in await house.prompts.rollouts(VIEWER, NAME)] == [1]
    await house.prompts.rollback(OPERATOR, NAME)
    await house.prompts.rollout(OPERATOR, NAME, 1_000, ref="3")
    assert await house.admin.seats(EVERYWHERE) == [], "an operator sits at the keyboard already"


async def test_without_a_rollout_there_is_nothing_to_hold_or_to_compare() -> None:
    house = await House().with_drafts()
    with pytest.raises(PromptError, match="no rollout is open"):
        await house.prompts.hold(ADMIN, NAME)
    with pytest.raises(Wrong, match="There has been no rollout of model_answer"):
        await house.prompts.compare(VIEWER, NAME)
    await opened(house)
    comparison = await house.prompts.compare(VIEWER, NAME)
    assert comparison.verdict.words.startswith("Not enough data: about")


async def test_rolling_back_touches_no_model() -> None:
    house = await opened(House())
    after = await house.prompts.rollback(ADMIN, NAME, reason="worse")
    assert (after.rollout, after.production, house.model.asked) == (None, OLD.ref, [])
    assert house.words[-1] == "rolled back version 2 of the model_answer prompt"
    await house.prompts.promote(ADMIN, NAME, "2")
    evicted: Standing = await house.prompts.rollback(ADMIN, NAME, evict=True)
    assert dict(evicted.evicted) == {NEW.ref: OLD.ref}
    assert house.words[-1] == "rolled back version 2 of the model_answer prompt at once"


async def test_a_version_is_tried_on_a_sample_and_nothing_is_kept() -> None:
    house = await House().with_drafts()
    lines, revision = len(house.admin.entries), (await house.registry.standing(NAME)).revision
    tried = await house.prompts.try_(ADMIN, NAME, "2")
    assert (tried.engine, tried.unreadable, list(tried.sections)) == ("model m-1", False, ["text"])
    [request] = house.model.asked
    assert (request.task, request.prompt, request.user) == (NAME, NEW.ref, "a" * 16)
    assert "Only data stands" in tried.messages[0].text
    assert request.account is not None
    assert (request.account.home, request.account.person) == (SCOPE, "slack/T1/U1")
    await house.prompts.try_(OPERATOR, NAME, "2")
    assert house.model.asked[1].account is None
    await house.prompts.try_draft(ADMIN, NEWER, offline=True)
    assert len(house.offline.asked) == 1
    assert (len(house.admin.entries), (await house.registry.standing(NAME)).revision) == (lines, revision)


async def test_what_cannot_be_tried_is_said() -> None:
    house = await House().with_drafts()
    with pytest.raises(Wrong) as caught:
        await house.prompts.try_(ADMIN, NAME, "2", answer="x" * (ANSWER_CHARS + 1))
    assert "at most 6,000 characters, not 6,001" in caught.value.problems["answer"]
    unfit = NEW.model_copy(update={"messages": NEW.messages[1:]})
    with pytest.raises(Wrong, match="marker"):
        await house.prompts.try_draft(ADMIN, unfit)


def answering(text: str) -> Callable[[Request], str]:
    return lambda _: text


async def test_an_answer_out_of_shape_is_shown_as_it_came() -> None:
    house = await House(model=Model(answer=answering("  "))).with_drafts()
    assert (await house.prompts.try_(ADMIN, NAME, "2")).unreadable


def _shares(*rollouts: Rollout | None) -> list[list[int]]:
    return [[stage.share_bp for stage in each.stages] for each in rollouts if each is not None]
