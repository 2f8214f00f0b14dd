"""What every `LLMProvider` promises, whatever stands behind it.

A test class inherits `ProviderContract`, overrides the `provider` fixture, and `review` and `question` where its
provider wants more than a prompt. Nothing here knows a network; the wire's faults have a suite of their own.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from engine.ports import Chunk, Deadlines, LLMProvider, Message, Request

SECTIONS = ("headline", "quotes", "assessment", "level")
SCHEMA: Mapping[str, object] = {
    "type": "object",
    "properties": {
        "headline": {"type": "string"},
        "quotes": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "assessment": {"type": "string"},
        "level": {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 5}, {"type": "null"}]},
    },
    "required": list(SECTIONS),
    "additionalProperties": False,
}
ANSWER = "I would put a cache in front of the database and measure the hit rate before and after."

REVIEW = Request(
    purpose="scoring",
    task="review",
    messages=(Message("system", "You review interview answers. Reply as JSON."), Message("user", ANSWER)),
    sections=SECTIONS,
    schema=SCHEMA,
    sampling="scoring",
    deadlines=Deadlines(5, 5, 20),
    user="5f2c",
    prompt="review@0a1b2c3d",
)
QUESTION = Request(
    purpose="conversation",
    task="question",
    messages=(Message("system", "You ask one interview question."), Message("user", "Ask the next question.")),
    deadlines=Deadlines(5, 5, 20),
)

STRANGE = (
    "",
    " ",
    "<|endoftext|><|endofprompt|>",
    "\ud800 a lone surrogate \udfff",
    "\x00\x07\x1b[31m control",
    "\u202eright to left\u200b\u2060",
    "👩‍👩‍👧🏽" * 50,
    "我会先加一个缓存。" * 200,
)


async def read(provider: LLMProvider, request: Request) -> list[Chunk]:
    """All chunks of one answer."""
    async with provider.stream(request) as answer:
        return [chunk async for chunk in answer]


def text_of(chunks: list[Chunk]) -> str:
    """What a reader's buffer holds at the end."""
    buffer = ""
    for chunk in chunks:
        buffer = buffer[: chunk.keep] + chunk.text
    return buffer


class ProviderContract:
    """The promises. Subclasses bring the provider."""

    review: Request = REVIEW
    question: Request = QUESTION

    @pytest.fixture
    def provider(self) -> Any:
        raise NotImplementedError

    async def test_a_structured_answer_has_exactly_the_sections_in_order(self, provider: LLMProvider) -> None:
        chunks = await read(provider, self.review)
        assert list(json.loads(text_of(chunks))) == list(self.review.sections)

    async def test_the_last_chunk_and_no_other_brings_the_usage(self, provider: LLMProvider) -> None:
        chunks = await read(provider, self.review)
        assert chunks[-1].usage is not None
        assert all(chunk.usage is None for chunk in chunks[:-1])

    async def test_every_chunk_says_who_wrote_it_and_keeps_what_was_there(self, provider: LLMProvider) -> None:
        chunks = await read(provider, self.review)
        assert {(chunk.source.provider, chunk.source.model) for chunk in chunks} == {(provider.name, provider.model)}
        assert all(chunk.keep is None for chunk in chunks)

    async def test_complete_gives_the_same_as_a_stream_with_a_source_per_section(self, provider: LLMProvider) -> None:
        completion = await provider.complete(self.review)
        assert list(json.loads(completion.text)) == list(self.review.sections)
        assert list(completion.sources) == list(self.review.sections)
        assert completion.source.provider == provider.name

    async def test_a_question_is_answered(self, provider: LLMProvider) -> None:
        completion = await provider.complete(self.question)
        assert completion.text.strip()
        assert list(completion.sources) == list(self.question.sections or ("",))

    async def test_only_the_missing_sections_are_written_when_asked_to_finish(self, provider: LLMProvider) -> None:
        missing = self.review.sections[2:]
        assert self.review.schema is not None
        properties = self.review.schema["properties"]
        assert isinstance(properties, dict)
        schema = {**self.review.schema, "properties": {name: properties[name] for name in missing}}
        finished = dict.fromkeys(self.review.sections[:2], "done")
        request = replace(self.review, sections=missing, schema=schema | {"required": list(missing)}, finished=finished)
        assert list(json.loads(text_of(await read(provider, request)))) == list(missing)

    async def test_answers_given_at_once_do_not_mix(self, provider: LLMProvider) -> None:
        alone = {
            "review": text_of(await read(provider, self.review)),
            "question": text_of(await read(provider, self.question)),
        }
        both = await asyncio.gather(*(read(provider, request) for request in (self.review, self.question) * 3))
        assert [text_of(chunks) for chunks in both] == [alone["review"], alone["question"]] * 3

    async def test_leaving_early_is_no_error_and_the_provider_can_be_asked_again(self, provider: LLMProvider) -> None:
        async with provider.stream(self.review) as answer:
            await anext(answer)
        async with provider.stream(self.review):
            pass
        assert text_of(await read(provider, self.review))

    async def test_cancellation_reaches_the_caller(self, provider: LLMProvider) -> None:
        entered = asyncio.Event()

        async def hold() -> None:
            async with provider.stream(self.review) as answer:
                await anext(answer)
                entered.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(hold())
        await entered.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    @pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
    async def test_any_text_can_be_sent(self, provider: LLMProvider, text: str) -> None:
        turns = (*self.review.messages, Message("user", text))
        assert text_of(await read(provider, replace(self.review, messages=turns)))

    @pytest.mark.parametrize("text", [*STRANGE, " " * 1_000_000, "x" * 200_000], ids=range(len(STRANGE) + 2))
    async def test_any_text_can_be_counted(self, provider: LLMProvider, text: str) -> None:
        count = provider.count_tokens(text)
        assert 0 <= count.n <= len(text.encode("utf-8", "surrogatepass")) + 1
        assert count.upper >= 0
