"""The real program in a Slack workspace, over Socket Mode and over HTTP, with a model that streams and with none."""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path

import pytest

from adapters.slack.names import PRESS
from tests.kit.slack_program import Candidate, SlackProgram
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


@pytest.mark.parametrize("http", [False, True], ids=["socket mode", "http"])
async def test_an_interview_goes_from_the_form_to_the_report_with_a_model_that_streams(
    new_machine: Path, http: bool
) -> None:
    async with serve_slack() as slack, openai_server() as openai:
        openai.otherwise = Script(chunk_chars=20, delay_s=0.004)
        program = SlackProgram(slack, new_machine, model(openai), http=http)
        await program.start()
        try:
            candidate = Candidate(slack, slack.person("U0CANDIDATE", "Ada"))
            await candidate.fills_in_the_form(type="behavioral", questions="1")
            await candidate.sees_button("done")
            await candidate.answers(ANSWER)
            feedback = await candidate.sees_button("next")
            assert "gpt" in candidate.text
            grew = [write for write in slack.timeline if write.ts == feedback.ts]
            assert len(grew) > 2, [write.method for write in grew]
            await candidate.person.presses(feedback.channel, feedback.ts, f"{PRESS}stop")
            await candidate.sees_report()
            assert not [message for message in candidate.thread if message.streaming]
            assert not slack.limited
        finally:
            code = await program.kill(signal.SIGTERM)
        assert code == 0, await program.output()
    assert "reverted" not in await program.output()
    refused = Counter(f"{call.method} {call.error}" for call in slack.calls if not call.ok)
    assert not refused


async def test_it_works_without_any_model(new_machine: Path) -> None:
    async with serve_slack() as slack:
        program = SlackProgram(slack, new_machine)
        await program.start()
        try:
            candidate = Candidate(slack, slack.person("U0CANDIDATE"))
            await candidate.begins("start behavioral")
            await candidate.sees_button("done")
            await candidate.answers(ANSWER)
            await candidate.sees_button("next")
            assert "offline checklist" in candidate.text
            await candidate.person.says(None, "stop", candidate.root)
            await candidate.sees_report()
        finally:
            code = await program.kill(signal.SIGTERM)
    assert code == 0, await program.output()


async def test_stopped_in_the_middle_of_a_review_it_shows_what_is_final_and_ends_its_streams(new_machine: Path) -> None:
    async with serve_slack() as slack, openai_server() as openai:
        program = SlackProgram(slack, new_machine, model(openai))
        await program.start()
        candidate = Candidate(slack, slack.person("U0CANDIDATE"))
        await candidate.begins("start behavioral")
        await candidate.sees_button("done")
        openai.otherwise = Script(chunk_chars=10, delay_s=0.05)
        await candidate.answers(ANSWER)
        await slack.until(lambda: slack.called("chat.startStream", ok=True), 20)
        assert await program.kill(signal.SIGTERM) == 0, await program.output()
        assert not [message for message in candidate.thread if message.streaming]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-of-somebody-else"}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-of-somebody-else"}, "SLACK_APP_TOKEN"),
    ],
    ids=["bot token", "app token"],
)
async def test_a_wrong_token_ends_it_with_a_sentence(new_machine: Path, settings: dict[str, str], said: str) -> None:
    async with serve_slack() as slack:
        program = SlackProgram(slack, new_machine, settings)
        with pytest.raises(AssertionError):
            await program.start()
        assert await program.kill() == 2
        output = await program.output()
    assert said in output
    assert "Traceback" not in output
