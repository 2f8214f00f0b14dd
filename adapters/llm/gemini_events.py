"""The chunks of Gemini's streamGenerateContent, folded into text, token counts and one ending.

candidates[0].content.parts    text, unless the part is a thought; may be missing altogether
candidates[0].finishReason     STOP -> whole, MAX_TOKENS -> CutShort, the filters -> Declined, others -> Failed
promptFeedback.blockReason     Declined; there are no candidates then
usageMetadata                  on every chunk, growing; output includes the thoughts, as the bill does
error                          by its status, at any point
"""

from __future__ import annotations

from pydantic import BaseModel, Field, ValidationError

from adapters.llm.failures import Complaint, failure, google_delay_s
from adapters.llm.sse import Event
from engine.errors import CutShort, Declined, Failed, Garbled, ModelError, Truncated
from engine.ports import Source, Usage

FILTERS = frozenset(
    (
        "SAFETY",
        "RECITATION",
        "LANGUAGE",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "MODEL_ARMOR",
        "ESCALATION",
        "PUP_LIMITED_DISABLED",
    )
)


class _Part(BaseModel):
    text: str | None = None
    thought: bool | None = None


class _Content(BaseModel):
    parts: list[_Part] | None = None


class _Candidate(BaseModel):
    index: int | None = None
    content: _Content | None = None
    finish_reason: str | None = Field(None, alias="finishReason")


class _Feedback(BaseModel):
    block_reason: str | None = Field(None, alias="blockReason")


class _Usage(BaseModel):
    prompt: int | None = Field(None, alias="promptTokenCount")
    cached: int | None = Field(None, alias="cachedContentTokenCount")
    candidates: int | None = Field(None, alias="candidatesTokenCount")
    thoughts: int | None = Field(None, alias="thoughtsTokenCount")


class _Detail(BaseModel):
    reason: str | None = None
    retry_delay: str | None = Field(None, alias="retryDelay")


class Fault(BaseModel):
    """Google's error body."""

    code: int | None = None
    status: str | None = None
    message: str | None = None
    details: list[_Detail] | None = None


class _Chunk(BaseModel):
    candidates: list[_Candidate] | None = None
    feedback: _Feedback | None = Field(None, alias="promptFeedback")
    usage: _Usage | None = Field(None, alias="usageMetadata")
    error: Fault | None = None


class _Body(BaseModel):
    error: Fault


class GeminiFold:
    """One answer of streamGenerateContent."""

    def __init__(self, source: Source) -> None:
        self.complete = False
        self.closed = False
        self.failure: ModelError | None = None
        self.usage: Usage | None = None
        self._source = source

    def add(self, event: Event) -> str:
        chunk = _Chunk.model_validate_json(event.data)
        if chunk.error is not None:
            return self._stop(fault_failure(chunk.error, self._source))
        if chunk.usage is not None:
            self.usage = _usage(chunk.usage)
        if chunk.feedback is not None and chunk.feedback.block_reason:
            reason = chunk.feedback.block_reason
            return self._stop(Declined(self._source.provider, self._source.model, "the prompt", reason=reason))
        text = ""
        for candidate in chunk.candidates or ():
            if not candidate.index:
                parts = candidate.content.parts if candidate.content is not None else None
                text += "".join(part.text or "" for part in parts or () if not part.thought)
                if candidate.finish_reason:
                    self._finish(candidate.finish_reason)
        return text

    def body_error(self, body: bytes) -> ModelError | None:
        return body_failure(body, self._source)

    def _finish(self, reason: str) -> None:
        provider, model = self._source.provider, self._source.model
        self.closed = True
        if reason == "STOP":
            self.complete = True
        elif reason == "MAX_TOKENS":
            self.failure = CutShort(provider, model, reason)
        elif reason in FILTERS or reason.startswith("IMAGE_"):
            self.failure = Declined(provider, model, reason=reason)
        elif reason == "CONTINUATION":  # more would follow in another call; the router knows how to go on
            self.failure = Truncated(provider, model, reason)
        elif reason.startswith("MALFORMED"):
            self.failure = Garbled(provider, model, reason)
        else:
            self.failure = Failed(provider, model, f"finish reason {reason}")

    def _stop(self, error: ModelError) -> str:
        self.closed, self.failure = True, error
        return ""


def fault_failure(fault: Fault, source: Source, header_delay_s: float | None = None) -> ModelError:
    """Google's error as one of ours. Waits as long as the longer of `RetryInfo` and the header asks for."""
    details = fault.details or ()
    delays = [google_delay_s(detail.retry_delay) for detail in details if detail.retry_delay]
    waits = [delay for delay in (*delays, header_delay_s) if delay is not None]
    # The reason (API_KEY_INVALID) says more than the status it comes with (INVALID_ARGUMENT).
    words = (*(detail.reason for detail in details if detail.reason), fault.status or "")
    complaint = Complaint(
        status=fault.code or 0,
        words=words,
        message=fault.message or "",
        retry_after_s=max(waits, default=None),
    )
    return failure(complaint, source.provider, source.model)


def body_failure(
    body: bytes, source: Source, status: int = 0, header_delay_s: float | None = None
) -> ModelError | None:
    """The error in a plain body; with a `status`, an error even where the body is not Google's."""
    try:
        fault = _Body.model_validate_json(body).error
    except ValidationError:
        if not status:
            return None
        fault = Fault(message=body[:300].decode("utf-8", "replace"))
    return fault_failure(fault.model_copy(update={"code": status or fault.code}), source, header_delay_s)


def _usage(usage: _Usage) -> Usage:
    thoughts = usage.thoughts or 0
    return Usage(
        input=usage.prompt or 0,
        cached=usage.cached or 0,
        output=(usage.candidates or 0) + thoughts,
        reasoning=thoughts,
    )
