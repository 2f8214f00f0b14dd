"""Who transcribes, by the settings."""

from __future__ import annotations

import pytest

from bot.config import read_settings
from bot.models import choose_models, offline_models
from bot.speech import choose_transcriber
from engine.errors import Misconfigured
from tests.kit.recordings import recording
from tests.wire.faults import Fault
from tests.wire.gemini import gemini_server
from tests.wire.openai import openai_server
from tests.wire.server import Script


async def test_openai_is_asked_first_and_gemini_when_it_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    async with openai_server() as openai, gemini_server() as gemini:
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{openai.base_url}/v1")
        monkeypatch.setenv("GEMINI_API_KEY", "key")
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", gemini.base_url)
        monkeypatch.setenv("REHEARSE_GEMINI_MODEL", "gemini-4-hydrogen")
        openai.then(Script("From the first."), Script(fault=Fault.NOT_FOUND))
        gemini.then(Script('{"words": "From the second."}'))
        settings = read_settings()
        models = choose_models(settings)
        transcriber = choose_transcriber(settings, models)
        assert transcriber is not None
        first = await transcriber.transcribe(recording())
        second = await transcriber.transcribe(recording())
        await models.aclose()
    assert (first.text, first.source.model) == ("From the first.", "gpt-transcribe")
    assert (second.text, second.source.model) == ("From the second.", "gemini-4-hydrogen")


async def test_a_key_that_is_refused_is_said_when_there_is_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    async with openai_server() as openai:
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{openai.base_url}/v1")
        openai.then(Script(fault=Fault.UNAUTHORIZED))
        settings = read_settings()
        models = choose_models(settings)
        transcriber = choose_transcriber(settings, models)
        assert transcriber is not None
        with pytest.raises(Misconfigured):
            await transcriber.transcribe(recording())
        await models.aclose()


async def test_without_a_key_and_with_a_compatible_server_alone_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose_transcriber(read_settings(), offline_models()) is None
    monkeypatch.setenv("REHEARSE_COMPATIBLE_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("REHEARSE_COMPATIBLE_MODEL", "llama-4")
    settings = read_settings()
    assert choose_transcriber(settings, choose_models(settings)) is None
