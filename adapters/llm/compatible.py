"""Any server that speaks OpenAI's Chat Completions: local ones, gateways, other vendors.

They differ in what they know, so this asks for much and takes no for an answer: a JSON schema, else JSON mode, else
nothing (the prompt describes the object in any case); usage counts in the stream, else none. What a server refused
with a 400 is remembered.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING

from adapters.llm.capabilities import Droppable, Parameters
from adapters.llm.chat_events import ChatFold
from adapters.llm.messages import alternating, dialogue, instructions
from adapters.llm.openai_sdk import Connection, body, entered
from adapters.llm.reading import Fold
from adapters.llm.streamed import Streamed
from engine.ports import Request, Source

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncAPIResponse, AsyncStream
    from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam
    from openai.types.chat.completion_create_params import ResponseFormat

ALWAYS: frozenset[Droppable] = frozenset(("temperature", "usage"))
WITH_SCHEMA: frozenset[Droppable] = frozenset((*ALWAYS, "schema", "json"))


class Compatible(Streamed):
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
        self.connection = Connection(api_key=api_key, base_url=base_url, transport=transport)
        super().__init__(Source(name, model), self.connection)

    def _fold(self) -> Fold:
        return ChatFold(self._source)

    def _droppable(self, request: Request) -> frozenset[Droppable]:
        return ALWAYS if request.schema is None else WITH_SCHEMA

    async def _sent(self, request: Request, parameters: Parameters, stack: AsyncExitStack) -> AsyncGenerator[bytes]:
        return body(await entered(stack, self._call(request, parameters), self._source), self._source)

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
