"""OpenAI by its Responses API, streamed.

What is sent: nothing is stored at OpenAI, the person is a hash, strict JSON Schema where sections are asked for, and
only the parameters the model takes (`capabilities`). What comes back is folded by `openai_events` and read by
`reading`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import TYPE_CHECKING

from adapters.llm.capabilities import Droppable, Parameters, table
from adapters.llm.messages import dialogue, instructions
from adapters.llm.openai_events import ResponsesFold
from adapters.llm.openai_sdk import Connection, body, entered
from adapters.llm.reading import Fold
from adapters.llm.streamed import Streamed
from engine.ports import Request, Source

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncAPIResponse, AsyncStream
    from openai.types.responses import EasyInputMessageParam, ResponseStreamEvent, ResponseTextConfigParam

SENT: frozenset[Droppable] = frozenset(("temperature", "effort", "verbosity", "cache_key", "user", "obfuscation"))


class OpenAI(Streamed):
    """One OpenAI model."""

    def __init__(
        self,
        *,
        api_key: str,
        model: str | None = None,
        base_url: str | None = None,
        name: str = "openai",
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.connection = Connection(api_key=api_key, base_url=base_url, transport=transport)
        super().__init__(Source(name, model or table().defaults.openai), self.connection)

    def _fold(self) -> Fold:
        return ResponsesFold(self._source)

    def _droppable(self, request: Request) -> frozenset[Droppable]:
        return SENT

    async def _sent(self, request: Request, parameters: Parameters, stack: AsyncExitStack) -> AsyncGenerator[bytes]:
        return body(await entered(stack, self._call(request, parameters), self._source), self._source)

    def _call(
        self, request: Request, parameters: Parameters
    ) -> AbstractAsyncContextManager[AsyncAPIResponse[AsyncStream[ResponseStreamEvent]]]:
        from openai import omit

        def unless(droppable: Droppable) -> bool:
            return droppable not in parameters.without

        text: ResponseTextConfigParam = {}
        if request.schema is not None:
            text["format"] = {
                "type": "json_schema",
                "name": request.task,
                "strict": True,
                "schema": dict(request.schema),
            }
        if parameters.verbosity:
            text["verbosity"] = "low"
        messages: list[EasyInputMessageParam] = [
            {"role": turn.role, "content": turn.text} for turn in dialogue(request.messages)
        ]
        system = instructions(request.messages)
        return self.connection.client().responses.with_streaming_response.create(
            stream=True,
            model=self.model,
            instructions=system or omit,
            input=list(messages),
            text=text or omit,
            temperature=omit if parameters.temperature is None else parameters.temperature,
            reasoning={"effort": parameters.effort} if parameters.effort else omit,
            max_output_tokens=request.max_output_tokens,
            store=False,
            safety_identifier=request.user[:64] if request.user and unless("user") else omit,
            # The end of the key tells prompts apart (a digest), so a long one loses its beginning.
            prompt_cache_key=f"{request.task}:{request.prompt}"[-64:] if unless("cache_key") else omit,
            stream_options={"include_obfuscation": False} if unless("obfuscation") else omit,
        )
