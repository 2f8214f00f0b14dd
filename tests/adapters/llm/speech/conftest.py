"""Running wire servers and transcribers that talk to them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from adapters.llm.google_sdk import GoogleConnection
from adapters.llm.openai_sdk import Connection
from adapters.llm.speech.google import GeminiTranscriber
from adapters.llm.speech.openai import OpenAITranscriber
from tests.kit.recordings import recording
from tests.wire.gemini import gemini_server
from tests.wire.openai import openai_server
from tests.wire.server import Script, Wire

Networked = OpenAITranscriber | GeminiTranscriber


@dataclass(frozen=True, slots=True)
class Line:
    """A transcriber and the server at the other end of it."""

    api: str
    connection: Connection | GoogleConnection
    wire: Wire

    @property
    def transcriber(self) -> Networked:
        """One with nothing learnt and a long deadline."""
        return self.hasty(30)

    def hasty(self, deadline_s: float) -> Networked:
        """One with its own deadline."""
        if isinstance(self.connection, Connection):
            return OpenAITranscriber(self.connection, deadline_s=deadline_s)
        return GeminiTranscriber(self.connection, deadline_s=deadline_s)

    def said(self, words: str) -> str:
        """What the server has to send for these words to be heard."""
        return words if self.api == "openai" else json.dumps({"words": words})

    async def left(self) -> bool:
        """Whether the client gave the last request up, once it has ended."""
        call = self.wire.calls[-1]
        async with asyncio.timeout(2):
            await call.ended.wait()
        return call.cut_off


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=("openai", "gemini"))
async def shared_line(request: pytest.FixtureRequest) -> AsyncGenerator[Line]:
    """Each networked transcriber in turn, with its server; one for a module, because making a client takes a while."""
    serve = gemini_server if request.param == "gemini" else openai_server
    async with serve() as wire:
        connection = (
            GoogleConnection(api_key="key", base_url=wire.base_url)
            if request.param == "gemini"
            else Connection(api_key="key", base_url=f"{wire.base_url}/v1")
        )
        line = Line(request.param, connection, wire)
        wire.otherwise = Script(line.said("warm"))
        await line.transcriber.transcribe(recording())  # imports and first times are not what the tests measure
        try:
            yield line
        finally:
            await connection.aclose()


@pytest.fixture
def line(shared_line: Line) -> Line:
    """The same, with nothing left over from the test before."""
    shared_line.wire.forget()
    return shared_line
