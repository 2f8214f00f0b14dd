"""Running wire servers and providers that talk to them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from adapters.llm.compatible import Compatible
from adapters.llm.google import Gemini
from adapters.llm.openai import OpenAI
from tests.contracts.llm import REVIEW
from tests.wire.gemini import gemini_server
from tests.wire.openai import openai_server
from tests.wire.server import Wire

Networked = OpenAI | Compatible | Gemini
APIS = ("openai", "compatible", "gemini")


@dataclass(frozen=True, slots=True)
class Line:
    """A provider and the server at the other end of it."""

    provider: Networked
    wire: Wire


def connect(api: str, wire: Wire) -> Networked:
    """A provider for a server."""
    match api:
        case "openai":
            return OpenAI(api_key="key", base_url=f"{wire.base_url}/v1")
        case "compatible":
            return Compatible(base_url=f"{wire.base_url}/v1", model="llama-4")
        case _:
            return Gemini(api_key="key", base_url=wire.base_url)


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=APIS)
async def shared_line(request: pytest.FixtureRequest) -> AsyncGenerator[Line]:
    """Each networked provider in turn, with its server; one for a module, because making a client takes a while."""
    serve = gemini_server if request.param == "gemini" else openai_server
    async with serve() as wire:
        provider = connect(request.param, wire)
        await provider.complete(REVIEW)  # imports and first times are not what the tests' deadlines measure
        try:
            yield Line(provider, wire)
        finally:
            await provider.aclose()


@pytest.fixture
def line(shared_line: Line) -> Line:
    """The same, with nothing left over from the test before."""
    shared_line.wire.forget()
    return shared_line
