"""Rollouts while nobody looks: stopped when they go wrong, never promoted, and every time with a line of the audit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from engine.admin.guard import SETTLED_S, Guard, due
from engine.admin.roles import EVERYWHERE
from engine.errors import PromptError
from engine.prompting import Hold, Open, Prompt, Raise, Resume, RollBack, Standing
from engine.prompting.changes import Act
from engine.trials.observing import Observation
from engine.trials.verdict import Comparison, compare
from tests.contracts.prompt_store import REVIEW
from tests.engine.trials.test_figures import seen, turn
from tests.engine.trials.test_verdict import held, rated, reviews, rollout
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.prompts_memory import MemoryPrompts

DAY = 86_400.0
CANDIDATE: Prompt = REVIEW.model_copy(update={"title": "Another test"})


class Observed(MemoryPrompts):
    """A registry whose interviews are told instead of held."""

    interviews: list[Observation]

    async def observations(self, name: str, *, rollout: int | None = None, since: float = 0.0) -> list[Observation]:
        return [replace(each, rollout=rollout) for each in self.interviews]


@dataclass
class Watched:
    now: float = 0.0
    interviews: list[Observation] = field(default_factory=list[Observation])

    def __post_init__(self) -> None:
        self.admin = MemoryAdmin(lambda: self.now)
        self.registry = Observed([REVIEW], now=lambda: self.now, admin=self.admin)
        self.registry.interviews = self.interviews
        self.guard = Guard(registry=self.registry, now=lambda: self.now)

    async def do(self, *acts: Act, by: str = "ada") -> Standing:
        standing = await self.registry.standing("review")
        for act in acts:
            standing = await self.registry.change("review", act, by=by, reason="", seen=standing.revision)
        return standing

    async def opened(self, share_bp: int = 5_000) -> Watched:
        await self.registry.create(CANDIDATE, by="ada", message="")
        await self.do(Open(CANDIDATE.ref, share_bp))
        return self

    async def standing(self) -> Standing:
        return await self.registry.standing("review")


FINE = held(60, rated(0.8, 0.8), reviews())
WORSE = held(900, rated(0.9, 0.5), reviews())
UNREADABLE = [
    replace(each, candidate=True) for each in [seen(f"u{n}", turn(schema_ok=False), stage=1) for n in range(3)]
]
UNEVEN = held(600, rated(0.8, 0.8), reviews(), share=0.2)
BETTER = held(2_000, rated(0.6, 0.9), reviews())


def compared(interviews: list[Observation], now: float = DAY) -> Comparison:
    return compare(rollout(), interviews, now=now)


async def test_where_nothing_is_tried_nothing_is_done() -> None:
    assert list(await Watched().guard.look()) == []


async def test_a_rollout_that_goes_well_is_left_alone() -> None:
    watched = await Watched(now=DAY, interviews=FINE).opened()
    [looked] = await watched.guard.look()
    assert looked.standing.rollout is not None
    assert looked.comparison.verdict.advice == "wait"
    assert watched.admin.entries == []


async def test_a_winner_is_never_promoted_by_itself() -> None:
    watched = await Watched(now=DAY, interviews=BETTER).opened()
    [looked] = await watched.guard.look()
    assert looked.comparison.verdict.advice == "promote"
    assert (await watched.standing()).production == REVIEW.ref


@pytest.mark.parametrize(("interviews", "why"), [(UNREADABLE, "could not be read"), (WORSE, "less satisfied")])
async def test_what_breaks_or_is_worse_is_rolled_back(interviews: list[Observation], why: str) -> None:
    watched = await Watched(now=DAY, interviews=interviews).opened()
    [looked] = await watched.guard.look()
    after = await watched.standing()
    assert (after.rollout, after.production) == (None, REVIEW.ref)
    assert looked.standing == after
    assert why in looked.comparison.rollout.close_reason
    [line] = watched.admin.entries
    assert (line.scope, line.actor, line.role, line.act, line.subject) == (
        EVERYWHERE, "", None, "prompt.rollback", "prompt:review",
    )  # fmt: skip
    assert line.words.startswith("rolled back the rollout of version 2 of the review prompt by itself: Roll back.") or (
        "by itself: People are less satisfied" in line.words
    )
    assert after.last is not None
    assert after.last.sentence.startswith("Rehearse rolled back review@")


async def test_what_cannot_be_judged_is_held() -> None:
    watched = await Watched(now=DAY, interviews=UNEVEN).opened()
    [looked] = await watched.guard.look()
    assert looked.comparison.rollout.held
    [line] = watched.admin.entries
    assert (line.act, "people got the candidate" in line.words) == ("prompt.hold", True)
    assert [each.comparison.rollout.held for each in await watched.guard.look()] == [True]
    assert len(watched.admin.entries) == 1


async def test_what_is_undecided_for_a_month_is_held() -> None:
    watched = await Watched(interviews=FINE).opened()
    watched.now = 29 * DAY
    [looked] = await watched.guard.look()
    assert looked.comparison.rollout.held
    assert "It has been open for 29 days" in watched.admin.entries[0].words


async def test_whoever_resumes_is_not_overruled_but_a_roll_back_still_comes() -> None:
    watched = await Watched(now=DAY, interviews=UNEVEN).opened()
    await watched.guard.look()
    await watched.do(Resume())
    [looked] = await watched.guard.look()
    assert not looked.comparison.rollout.held
    watched.registry.interviews = UNREADABLE
    await watched.guard.look()
    assert (await watched.standing()).rollout is None


async def test_a_hold_by_hand_is_no_hold_by_itself() -> None:
    watched = await Watched(now=DAY, interviews=UNEVEN).opened()
    await watched.do(Hold(), Resume())
    [looked] = await watched.guard.look()
    assert looked.comparison.rollout.held


async def test_a_rollout_that_is_over_is_looked_at_for_an_hour() -> None:
    watched = await Watched(now=DAY, interviews=UNREADABLE).opened()
    await watched.do(RollBack())
    [looked] = await watched.guard.look()
    assert not looked.comparison.rollout.open
    watched.now += SETTLED_S + 1
    assert list(await watched.guard.look()) == []
    assert watched.admin.entries == []


async def test_what_was_done_by_itself_is_news_for_a_day() -> None:
    watched = await Watched(now=DAY, interviews=UNEVEN).opened()
    assert list(await watched.guard.news()) == []
    await watched.guard.look()
    [news] = await watched.guard.news()
    assert (news.change.deed, news.change.actor, news.standing.name) == ("held", "", "review")
    assert news.card == f"news:review:{DAY:.3f}"
    watched.now += DAY
    assert list(await watched.guard.news()) == []


class Beaten(Observed):
    """Somebody is quicker than the guard, every time."""

    async def change(self, name: str, act: Act, **how: object) -> Standing:
        if how["by"] == "":
            await super().change(name, Raise(6_000), by="bob", reason="", seen=(await self.standing(name)).revision)
        return await super().change(name, act, **how)  # pyright: ignore[reportArgumentType]


async def test_whoever_is_quicker_than_the_guard_is_not_undone() -> None:
    watched = Watched(now=DAY, interviews=UNREADABLE)
    watched.registry = Beaten([REVIEW], now=lambda: watched.now, admin=watched.admin)
    watched.registry.interviews = UNREADABLE
    watched.guard = Guard(registry=watched.registry, now=lambda: watched.now)
    await watched.opened()
    [looked] = await watched.guard.look()
    assert looked.standing.rollout is not None
    assert looked.standing.rollout.stage.share_bp == 6_000
    assert watched.admin.entries == []


def test_nothing_is_due_when_it_is_over_or_held_already() -> None:
    comparison = compared(UNEVEN)
    assert due(comparison, []) == Hold()
    assert due(replace(comparison, rollout=rollout().on_hold(DAY)), []) is None
    assert due(replace(comparison, rollout=rollout().closed(DAY, "enough")), []) is None
    with pytest.raises(ValueError, match="on hold"):
        rollout().on_hold(DAY).on_hold(DAY)
    assert PromptError("review", "x").hint == "review: x"
