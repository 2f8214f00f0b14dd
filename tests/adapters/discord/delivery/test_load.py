"""Many people at once under Discord's limits, in virtual time: the promises of the pacing.

The local Discord counts every request against its windows; a word is seen when a message on screen holds it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace

import pytest

from engine.events import Settled
from engine.preferences import Preferences
from tests.adapters.discord.delivery.answers import seen
from tests.adapters.discord.delivery.stage import Stage, staged
from tests.kit.loop import virtual
from tests.kit.paced import Answer, Seen, asked, percentile
from tests.wire.discord.limits import Limits, Window

EDIT, POST = "PATCH /channels/{channel}/messages/{message}", "POST /channels/{channel}/messages"
HOOK_EDIT, HOOK_POST = (
    "PATCH /webhooks/{application}/{token}/messages/{message}",
    "POST /webhooks/{application}/{token}",
)


async def at_once(stage: Stage, people: int, within_s: float = 0.0, *, hooks: bool = False) -> list[Seen]:
    """So many reviews, begun within so many seconds, watched until long after their end."""
    now = asyncio.get_running_loop().time
    answers = [Answer(stage.interview(f"Person {n}"), now) for n in range(people)]
    if hooks:
        for answer in answers:
            stage.press(answer.key)

    async def one(n: int, answer: Answer) -> None:
        await asyncio.sleep(within_s * n / people)
        await answer.stream(stage.emit)

    await asyncio.gather(*(one(n, answer) for n, answer in enumerate(answers)))
    await asyncio.sleep(20)
    return [seen(stage, answer) for answer in answers]


def p95(values: list[float]) -> float:
    return percentile(values, 0.95)


def edits_that_change_nothing(stage: Stage) -> int:
    """Edits after which a message reads just as before."""
    shown: dict[int, str] = {}
    same = 0
    for write in stage.discord.timeline:
        same += shown.get(write.message) == write.text
        shown[write.message] = write.text
    return same


@pytest.mark.parametrize("hooks", [False, True])
def test_one_person_sees_the_review_being_written_every_second(hooks: bool) -> None:
    @virtual
    async def play() -> None:
        async with staged(Limits.documented()) as stage:
            (view,) = await at_once(stage, 1, hooks=hooks)
            assert view.first_s <= 0.1
            assert percentile(list(view.stale_s), 0.5) <= 0.6
            assert view.section_s <= 0.15
            assert view.finish_s <= 0.1
            assert view.writes >= 10
            assert stage.limited == {}
            assert len(stage.discord.messages(stage.discord.person("Person 0"))) == 1
            kinds = Counter(call for call in stage.calls() if "messages" in call or "webhooks" in call)
            assert set(kinds) == ({HOOK_POST, HOOK_EDIT} if hooks else {POST, EDIT})

    play()


@pytest.mark.parametrize(
    ("people", "within_s", "hooks", "first_s", "finish_s"),
    [(10, 1, False, 0.2, 0.1), (50, 5, False, 0.2, 0.2), (100, 10, False, 0.3, 0.3), (50, 0, True, 0.1, 0.1)],
)
def test_many_at_once_meet_no_refusal_and_every_review_is_whole_at_once(
    people: int, within_s: float, hooks: bool, first_s: float, finish_s: float
) -> None:
    @virtual
    async def play() -> None:
        async with staged(Limits.documented()) as stage:
            views = await at_once(stage, people, within_s, hooks=hooks)
            assert stage.limited == {}
            assert all(view.whole for view in views)
            assert p95([view.first_s for view in views]) <= first_s
            assert p95([view.finish_s for view in views]) <= finish_s
            if people <= 50:
                assert percentile([age for view in views for age in view.stale_s], 0.5) <= 0.6
            assert edits_that_change_nothing(stage) == 0

    play()


@virtual
async def test_windows_tighter_than_believed_are_learnt_from_the_first_answer() -> None:
    limits = replace(Limits.documented(), edits=Window(2, 4.0), posts=Window(1, 2.0))
    async with staged(limits) as stage:
        views = await at_once(stage, 10, 5)
        assert all(view.whole for view in views)
        assert sum(stage.limited.values()) <= 10  # one each, before anything was known of its window
        before = sum(stage.limited.values())
        assert all(view.whole for view in await at_once(stage, 10, 5))
        assert sum(stage.limited.values()) - before <= 2


@virtual
async def test_edits_and_posts_that_share_a_window_are_counted_together() -> None:
    limits = replace(Limits.documented(), edits_share_posts=True)
    async with staged(limits) as stage:
        assert all(view.whole for view in await at_once(stage, 5, 2))
        assert stage.limited == {}


@virtual
async def test_an_overall_limit_tighter_than_documented_is_learnt_and_nothing_is_lost() -> None:
    limits = replace(Limits.documented(), overall=Window(25, 1.0))
    async with staged(limits) as stage:
        views = [view for _ in range(2) for view in await at_once(stage, 40, 10)]
        assert all(view.whole for view in views)
        assert sum(stage.limited.values()) / len(views) <= 0.3


@virtual
async def test_a_burst_of_the_edits_of_one_channel_ends_with_the_end() -> None:
    limits = replace(Limits.documented(), overall=None)
    async with staged(limits) as stage:
        answer = Answer(stage.interview(), asyncio.get_running_loop().time)
        await answer.stream(stage.emit, section_s=0.3)
        await asyncio.sleep(10)
        view = seen(stage, answer)
        assert view.finish_s <= 0.1
        assert stage.limited == {}


@virtual
async def test_who_wants_no_live_updates_gets_the_whole_review_and_nothing_before() -> None:
    async with staged(Limits.documented()) as stage:
        key = stage.interview("Person 0")
        stage.shelf.likes[key.user] = Preferences(live=False)
        (view,) = await at_once(stage, 1)
        assert [call for call in stage.calls() if "messages" in call] == [POST]
        assert view.finish_s <= 0.1


@virtual
async def test_growing_costs_the_store_nothing() -> None:
    async with staged(Limits.documented()) as stage:
        (view,) = await at_once(stage, 1)
        assert view.writes > 9
        assert stage.shelf.writes <= 3


@virtual
async def test_nothing_cosmetic_delays_the_end_of_a_review_of_several_messages() -> None:
    async with staged(Limits.documented()) as stage:
        key = stage.interview()
        stage.tell(key, Settled, "q1", asked())
        await asyncio.sleep(6)
        answer = Answer(key, asyncio.get_running_loop().time)
        await answer.stream(stage.emit, tokens_per_s=120)
        stage.tell(key, Settled, "q1", asked(actions=False))
        await asyncio.sleep(10)
        view = seen(stage, answer)
        assert len(stage.shown(key)) > 2
        assert view.finish_s <= 0.5
        assert stage.limited == {}
