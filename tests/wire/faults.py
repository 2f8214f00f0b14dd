"""Every way a model's server misbehaves, under one name for all APIs, and what an adapter must make of it.

`after_chars` of a `Script` says how much of the answer arrives first, where that makes sense. Where an API has no such
ending of its own, its server uses the nearest (`FAILED` and `ERROR_NESTED` are one for Chat Completions).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from engine.errors import (
    Busy,
    CutShort,
    Declined,
    Failed,
    Garbled,
    Misconfigured,
    ModelError,
    Rejected,
    TimedOut,
    Truncated,
    Unreachable,
)


class Fault(StrEnum):
    """One way to misbehave."""

    BAD_REQUEST = "400"
    UNAUTHORIZED = "401"
    FORBIDDEN = "403"
    NOT_FOUND = "404"
    REQUEST_TIMEOUT = "408"
    CONFLICT = "409"
    UNPROCESSABLE = "422"
    RATE_LIMITED = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    NO_QUOTA = "429 for good"

    HANG_BEFORE_HEADERS = "no headers"
    HANG_BEFORE_CONTENT = "headers, then nothing"
    HANG = "nothing more after some content"
    COMMENTS_ONLY = "keep-alive comments for ever after some content"
    RESET_BEFORE_HEADERS = "TCP reset before the headers"
    RESET = "TCP reset"
    DISCONNECT = "closed without the end of the body"
    CLEAN_END = "body ended without the terminal event"
    EMPTY_BODY = "headers and an empty body"

    ERROR = "an error event"
    ERROR_NESTED = "an error object in an event"
    FAILED = "the API's own failed ending"
    REFUSAL = "the model refuses"
    INCOMPLETE = "output limit reached"
    CONTENT_FILTER = "a filter stops the answer"
    PROMPT_BLOCK = "a filter stops the prompt"

    GARBAGE = "a page instead of a stream"
    GARBAGE_EVENT = "an event that is not JSON"
    TEN_MEGABYTES = "an answer that does not end"
    EMPTY = "a complete answer without text"

    COMMENTS = "keep-alive comments between events"
    SLOW_DRIP = "a few bytes at a time, slowly"
    CUT_ANYWHERE = "writes that end in the middle of anything"
    CRLF = "lines ended by CR LF"


HARMLESS = frozenset((Fault.COMMENTS, Fault.SLOW_DRIP, Fault.CUT_ANYWHERE, Fault.CRLF))
"""Unusual, but the answer arrives whole."""

BEFORE_CONTENT = frozenset(
    (
        *(fault for fault in Fault if fault.value[:3].isdecimal()),
        Fault.HANG_BEFORE_HEADERS,
        Fault.HANG_BEFORE_CONTENT,
        Fault.RESET_BEFORE_HEADERS,
        Fault.EMPTY_BODY,
        Fault.PROMPT_BLOCK,
        Fault.GARBAGE,
        Fault.EMPTY,
    )
)
"""These come before any text, whatever `after_chars` says."""

EXPECTED: Mapping[Fault, type[ModelError]] = {
    Fault.BAD_REQUEST: Rejected,
    Fault.UNAUTHORIZED: Misconfigured,
    Fault.FORBIDDEN: Misconfigured,
    Fault.NOT_FOUND: Misconfigured,
    Fault.REQUEST_TIMEOUT: Failed,
    Fault.CONFLICT: Failed,
    Fault.UNPROCESSABLE: Rejected,
    Fault.RATE_LIMITED: Busy,
    Fault.SERVER_ERROR: Failed,
    Fault.BAD_GATEWAY: Failed,
    Fault.UNAVAILABLE: Busy,
    Fault.GATEWAY_TIMEOUT: Failed,
    Fault.NO_QUOTA: Misconfigured,
    Fault.HANG_BEFORE_HEADERS: TimedOut,
    Fault.HANG_BEFORE_CONTENT: TimedOut,
    Fault.HANG: TimedOut,
    Fault.COMMENTS_ONLY: TimedOut,
    Fault.RESET_BEFORE_HEADERS: Unreachable,
    Fault.RESET: Unreachable,
    Fault.DISCONNECT: Unreachable,
    Fault.CLEAN_END: Truncated,
    Fault.EMPTY_BODY: Truncated,
    Fault.ERROR: Failed,
    Fault.ERROR_NESTED: Failed,
    Fault.FAILED: Failed,
    Fault.REFUSAL: Declined,
    Fault.INCOMPLETE: CutShort,
    Fault.CONTENT_FILTER: Declined,
    Fault.PROMPT_BLOCK: Declined,
    Fault.GARBAGE: Garbled,
    Fault.GARBAGE_EVENT: Garbled,
    Fault.TEN_MEGABYTES: Garbled,
    Fault.EMPTY: Garbled,
}
"""What an adapter raises for each fault that is not harmless."""
