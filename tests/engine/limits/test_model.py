"""Whether there is room, and what somebody is told when there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.limits.model import (
    MEASURES,
    MOST,
    NO_LIMITS,
    NOTHING,
    WHOSE,
    Amounts,
    Limits,
    Measure,
    PersonLimits,
    Refusal,
    Used,
    Whose,
    WorkspaceLimits,
    day_of,
    decide,
    ends_at,
)
from engine.limits.words import amount, dollars, over_limit, resets, share, waits

counts = st.integers(0, 50)
amounts = st.builds(Amounts, counts, counts, counts, counts, counts.map(lambda n: n * 60))
maybe = st.none() | counts
persons = st.builds(
    PersonLimits, interviews=maybe, answers=maybe, tokens=maybe, cost_micros=maybe, audio_minutes=maybe, open=maybe
)
workspaces = st.builds(
    WorkspaceLimits, interviews=maybe, answers=maybe, tokens=maybe, cost_micros=maybe, audio_minutes=maybe, open=maybe
)
limits = st.builds(Limits, person=persons, workspace=workspaces)
MORNING = 20_000 * 86_400 + 19 * 3_600.0


@given(limits, st.builds(Used, amounts, amounts, counts, counts), amounts)
def test_there_is_room_exactly_when_no_limit_is_passed(limits: Limits, used: Used, wanted: Amounts) -> None:
    refusal = decide(limits, used, wanted)
    passed = [
        (whose, measure)
        for whose in WHOSE
        for measure in MEASURES
        if wanted.of(measure)
        and (most := limits.of_a_day(whose, measure)) is not None
        and used.of(whose).of(measure) + wanted.of(measure) > most
    ]
    opened = [
        whose
        for whose, most, open_now in (
            ("person", limits.person.open, used.person_open),
            ("workspace", limits.workspace.open, used.workspace_open),
        )
        if wanted.interviews and most is not None and open_now + wanted.interviews > most
    ]
    assert (refusal is None) == (not passed and not opened)
    if refusal is not None:
        assert refusal.whose in opened if refusal.open else (refusal.whose, refusal.measure) in passed


def test_without_limits_there_is_always_room() -> None:
    everything = Amounts(10**9, 10**9, 10**9, 10**9, 10**9)
    assert decide(NO_LIMITS, Used(everything, everything, 10**6, 10**6), everything) is None
    assert not NO_LIMITS.limits_any(*MEASURES)


@given(limits, st.integers(1, 10))
def test_a_lift_is_for_the_person_alone(limits: Limits, times: int) -> None:
    lifted = limits.lifted(times)
    assert lifted.workspace == limits.workspace
    assert lifted.person.answer_chars == limits.person.answer_chars
    for measure in MEASURES:
        before, after = limits.of_a_day("person", measure), lifted.of_a_day("person", measure)
        assert after == (None if before is None else before * times)
        assert limits.lifted(None).of_a_day("person", measure) is None


def test_no_lift_goes_beyond_what_can_be_kept() -> None:
    assert Limits(person=PersonLimits(tokens=MOST)).lifted(10).person.tokens == MOST


@given(amounts, amounts)
def test_amounts_add_up(one: Amounts, other: Amounts) -> None:
    assert (one + other).as_row() == {m: one.of(m) + other.of(m) for m in MEASURES}
    assert bool(one) == (one != NOTHING)


def test_every_limit_has_a_full_name() -> None:
    assert Limits(person=PersonLimits(tokens=5)).by_name()["person.tokens"] == 5
    assert set(NO_LIMITS.by_name().values()) == {None}


def test_a_day_is_that_of_utc() -> None:
    assert day_of(86_399.9) == 0
    assert day_of(86_400.0) == 1
    assert ends_at(0) == 86_400.0


SENTENCES = {
    (
        "person",
        "interviews",
    ): "Your 5 interviews for today are used up. You can begin the next one at 00:00 UTC, in 5 h. "
    "An admin can raise this.",
    ("person", "answers"): "Your 5 answers for today are used up. Your answer is kept and will be read at 00:00 UTC, "
    "in 5 h. An admin can raise this. Say “done” to try again before that.",
    ("workspace", "tokens"): "The 5 tokens that everybody here shares for today are used up. The offline checklist "
    "stands in for a model until that resets at 00:00 UTC, in 5 h; full reviews follow then. An admin can raise this.",
    ("workspace", "cost_micros"): "The $0.000005 that everybody here shares for today is used up. The offline "
    "checklist stands in for a model until that resets at 00:00 UTC, in 5 h; full reviews follow then. "
    "An admin can raise this.",
    ("person", "audio_s"): "Your 1 minute of audio for today are used up. Please type your answer, or send the "
    "clip again at 00:00 UTC, in 5 h. An admin can raise this.",
}


@pytest.mark.parametrize(("whose", "measure"), SENTENCES)
def test_somebody_at_a_limit_is_told_when_it_resets_and_what_can_be_done(whose: Whose, measure: Measure) -> None:
    error = over_limit(Refusal(whose, measure, 5), MORNING)
    assert error.hint == SENTENCES[whose, measure]
    assert error.resets_at == 20_001 * 86_400


def test_what_is_open_resets_only_when_something_ends() -> None:
    mine = over_limit(Refusal("person", "interviews", 1, open=True), MORNING)
    assert mine.hint.startswith("No more than 1 interview of yours may be open at once. Say “stop”")
    assert mine.resets_at is None
    theirs = over_limit(Refusal("workspace", "interviews", 3, open=True), MORNING)
    assert theirs.hint.startswith("No more than 3 interviews may be open here at once.")
    assert str(theirs) == "over the limit workspace open interviews"


def test_amounts_are_said_in_words() -> None:
    assert amount("answers", 1) == "1 answer"
    assert amount("audio_s", 61) == "2 minutes of audio"
    assert dollars(0) == "$0"
    assert dollars(1_234_567_890) == "$1,234.57"
    assert dollars(1_234) == "$0.001234"
    assert share(1, None) is None
    assert share(1, 4) == 0.25
    assert share(0, 0) == 1.0
    assert resets(MORNING + 4 * 3_600, MORNING + 5 * 3_600) == "at 00:00 UTC, in 60 min"
    assert "will be read at 00:00 UTC, in 5 h" in waits(MORNING, MORNING + 5 * 3_600)
