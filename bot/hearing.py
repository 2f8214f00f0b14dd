"""Who writes down what is said in a recording: the configured models that can hear, in order; nobody without a key."""

from __future__ import annotations

from bot.models import Models
from engine.ports import Transcriber


def choose_transcriber(models: Models) -> Transcriber | None:
    """OpenAI's transcription first, then Gemini; they share the connections of the models, which close them."""
    found: list[Transcriber] = []
    for provider in models.configured:
        match provider.name:
            case "openai":
                from adapters.llm.openai import OpenAI
                from adapters.llm.speech.openai import OpenAITranscriber

                assert isinstance(provider, OpenAI)
                found.append(OpenAITranscriber(provider.connection))
            case "gemini":
                from adapters.llm.google import Gemini
                from adapters.llm.speech.google import GeminiTranscriber

                assert isinstance(provider, Gemini)
                found.append(GeminiTranscriber(provider.connection, model=provider.model))
            case _:
                pass  # a compatible server need not hear anything
    if not found:
        return None
    from adapters.llm.speech.first import FirstOf

    return FirstOf(found)
