"""Is a provider usable? One look at its model, for `rehearse doctor`: the key, the model's name, its last day."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

from adapters.llm import openai_sdk
from adapters.llm.capabilities import end_of_life
from adapters.llm.compatible import Compatible
from adapters.llm.google import Gemini
from adapters.llm.openai import OpenAI
from engine.errors import Misconfigured, ModelError
from engine.ports import LLMProvider, Source

CHECK_S = 5.0


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found. `problem` is a sentence for an operator, `None` when all is well."""

    provider: str
    model: str
    problem: str | None = None
    shutdown: date | None = None
    refused: bool = False
    """The provider is there and says no to the key or the model; only a person can mend that."""

    @property
    def ok(self) -> bool:
        """Whether the provider can be used today."""
        return self.problem is None


async def check(provider: LLMProvider) -> Checkup:
    """Ask the provider about its model, for at most five seconds. Never raises; a provider without a server is well."""
    source = Source(provider.name, provider.model)
    shutdown = end_of_life(provider.model)
    problem: str | None = None
    refused = False
    try:
        async with asyncio.timeout(CHECK_S):
            match provider:
                case OpenAI():
                    shutdown = await _openai(provider, source) or shutdown
                case Compatible():
                    problem = await _compatible(provider, source)
                case Gemini():
                    await provider.connection.look_up(provider.model, source)
                case _:
                    pass
    except TimeoutError:
        problem = f"no answer within {CHECK_S:.0f} seconds; check the address and the network"
    except Misconfigured as error:
        problem = f"check the key, the model's name and the address: {error.detail}"
        refused = True
    except ModelError as error:
        problem = str(error)
    return Checkup(source.provider, source.model, problem, shutdown, refused)


async def _openai(provider: OpenAI, source: Source) -> date | None:
    try:
        model = await provider.connection.client().models.retrieve(provider.model)
    except Exception as error:
        raise openai_sdk.mapped(error, source) from error
    try:
        return date.fromisoformat((model.shutdown_date or "")[:10])
    except ValueError:
        return None


async def _compatible(provider: Compatible, source: Source) -> str | None:
    # Local servers have a list of models more often than a page for each.
    try:
        names = [model.id async for model in provider.connection.client().models.list()]
    except Exception as error:
        failure = openai_sdk.mapped(error, source)
        if isinstance(failure, Misconfigured) and failure.detail.startswith("404"):
            return None  # a server without a list; the first answer will tell
        raise failure from error
    if names and provider.model not in names:
        return f"the server has no model of this name; it has {', '.join(names[:10])}"
    return None
