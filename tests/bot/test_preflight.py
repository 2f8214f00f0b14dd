"""A key or a model's name that is wrong is said in one sentence before anybody waits for it."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from bot.config import Settings
from bot.models import choose_models
from bot.preflight import preflight
from engine.errors import SettingsError
from tests.kit.ports import free_port
from tests.wire.gemini import gemini_server
from tests.wire.openai import openai_server


async def test_without_keys_nobody_is_asked() -> None:
    await preflight(choose_models(Settings()))


async def test_a_wrong_key_is_named_with_the_way_out() -> None:
    async with openai_server() as wire:
        settings = Settings.model_validate({"OPENAI_API_KEY": "wrong", "OPENAI_BASE_URL": f"{wire.base_url}/v1"})
        models = choose_models(settings)
        with pytest.raises(SettingsError, match=r"openai refuses gpt-6-luna: .*Mend OPENAI_API_KEY.*unset the key"):
            await preflight(models)
        await models.aclose()


async def test_one_good_model_is_enough_and_the_other_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with openai_server() as openai, gemini_server() as gemini:
        settings = Settings.model_validate(
            {
                "OPENAI_API_KEY": "wrong",
                "OPENAI_BASE_URL": f"{openai.base_url}/v1",
                "GEMINI_API_KEY": "good",
                "GOOGLE_GEMINI_BASE_URL": gemini.base_url,
            }
        )
        models = choose_models(settings)
        await preflight(models)
        await models.aclose()
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        "provider refuses its key or its model"
    ]


async def test_a_provider_that_is_down_is_no_matter() -> None:
    settings = Settings.model_validate({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"})
    models = choose_models(settings)
    await preflight(models)
    await models.aclose()


@pytest.mark.process
@pytest.mark.parametrize("command", [["run"], ["practice", "--json", "--type", "behavioral"]])
async def test_the_program_ends_with_2_and_one_sentence(tmp_path: Path, command: list[str]) -> None:
    async with openai_server() as wire:
        environment = os.environ | {
            "OPENAI_API_KEY": "wrong",
            "OPENAI_BASE_URL": f"{wire.base_url}/v1",
            "REHEARSE_HOME": str(tmp_path),
            "REHEARSE_PORT": str(free_port()),
        }
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe
        )
        async with asyncio.timeout(30):
            _, said = await process.communicate(b"an answer\n")
    assert process.returncode == 2
    assert said.decode().strip().splitlines()[-1].startswith("rehearse: openai refuses gpt-6-luna")
