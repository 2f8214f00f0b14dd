"""Which models answer: the providers that are configured behind one router, or the offline coach alone.

Only what is configured is imported. OpenAI is asked first to score, Gemini first to converse, a compatible server after
both; the offline coach stands in when all of them are down.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from random import Random
from typing import Protocol

from bot.config import Settings
from engine.llm.router import Router
from engine.ports import Chunk, Completion, Deadlines, LLMProvider, Purpose, Request, TokenCount

ORDER: Mapping[Purpose, Sequence[str]] = {
    "scoring": ("openai", "gemini", "compatible"),
    "conversation": ("gemini", "openai", "compatible"),
}
OFFLINE_LABEL = "offline checklist"
NO_KEY = "No key is set; OPENAI_API_KEY or GEMINI_API_KEY lets a model answer."


class Closeable(LLMProvider, Protocol):
    """A provider that holds connections."""

    async def aclose(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Models:
    """`provider` answers; `configured` are those behind it, none when the offline coach is alone."""

    provider: LLMProvider
    configured: tuple[Closeable, ...] = ()
    router: Router | None = None

    @property
    def label(self) -> str:
        """Which models answer, in words for a candidate."""
        names = list(dict.fromkeys(provider.model for provider in self.configured))
        return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:]))) or OFFLINE_LABEL

    async def aclose(self) -> None:
        """Close every connection."""
        for provider in self.configured:
            await provider.aclose()


def offline_models(*, pace_s: float = 0.0) -> Models:
    """The offline coach alone. `pace_s` lets it write as slowly as a model does, to be watched."""
    from adapters.llm.offline import Offline

    return Models(Offline(pace_s=pace_s))


def choose_models(settings: Settings) -> Models:
    """The models these settings name; the offline coach when they name none."""
    from adapters.llm.offline import Offline

    configured = tuple(_configured(settings))
    if not configured:
        return offline_models()
    router = Router(configured, order=ORDER, now=time.monotonic, draw=Random().random, fallback=Offline())
    return Models(Patient(router, settings.patience), configured, router)


def _configured(settings: Settings) -> list[Closeable]:
    found: list[Closeable] = []
    if settings.openai_api_key is not None:
        from adapters.llm.openai import OpenAI

        key = settings.openai_api_key.get_secret_value()
        found.append(OpenAI(api_key=key, model=settings.openai_model, base_url=settings.openai_base_url))
    if settings.gemini_api_key is not None:
        from adapters.llm.google import Gemini

        key = settings.gemini_api_key.get_secret_value()
        found.append(Gemini(api_key=key, model=settings.gemini_model, base_url=settings.gemini_base_url))
    if settings.compatible_base_url is not None and settings.compatible_model is not None:
        from adapters.llm.compatible import Compatible

        key = settings.compatible_api_key.get_secret_value() if settings.compatible_api_key else ""
        found.append(Compatible(api_key=key, model=settings.compatible_model, base_url=settings.compatible_base_url))
    return found


class Patient:
    """A provider that is given `factor` times as long for everything."""

    def __init__(self, provider: LLMProvider, factor: float) -> None:
        self._provider = provider
        self._factor = factor

    @property
    def name(self) -> str:
        return self._provider.name

    @property
    def model(self) -> str:
        return self._provider.model

    def stream(self, request: Request) -> AbstractAsyncContextManager[AsyncIterator[Chunk]]:
        return self._provider.stream(self._timed(request))

    async def complete(self, request: Request) -> Completion:
        return await self._provider.complete(self._timed(request))

    def count_tokens(self, text: str) -> TokenCount:
        return self._provider.count_tokens(text)

    def _timed(self, request: Request) -> Request:
        asked, factor = request.deadlines, self._factor
        return replace(
            request, deadlines=Deadlines(asked.first_s * factor, asked.gap_s * factor, asked.total_s * factor)
        )
