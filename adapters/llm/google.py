"""Gemini by generateContent, streamed.

Google's SDK encodes the request and we read the answer (`google_sdk` says why); it is folded by `gemini_events` and
read by `reading`, like the others.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from typing import TYPE_CHECKING, cast

from adapters.llm.capabilities import Droppable, Learned, Parameters, table
from adapters.llm.gemini_events import GeminiFold
from adapters.llm.google_sdk import GoogleConnection, body
from adapters.llm.messages import dialogue, instructions
from adapters.llm.reading import Watch, chunks, whole
from adapters.llm.tokens import count
from engine.errors import Rejected
from engine.ports import Chunk, Completion, Request, Source, TokenCount

if TYPE_CHECKING:
    import httpx2
    from google.genai.types import Content, GenerateContentConfig

SENT: frozenset[Droppable] = frozenset(("temperature", "effort", "schema"))


class Gemini:
    """One Gemini model. Shares one client among all its calls; `aclose()` closes it."""

    def __init__(
        self,
        *,
        api_key: str,
        model: str | None = None,
        base_url: str | None = None,
        name: str = "gemini",
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._source = Source(name, model or table().defaults.google)
        self.connection = GoogleConnection(api_key=api_key, base_url=base_url, transport=transport)
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
            answer = chunks(reads, GeminiFold(self._source), watch, self._source)
            yield await stack.enter_async_context(aclosing(answer))

    async def complete(self, request: Request) -> Completion:
        return await whole(self.stream(request), request)

    def count_tokens(self, text: str) -> TokenCount:
        return count(text, self.model)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.connection.aclose()

    async def _opened(self, request: Request, stack: AsyncExitStack) -> httpx2.Response:
        while True:  # once for each parameter the model turns out not to take
            parameters = self._learned.parameters(self.model, request)
            contents, config = _encode(request, parameters)
            encoded = await self.connection.encoded(self.model, contents, config, self._source)
            try:
                return await stack.enter_async_context(self.connection.sent(encoded, self._source))
            except Rejected as rejected:
                if not self._learned.drop(rejected, SENT):
                    raise


def _encode(request: Request, parameters: Parameters) -> tuple[list[Content], GenerateContentConfig]:
    from google.genai import types

    contents = [
        types.Content(
            role="model" if turn.role == "assistant" else "user", parts=[types.Part.from_text(text=turn.text)]
        )
        for turn in dialogue(request.messages)
    ]
    effort = parameters.effort
    schema = request.schema if "schema" not in parameters.without else None
    config = types.GenerateContentConfig(
        system_instruction=instructions(request.messages) or None,
        temperature=parameters.temperature,
        max_output_tokens=request.max_output_tokens,
        response_mime_type="application/json" if request.schema is not None else None,
        response_json_schema=ordered(schema) if schema is not None else None,
        thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel(effort.upper())) if effort else None,
        automatic_continuation=False,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    return contents, config


def ordered(schema: Mapping[str, object]) -> dict[str, object]:
    """The schema with `propertyOrdering` in every object, so that keys come in the order they are written."""
    result: dict[str, object] = {key: _ordered(value) for key, value in schema.items()}
    properties = schema.get("properties")
    if isinstance(properties, Mapping):
        result["propertyOrdering"] = list(cast("Mapping[str, object]", properties))  # JSON keys are strings
    return result


def _ordered(value: object) -> object:
    if isinstance(value, Mapping):
        return ordered(cast("Mapping[str, object]", value))  # JSON keys are strings
    if isinstance(value, list):
        return [_ordered(item) for item in cast("list[object]", value)]  # whatever JSON holds
    return value
