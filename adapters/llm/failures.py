"""What a provider says went wrong, as our errors: HTTP statuses, in-band codes, `Retry-After`.

    a telling code or reason            -> what it means, whatever the status
    429, 503, 529                       -> Busy
    401, 402, 403, 404                  -> Misconfigured
    408, 409, other 5xx                 -> Failed
    other 4xx                           -> Rejected

The words come from three vocabularies that do not overlap (OpenAI's codes, Google's canonical statuses, what compatible
servers copy from them), so one table serves all. Transport failures are mapped where the transport is used.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import Literal

from engine.errors import Busy, Declined, Failed, Misconfigured, ModelError, Rejected

Kind = Literal["busy", "failed", "misconfigured", "rejected", "declined"]

DETAIL_CHARS = 300
MAX_RETRY_AFTER_S = 3_600.0

WORDS: Mapping[str, Kind] = {
    "rate_limit_exceeded": "busy",
    "rate_limit_error": "busy",
    "rate_limit": "busy",
    "too_many_requests": "busy",
    "overloaded": "busy",
    "overloaded_error": "busy",
    "server_overloaded": "busy",
    "slow_down": "busy",
    "resource_exhausted": "busy",
    "unavailable": "busy",
    # Waiting does not fill an empty purse: only an operator can mend it.
    "insufficient_quota": "misconfigured",
    "billing_not_active": "misconfigured",
    "invalid_api_key": "misconfigured",
    "api_key_invalid": "misconfigured",
    "authentication_error": "misconfigured",
    "unauthenticated": "misconfigured",
    "permission_denied": "misconfigured",
    "model_not_found": "misconfigured",
    "not_found": "misconfigured",
    "failed_precondition": "misconfigured",
    "invalid_prompt": "rejected",
    "invalid_request_error": "rejected",
    "invalid_argument": "rejected",
    "context_length_exceeded": "rejected",
    "string_above_max_length": "rejected",
    "content_filter": "declined",
    "content_policy_violation": "declined",
    "bio_policy": "declined",
    "cyber_policy": "declined",
    "misalignment_policy_violation": "declined",
    "server_error": "failed",
    "internal_error": "failed",
    "internal": "failed",
    "deadline_exceeded": "failed",
    "aborted": "failed",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error as a provider put it. `words` are its code, type, status or reason, the most telling first."""

    status: int = 0
    words: tuple[str, ...] = ()
    message: str = ""
    param: str | None = None
    retry_after_s: float | None = None


def failure(complaint: Complaint, provider: str, model: str) -> ModelError:
    """The error of our tree that says what to do about a complaint."""
    words = [word.lower() for word in complaint.words if word]
    status = complaint.status or next((int(word) for word in words if word.isdecimal() and len(word) == 3), 0)
    known = next((word for word in words if word in WORDS), None)
    kind = _kind(status, known)
    said = " ".join((str(status) if status else "", *words[:2], complaint.message)).strip()[:DETAIL_CHARS]
    match kind:
        case "busy":
            return Busy(provider, model, said, retry_after_s=complaint.retry_after_s)
        case "failed":
            return Failed(provider, model, said)
        case "misconfigured":
            return Misconfigured(provider, model, said)
        case "rejected":
            return Rejected(provider, model, said, param=complaint.param)
        case "declined":
            return Declined(provider, model, said, reason=known or "refusal")


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds the server asked for: `retry-after-ms`, `Retry-After` in seconds or as a date. At most an hour."""
    millis, plain = headers.get("retry-after-ms"), headers.get("retry-after")
    try:
        if millis is not None:
            return _sane(float(millis) / 1000)
        if plain is None:
            return None
        return _sane(float(plain))
    except ValueError:
        return _until(plain or "")


def google_delay_s(retry_delay: str) -> float | None:
    """`RetryInfo.retryDelay`, a protobuf duration such as `"37.5s"`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)s", retry_delay.strip())
    return _sane(float(found[1])) if found else None


def _kind(status: int, known: str | None) -> Kind:
    # A vague word must not hide a telling status: "invalid_request_error" comes with 401s, "server_error" with 503s.
    if known is not None and (WORDS[known] not in ("rejected", "failed") or status in (0, 200)):
        return WORDS[known]
    if status in (429, 503, 529):
        return "busy"
    if status in (401, 402, 403, 404):
        return "misconfigured"
    if 400 <= status < 500 and status not in (408, 409):
        return "rejected"
    return "failed"


def _sane(seconds: float) -> float | None:
    # NaN compares false and so becomes None as well.
    return min(seconds, MAX_RETRY_AFTER_S) if seconds >= 0 else None


def _until(date: str) -> float | None:
    try:
        return _sane(max(0.0, parsedate_to_datetime(date).timestamp() - time()))
    except ValueError:
        return None
