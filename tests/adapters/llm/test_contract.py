"""The provider contract, kept by everything that speaks to a model or stands in for one."""

from __future__ import annotations

import pytest

from adapters.llm.scripted import Scripted
from engine.ports import LLMProvider, Request
from tests.adapters.llm.conftest import Line
from tests.contracts.llm import ProviderContract
from tests.wire.answers import plausible


@pytest.mark.asyncio(loop_scope="module")
class TestNetworked(ProviderContract):
    """OpenAI, a compatible server and Gemini, each by its real SDK."""

    @pytest.fixture
    def provider(self, line: Line) -> LLMProvider:
        return line.provider


def answer(request: Request) -> str:
    """What a server would make up."""
    return plausible(dict(request.schema) if request.schema is not None else None, request.turns[-1].text)


class TestScripted(ProviderContract):
    """The scripted provider, answering like a server."""

    @pytest.fixture
    def provider(self) -> LLMProvider:
        return Scripted(answer)
