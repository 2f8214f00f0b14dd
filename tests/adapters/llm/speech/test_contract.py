"""The transcriber contract, kept by every transcriber."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.llm.speech.first import FirstOf
from engine.ports import Transcriber
from tests.adapters.llm.speech.conftest import Line
from tests.contracts.transcriber import Hearing, TranscriberContract
from tests.wire.faults import Fault
from tests.wire.server import Script


def hearing_through(line: Line, wrap: Callable[[Transcriber], Transcriber] = lambda one: one) -> Hearing:
    """The line, as the contract wants it."""

    def says(text: str) -> None:
        line.wire.otherwise = Script(line.said(text))

    def hang() -> None:
        line.wire.then(Script(fault=Fault.HANG_BEFORE_HEADERS))

    return Hearing(wrap(line.transcriber), says, hang, line.left, lambda: line.wire.called(1))


@pytest.mark.asyncio(loop_scope="module")
class TestNetworked(TranscriberContract):
    """OpenAI and Gemini, each by its real SDK."""

    @pytest.fixture
    def hearing(self, line: Line) -> Hearing:
        return hearing_through(line)


@pytest.mark.asyncio(loop_scope="module")
class TestFirstOf(TranscriberContract):
    """Several as one."""

    @pytest.fixture
    def hearing(self, line: Line) -> Hearing:
        return hearing_through(line, lambda one: FirstOf((one, one)))
