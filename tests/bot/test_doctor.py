"""What the doctor finds, with providers that are well, strange or gone: real SDKs against servers on loopback."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Settings, read_settings
from bot.doctor import Finding, doctor, examine, model_finding
from bot.models import choose_models
from engine.ports import Deadlines, Request
from tests.wire.gemini import gemini_server
from tests.wire.openai import openai_server


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


async def found() -> dict[str, Finding]:
    return {finding.what: finding async for finding in examine()}


async def test_without_keys_it_says_who_answers_and_how_to_change_that(capsys: pytest.CaptureFixture[str]) -> None:
    assert await doctor(as_json=False) == 0
    said = capsys.readouterr().out
    assert "the offline checklist answers" in said
    assert "Set OPENAI_API_KEY or GEMINI_API_KEY" in said
    assert "Rehearse can be used" in said


async def test_the_findings_can_be_had_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert await doctor(as_json=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["usable"] is True
    assert {"what", "state", "found", "do"} == set(said["findings"][0])


async def test_a_wrong_setting_stops_the_examination(working_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (working_folder / ".env").write_text("REHEARSE_PROT=1\n")
    assert await doctor(as_json=False) == 1
    said = capsys.readouterr().out
    assert "Did you mean REHEARSE_PORT?" in said
    assert "Something is broken" in said


async def test_a_home_that_cannot_be_written_is_broken(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (working_folder / "file").write_text("")
    monkeypatch.setenv("REHEARSE_HOME", str(working_folder / "file" / "home"))
    assert (await found())["home"].state == "broken"


async def test_providers_that_are_well_are_said_to_be(working_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with openai_server() as openai, gemini_server() as gemini:
        soon = (datetime.now(UTC).date() + timedelta(days=20)).isoformat()
        openai.models = {"gpt-6-luna": soon, "llama": None}
        (working_folder / ".env").write_text(f"OPENAI_BASE_URL={openai.base_url}/v1\nOPENAI_API_KEY=k\n")
        monkeypatch.setenv("GEMINI_API_KEY", "k")
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", gemini.base_url)
        monkeypatch.setenv("REHEARSE_COMPATIBLE_BASE_URL", f"{openai.base_url}/v1")
        monkeypatch.setenv("REHEARSE_COMPATIBLE_MODEL", "llama")
        findings = await found()
    assert findings["gemini/gemini-3.8-flash"].state == "ok"
    assert findings["compatible/llama"].state == "ok"
    assert findings["openai/gpt-6-luna"].state == "warning"
    assert f"switched off on {soon}" in findings["openai/gpt-6-luna"].found
    assert findings["router"].found.startswith(
        "scoring: openai > gemini > compatible; conversation: gemini > openai > compatible"
    )
    assert str(working_folder / ".env") in findings["settings"].found


async def test_a_provider_that_is_gone_is_a_warning_and_says_who_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async with openai_server() as openai:
        gone = openai.base_url
    async with openai_server() as openai:
        openai.models = {"another": None}
        monkeypatch.setenv("OPENAI_API_KEY", "k")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{gone}/v1")
        monkeypatch.setenv("REHEARSE_COMPATIBLE_BASE_URL", f"{openai.base_url}/v1")
        monkeypatch.setenv("REHEARSE_COMPATIBLE_MODEL", "llama")
        findings = await found()
    assert findings["openai/gpt-6-luna"].state == "warning"
    assert findings["openai/gpt-6-luna"].do == "Meanwhile the offline checklist answers."
    assert "it has another" in findings["compatible/llama"].found


@pytest.mark.parametrize(
    ("shutdown", "state"), [(None, "ok"), (date(2027, 12, 1), "ok"), (date(2026, 12, 11), "warning")]
)
def test_a_model_that_ends_soon_is_a_warning(shutdown: date | None, state: str) -> None:
    assert model_finding("openai/m", shutdown, date(2026, 11, 24)).state == state


async def test_a_playground_that_others_can_reach_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REHEARSE_HOST", "0.0.0.0")
    monkeypatch.setenv("REHEARSE_PORT", "0")
    with pytest.raises(Exception, match="REHEARSE_PORT"):
        read_settings()
    monkeypatch.setenv("REHEARSE_PORT", "58765")
    assert "It has no login" in (await found())["playground"].do


async def test_the_models_are_those_that_are_configured() -> None:
    keys = {"OPENAI_API_KEY": "k", "GEMINI_API_KEY": "k", "REHEARSE_OPENAI_MODEL": "gpt-6-sol"}
    models = choose_models(Settings.model_validate(keys))
    assert models.label == "gpt-6-sol and gemini-3.8-flash"
    assert models.router is not None
    assert models.provider.name == "router"
    assert models.provider.model == "openai/gpt-6-sol, gemini/gemini-3.8-flash"
    assert models.provider.count_tokens("hello").upper > 0
    await models.aclose()
    assert choose_models(Settings()).label == "offline checklist"


async def test_patience_stretches_every_deadline() -> None:
    async with openai_server() as openai:
        keys = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": f"{openai.base_url}/v1", "REHEARSE_PATIENCE": "50"}
        models = choose_models(Settings.model_validate(keys))
        request = Request("conversation", "model_answer", (), deadlines=Deadlines(0.2, 0.2, 0.4))
        completion = await models.provider.complete(request)
        await models.aclose()
    assert completion.source.provider == "openai"
