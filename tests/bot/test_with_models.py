"""The real program with models: keys set and both base addresses pointed at servers on loopback, or at nothing."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from engine.events import EVENT, FeedbackCard, Settled
from tests.wire.gemini import gemini_server
from tests.wire.openai import openai_server

pytestmark = pytest.mark.process
ANSWER = "I reverted the change because users came first, and since then a daily check compares the dates."


async def practice(*arguments: str, said: str, **environment: str) -> tuple[int, str]:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "practice", "--questions", "1", *arguments,
        env={**os.environ, "OPENAI_API_KEY": "k", "GEMINI_API_KEY": "k", **environment},
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(60):
        output, _ = await program.communicate(said.encode())
    assert program.returncode is not None
    return program.returncode, output.decode()


async def test_both_models_share_the_work_and_the_log_says_nothing_of_it(new_machine: Path) -> None:
    async with openai_server() as openai, gemini_server() as gemini:
        addresses = {"OPENAI_BASE_URL": f"{openai.base_url}/v1", "GOOGLE_GEMINI_BASE_URL": gemini.base_url}
        code, output = await practice("--json", said=f"{ANSWER}\nstop\n", **addresses)
        asked = [call.path for call in openai.calls], [call.path for call in gemini.calls]
    assert code == 0
    first, *rest = output.splitlines()
    assert json.loads(first)["engine"] == "gpt-6-luna and gemini-3.8-flash"
    told = [EVENT.validate_json(line) for line in rest]
    reviews = [event.card for event in told if isinstance(event, Settled) and isinstance(event.card, FeedbackCard)]
    assert {review.engine for review in reviews} == {"gpt-6-luna"}
    assert all(asked)
    log = (new_machine / "rehearse" / "practice.log").read_text()
    assert "step done" in log
    assert "reverted" not in log


async def test_with_every_model_down_the_interview_goes_on_and_says_what_follows() -> None:
    async with openai_server() as server:
        gone = server.base_url
    addresses = {"OPENAI_BASE_URL": f"{gone}/v1", "GOOGLE_GEMINI_BASE_URL": gone}
    code, output = await practice(said=f"{ANSWER}\n\nstop\n", **addresses)
    assert code == 0
    assert "Provisional feedback" in output
    assert "One full review follows as soon as a model is back" in output
