"""The scripted provider says what it was told to, in virtual time."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from adapters.llm.scripted import Break, Scripted
from engine.errors import Failed, Rejected, TimedOut
from engine.ports import Deadlines
from tests.contracts.llm import QUESTION, REVIEW, read, text_of
from tests.kit.loop import virtual

VERDICT = {"headline": "h", "quotes": ["q"], "assessment": "a", "level": 3}


@virtual
async def test_answers_come_in_order_and_the_last_one_stays() -> None:
    provider = Scripted({"question": ["one", "two"]})
    assert [(await provider.complete(QUESTION)).text for _ in range(3)] == ["one", "two", "two"]
    assert provider.calls == [QUESTION] * 3


@virtual
async def test_an_object_gives_whatever_sections_are_asked_for() -> None:
    provider = Scripted({"review": [VERDICT]})
    rest = replace(REVIEW, sections=("level", "headline"))
    assert json.loads(text_of(await read(provider, REVIEW))) == VERDICT
    assert text_of(await read(provider, rest)) == '{"level": 3, "headline": "h"}'


@virtual
async def test_the_pace_is_kept_in_virtual_time() -> None:
    provider = Scripted(lambda _: "x" * 100, first_s=1.0, delay_s=0.5, chunk_chars=10)
    started = asyncio.get_running_loop().time()
    await read(provider, QUESTION)
    assert asyncio.get_running_loop().time() - started == pytest.approx(6.0)


@virtual
async def test_it_breaks_when_told_to_and_only_then() -> None:
    provider = Scripted({"question": ["x" * 100]}, breaks=[Break(Failed("p", "m"), after_chars=33), None])
    text = ""

    async def consume() -> None:
        nonlocal text
        async with provider.stream(QUESTION) as answer:
            async for chunk in answer:
                text += chunk.text

    with pytest.raises(Failed):
        await consume()
    assert text == "x" * 33
    assert len(text_of(await read(provider, QUESTION))) == 100


@virtual
async def test_it_hangs_until_the_deadline() -> None:
    provider = Scripted({"question": ["x" * 100]}, breaks=[Break(), Break(after_chars=50)])
    request = replace(QUESTION, deadlines=Deadlines(7, 3, 60))
    for stage in ("first", "gap"):
        with pytest.raises(TimedOut) as caught:
            await provider.complete(request)
        assert caught.value.stage == stage
    assert asyncio.get_running_loop().time() == pytest.approx(10.0)


@virtual
async def test_a_task_without_an_answer_is_an_error_of_the_script() -> None:
    with pytest.raises(Rejected, match="report"):
        await Scripted({}).complete(replace(QUESTION, task="report"))
