"""`doctor`'s look at a provider, and warming up."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from adapters.llm.check import check
from adapters.llm.compatible import Compatible
from adapters.llm.google import Gemini
from adapters.llm.openai import OpenAI
from adapters.llm.scripted import Scripted
from adapters.llm.warmup import warm_up
from tests.adapters.llm.conftest import Line
from tests.contracts.llm import QUESTION

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_usable_provider_is_well(line: Line) -> None:
    found = await check(line.provider)
    assert found.ok, found
    assert (found.provider, found.model) == (line.provider.name, line.provider.model)


async def test_the_last_day_is_what_the_provider_says(line: Line) -> None:
    line.wire.models[line.provider.model] = "2027-03-01"
    found = await check(line.provider)
    assert found.shutdown == (date(2027, 3, 1) if line.provider.name == "openai" else None)


async def test_an_unknown_model_is_named(line: Line) -> None:
    line.wire.models["another-model"] = None
    found = await check(line.provider)
    assert not found.ok
    assert found.problem
    assert "model" in found.problem


async def test_a_wrong_key_is_a_sentence(line: Line) -> None:
    base_url = line.wire.base_url
    wrong = {
        "openai": OpenAI(api_key="wrong", base_url=f"{base_url}/v1"),
        "compatible": Compatible(api_key="wrong", base_url=f"{base_url}/v1", model="llama-4"),
        "gemini": Gemini(api_key="wrong", base_url=base_url),
    }[line.provider.name]
    found = await check(wrong)
    await wrong.aclose()
    assert found.problem
    assert "key" in found.problem


async def test_nobody_there_is_a_sentence(unused_tcp_port: int) -> None:
    base_url = f"http://127.0.0.1:{unused_tcp_port}"
    for provider in (
        OpenAI(api_key="k", base_url=base_url),
        Compatible(base_url=base_url, model="m"),
        Gemini(api_key="k", base_url=base_url),
    ):
        found = await check(provider)
        assert found.problem
        await provider.aclose()


async def test_a_silent_server_is_given_up(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.llm.check.CHECK_S", 0.0)
    found = await check(line.provider)
    assert found.problem
    assert "no answer" in found.problem


async def test_a_provider_without_a_server_is_well() -> None:
    assert (await check(Scripted({}))).ok


async def test_warming_up_leaves_a_provider_ready(line: Line) -> None:
    await warm_up((line.provider, Scripted({})))
    assert (await line.provider.complete(QUESTION)).text
    assert len(line.wire.calls) == 1


async def test_no_sdk_is_imported_before_it_is_needed() -> None:
    script = """
import sys
from adapters.llm import openai, compatible, google, warmup, check
from adapters.llm.openai import OpenAI
OpenAI(api_key="k")
print([name for name in ("openai", "google.genai", "httpx2", "aiohttp", "tiktoken") if name in sys.modules])
"""
    out = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert out.strip() == "[]"
