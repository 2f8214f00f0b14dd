"""The events of OpenAI's Responses API, folded into text, token counts and one ending.

    response.output_text.delta    text, unless its message is commentary
    response.refusal.delta/done   a refusal; the stream still ends with `completed`
    response.completed            the end; may hold a refusal, or all of the text where no delta came
    response.incomplete           max_output_tokens -> CutShort, content_filter -> Declined
    response.failed, error        by its code; `error` comes flat or nested
    everything else               nothing

Only the fields named here are read. The many events that repeat what we have (`…done`) are skipped by name, unparsed.
"""

from __future__ import annotations

from pydantic import BaseModel, ValidationError

from adapters.llm.failures import Complaint, failure
from adapters.llm.sse import Event
from engine.errors import CutShort, Declined, Failed, ModelError, Truncated
from engine.ports import Source, Usage

DELTA = "response.output_text.delta"
TELLING = frozenset(
    (
        "response.output_item.added",
        "response.refusal.delta",
        "response.refusal.done",
        "response.completed",
        "response.incomplete",
        "response.failed",
        "error",
    )
)


class _Delta(BaseModel):
    item_id: str | None = None
    delta: str | None = None


class Fault(BaseModel):
    """An error as OpenAI and its imitators write it, in a body or in an event."""

    code: str | int | None = None
    type: str | None = None
    message: str | None = None
    param: str | None = None


class _Cached(BaseModel):
    cached_tokens: int | None = None


class _Reasoned(BaseModel):
    reasoning_tokens: int | None = None


class _Usage(BaseModel):
    input_tokens: int | None = None
    input_tokens_details: _Cached | None = None
    output_tokens: int | None = None
    output_tokens_details: _Reasoned | None = None


class _Part(BaseModel):
    type: str = ""
    text: str | None = None
    refusal: str | None = None


class _Item(BaseModel):
    id: str | None = None
    type: str = ""
    phase: str | None = None
    content: list[_Part] | None = None


class _Incomplete(BaseModel):
    reason: str | None = None


class _Response(BaseModel):
    output: list[_Item] | None = None
    usage: _Usage | None = None
    error: Fault | None = None
    incomplete_details: _Incomplete | None = None


class _Event(Fault):
    delta: str | None = None
    refusal: str | None = None
    item: _Item | None = None
    response: _Response | None = None
    error: Fault | None = None


class _Kind(BaseModel):
    type: str = ""
    error: Fault | None = None


class ResponsesFold:
    """One answer of the Responses API."""

    def __init__(self, source: Source) -> None:
        self.complete = False
        self.closed = False
        self.failure: ModelError | None = None
        self.usage: Usage | None = None
        self._source = source
        self._commentary: set[str] = set()
        self._refusal: str | None = None
        self._any_text = False

    def add(self, event: Event) -> str:
        kind = event.name.decode("ascii", "replace") or self._unnamed(event)
        if kind == DELTA:
            delta = _Delta.model_validate_json(event.data)
            if delta.item_id in self._commentary:
                return ""
            self._any_text = self._any_text or bool(delta.delta)
            return delta.delta or ""
        return self._telling(_Event.model_validate_json(event.data), kind) if kind in TELLING else ""

    def body_error(self, body: bytes) -> ModelError | None:
        return json_error(body, self._source)

    def _unnamed(self, event: Event) -> str:
        if event.data == b"[DONE]":
            return ""
        kind = _Kind.model_validate_json(event.data)
        return kind.type or ("error" if kind.error else "")

    def _telling(self, event: _Event, kind: str) -> str:
        response = event.response or _Response()
        if response.usage is not None:
            self.usage = _usage(response.usage)
        match kind:
            case "response.output_item.added":
                if event.item is not None and event.item.phase == "commentary" and event.item.id:
                    self._commentary.add(event.item.id)
            case "response.refusal.delta" | "response.refusal.done":
                self._refusal = event.refusal or (self._refusal or "") + (event.delta or "")
            case "response.completed":
                return self._completed(response)
            case "response.incomplete":
                self.closed = True
                self.failure = self._incomplete((response.incomplete_details or _Incomplete()).reason or "")
            case _:
                self.closed = True
                self.failure = fault_failure(response.error or event.error or event, self._source)
        return ""

    def _completed(self, response: _Response) -> str:
        parts = [
            part
            for item in response.output or ()
            if item.phase in (None, "final_answer")
            for part in item.content or ()
        ]
        self.closed = True
        refused = next((part.refusal for part in parts if part.type == "refusal"), None)
        if refused is not None or self._refusal is not None:
            said = (refused or self._refusal or "")[:300]
            self.failure = Declined(self._source.provider, self._source.model, said)
            return ""
        self.complete = True
        return "" if self._any_text else "".join(part.text or "" for part in parts if part.type == "output_text")

    def _incomplete(self, reason: str) -> ModelError:
        provider, model = self._source.provider, self._source.model
        match reason:
            case "max_output_tokens" | "max_messages":
                return CutShort(provider, model, reason)
            case "content_filter":
                return Declined(provider, model, reason=reason)
            case _:
                return Truncated(provider, model, f"incomplete: {reason}")


def _usage(usage: _Usage) -> Usage:
    cached, reasoned = usage.input_tokens_details, usage.output_tokens_details
    return Usage(
        input=usage.input_tokens or 0,
        cached=(cached.cached_tokens or 0) if cached else 0,
        output=usage.output_tokens or 0,
        reasoning=(reasoned.reasoning_tokens or 0) if reasoned else 0,
    )


def fault_failure(fault: Fault, source: Source) -> ModelError:
    """An in-band error as one of ours."""
    words = tuple(str(word) for word in (fault.code, fault.type) if word is not None and word != "error")
    if not (words or fault.message):
        return Failed(source.provider, source.model, "an error without a word")
    complaint = Complaint(words=words, message=fault.message or "", param=fault.param)
    return failure(complaint, source.provider, source.model)


def json_error(body: bytes, source: Source) -> ModelError | None:
    """The error in a plain JSON body, if it is one."""
    try:
        kind = _Kind.model_validate_json(body)
    except ValidationError:
        return None
    return fault_failure(kind.error, source) if kind.error is not None else None
