"""Any server that speaks OpenAI's Chat Completions: local ones, gateways, other vendors.

They differ in what they know, so this asks for much and takes no for an answer: a JSON schema, else JSON mode, else
nothing (the prompt describes the object in any case); usage counts in the stream, else none. What a server refused
with a 400 is remembered.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing, asynccontextmanager
from typing import TYPE_CHECKING

from adapters.llm.capabilities import Droppable, Learned, Parameters
from adapters.llm.chat_events import ChatFold
from adapters.llm.messages import alternating, dialogue, instructions
from adapters.llm.openai_sdk import Connection, body, entered
from adapters.llm.reading import Watch, chunks, whole
from adapters.llm.tokens import count
from engine.errors import Rejected
from engine.ports import Chunk, Completion, Request, Source, TokenCount

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncAPIResponse, AsyncStream
    from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam
    from openai.types.chat.completion_create_params import ResponseFormat

ALWAYS: frozenset[Droppable] = frozenset(("temperature", "usage"))
WITH_SCHEMA: frozenset[Droppable] = frozenset((*ALWAYS, "schema", "json"))


class Compatible:
    """One model behind a Chat Completions server. `base_url` ends where `/chat/completions` begins."""

    def __init__(
        self,
        *,
        base_url: str,
        model: str,
        api_key: str = "",
        name: str = "compatible",
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._source = Source(name, model)
        self.connection = Connection(api_key=api_key, base_url=base_url, transport=transport)
        self._learned = Learned()

    @property
    def name(self) -> str:
        return self._source.provider

    @property
    def model(self) -> str:
        return self._source.model

    @asynccontextmanager
    async def stream(self, request: Request) -> AsyncGenerator[AsyncIterator[Chunk]]:
        watch = Watch(request.deadlines, self._source)
        async with AsyncExitStack() as stack:
            response = await watch.within(self._opened(request, stack))
            reads = await stack.enter_async_context(aclosing(body(response, self._source)))
            answer = chunks(reads, ChatFold(self._source), watch, self._source)
            yield await stack.enter_async_context(aclosing(answer))

    async def complete(self, request: Request) -> Completion:
        return await whole(self.stream(request), request)

    def count_tokens(self, text: str) -> TokenCount:
        return count(text, self.model)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.connection.aclose()

    async def _opened(
        self, request: Request, stack: AsyncExitStack
    ) -> AsyncAPIResponse[AsyncStream[ChatCompletionChunk]]:
        sent = ALWAYS if request.schema is None else WITH_SCHEMA
        while True:  # once for each parameter the server turns out not to take
            parameters = self._learned.parameters(self.model, request)
            try:
                return await entered(stack, self._call(request, parameters), self._source)
            except Rejected as rejected:
                if not self._learned.drop(rejected, sent):
                    raise

    def _call(
        self, request: Request, parameters: Parameters
    ) -> AbstractAsyncContextManager[AsyncAPIResponse[AsyncStream[ChatCompletionChunk]]]:
        from openai import omit

        messages: list[ChatCompletionMessageParam] = []
        if system := instructions(request.messages):
            messages.append({"role": "system", "content": system})
        for turn in alternating(dialogue(request.messages)):
            if turn.role == "assistant":
                messages.append({"role": "assistant", "content": turn.text})
            else:
                messages.append({"role": "user", "content": turn.text})
        # `max_tokens` is the older name, and the one every server knows.
        return self.connection.client().chat.completions.with_streaming_response.create(
            stream=True,
            model=self.model,
            messages=messages,
            response_format=_format(request, parameters) or omit,
            temperature=omit if parameters.temperature is None else parameters.temperature,
            max_tokens=request.max_output_tokens,
            stream_options={"include_usage": True} if "usage" not in parameters.without else omit,
        )


def _format(request: Request, parameters: Parameters) -> ResponseFormat | None:
    if request.schema is None or "json" in parameters.without:
        return None
    if "schema" in parameters.without:
        return {"type": "json_object"}
    schema = dict(request.schema)
    return {"type": "json_schema", "json_schema": {"name": request.task, "strict": True, "schema": schema}}
