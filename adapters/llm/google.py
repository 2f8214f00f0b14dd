"""Gemini by generateContent, streamed.

Google's SDK encodes the request and we read the answer (`google_sdk` says why); it is folded by `gemini_events` and
read by `reading`, like the others.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, cast

from adapters.llm.capabilities import Droppable, Parameters, table
from adapters.llm.gemini_events import GeminiFold
from adapters.llm.google_sdk import GoogleConnection, body
from adapters.llm.messages import dialogue, instructions
from adapters.llm.reading import Fold
from adapters.llm.streamed import Streamed
from engine.ports import Request, Source

if TYPE_CHECKING:
    import httpx2
    from google.genai.types import Content, GenerateContentConfig

SENT: frozenset[Droppable] = frozenset(("temperature", "effort", "schema"))


class Gemini(Streamed):
    """One Gemini model."""

    def __init__(
        self,
        *,
        api_key: str,
        model: str | None = None,
        base_url: str | None = None,
        name: str = "gemini",
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self.connection = GoogleConnection(api_key=api_key, base_url=base_url, transport=transport)
        super().__init__(Source(name, model or table().defaults.google), self.connection)

    def _fold(self) -> Fold:
        return GeminiFold(self._source)

    def _droppable(self, request: Request) -> frozenset[Droppable]:
        return SENT

    async def _sent(self, request: Request, parameters: Parameters, stack: AsyncExitStack) -> AsyncGenerator[bytes]:
        encoded = await self.connection.encoded(self.model, *_encode(request, parameters), self._source)
        response = await stack.enter_async_context(self.connection.sent(encoded, self._source))
        return body(response, self._source)


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
