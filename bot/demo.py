"""The demo: bank questions that have sample answers, the offline coach, no follow-ups; a minute, and no key."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from adapters.library.bank import Quality, sample_answers
from adapters.playground.terminal.sample import SampleCandidate
from adapters.playground.terminal.screen import Screen
from bot.compose import Changes
from bot.models import offline_models
from engine.bank import QuestionBank
from engine.interviews import InterviewType

QUALITIES: tuple[Quality, ...] = ("weak", "fair", "strong")
"""Which answer comes when; the last one from then on."""
PACE_S = 0.03
"""Between two pieces of 24 characters: a review is written in about three seconds."""


@cache
def _answers() -> Mapping[str, Mapping[Quality, str]]:
    return sample_answers()


def demo_changes(*, watched: bool) -> Changes:
    """What the demo does differently. A configured model is left alone: it costs, and asks what no sample answers."""
    return Changes(
        bank=lambda bank: QuestionBank(question for question in bank if question.id in _answers()),
        types=lambda types: {name: _short(kind) for name, kind in types.items()},
        models=lambda _: offline_models(pace_s=PACE_S if watched else 0.0),
    )


def demo_candidate(screen: Screen) -> SampleCandidate:
    """Who answers in the demo."""
    return SampleCandidate(screen, _answers(), QUALITIES)


def _short(kind: InterviewType) -> InterviewType:
    return kind.model_copy(update={"follow_ups": 0, "source": "bank", "feedback": "each"})
