"""The chunks of a Chat Completions stream, folded into text, token counts and one ending.

    choices[0].delta.content       text
    choices[0].delta.refusal       a refusal; the stream still ends with `stop`
    choices[0].finish_reason       stop -> whole, length -> CutShort, content_filter -> Declined, error -> Failed
    usage                          after the finish reason, in a chunk without choices
    error                          by its code, at any point
    [DONE]                         nothing follows

The finish reason is the terminal event: `[DONE]` without one means that something in between gave up, and a finish
reason without `[DONE]` means a server with poor manners whose text is whole.
"""

from __future__ import annotations

from pydantic import BaseModel

from adapters.llm.openai_events import Fault, fault_failure, json_error
from adapters.llm.sse import Event
from engine.errors import CutShort, Declined, Failed, ModelError
from engine.ports import Source, Usage


class _Delta(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    index: int | None = None
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Cached(BaseModel):
    cached_tokens: int | None = None


class _Reasoned(BaseModel):
    reasoning_tokens: int | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    prompt_tokens_details: _Cached | None = None
    completion_tokens: int | None = None
    completion_tokens_details: _Reasoned | None = None


class _Chunk(Fault):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: Fault | str | None = None


class ChatFold:
    """One answer of Chat Completions."""

    def __init__(self, source: Source) -> None:
        self.complete = False
        self.closed = False
        self.failure: ModelError | None = None
        self.usage: Usage | None = None
        self._source = source
        self._refusal = ""

    def add(self, event: Event) -> str:
        if event.data == b"[DONE]":
            self.closed = True
            return ""
        chunk = _Chunk.model_validate_json(event.data)
        if chunk.error is not None or chunk.type == "error":
            fault = chunk.error if isinstance(chunk.error, Fault) else Fault(message=chunk.error or chunk.message)
            self.failure = fault_failure(Fault(code=chunk.code) if fault == Fault() else fault, self._source)
            self.closed = True
            return ""
        if chunk.usage is not None:
            self.usage = _usage(chunk.usage)
        text = "".join(self._choice(choice) for choice in chunk.choices or () if not choice.index)
        self.closed = self.complete and self.usage is not None
        return text

    def body_error(self, body: bytes) -> ModelError | None:
        return json_error(body, self._source)

    def _choice(self, choice: _Choice) -> str:
        delta = choice.delta or _Delta()
        self._refusal += delta.refusal or ""
        if choice.finish_reason:
            self._finish(choice.finish_reason)
        return delta.content or ""

    def _finish(self, reason: str) -> None:
        provider, model = self._source.provider, self._source.model
        self.complete = True
        if reason == "content_filter":
            self.failure = Declined(provider, model, reason=reason)
        elif reason == "error":
            self.failure = Failed(provider, model, "finish reason: error")
        elif self._refusal:
            self.failure = Declined(provider, model, self._refusal[:300])
        elif reason in ("length", "max_tokens"):
            self.failure = CutShort(provider, model, reason)


def _usage(usage: _Usage) -> Usage:
    cached, reasoned = usage.prompt_tokens_details, usage.completion_tokens_details
    return Usage(
        input=usage.prompt_tokens or 0,
        cached=(cached.cached_tokens or 0) if cached else 0,
        output=usage.completion_tokens or 0,
        reasoning=(reasoned.reasoning_tokens or 0) if reasoned else 0,
    )
