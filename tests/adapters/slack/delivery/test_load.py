"""Many people at once in one workspace, under Slack's documented limits, in virtual time: the promises of the pacing.

The local Slack counts every call against the limits; a word is seen when a message on screen holds it.
"""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from engine.events import Settled
from engine.preferences import Preferences
from tests.adapters.slack.delivery.answers import seen
from tests.adapters.slack.delivery.stage import Stage, staged
from tests.kit.loop import virtual
from tests.kit.paced import Answer, Seen, asked, percentile, review
from tests.wire.slack import Limits


async def at_once(stage: Stage, people: int, within_s: float = 0.0, *, channel: str | None = None) -> list[Seen]:
    """So many reviews, begun within so many seconds, watched until long after their end."""
    now = asyncio.get_running_loop().time
    answers = [Answer(stage.interview(f"U{n}", channel), now) for n in range(people)]

    async def one(n: int, answer: Answer) -> None:
        await asyncio.sleep(within_s * n / people)
        await answer.stream(stage.emit)

    await asyncio.gather(*(one(n, answer) for n, answer in enumerate(answers)))
    await asyncio.sleep(40)
    return [seen(stage, answer) for answer in answers]


def finish_p95(views: list[Seen]) -> float:
    return percentile([view.finish_s for view in views], 0.95)


def section_p95(views: list[Seen]) -> float:
    return percentile([view.section_s for view in views], 0.95)


def edits_that_change_nothing(stage: Stage) -> int:
    """Writes after which a message looks just as before."""
    shown: dict[str, object] = {}
    same = 0
    for write in stage.slack.timeline:
        looks = (write.visible, str(write.blocks))
        same += shown.get(write.ts) == looks and write.method == "chat.update"
        shown[write.ts] = looks
    return same


@virtual
async def test_one_person_sees_the_review_being_written() -> None:
    async with staged(Limits.documented()) as stage:
        (view,) = await at_once(stage, 1)
        assert percentile(list(view.stale_s), 0.5) <= 0.3
        assert view.section_s <= 0.15
        assert view.finish_s <= 0.1
        assert stage.calls("chat.startStream", "chat.stopStream", "chat.postMessage", "chat.update") == [
            "chat.startStream",
            "chat.stopStream",
        ]
        assert stage.refused == {}


@pytest.mark.parametrize(("people", "within_s", "finish_s"), [(10, 0.0, 0.15), (20, 0.0, 0.3), (50, 5.0, 1.0)])
def test_many_at_once_meet_no_refusal_and_every_review_is_whole_at_once(
    people: int, within_s: float, finish_s: float
) -> None:
    @virtual
    async def play() -> None:
        async with staged(Limits.documented()) as stage:
            views = await at_once(stage, people, within_s)
            assert stage.refused == {}
            assert all(view.whole for view in views)
            assert finish_p95(views) <= finish_s
            assert people > 20 or section_p95(views) <= 0.3
            assert edits_that_change_nothing(stage) == 0
            first = Counter(dict(_first_writes(stage)).values())
            assert set(first) == {"chat.startStream", "chat.postMessage"}

    play()


def _first_writes(stage: Stage) -> list[tuple[str, str]]:
    return [(write.thread_ts or "", write.method) for write in reversed(stage.slack.timeline)]


@virtual
async def test_a_steady_crowd_gets_its_questions_and_reviews_and_old_buttons_go_in_the_end() -> None:
    cycle_s, people, until = 26.0, 40, 60.0  # as many reviews a minute as 200 people with a cycle of 130 s
    async with staged(Limits.documented()) as stage:
        now = asyncio.get_running_loop().time
        answers: list[Answer] = []

        async def person(n: int) -> None:
            await asyncio.sleep(cycle_s * n / people)
            while now() < until:
                key = stage.interview(f"U{n}")
                stage.tell(key, Settled, "q1", asked())
                await asyncio.sleep(cycle_s - 15)
                stage.tell(key, Settled, "q1", asked(actions=False))
                answers.append(Answer(key, now))
                await answers[-1].stream(stage.emit)
                await asyncio.sleep(5)
                old = review(600, settled=True).model_copy(update={"actions": ("helpful", "unhelpful")})
                stage.tell(key, Settled, "f1.1", old)

        await asyncio.gather(*(person(n) for n in range(people)))
        views = [seen(stage, answer) for answer in answers]
        assert stage.refused == {}
        assert all(view.whole for view in views)
        assert finish_p95(views) <= 0.5
        await asyncio.sleep(600)
        buttons = [id for key in (a.key for a in answers) for m in stage.shown(key) for id in m.action_ids]
        assert not any(id.endswith((".skip", ".next", ".retry")) for id in buttons)
        assert stage.refused == {}


@virtual
async def test_a_workspace_that_is_tighter_than_documented_is_learnt_and_nothing_is_lost() -> None:
    async with staged(Limits.scaled(0.6)) as stage:
        views = [view for _ in range(6) for view in await at_once(stage, 10, 30.0)]
        assert all(view.whole for view in views)
        assert sum(stage.refused.values()) / len(views) <= 0.3


@virtual
async def test_in_a_channel_reviews_are_edited_as_a_stream_would_be_seen_by_one_person_only() -> None:
    async with staged(Limits.documented()) as stage:
        channel = stage.slack.channel("team")
        views = await at_once(stage, 2, channel=channel)
        assert all(view.whole for view in views)
        assert stage.calls("chat.startStream") == []
        assert stage.calls("chat.update")


@virtual
async def test_who_wants_no_live_updates_gets_the_whole_review_and_nothing_before() -> None:
    async with staged(Limits.documented()) as stage:
        stage.shelf.likes["U0"] = Preferences(live=False)
        (view,) = await at_once(stage, 1)
        assert stage.calls("chat.postMessage", "chat.update", "chat.startStream") == ["chat.postMessage"]
        assert view.finish_s <= 0.1
