"""When a post that grows will probably be whole, by what of it there is."""

from __future__ import annotations

import pytest

from adapters.surface.growth import CAREFUL, Growth
from engine.events import FeedbackCard, SectionView

ANSWER_S = 10.0


def card(settled: int, *, rewrite: str = "", drill: str = "") -> FeedbackCard:
    """Four criteria, so many of them whole."""
    sections = tuple(
        SectionView(criterion=f"c{n}", title=f"Criterion {n}", weight=25, state="settled" if n < settled else "waiting")
        for n in range(4)
    )
    return FeedbackCard(turn=1, attempt=1, sections=sections, rewrite=rewrite, next_drill=drill)


def grown(*settled_at: float) -> Growth:
    """Begun at 1, with a section whole at each of these moments."""
    growth = Growth()
    growth.grew(card(0), 1.0)
    for n, at in enumerate(settled_at, 1):
        assert growth.grew(card(n), at)
    return growth


def test_before_the_first_section_it_takes_as_long_as_others_did() -> None:
    assert grown().ends_at(1.0, ANSWER_S) == pytest.approx(1.0 + 10 * CAREFUL)


def test_sections_take_as_long_as_those_before_them() -> None:
    growth = grown(3.0, 5.0)
    assert list(growth.sections_at(5.0, ANSWER_S)) == [7.0, 9.0]
    assert growth.ends_at(5.0, ANSWER_S) == pytest.approx(5.0 + 4 * CAREFUL)


def test_after_its_last_section_it_may_end_at_any_moment() -> None:
    growth = grown(3.0, 5.0, 7.0, 9.0)
    assert list(growth.sections_at(9.0, ANSWER_S)) == []
    assert growth.ends_at(9.5, ANSWER_S) == 9.5
    assert growth.lasts_s(9.5) == float("inf")


def test_what_is_written_after_the_last_section_has_its_share_of_time() -> None:
    growth = grown(3.0, 5.0, 7.0, 9.0)
    assert not growth.grew(card(4, rewrite="I "), 9.1)
    assert 10.9 < growth.ends_at(9.1, ANSWER_S) < 11.4
    growth.grew(card(4, rewrite="I did it.", drill="Say "), 10.9)
    assert 11.2 < growth.ends_at(10.9, ANSWER_S) < 11.5
    assert growth.lasts_s(10.9) == pytest.approx(0.5)
    assert growth.ends_at(12.0, ANSWER_S) == 12.0


def test_nothing_is_begun_that_would_be_under_way_when_there_is_more_to_show() -> None:
    growth = grown(3.0, 5.0)
    assert growth.hold_until(6.8, 0.1) == 0.0
    assert growth.hold_until(6.95, 0.1) == pytest.approx(7.1)
    assert growth.hold_until(7.2, 0.1) == 0.0
