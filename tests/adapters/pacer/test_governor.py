"""Grants: never more than the platform takes, what matters first, the newest only, and every end shown."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter

import pytest

from adapters.pacer.budget import Budget
from adapters.pacer.governor import Governor, Rank
from tests.adapters.pacer.toys import Platform, Toy, stream
from tests.kit.loop import virtual


@pytest.mark.parametrize("posts", [1, 10, 20, 60])
def test_any_number_of_posts_at_once_meets_no_refusal_and_every_end_is_shown(posts: int) -> None:
    @virtual
    async def play() -> None:
        platform, governor, budget = Platform(300), Governor(), Budget("edits", 300)
        toys = [Toy(f"p{n}", platform, governor, budget) for n in range(posts)]
        await asyncio.gather(*(stream(toy) for toy in toys))
        await asyncio.sleep(30)
        assert platform.refusals == 0
        assert all(platform.shown(toy.name) == f"{toy.name} whole" for toy in toys)
        lags = sorted(toy.finished_at - 10 for toy in toys)
        assert lags[-1] < 0.2 + max(0, posts - 48) / 4.8
        written = Counter((post, text) for _, post, text in platform.accepted)
        assert max(written.values()) == 1, "the same text was written twice"

    play()


@virtual
async def test_the_newest_text_wins_over_what_came_while_a_write_was_under_way() -> None:
    platform, governor, budget = Platform(600), Governor(), Budget("edits", 600)
    toy = Toy("p", platform, governor, budget)
    for n in range(10):
        toy.grow(f"text {n}")
        await asyncio.sleep(0.01)
    await asyncio.sleep(5)
    assert [text for _, _, text in platform.accepted] == ["text 0", "text 9"]


@virtual
async def test_finals_come_before_everything_and_by_the_time_they_ended() -> None:
    platform, governor, budget = Platform(60), Governor(), Budget("edits", 60)
    while budget.has(0):
        budget.take(0)
    toys = {name: Toy(name, platform, governor, budget) for name in ("growing", "second", "first", "tidy")}
    toys["tidy"].grow("tidy", tidy=True)
    toys["growing"].grow("growing")
    toys["first"].grow("first", ended=True)
    await asyncio.sleep(0.1)
    toys["second"].grow("second", ended=True)
    await asyncio.sleep(30)
    assert [post for _, post, _ in platform.accepted] == ["first", "second", "growing", "tidy"]


@virtual
async def test_ends_find_their_tokens_but_for_half_a_second_that_a_first_text_is_worth() -> None:
    platform, governor, budget = Platform(20), Governor(), Budget("edits", 20)  # 3.6 at once, one every 3 s
    toys = [Toy(f"p{n}", platform, governor, budget) for n in range(3)]
    await asyncio.gather(*(stream(toy, seconds=4) for toy in toys))
    await asyncio.sleep(10)
    assert max(toy.finished_at for toy in toys) - 4 < 0.2 + 0.5
    assert platform.refusals == 0


@virtual
async def test_surplus_is_spread_over_the_time_that_is_left() -> None:
    platform, governor, budget = Platform(100), Governor(), Budget("edits", 100)
    await stream(Toy("p", platform, governor, budget))
    await asyncio.sleep(1)
    times = [when for when, _, _ in platform.accepted]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert len(times) > 25
    assert max(gaps) < 0.8


@virtual
async def test_a_platform_tighter_than_documented_is_learnt_and_nothing_is_lost() -> None:
    platform, governor, budget = Platform(180), Governor(), Budget("edits", 300)
    toys = [Toy(f"p{n}", platform, governor, budget) for n in range(60)]

    async def later(n: int, toy: Toy) -> None:
        await asyncio.sleep(n * 1.0)
        await stream(toy)

    await asyncio.gather(*(later(n, toy) for n, toy in enumerate(toys)))
    await asyncio.sleep(60)
    assert all(platform.shown(toy.name) == f"{toy.name} whole" for toy in toys)
    assert platform.refusals / len(toys) <= 0.3


@virtual
async def test_five_minutes_of_refusals_delay_the_end_and_do_not_lose_it() -> None:
    platform, governor, budget = Platform(50), Governor(), Budget("edits", 50)
    toy = Toy("p", platform, governor, budget)
    budget.refused(0, 300)
    await stream(toy)
    await asyncio.sleep(280)
    assert platform.accepted == []
    await asyncio.sleep(30)
    assert [text for _, _, text in platform.accepted] == ["p whole"]


@virtual
async def test_draining_writes_what_is_final_and_nothing_else() -> None:
    platform, governor, budget = Platform(600), Governor(), Budget("edits", 600)
    growing, final = (Toy(name, platform, governor, budget) for name in ("growing", "final"))
    growing.grow("growing")
    final.grow("final", ended=True)
    assert await governor.drain(5)
    assert [post for _, post, _ in platform.accepted] == ["final"]
    budget.refused(asyncio.get_running_loop().time(), 60)
    final.grow("more", ended=True)
    assert not await governor.drain(5)
    await governor.aclose()


@virtual
async def test_a_write_that_breaks_is_logged_and_tried_again_without_harm_to_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    platform, governor, budget = Platform(600), Governor(), Budget("edits", 600)

    class Broken(Toy):
        async def _write(self, text: str, sections: int) -> None:
            if not self.wrote:
                self.wrote.append(text)
                raise RuntimeError("nobody foresaw this")
            await super()._write(text, sections)

    broken, sound = Broken("broken", platform, governor, budget), Toy("sound", platform, governor, budget)
    broken.grow("one", ended=True)
    sound.grow("two", ended=True)
    await asyncio.sleep(10)
    assert {post for _, post, _ in platform.accepted} == {"broken", "sound"}
    assert "unforeseen" in caplog.text
    assert governor.waiting == 0


def test_what_a_person_waits_for_ranks_above_all() -> None:
    assert min(Rank) is Rank.WAITED
    assert max(Rank) is Rank.TIDY
