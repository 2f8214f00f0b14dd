"""What is known about models: prices by day, last days, parameters."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.llm.capabilities import Learned, cost_micros, end_of_life, entry, table
from engine.errors import Rejected
from engine.ports import Usage

DAY = date(2026, 11, 24)


def test_the_table_says_when_it_was_true() -> None:
    assert table().as_of.year >= 2026


def test_the_defaults_have_prices_and_no_end_in_sight() -> None:
    for model in (table().defaults.openai, table().defaults.google):
        assert cost_micros(model, Usage(input=1_000), DAY)
        assert end_of_life(model) is None


@pytest.mark.parametrize(
    ("model", "usage", "day", "micros"),
    [
        ("gpt-6-luna", Usage(input=1_000_000), DAY, 100_000),
        ("gpt-6-luna", Usage(input=1_000_000, cached=1_000_000), DAY, 10_000),
        ("gpt-6-luna", Usage(input=10_000, cached=4_000, output=2_000, reasoning=500), DAY, 1_640),
        ("gpt-6-luna", Usage(input=1), DAY, 1),
        ("gpt-6-luna", Usage(), DAY, 0),
        ("gpt-6-luna", Usage(input=10, cached=99), DAY, 1),
        ("gpt-6-luna", Usage(input=1), date(2026, 1, 1), None),
        ("gpt-6.2-astra", Usage(input=1_000_000, cached=1_000_000), DAY, 10_000_000),
        ("gemini-3.8-flash", Usage(output=1_000_000), DAY, 3_750_000),
        ("gemini-3.8-flash", Usage(output=1_000_000), date(2027, 1, 1), 7_500_000),
        ("google/gemini-3.8-flash", Usage(output=1_000_000), DAY, 3_750_000),
        ("llama-4", Usage(output=1_000_000), DAY, None),
    ],
)
def test_a_call_costs_what_it_cost_that_day(model: str, usage: Usage, day: date, micros: int | None) -> None:
    assert cost_micros(model, usage, day) == micros


def test_a_price_today_needs_no_date() -> None:
    assert cost_micros("gpt-6-luna", Usage(input=1_000_000))


@pytest.mark.parametrize(
    ("model", "last"),
    [
        ("gpt-5", date(2026, 12, 11)),
        ("gpt-5-mini-2025-08-07", date(2026, 12, 11)),
        ("o3", date(2026, 12, 11)),
        ("gpt-4o-mini", date(2027, 1, 14)),
        ("gpt-4.1", date(2027, 1, 14)),
        ("gpt-5.1", date(2027, 4, 1)),
        ("gpt-5.4-nano", date(2027, 4, 1)),
        ("gpt-4o-mini-transcribe", date(2027, 2, 26)),
        ("whisper-1", date(2027, 2, 26)),
        ("gpt-transcribe", None),
        ("gpt-5.6-luna", None),
        ("gemini-4-hydrogen", None),
        ("something-local", None),
    ],
)
def test_models_that_end_say_when(model: str, last: date | None) -> None:
    assert end_of_life(model) == last


def test_every_model_has_an_entry() -> None:
    assert entry("").match == "*"


def test_what_was_learned_holds_for_later_requests() -> None:
    learned = Learned()
    sent = frozenset(("temperature", "effort"))
    assert learned.parameters("gpt-6-luna", "questions").temperature == 0.7
    assert learned.drop(Rejected("p", "m", "Unsupported parameter: reasoning.effort"), sent)
    parameters = learned.parameters("gpt-6-luna", "questions")
    assert parameters.effort is None
    assert parameters.temperature is None  # only with no effort does this model take one
    assert not learned.drop(Rejected("p", "m", "reasoning.effort again"), sent)


def test_only_what_was_sent_can_be_dropped() -> None:
    learned = Learned()
    assert not learned.drop(Rejected("p", "m", param="response_format"), frozenset(("temperature",)))
    assert learned.parameters("gpt-6-luna", "scoring").without == frozenset()
