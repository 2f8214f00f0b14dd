"""Running wire servers and providers that talk to them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import pytest

from adapters.llm.compatible import Compatible
from adapters.llm.google import Gemini
from adapters.llm.openai import OpenAI
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


@pytest.fixture(params=APIS)
async def line(request: pytest.FixtureRequest) -> AsyncGenerator[Line]:
    """Each networked provider in turn, with its server."""
    serve = gemini_server if request.param == "gemini" else openai_server
    async with serve() as wire:
        provider = connect(request.param, wire)
        try:
            yield Line(provider, wire)
        finally:
            await provider.aclose()
