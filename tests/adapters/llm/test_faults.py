"""Every way a stream ends badly, at every networked provider: what is raised, and what had arrived by then."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from engine.errors import (
    Busy,
    CutShort,
    Declined,
    Failed,
    Garbled,
    ModelError,
    Rejected,
    TimedOut,
    Truncated,
    Unreachable,
)
from engine.ports import Chunk, Deadlines, Request
from tests.adapters.llm.conftest import Line, connect
from tests.contracts.llm import REVIEW, read, text_of
from tests.wire.faults import BEFORE_CONTENT, EXPECTED, HARMLESS, Fault
from tests.wire.server import Script, Wire

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEXT = "Ten characters and – so on, ünïcödé and 👩‍👩‍👧🏽 included, until the end of it."
# Only the wait that a fault prolongs is short, so that a busy machine does not fail these tests.
SOON = replace(REVIEW, deadlines=Deadlines(5, 0.25, 10))
AT_ONCE = replace(REVIEW, deadlines=Deadlines(0.25, 5, 10))
HANGS_AT_FIRST = (Fault.HANG_BEFORE_HEADERS, Fault.HANG_BEFORE_CONTENT)
NOT_HARMLESS = sorted(set(Fault) - HARMLESS)
MIDWAY = sorted(set(Fault) - HARMLESS - BEFORE_CONTENT - {Fault.TEN_MEGABYTES})


async def fail(line: Line, request: Request = SOON) -> tuple[str, ModelError, list[Chunk]]:
    """What arrived, and how it ended."""
    chunks: list[Chunk] = []

    async def consume() -> None:
        async with line.provider.stream(request) as answer:
            async for chunk in answer:
                chunks.append(chunk)  # noqa: PERF401 - a comprehension would lose what came before the error

    with pytest.raises(ModelError) as caught:
        await consume()
    return text_of(chunks), caught.value, chunks


@pytest.mark.parametrize("fault", NOT_HARMLESS, ids=lambda fault: fault.name)
async def test_each_fault_is_told_apart(line: Line, fault: Fault) -> None:
    line.wire.then(Script(TEXT, fault=fault, after_chars=24))
    _, error, _ = await fail(line, AT_ONCE if fault in HANGS_AT_FIRST else SOON)
    assert type(error) is EXPECTED[fault], error
    assert (error.provider, error.model) == (line.provider.name, line.provider.model)


@pytest.mark.parametrize("fault", MIDWAY, ids=lambda fault: fault.name)
async def test_text_before_a_fault_is_handed_over_first(line: Line, fault: Fault) -> None:
    line.wire.then(Script(TEXT, fault=fault, after_chars=24))
    text, _, _ = await fail(line)
    assert text == TEXT[:24]


@pytest.mark.parametrize("fault", sorted(HARMLESS), ids=lambda fault: fault.name)
async def test_an_unusual_but_whole_answer_arrives_whole(line: Line, fault: Fault) -> None:
    line.wire.then(Script(TEXT, fault=fault))
    assert text_of(await read(line.provider, REVIEW)) == TEXT


async def test_a_provider_works_again_after_every_fault(line: Line) -> None:
    for fault in (Fault.RESET, Fault.CLEAN_END, Fault.HANG, Fault.SERVER_ERROR):
        line.wire.then(Script(TEXT, fault=fault, after_chars=24), Script(TEXT))
        await fail(line)
        assert text_of(await read(line.provider, REVIEW)) == TEXT


async def test_nothing_is_asked_twice_by_itself(line: Line) -> None:
    before = len(line.wire.calls)
    for fault in (Fault.RESET_BEFORE_HEADERS, Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.BAD_REQUEST):
        line.wire.then(Script(fault=fault))
        await fail(line)
    assert len(line.wire.calls) == before + 4


async def test_a_refused_connection_is_unreachable_at_once(line: Line, unused_tcp_port: int) -> None:
    nobody = Wire(())
    nobody.base_url = f"http://127.0.0.1:{unused_tcp_port}"
    provider = connect(line.provider.name, nobody)
    with pytest.raises(Unreachable):
        await provider.complete(REVIEW)
    await provider.aclose()


@pytest.mark.parametrize(
    ("fault", "stage"),
    [
        (Fault.HANG_BEFORE_HEADERS, "first"),
        (Fault.HANG_BEFORE_CONTENT, "first"),
        (Fault.HANG, "gap"),
        (Fault.COMMENTS_ONLY, "gap"),
    ],
    ids=lambda value: getattr(value, "name", value),
)
async def test_a_deadline_says_what_was_waited_for(line: Line, fault: Fault, stage: str) -> None:
    line.wire.then(Script(TEXT, fault=fault, after_chars=24))
    _, error, _ = await fail(line, AT_ONCE if stage == "first" else SOON)
    assert isinstance(error, TimedOut)
    assert error.stage == stage


async def test_the_whole_answer_has_a_deadline_too(line: Line) -> None:
    line.wire.then(Script(TEXT, delay_s=0.1))
    text, error, _ = await fail(line, replace(REVIEW, deadlines=Deadlines(5, 5, 0.35)))
    assert isinstance(error, TimedOut)
    assert error.stage == "total"
    assert text
    assert TEXT.startswith(text)


async def test_a_slow_reader_is_not_a_slow_model(line: Line) -> None:
    line.wire.then(Script(TEXT, chunk_chars=40))
    text = ""
    async with line.provider.stream(replace(REVIEW, deadlines=Deadlines(5, 0.1, 10))) as answer:
        async for chunk in answer:
            text += chunk.text
            await asyncio.sleep(0.15)
    assert text == TEXT


@pytest.mark.parametrize("given", ["7", "7.0"])
async def test_retry_after_is_passed_on(line: Line, given: str) -> None:
    line.wire.then(Script(fault=Fault.RATE_LIMITED, retry_after=given))
    _, error, _ = await fail(line)
    assert isinstance(error, Busy)
    assert error.retry_after_s == 7.0


async def test_what_the_model_had_used_is_told_even_when_it_was_cut_short(line: Line) -> None:
    line.wire.then(Script(TEXT, fault=Fault.INCOMPLETE, after_chars=24))
    _, error, chunks = await fail(line)
    assert isinstance(error, CutShort)
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.input == 1200


async def leave(line: Line, script: Script, how: str) -> bool:
    """Whether the server saw the client go before it had finished."""
    line.wire.then(script)
    before = len(line.wire.calls)
    reading = asyncio.Event()

    async def consume() -> None:
        async with line.provider.stream(REVIEW) as answer:
            await anext(answer)
            reading.set()
            if how == "cancelled while reading":
                await anext(answer)
            if how == "cancelled between chunks":
                await asyncio.Event().wait()

    task = asyncio.create_task(consume())
    if how == "cancelled before the headers":
        await line.wire.called(before + 1)
    else:
        await reading.wait()
    if how != "left":
        task.cancel()
    await asyncio.wait([task])
    call = line.wire.calls[before]
    async with asyncio.timeout(1):
        await call.ended.wait()
    return call.cut_off


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ("left", Fault.HANG),
        ("cancelled while reading", Fault.HANG),
        ("cancelled between chunks", Fault.HANG),
        ("cancelled before the headers", Fault.HANG_BEFORE_HEADERS),
    ],
    ids=lambda value: getattr(value, "name", value),
)
async def test_the_connection_is_closed_at_once_when_nobody_reads(line: Line, how: str, fault: Fault) -> None:
    assert await leave(line, Script(TEXT, fault=fault, after_chars=12), how)


async def test_a_body_that_cannot_be_decompressed_is_garbled(line: Line) -> None:
    line.wire.then(Script(TEXT, headers={"Content-Encoding": "gzip"}))
    _, error, _ = await fail(line)
    assert isinstance(error, Garbled)


async def test_a_long_error_page_is_read_only_so_far(line: Line) -> None:
    page = {"error": {"message": "x" * 300_000, "code": 500, "status": "INTERNAL"}}
    line.wire.then(Script(fault=Fault.SERVER_ERROR, error=page))
    _, error, _ = await fail(line)
    assert isinstance(error, Failed)
    assert len(str(error)) < 500


async def test_a_whole_answer_leaves_its_connection_to_the_next(line: Line) -> None:
    peers: set[str] = set()
    for _ in range(3):
        await line.provider.complete(REVIEW)
        peers.add(line.wire.calls[-1].peer)
    assert len(peers) == 1


async def test_every_error_a_fault_can_cause_is_expected_somewhere() -> None:
    assert {Truncated, Garbled, Declined, Rejected, Unreachable} <= set(EXPECTED.values())
    assert set(EXPECTED) | HARMLESS == set(Fault)
