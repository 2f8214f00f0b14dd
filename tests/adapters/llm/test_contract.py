"""The provider contract, kept by everything that speaks to a model or stands in for one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from adapters.llm.offline.coach import Offline
from adapters.llm.scripted import Scripted
from engine.feedback.verdict import schema_for, sections_for
from engine.interviews import Question
from engine.material import QUESTION_SECTIONS, QuestionMaterial, ReviewMaterial
from engine.ports import LLMProvider, Request
from tests.adapters.llm.conftest import Line
from tests.contracts.llm import ANSWER, QUESTION, REVIEW, ProviderContract
from tests.kit.interviews import interview_type
from tests.wire.answers import plausible


@pytest.mark.asyncio(loop_scope="module")
class TestNetworked(ProviderContract):
    """OpenAI, a compatible server and Gemini, each by its real SDK."""

    @pytest.fixture
    def provider(self, line: Line) -> LLMProvider:
        return line.provider


CRITERIA = interview_type().criteria
REVIEW_MATERIAL = ReviewMaterial(
    format="system_design",
    level=3,
    role="mid",
    expects="",
    meets=3.5,
    language="en",
    topic="caching",
    question="How would you make the reads faster?",
    minutes=5,
    key_points=("Measure which queries are slow", "Put a cache in front of the reads"),
    cues=(("measure", "slow"), ("cache",)),
    criteria=CRITERIA,
    answer=ANSWER,
)
QUESTION_MATERIAL = QuestionMaterial(
    format="system_design",
    type_title="System design",
    level=3,
    role="mid",
    expects="",
    focus="",
    language="en",
    seeds=(
        Question(
            id="sd-3-cache",
            format="system_design",
            level=3,
            topic="caching",
            text="How would you make the reads faster?",
            key_points=("Measure", "Cache"),
            cues=(("measure",), ("cache",)),
        ),
    ),
)


class TestOffline(ProviderContract):
    """The coach without a model, which reads materials instead of prompts."""

    review = replace(REVIEW, sections=sections_for(CRITERIA), schema=schema_for(CRITERIA), material=REVIEW_MATERIAL)
    question = replace(QUESTION, sections=QUESTION_SECTIONS, material=QUESTION_MATERIAL)

    @pytest.fixture
    def provider(self) -> LLMProvider:
        return Offline()


def answer(request: Request) -> str:
    """What a server would make up."""
    return plausible(dict(request.schema) if request.schema is not None else None, request.messages[-1].text)


class TestScripted(ProviderContract):
    """The scripted provider, answering like a server."""

    @pytest.fixture
    def provider(self) -> LLMProvider:
        return Scripted(answer)
