"""A small version of the outage that `tests/perf/outage.py` measures."""

from __future__ import annotations

from tests.kit.loop import run_virtual
from tests.perf.outage import report, simulate


def test_no_turn_fails_and_few_requests_meet_the_provider_that_is_down_or_sick() -> None:
    figures = run_virtual(simulate(sessions=12))
    assert figures.failed == []
    assert figures.dead.requests > 500
    assert len(figures.dead.met) < 40
    assert len(figures.sick.met) < 0.5 * figures.sick.scoring
    assert "failed turns                           0" in report(figures)
