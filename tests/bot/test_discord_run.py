"""The real program in Discord, with a model that streams and with none; and in Slack and Discord at once."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.kit.discord_program import Candidate, DiscordProgram, discord_settings
from tests.kit.slack_program import Candidate as SlackCandidate
from tests.kit.slack_program import SlackProgram
from tests.wire.discord.limits import Limits
from tests.wire.discord.server import serve_discord
from tests.wire.openai import openai_server
from tests.wire.server import Script, Wire
from tests.wire.slack import serve_slack

pytestmark = pytest.mark.process

ANSWER = (
    "I parsed local dates as UTC, and 312 invoices went out wrong. I reverted it within ten minutes, told support, and "
    "added a test over all time zones."
)


def model(openai: Wire) -> dict[str, str]:
    return {"OPENAI_API_KEY": "sk-of-the-test", "OPENAI_BASE_URL": f"{openai.base_url}/v1"}


async def test_an_interview_goes_from_the_command_to_the_report_with_a_model_that_streams(new_machine: Path) -> None:
    async with serve_discord(Limits.documented()) as discord, openai_server() as openai:
        openai.otherwise = Script(chunk_chars=20, delay_s=0.012)
        program = DiscordProgram(discord, new_machine, model(openai))
        await program.start()
        try:
            candidate = Candidate(discord, discord.person("Ada"))
            act = await candidate.begins()
            assert act.ack_s < 1.0
            await candidate.sees_button("done")
            await candidate.answers(ANSWER)
            feedback = await candidate.sees_button("next")
            assert "gpt" in feedback.text
            assert feedback.edits > 1
            await candidate.presses("stop")
            await candidate.sees_report()
            assert not discord.refused
        finally:
            code = await program.kill(signal.SIGTERM)
        assert code == 0, await program.output()
        assert not Counter(f"{call.method} {call.route} {call.status}" for call in discord.calls if call.status >= 400)
    assert "reverted" not in await program.output()


async def test_it_works_without_any_model(new_machine: Path) -> None:
    async with serve_discord() as discord:
        program = DiscordProgram(discord, new_machine)
        await program.start()
        try:
            candidate = Candidate(discord, discord.person("Ada"))
            await candidate.begins()
            await candidate.sees_button("done")
            await candidate.answers(ANSWER)
            await candidate.sees_button("next")
            assert "offline checklist" in candidate.text
            candidate.person.says("stop")
            await candidate.sees_report()
        finally:
            code = await program.kill(signal.SIGTERM)
    assert code == 0, await program.output()


async def test_stopped_in_the_middle_of_a_review_it_leaves_quietly(new_machine: Path) -> None:
    async with serve_discord() as discord, openai_server() as openai:
        program = DiscordProgram(discord, new_machine, model(openai))
        await program.start()
        candidate = Candidate(discord, discord.person("Ada"))
        await candidate.begins()
        await candidate.sees_button("done")
        openai.otherwise = Script(chunk_chars=10, delay_s=0.05)
        await candidate.answers(ANSWER)
        await candidate.sees(lambda: "Feedback" in candidate.text)
        assert await program.kill(signal.SIGTERM) == 0, await program.output()
        assert "Traceback" not in await program.output()


async def test_a_refused_token_ends_it_with_a_sentence(new_machine: Path) -> None:
    async with serve_discord() as discord:
        program = DiscordProgram(discord, new_machine, {"DISCORD_TOKEN": "somebody.elses.token"})
        with pytest.raises(AssertionError):
            await program.start()
        assert await program.kill() == 2
        output = await program.output()
    assert "DISCORD_TOKEN" in output
    assert "Traceback" not in output


async def test_slack_and_discord_run_side_by_side(new_machine: Path) -> None:
    async with serve_slack() as slack, serve_discord() as discord, openai_server() as openai:
        openai.otherwise = Script(chunk_chars=20, delay_s=0.004)
        program = SlackProgram(slack, new_machine, {**discord_settings(discord), **model(openai)})
        await program.start()
        try:
            await discord.until(lambda: discord.gateway.connected and discord.commands(), 20)
            ada = Candidate(discord, discord.person("Ada"))
            ben = SlackCandidate(slack, slack.person("U0BEN", "Ben"))
            await asyncio.gather(ada.begins(), ben.begins())
            await asyncio.gather(ada.sees_button("done"), ben.sees_button("done"))
            await asyncio.gather(ada.answers(ANSWER), ben.answers(ANSWER))
            await asyncio.gather(ada.sees_button("next"), ben.sees_button("next"))
            await asyncio.gather(ada.presses("stop"), ben.person.says(None, "stop", ben.root))
            await asyncio.gather(ada.sees_report(), ben.sees_report())
        finally:
            code = await program.kill(signal.SIGTERM)
    assert code == 0, await program.output()
