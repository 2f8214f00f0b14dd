"""A fixed window is spent whole, never overspent, and learnt from what every answer says of it."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Coroutine
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pacer.forecast import Spread, spare_at
from adapters.pacer.governor import Governor, Wish
from adapters.pacer.window import Window
from tests.adapters.pacer.toys import Platform, Toy, stream
from tests.kit.loop import virtual


@dataclass
class Strict:
    """A platform with one fixed window that begins with the first write, and says in every answer what is left."""

    limit: int = 5
    seconds: float = 5.0
    ends: float = float("-inf")
    used: int = 0
    refusals: int = 0
    accepted: list[float] = field(default_factory=list[float])

    def write(self, now: float) -> dict[str, float]:
        if now >= self.ends:
            self.ends, self.used = now + self.seconds, 0
        if self.used >= self.limit:
            self.refusals += 1
            return {"retry_after_s": self.ends - now}
        self.used += 1
        self.accepted.append(now)
        return {"limit": self.limit, "remaining": self.limit - self.used, "reset_after_s": self.ends - now}


def answer(window: Window, now: float, said: dict[str, float]) -> None:
    if "retry_after_s" in said:
        window.answered(now)
        window.refused(now, said["retry_after_s"])
        return
    window.answered(
        now, limit=int(said["limit"]), remaining=int(said["remaining"]), reset_after_s=said["reset_after_s"]
    )
    window.succeeded()


waits = st.lists(st.floats(0, 7, allow_nan=False), min_size=1, max_size=60)
trips = st.lists(st.floats(0.01, 0.4, allow_nan=False), min_size=60, max_size=60)


@given(waits, trips, st.integers(1, 8))
def test_whatever_the_pattern_and_the_way_a_window_like_it_never_refuses(
    waits: list[float], trips: list[float], limit: int
) -> None:
    platform, window, now = Strict(limit), Window("edits", 5, 5.0), 0.0
    # Whoever has asked once knows the limit.
    window.take(now)
    answer(window, 0.2, platform.write(0.1))
    now = 0.2
    for wait, trip in zip(waits, trips, strict=False):
        now += wait
        if window.has(now):
            window.take(now)
            said = platform.write(now + trip)
            now += 2 * trip
            answer(window, now, said)
    assert platform.refusals == 0


def test_all_of_it_may_be_spent_at_once_and_is_there_again_when_it_is_over() -> None:
    window = Window("edits", 5, 5.0)
    for _ in range(5):
        window.take(0)
    assert not window.has(1)
    for left in (4, 3, 2, 1, 0):
        window.answered(0.1, limit=5, remaining=left, reset_after_s=5.0)
    assert window.ready_at(1) == pytest.approx(5.1)
    assert window.tokens(5.2) == 5
    with pytest.raises(ValueError, match="no token"):
        window.take(5.0)


def test_writes_under_way_are_not_given_away_twice_however_the_answers_come() -> None:
    window = Window("edits", 5, 5.0)
    for _ in range(3):
        window.take(0)
    window.answered(0.2, limit=5, remaining=2, reset_after_s=4.9)
    window.answered(0.21, limit=5, remaining=4, reset_after_s=4.9)
    assert window.tokens(0.3) <= 2
    window.answered(0.3, limit=5, remaining=3, reset_after_s=4.8)
    assert window.tokens(0.4) == 2


def test_another_limit_than_believed_is_learnt_from_one_answer() -> None:
    window = Window("edits", 5, 5.0)
    window.take(0)
    window.answered(0.1, limit=2, remaining=1, reset_after_s=1.9)
    assert window.tokens(0.2) == 1
    assert window.tokens(2.1) == window.depth == 2


def test_a_refusal_closes_it_and_leaves_one_unspent_until_it_has_gone_well_for_a_while() -> None:
    window = Window("edits", 5, 5.0)
    window.take(0)
    window.answered(0.1)
    window.refused(0.1, 3.0)
    assert not window.has(3.0)
    assert (window.ready_at(1), window.tokens(3.2), window.cautious) == (pytest.approx(3.1), 4, True)
    for _ in range(20):
        window.succeeded()
    assert (window.depth, window.cautious) == (5, False)


def test_the_last_one_is_kept_when_it_will_be_needed_before_the_end_and_not_otherwise() -> None:
    window = Window("edits", 2, 5.0)
    window.take(0)
    window.answered(0, limit=2, remaining=1, reset_after_s=5.0)
    assert spare_at(window, 1, [4.0]) == 5
    assert spare_at(window, 1, [5.5]) == 1


def test_what_may_be_spent_is_spread_evenly_over_the_window() -> None:
    window, at, times = Window("edits", 5, 5.0), 0.0, [0.0]
    window.take(0)
    window.answered(0, limit=5, remaining=4, reset_after_s=5.0)
    while len(times) < 5:
        at = spare_at(window, at, [], spread=Spread(at, 10))
        window.take(at)
        times.append(at)
        window.answered(at)
    assert times == pytest.approx([0, 1, 2, 3, 4])


def test_a_window_begins_no_sooner_after_the_last_write_than_the_next_one_would_come() -> None:
    window = Window("edits", 5, 5.0)
    assert spare_at(window, 0.2, [], spread=Spread(0.0, 10)) == 1.0
    assert spare_at(window, 0.2, [], spread=Spread(float("-inf"), 10)) < 0.2


def test_all_but_what_is_kept_is_spread_up_to_the_end_that_is_expected() -> None:
    window = Window("edits", 5, 5.0)
    window.take(0)
    window.answered(0, limit=5, remaining=4, reset_after_s=5.0)
    assert spare_at(window, 0, [4.0], spread=Spread(0.0, 10)) == pytest.approx(5 / 4)
    assert spare_at(window, 0, [4.0], spread=Spread(0.0, 4)) == pytest.approx(1.0)
    assert spare_at(window, 0, [0.4], spread=Spread(0.0, 0.4)) == pytest.approx(0.5)  # it may come later than that


@virtual
async def test_a_governor_shows_text_every_second_and_the_end_at_once() -> None:
    loop = asyncio.get_running_loop()
    platform, window, governor = Strict(), Window("edits", 5, 5.0), Governor()

    class Card(Toy):
        def wish(self, now: float) -> Wish | None:
            wish = super().wish(now)
            return None if wish is None else Wish(wish.rank, wish.since, (window,))

        def needs(self, now: float):
            return (need._replace(budget=window) for need in super().needs(now))

        def write(self, wish: Wish, now: float) -> Coroutine[object, object, None]:
            return self._edit(self.text, self.sections)

        async def _edit(self, text: str, sections: int) -> None:
            self.unseen_since = None
            await asyncio.sleep(0.05)
            said = platform.write(loop.time())
            await asyncio.sleep(0.05)
            answer(window, loop.time(), said)
            self.seen, self.seen_sections = text, sections
            if self.ended is not None:
                self.finished_at = loop.time()

    card = Card("card", Platform(60), governor, window)
    await stream(card, sections=0)
    await asyncio.sleep(10)
    gaps = [after - before for before, after in itertools.pairwise(platform.accepted)]
    assert platform.refusals == 0
    assert card.finished_at - 10 < 0.15
    assert len(platform.accepted) >= 10
    *usual, before_the_end = sorted(gaps)
    assert usual[-1] < 1.3
    assert before_the_end < 2
