"""Who writes down what is said in a voice clip: the configured models that can hear, or nobody."""

from __future__ import annotations

from adapters.llm.speech.first import FirstOf
from adapters.llm.speech.hearing import DEADLINE_S
from bot.config import Settings
from bot.models import Models
from engine.ports import Transcriber


def choose_transcriber(settings: Settings, models: Models) -> Transcriber | None:
    """OpenAI, then Gemini, as far as they are configured; `None` when neither is. Closed with `models`."""
    found: list[Transcriber] = []
    deadline_s = DEADLINE_S * settings.patience
    if settings.openai_api_key is not None:
        from adapters.llm.openai import OpenAI
        from adapters.llm.speech.openai import OpenAITranscriber

        found += [
            OpenAITranscriber(provider.connection, name=provider.name, deadline_s=deadline_s)
            for provider in models.configured
            if isinstance(provider, OpenAI)
        ]
    if settings.gemini_api_key is not None:
        from adapters.llm.google import Gemini
        from adapters.llm.speech.google import GeminiTranscriber

        found += [
            GeminiTranscriber(provider.connection, model=provider.model, name=provider.name, deadline_s=deadline_s)
            for provider in models.configured
            if isinstance(provider, Gemini)
        ]
    return FirstOf(found) if found else None
