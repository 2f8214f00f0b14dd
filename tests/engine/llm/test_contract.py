"""The router keeps the promises of a provider, also while those behind it break down all the time."""

from __future__ import annotations

import asyncio
from itertools import cycle
from random import Random

import pytest

from adapters.llm.scripted import Break, Scripted
from engine.errors import Truncated
from engine.llm.router import Router
from engine.ports import Chunk, LLMProvider, Task
from tests.contracts.llm import SECTIONS, ProviderContract, read

ANSWERS: dict[Task, list[dict[str, object] | str]] = {
    "review": [{name: f"{name}: {'well ' * 9}" for name in SECTIONS}],
    "question": ["What would you measure first?"],
}


class TestRouter(ProviderContract):
    breaks: tuple[Break | None, ...] = ()

    @pytest.fixture
    async def provider(self) -> Router:
        return Router(
            [Scripted(ANSWERS, name="a", breaks=self.breaks), Scripted(ANSWERS, name="b")],
            order={"scoring": ["a"], "conversation": ["b"]},
            now=asyncio.get_running_loop().time,
            draw=Random(1).random,
        )

    async def test_every_chunk_says_who_wrote_it_and_keeps_what_was_there(self, provider: LLMProvider) -> None:
        chunks = await read(provider, self.review)
        assert {chunk.source.provider for chunk in chunks} <= {"a", "b"}
        assert cuts_are_sound(chunks)

    async def test_complete_gives_the_same_as_a_stream_with_a_source_per_section(self, provider: LLMProvider) -> None:
        completion = await provider.complete(self.review)
        assert list(completion.sources) == list(SECTIONS)
        assert completion.source.provider in {"a", "b"}


class TestRouterWithABrokenProvider(TestRouter):
    breaks = tuple(Break(Truncated("a"), after) for after, _ in zip(cycle(range(0, 200, 17)), range(60), strict=False))


def cuts_are_sound(chunks: list[Chunk]) -> bool:
    chars = 0
    for chunk in chunks:
        if chunk.keep is not None and chunk.keep >= chars:
            return False
        chars = (chars if chunk.keep is None else chunk.keep) + len(chunk.text)
    return True
