"""The laws of circuits and weights, on a clock that only the test moves."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Busy, CutShort, Declined, Failed, Garbled, Misconfigured, ModelError, Rejected, Unreachable
from engine.llm.allowance import Allowance
from engine.llm.health import Circuit
from engine.llm.limits import HealthLimits


class Bench:
    """One circuit and its clock."""

    def __init__(self, draw: float = 0.0) -> None:
        self.at = 0.0
        self.circuit = Circuit("p", "m", "scoring", now=lambda: self.at, draw=lambda: draw, limits=HealthLimits())

    def play(self, *outcomes: ModelError | None, every_s: float = 0.1, first_word_s: float = 1.0) -> None:
        for outcome in outcomes:
            trial = self.circuit.enter()
            if outcome is None:
                self.at += first_word_s
                trial.heard()
                trial.succeed()
            else:
                trial.fail(outcome)
            self.at += every_s


@pytest.fixture
def bench() -> Bench:
    return Bench()


failed = Failed("p")


def test_five_failures_in_a_row_open_the_circuit(bench: Bench) -> None:
    bench.play(*[failed] * 4, None, *[failed] * 4)
    assert bench.circuit.phase() == "closed"
    bench.play(failed, every_s=0)
    assert bench.circuit.phase() == "open"
    assert bench.circuit.reopens_in_s() == pytest.approx(15)
    assert not bench.circuit.takes_requests()


def test_half_of_ten_within_thirty_seconds_open_it_and_older_ones_do_not_count(bench: Bench) -> None:
    bench.play(*[failed, failed, None] * 3, first_word_s=0.1)
    assert bench.circuit.phase() == "closed"
    bench.play(failed)
    assert bench.circuit.phase() == "open"
    other = Bench()
    other.play(*[failed, failed, None] * 3, first_word_s=0.1)
    other.at += 31
    other.play(failed, *[None] * 9)
    assert other.circuit.phase() == "closed"


def test_each_failed_probe_doubles_the_pause_up_to_five_minutes_and_jitter_only_shortens_it() -> None:
    for draw in (0.0, 0.5, 0.999):
        bench, pauses = Bench(draw), list[float]()
        bench.play(*[failed] * 5, every_s=0)
        for _ in range(7):
            pauses.append(bench.circuit.reopens_in_s())
            bench.at += pauses[-1] + 0.001
            assert bench.circuit.phase() == "half_open"
            bench.play(failed, every_s=0)
        full = [15, 30, 60, 120, 240, 300, 300]
        assert pauses == pytest.approx([pause * (1 - draw / 4) for pause in full])


def test_one_request_at_a_time_is_the_probe_and_its_success_closes_the_circuit(bench: Bench) -> None:
    bench.play(*[failed] * 5)
    bench.at += 15
    probe = bench.circuit.enter()
    assert probe.is_probe
    assert not bench.circuit.takes_requests()
    probe.abandon()
    assert bench.circuit.takes_requests()
    bench.play(None)
    assert bench.circuit.phase() == "closed"
    assert bench.circuit.reopens_in_s() == 0


def test_after_a_flap_the_pause_is_longer_and_after_a_good_while_short_again(bench: Bench) -> None:
    bench.play(*[failed] * 5)
    bench.at += 15
    bench.play(None, *[failed] * 5, every_s=0)
    assert bench.circuit.reopens_in_s() == pytest.approx(30)
    bench.at += 30
    bench.play(None)
    bench.at += 301
    bench.play(*[failed] * 5, every_s=0)
    assert bench.circuit.reopens_in_s() == 15


def test_answers_to_requests_from_before_the_circuit_opened_do_not_move_it(bench: Bench) -> None:
    early, late = bench.circuit.enter(), bench.circuit.enter()
    bench.play(*[failed] * 5, every_s=0)
    early.succeed()
    assert bench.circuit.phase() == "open"
    bench.at += 15
    late.fail(failed)
    assert bench.circuit.phase() == "half_open"


def test_busy_opens_for_its_retry_after_but_never_ends_a_longer_pause_early(bench: Bench) -> None:
    early = bench.circuit.enter()
    bench.play(Busy("p", retry_after_s=40), every_s=0)
    assert bench.circuit.reopens_in_s() == 40
    early.fail(Busy("p", retry_after_s=2))
    assert bench.circuit.reopens_in_s() == 40
    bench.at += 41
    bench.play(Busy("p", retry_after_s=1), every_s=0)
    assert bench.circuit.reopens_in_s() == 15


def test_busy_without_a_time_is_a_failure_like_any_other(bench: Bench) -> None:
    bench.play(*[Busy("p")] * 4)
    assert bench.circuit.phase() == "closed"
    bench.play(Busy("p"))
    assert bench.circuit.phase() == "open"


def test_a_wrong_key_opens_for_long_and_asks_for_the_operator_until_an_answer_comes(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.play(Misconfigured("p", detail="401"), every_s=0)
    assert bench.circuit.reopens_in_s() == 300
    assert bench.circuit.state().needs_operator
    assert [record.message for record in caplog.records] == ["provider is misconfigured"]
    bench.at += 300
    bench.play(None)
    assert not bench.circuit.state().needs_operator


def test_what_says_something_about_the_request_is_no_illness(bench: Bench) -> None:
    bench.play(*[Rejected("p"), Declined("p"), CutShort("p")] * 10)
    assert bench.circuit.weight() == 1
    assert bench.circuit.phase() == "closed"
    assert bench.circuit.state().answers == 0


def test_garbled_counts_half(bench: Bench) -> None:
    bench.play(*[Garbled("p")] * 9)
    assert bench.circuit.phase() == "closed"
    bench.play(Garbled("p"))
    assert bench.circuit.phase() == "open"


def test_openings_and_closings_are_logged_once_with_who_and_why(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        bench.play(*[failed] * 8, every_s=0)
        bench.at += 15
        bench.play(None)
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("WARNING", "provider is out"),
        ("INFO", "provider is back"),
    ]
    fields = vars(caplog.records[0])
    assert (fields["provider"], fields["purpose"], fields["reopens_in_s"]) == ("p", "scoring", 15.0)


def test_the_weight_falls_long_before_the_circuit_opens_and_recovers_with_time(bench: Bench) -> None:
    assert bench.circuit.weight() == 1
    bench.play(*[None] * 19, failed)
    assert bench.circuit.weight() == 1
    bench.play(*[failed, None, None] * 10)
    assert bench.circuit.phase() == "closed"
    assert bench.circuit.weight() < 0.2
    bench.at += 301
    assert bench.circuit.weight() == 1


def test_a_slow_first_word_lowers_the_weight_once_it_is_known(bench: Bench) -> None:
    bench.play(*[None] * 19, first_word_s=16.0, every_s=-15.9)
    assert bench.circuit.weight() == 1
    assert bench.circuit.first_word_s(0.5) is None
    bench.play(None, first_word_s=16.0)
    assert bench.circuit.weight() == 0.5
    assert bench.circuit.first_word_s(0.95) == 16.0


def test_a_probe_waits_twice_the_usual_time_and_longer_after_each_failure(bench: Bench) -> None:
    assert bench.circuit.probe_first_word_s() == float("inf")
    bench.play(None, *[failed] * 5, first_word_s=4.0)
    assert bench.circuit.probe_first_word_s() == 8
    bench.at += 15
    bench.play(failed)
    assert bench.circuit.probe_first_word_s() == 16
    quick = Bench()
    quick.play(None)
    assert quick.circuit.probe_first_word_s() == 5


def test_who_is_silent_for_too_long_counts_before_the_deadline_comes(bench: Bench) -> None:
    bench.play(*[None] * 20)
    trials = [bench.circuit.enter() for _ in range(10)]
    bench.at += 4.9
    assert bench.circuit.weight() == 1
    bench.at += 0.2
    assert bench.circuit.weight() < 0.1
    for trial in trials:
        trial.heard()
        trial.succeed()
        trial.succeed()
    assert bench.circuit.weight() == 1
    assert bench.circuit.state().answers == 30


def test_the_state_is_a_snapshot_for_people(bench: Bench) -> None:
    bench.play(None, Failed("p", "m", "500"))
    state = bench.circuit.state()
    assert (state.provider, state.model, state.purpose, state.phase) == ("p", "m", "scoring", "closed")
    assert (state.answers, state.failures, state.last_error) == (2, 1.0, "p/m: Failed 500")


outcomes = st.sampled_from([None, failed, Garbled("p"), Busy("p", retry_after_s=9), Declined("p"), Misconfigured("p")])


@given(st.lists(st.tuples(outcomes, st.floats(0, 60))), st.floats(0, 0.999))
def test_whatever_happens_the_weight_stays_in_range_and_the_circuit_reopens_in_time(
    story: list[tuple[ModelError | None, float]], draw: float
) -> None:
    bench = Bench(draw)
    for outcome, pause in story:
        bench.play(outcome, every_s=pause)
        assert 0 < bench.circuit.weight() <= 1
        assert 0 <= bench.circuit.reopens_in_s() <= 300.001
        assert (bench.circuit.phase() == "open") == (bench.circuit.reopens_in_s() > 0)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 5)), max_size=200))
def test_an_allowance_is_never_overdrawn(story: list[tuple[bool, float]]) -> None:
    at, earned, spent = 0.0, list[float](), list[float]()
    allowance = Allowance(lambda: at, share=0.2, extra=3, window_s=60)
    for is_request, pause in story:
        at += pause
        if is_request:
            allowance.earn()
            earned.append(at)
        elif allowance.spend():
            spent.append(at)
            recent = [time for time in spent if time >= at - 60]
            assert len(recent) <= 0.2 * len([time for time in earned if time >= at - 60]) + 3


def test_an_unreachable_provider_counts_whole() -> None:
    bench = Bench()
    bench.play(*[Unreachable("p")] * 5)
    assert bench.circuit.phase() == "open"
