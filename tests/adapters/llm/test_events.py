"""What the events of each API mean, where the fault matrix does not say it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest

from adapters.llm.chat_events import ChatFold
from adapters.llm.gemini_events import GeminiFold
from adapters.llm.openai_events import ResponsesFold
from adapters.llm.reading import Fold, Watch, chunks
from engine.errors import (
    Busy,
    CutShort,
    Declined,
    Failed,
    Garbled,
    Misconfigured,
    ModelError,
    Rejected,
    TimedOut,
    Truncated,
    Unreachable,
)
from engine.ports import Chunk, Deadlines, Source, Usage
from tests.kit.loop import virtual

SOURCE = Source("p", "m")


async def fold(kind: type[Any], *events: object, end: ModelError | None = None) -> tuple[str, Usage | None]:
    """Text and usage of an answer made of these events; a string is put on the wire as it is."""

    async def body() -> AsyncGenerator[bytes]:
        for event in events:
            data = event if isinstance(event, str) else json.dumps(event)
            yield f"data: {data}\n\n".encode()
        if end is not None:
            raise end

    reducer: Fold = kind(SOURCE)
    read: list[Chunk] = [chunk async for chunk in chunks(body(), reducer, Watch(Deadlines(), SOURCE), SOURCE)]
    return "".join(chunk.text for chunk in read), read[-1].usage


async def broken(kind: type[Any], *events: object, end: ModelError | None = None) -> ModelError:
    """How such an answer fails."""
    with pytest.raises(ModelError) as caught:
        await fold(kind, *events, end=end)
    return caught.value


def delta(text: str, item: str = "m1") -> dict[str, Any]:
    return {"type": "response.output_text.delta", "item_id": item, "delta": text}


def completed(*parts: dict[str, Any], usage: dict[str, Any] | None = None) -> dict[str, Any]:
    output = [{"id": "m1", "type": "message", "content": list(parts)}] if parts else []
    return {"type": "response.completed", "response": {"output": output, "usage": usage}}


def chat(content: str | None = None, finish: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}], **fields}


def gemini(*parts: dict[str, Any], finish: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts)}, "finishReason": finish}], **fields}


@virtual
async def test_event_names_may_stand_in_the_data_alone() -> None:
    assert await fold(ResponsesFold, delta("a"), delta("b"), completed(), "[DONE]") == ("ab", Usage())


@virtual
async def test_usage_without_details_is_usage() -> None:
    _, usage = await fold(ResponsesFold, delta("a"), completed(usage={"input_tokens": 3, "output_tokens": 2}))
    assert usage == Usage(input=3, output=2)
    details = {"input_tokens": 3, "input_tokens_details": None, "output_tokens": None, "output_tokens_details": None}
    _, usage = await fold(ResponsesFold, delta("a"), completed(usage=details))
    assert usage == Usage(input=3)
    _, usage = await fold(ChatFold, chat("a", "stop"), {"choices": [], "usage": {"prompt_tokens": 3}})
    assert usage == Usage(input=3)


@virtual
async def test_commentary_is_not_the_answer() -> None:
    aside = {"type": "response.output_item.added", "item": {"id": "m0", "type": "message", "phase": "commentary"}}
    final = {"type": "response.output_item.added", "item": {"id": "m1", "type": "message", "phase": "final_answer"}}
    events = (aside, delta("Let me see.", "m0"), final, delta("yes"), completed())
    assert (await fold(ResponsesFold, *events))[0] == "yes"


@virtual
async def test_an_answer_that_was_not_streamed_is_taken_from_the_end() -> None:
    assert (await fold(ResponsesFold, completed({"type": "output_text", "text": "all of it"})))[0] == "all of it"


@virtual
async def test_a_refusal_is_found_wherever_it_stands() -> None:
    at_the_end = await broken(ResponsesFold, completed({"type": "refusal", "refusal": "No."}))
    on_the_way = await broken(ResponsesFold, {"type": "response.refusal.delta", "delta": "No."}, completed())
    assert isinstance(at_the_end, Declined)
    assert isinstance(on_the_way, Declined)
    assert at_the_end.detail == on_the_way.detail == "No."


@pytest.mark.parametrize(
    ("reason", "kind"),
    [("max_output_tokens", CutShort), ("content_filter", Declined), ("steered", Truncated), (None, Truncated)],
)
async def test_incomplete_says_why(reason: str | None, kind: type[ModelError]) -> None:
    event = {"type": "response.incomplete", "response": {"incomplete_details": {"reason": reason}}}
    assert type(await broken(ResponsesFold, delta("a"), event)) is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("server_error", Failed),
        ("rate_limit_exceeded", Busy),
        ("invalid_prompt", Rejected),
        ("bio_policy", Declined),
        ("misalignment_policy_violation", Declined),
        ("insufficient_quota", Misconfigured),
        ("503", Busy),
        (429, Busy),
        ("something_new", Failed),
        (None, Failed),
    ],
)
@pytest.mark.parametrize("shape", ["failed", "flat", "nested", "chat"])
async def test_a_failure_in_the_stream_is_told_by_its_code(code: Any, kind: type[ModelError], shape: str) -> None:
    error = {"code": code, "message": "so it is"}
    shapes: dict[str, tuple[type[Any], dict[str, Any]]] = {
        "failed": (ResponsesFold, {"type": "response.failed", "response": {"error": error}}),
        "flat": (ResponsesFold, {"type": "error", **error}),
        "nested": (ResponsesFold, {"error": error}),
        "chat": (ChatFold, {"error": error}),
    }
    reducer, event = shapes[shape]
    assert type(await broken(reducer, event)) is kind


@virtual
async def test_a_word_of_error_is_enough() -> None:
    assert isinstance(await broken(ChatFold, {"error": "it broke"}), Failed)
    assert isinstance(await broken(ResponsesFold, {"type": "response.failed", "response": {}}), Failed)


@virtual
async def test_a_finish_reason_ends_a_chat_even_without_done() -> None:
    assert await fold(ChatFold, chat("a"), chat(None, "stop")) == ("a", Usage())


@virtual
async def test_done_without_a_finish_reason_is_truncated() -> None:
    assert isinstance(await broken(ChatFold, chat("a"), "[DONE]"), Truncated)


@virtual
async def test_a_break_after_the_finish_reason_costs_only_the_counts() -> None:
    for end in (Unreachable("p", "m"), TimedOut("p", "m")):
        assert await fold(ChatFold, chat("a"), chat(None, "stop"), end=end) == ("a", Usage())


@virtual
async def test_other_choices_are_ignored() -> None:
    other = {"choices": [{"index": 1, "delta": {"content": "no"}}]}
    assert (await fold(ChatFold, chat("yes"), other, chat(None, "stop"), "[DONE]"))[0] == "yes"


@pytest.mark.parametrize(("reason", "kind"), [("length", CutShort), ("content_filter", Declined), ("error", Failed)])
async def test_a_chat_that_ended_badly_says_so(reason: str, kind: type[ModelError]) -> None:
    assert type(await broken(ChatFold, chat("a"), chat(None, reason), "[DONE]")) is kind


@virtual
async def test_thoughts_are_not_the_answer_and_are_billed() -> None:
    counts = {"promptTokenCount": 9, "candidatesTokenCount": 2, "thoughtsTokenCount": 5}
    thought, said = {"text": "hm", "thought": True}, {"text": "yes"}
    text, usage = await fold(GeminiFold, gemini(thought), gemini(said, finish="STOP", usageMetadata=counts))
    assert (text, usage) == ("yes", Usage(input=9, output=7, reasoning=5))


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("MAX_TOKENS", CutShort),
        ("SAFETY", Declined),
        ("RECITATION", Declined),
        ("PROHIBITED_CONTENT", Declined),
        ("MODEL_ARMOR", Declined),
        ("IMAGE_SAFETY", Declined),
        ("MALFORMED_RESPONSE", Garbled),
        ("CONTINUATION", Truncated),
        ("OTHER", Failed),
        ("SOMETHING_NEW", Failed),
    ],
)
async def test_gemini_says_why_it_stopped(reason: str, kind: type[ModelError]) -> None:
    error = await broken(GeminiFold, gemini({"text": "a"}), {"candidates": [{"finishReason": reason}]})
    assert type(error) is kind


@virtual
async def test_thinking_that_ate_the_budget_is_cut_short() -> None:
    assert isinstance(
        await broken(GeminiFold, {"candidates": [{"content": {}, "finishReason": "MAX_TOKENS"}]}), CutShort
    )


@pytest.mark.parametrize("kind", [ResponsesFold, ChatFold, GeminiFold])
@pytest.mark.parametrize("event", ["{", "null", '{"candidates": 7, "choices": 7, "type": 7}', '"text"', "[]"])
async def test_what_is_no_event_of_the_api_is_garbled(kind: type[Any], event: str) -> None:
    assert isinstance(await broken(kind, event), Garbled)


async def test_an_event_without_end_is_garbled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.llm.sse.MAX_EVENT_BYTES", 1_000)

    async def body() -> AsyncGenerator[bytes]:
        yield b'data: {"choices": [{"delta": {"content": "begun"}}]}\n\n'
        yield b"data: " + b"x" * 2_000

    texts: list[str] = []

    async def consume() -> None:
        async for chunk in chunks(body(), ChatFold(SOURCE), Watch(Deadlines(), SOURCE), SOURCE):
            texts.append(chunk.text)  # noqa: PERF401 - a comprehension would lose what came before the error

    with pytest.raises(Garbled):
        await consume()
    assert texts == ["begun"]


@pytest.mark.parametrize("kind", [ResponsesFold, ChatFold, GeminiFold])
async def test_an_error_page_with_status_200_is_read(kind: type[Any]) -> None:
    async def body(parts: Sequence[bytes]) -> AsyncGenerator[bytes]:
        for part in parts:
            yield part

    async def end(*parts: bytes) -> ModelError:
        with pytest.raises(ModelError) as caught:
            [chunk async for chunk in chunks(body(parts), kind(SOURCE), Watch(Deadlines(), SOURCE), SOURCE)]
        return caught.value

    assert type(await end(b'{"error": {"code": 503,\n', b' "message": "busy"}}')) is Busy
    assert type(await end(b"<html>", b"</html>")) is Garbled
    assert type(await end(b": hello\n\n")) is Truncated
