"""The local hub: a slow watcher holds nobody up and loses nothing that settled; a late one catches up."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.live import KEPT_NOTICES, Live
from engine.events import Event, Grew, HintCard, Notice, Opened, Settled
from engine.keys import ThreadKey, session_id
from tests.kit.loop import virtual

KEY = ThreadKey(platform="local", channel="one", user="you")
OTHER = ThreadKey(platform="local", channel="two", user="you")


def card(text: str) -> HintCard:
    return HintCard(turn=1, rung=1, rungs=3, text=text)


def opened(post: str, text: str = "", key: ThreadKey = KEY, number: int = 1) -> Opened:
    return Opened(key=key, session=session_id(key, number), post=post, card=card(text))


def grew(post: str, text: str, key: ThreadKey = KEY) -> Grew:
    return Grew(key=key, session=session_id(key, 1), post=post, card=card(text))


def settled(post: str, text: str, key: ThreadKey = KEY, number: int = 1) -> Settled:
    return Settled(key=key, session=session_id(key, number), post=post, card=card(text))


def notice(text: str, key: ThreadKey = KEY) -> Notice:
    return Notice(key=key, session=session_id(key, 1), text=text)


def shown(event: Event) -> str:
    if isinstance(event, Notice):
        return f"notice {event.text}"
    assert isinstance(event.card, HintCard)
    return f"{event.kind} {event.post} {event.card.text}".strip()


async def waiting(watcher: AsyncIterator[tuple[int, Event]]) -> list[str]:
    """Everything that is there without waiting for more."""
    found: list[str] = []
    while True:
        try:
            async with asyncio.timeout(0.01):
                _, event = await anext(watcher)
        except TimeoutError:
            return found
        found.append(shown(event))


@virtual
async def test_a_watcher_hears_what_happens_in_its_thread_only() -> None:
    live = Live()
    watcher = live.watch(KEY)
    live.emit(opened("f1.1"))
    live.emit(opened("f1.1", "elsewhere", OTHER))
    live.emit(settled("f1.1", "done"))
    assert await waiting(watcher) == ["opened f1.1", "settled f1.1 done"]


@virtual
async def test_a_slow_watcher_gets_the_newest_growth_but_everything_settled_and_said() -> None:
    live = Live()
    watcher = live.watch(KEY)
    live.emit(opened("f1.1"))
    for n in range(100):
        live.emit(grew("f1.1", str(n)))
    live.emit(notice("one moment"))
    live.emit(settled("f1.1", "first"))
    live.emit(settled("f1.1", "amended"))
    live.emit(grew("h1.1", "hint"))
    # A settled snapshot shows more than any growth before it; the second one is another truth, so both are kept.
    assert await waiting(watcher) == [
        "opened f1.1", "notice one moment", "settled f1.1 first", "settled f1.1 amended", "grew h1.1 hint",
    ]  # fmt: skip


@virtual
async def test_a_late_watcher_gets_the_newest_snapshot_of_every_post() -> None:
    live = Live()
    for event in (opened("q1", "?"), opened("f1.1"), grew("f1.1", "a"), grew("f1.1", "ab"), settled("q1", "asked")):
        live.emit(event)
    assert await waiting(live.watch(KEY)) == ["grew f1.1 ab", "settled q1 asked"]
    assert await waiting(live.watch(KEY, after=4)) == ["settled q1 asked"]
    assert await waiting(live.watch(KEY, after=live.sequence)) == []


@virtual
async def test_numbers_rise_over_all_threads() -> None:
    live = Live()
    live.emit(opened("q1"))
    live.emit(opened("q1", key=OTHER))
    live.emit(settled("q1", "x"))
    number, _ = await anext(live.watch(KEY))
    assert (number, live.sequence) == (3, 3)


@virtual
async def test_only_the_last_notices_wait_for_a_late_watcher() -> None:
    live = Live()
    for n in range(KEPT_NOTICES + 5):
        live.emit(notice(str(n)))
    assert await waiting(live.watch(KEY)) == [f"notice {n}" for n in range(5, KEPT_NOTICES + 5)]


@virtual
async def test_a_cancelled_wait_loses_nothing() -> None:
    live = Live()
    watcher = live.watch(KEY)
    async with asyncio.TaskGroup() as group:
        step = group.create_task(asyncio.wait_for(anext(watcher), 60))
        await asyncio.sleep(1)
        step.cancel()
    live.emit(settled("q1", "still here"))
    assert await waiting(watcher) == ["settled q1 still here"]


@virtual
async def test_a_thread_that_is_watched_is_never_forgotten_and_one_that_was_is() -> None:
    live = Live(threads=1)
    watcher = live.watch(KEY)
    live.emit(opened("q1"))
    live.emit(opened("q1", key=OTHER))
    assert live.covers(KEY, 0)
    assert shown((await anext(watcher))[1]) == "opened q1"
    del watcher
    gc.collect()
    live.emit(opened("q1", key=ThreadKey(platform="local", channel="three", user="you")))
    assert not live.covers(KEY, live.sequence)


@virtual
async def test_the_longest_idle_threads_are_forgotten_first() -> None:
    live = Live(threads=2)
    keys = [ThreadKey(platform="local", channel=str(n), user="you") for n in range(4)]
    for key in keys:
        live.emit(opened("q1", key=key))
        live.emit(settled("q1", "asked", key=keys[0]))
    assert [live.covers(key, live.sequence) for key in keys] == [True, False, False, True]


@virtual
async def test_whoever_asks_for_more_than_is_remembered_can_tell() -> None:
    live = Live(threads=1)
    live.emit(opened("q1"))
    assert live.covers(KEY, 0)
    live.emit(opened("q1", key=OTHER))
    live.emit(opened("q2"))
    assert not live.covers(KEY, 1)
    assert live.covers(KEY, 2)
    assert not live.covers(KEY, 99)


@virtual
async def test_drafts_are_the_posts_of_one_interview_that_have_not_settled() -> None:
    live = Live()
    live.emit(opened("f9.1", "an earlier interview", number=2))
    for event in (opened("q1"), settled("q1", "asked"), grew("f1.1", "a"), notice("hm"), grew("f1.1", "ab")):
        live.emit(event)
    assert [shown(event) for _, event in live.drafts(KEY, session_id(KEY, 1))] == ["grew f1.1 ab"]
    assert live.drafts(OTHER, session_id(OTHER, 1)) == ()


@virtual
async def test_a_forgotten_thread_keeps_its_watchers() -> None:
    live = Live()
    live.forget(KEY)
    live.emit(opened("q1", "private"))
    watcher = live.watch(KEY, after=live.sequence)
    live.forget(KEY)
    assert await waiting(live.watch(KEY)) == []
    assert not live.covers(KEY, 0)
    live.emit(opened("q1", "new"))
    assert await waiting(watcher) == ["opened q1 new"]


KINDS = st.sampled_from(["opened", "grew", "settled", "notice"])


@pytest.mark.parametrize("reads_every", [1, 3, 1_000])
@given(script=st.lists(st.tuples(KINDS, st.sampled_from("abc")), max_size=40))
def test_however_slow_a_watcher_its_picture_ends_up_the_same(script: list[tuple[str, str]], reads_every: int) -> None:
    @virtual
    async def main() -> None:
        live = Live()
        watcher = live.watch(KEY)
        seen: list[str] = []
        final: dict[str, str] = {}
        told: list[str] = []
        for n, (kind, post) in enumerate(script):
            event: Event = {
                "opened": opened(post, str(n)), "grew": grew(post, str(n)),
                "settled": settled(post, str(n)), "notice": notice(str(n)),
            }[kind]  # fmt: skip
            live.emit(event)
            if isinstance(event, Notice | Settled):
                told.append(shown(event))
            if not isinstance(event, Notice):
                final[post] = shown(event)
            if n % reads_every == 0:
                seen += await waiting(watcher)
        seen += await waiting(watcher)
        assert [line for line in seen if line.startswith(("settled", "notice"))] == told
        picture = {line.split()[1]: line for line in seen if not line.startswith("notice")}
        assert picture == final

    main()
