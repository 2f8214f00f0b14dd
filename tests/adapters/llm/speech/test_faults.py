"""Every way a transcription ends badly, at both servers: what is raised, and that nothing is asked twice."""

from __future__ import annotations

import asyncio

import pytest

from adapters.llm.google_sdk import GoogleConnection
from adapters.llm.openai_sdk import Connection
from adapters.llm.speech.google import GeminiTranscriber
from adapters.llm.speech.openai import OpenAITranscriber
from engine.errors import Busy, Garbled, ModelError, TimedOut, Unheard, Unreachable
from tests.adapters.llm.speech.conftest import Line
from tests.kit.recordings import flac, recording
from tests.wire.faults import BEFORE_CONTENT, EXPECTED, HARMLESS, Fault
from tests.wire.gemini import status_error
from tests.wire.server import Script

gemini_only = pytest.mark.parametrize("shared_line", ["gemini"], indirect=True)
pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDS = "So, I would measure first and then put a cache in front of the reads."
HANGS = (Fault.HANG_BEFORE_HEADERS, Fault.HANG_BEFORE_CONTENT, Fault.HANG, Fault.COMMENTS_ONLY)

AT_BOTH = {
    Fault.BAD_REQUEST: Unheard,
    Fault.UNPROCESSABLE: Unheard,
}
# One JSON object has no events: whatever is cut off or strange in it is one thing.
AT_OPENAI = {
    Fault.CLEAN_END: Garbled,
    Fault.EMPTY_BODY: Garbled,
    Fault.EMPTY: Unheard,
}
EVENTS_ONLY = {
    Fault.ERROR,
    Fault.ERROR_NESTED,
    Fault.FAILED,
    Fault.REFUSAL,
    Fault.INCOMPLETE,
    Fault.CONTENT_FILTER,
    Fault.PROMPT_BLOCK,
}


def expected(line: Line, fault: Fault) -> type[ModelError]:
    """What must be raised."""
    return {**EXPECTED, **AT_BOTH, **(AT_OPENAI if line.api == "openai" else {})}[fault]


async def fail(line: Line, script: Script, *, deadline_s: float = 20) -> ModelError:
    """How it ended."""
    line.wire.then(script)
    with pytest.raises(ModelError) as caught:
        await line.hasty(deadline_s).transcribe(recording(), language="en")
    return caught.value


async def told_apart(line: Line, fault: Fault) -> None:
    """The one error this fault must become."""
    after_chars = 0 if fault in BEFORE_CONTENT else 24
    script = Script(line.said(WORDS), fault=fault, after_chars=after_chars)
    error = await fail(line, script, deadline_s=0.3 if fault in HANGS else 20)
    assert type(error) is expected(line, fault), error
    assert error.provider == line.api
    assert error.model
    assert error.hint
    assert len(line.wire.calls) == 1
    assert WORDS[:24] not in str(error)


@pytest.mark.parametrize("fault", sorted(set(Fault) - HARMLESS - EVENTS_ONLY), ids=lambda fault: fault.name)
async def test_each_fault_is_told_apart(line: Line, fault: Fault) -> None:
    await told_apart(line, fault)


@gemini_only
@pytest.mark.parametrize("fault", sorted(EVENTS_ONLY), ids=lambda fault: fault.name)
async def test_each_ending_of_a_stream_is_told_apart(line: Line, fault: Fault) -> None:
    await told_apart(line, fault)


async def test_how_long_to_wait_is_passed_on(line: Line) -> None:
    error = await fail(line, Script(fault=Fault.RATE_LIMITED, retry_after="7"))
    assert isinstance(error, Busy)
    assert error.retry_after_s == 7


async def test_a_slow_model_is_given_up_in_the_end(line: Line) -> None:
    error = await fail(line, Script(line.said(WORDS), delay_s=0.2, fault=Fault.COMMENTS), deadline_s=0.4)
    assert isinstance(error, TimedOut)
    assert error.stage == "total"


async def test_it_works_again_after_every_fault(line: Line) -> None:
    for fault in (Fault.RESET, Fault.CLEAN_END, Fault.SERVER_ERROR, Fault.RESET_BEFORE_HEADERS):
        await fail(line, Script(line.said(WORDS), fault=fault, after_chars=24))
        line.wire.then(Script(line.said(WORDS)))
        assert (await line.transcriber.transcribe(recording())).text == WORDS


async def test_a_refused_connection_is_unreachable(line: Line, unused_tcp_port: int) -> None:
    nobody = f"http://127.0.0.1:{unused_tcp_port}"
    connection = (Connection if line.api == "openai" else GoogleConnection)(api_key="key", base_url=nobody)
    transcriber = OpenAITranscriber(connection) if isinstance(connection, Connection) else GeminiTranscriber(connection)
    with pytest.raises(Unreachable):
        await transcriber.transcribe(recording())
    await connection.aclose()


async def test_leaving_in_the_middle_of_the_answer_closes_the_connection(line: Line) -> None:
    line.wire.then(Script(line.said(WORDS), fault=Fault.HANG, after_chars=24))
    task = asyncio.create_task(line.transcriber.transcribe(recording()))
    await line.wire.called(1)
    await asyncio.wait((task,), timeout=0.1)  # the beginning of the answer is there by now
    task.cancel()
    await asyncio.wait((task,))
    assert await line.left()


async def test_a_recording_that_the_server_refuses_may_be_heard_elsewhere(line: Line) -> None:
    error = await fail(line, Script(fault=Fault.BAD_REQUEST))
    assert isinstance(error, Unheard)
    assert error.elsewhere
    assert "record it again" in error.hint


async def test_a_language_the_server_does_not_know_is_left_out(line: Line) -> None:
    line.wire.otherwise = Script(line.said(WORDS))
    assert (await line.transcriber.transcribe(recording(), language="tlh")).text == WORDS
    languages = [call.body.get("language") for call in line.wire.calls]
    assert languages == (["tlh", None] if line.api == "openai" else [None])


async def test_the_recording_arrives_whole_under_a_name_that_is_true(line: Line) -> None:
    line.wire.otherwise = Script(line.said(WORDS))
    await line.transcriber.transcribe(recording(flac(), "secret name.ogg", "video/mp4"), language="pt-BR")
    body = line.wire.calls[0].body
    if line.api == "openai":
        assert body["file"] == {"name": "answer.flac", "type": "audio/flac", "content": flac()}
        assert (body["model"], body["language"], body["response_format"]) == ("gpt-transcribe", "pt", "json")
    else:
        sound, asked = body["contents"][0]["parts"]
        assert sound["inlineData"]["mime_type"] == "audio/flac"
        assert asked["text"].endswith("probably pt.")
    assert "secret" not in str(body)


@gemini_only
async def test_what_gemini_does_not_take_is_left_out_from_then_on(line: Line) -> None:
    refused = status_error(400, "thinking_level is not supported for this model.")
    line.wire.then(Script(fault=Fault.BAD_REQUEST, error=refused))
    line.wire.otherwise = Script(line.said(WORDS))
    transcriber = line.transcriber
    for _ in range(2):
        assert (await transcriber.transcribe(recording())).text == WORDS
    configs = [call.body["generationConfig"] for call in line.wire.calls]
    assert ["thinkingConfig" in config for config in configs] == [True, False, False]


@gemini_only
async def test_words_between_fences_are_words(line: Line) -> None:
    line.wire.then(Script(f"```json\n{line.said(WORDS)}\n```"))
    assert (await line.transcriber.transcribe(recording())).text == WORDS
