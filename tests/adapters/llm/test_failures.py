"""How long to wait, and whose fault it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import OpenAIError

from adapters.llm.failures import MAX_RETRY_AFTER_S, Complaint, failure, google_delay_s, retry_after_s
from adapters.llm.gemini_events import body_failure
from adapters.llm.openai_sdk import mapped
from engine.errors import Busy, Declined, Failed, Misconfigured, ModelError, Rejected
from engine.ports import Source


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "12"}, 12.0),
        ({"retry-after-ms": "1500", "retry-after": "60"}, 1.5),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "9999999"}, MAX_RETRY_AFTER_S),
    ],
)
def test_retry_after_is_read_with_caution(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers) == seconds


def test_retry_after_may_be_a_date() -> None:
    then = datetime.now(UTC) + timedelta(seconds=90)
    seconds = retry_after_s({"retry-after": format_datetime(then, usegmt=True)})
    assert seconds is not None
    assert 85 < seconds <= 90


@given(st.text(max_size=40))
def test_no_header_breaks_the_reading(value: str) -> None:
    seconds = retry_after_s({"retry-after": value})
    assert seconds is None or 0 <= seconds <= MAX_RETRY_AFTER_S


@pytest.mark.parametrize(("delay", "seconds"), [("37s", 37.0), ("0.5s", 0.5), ("", None), ("37", None), ("xs", None)])
def test_google_durations(delay: str, seconds: float | None) -> None:
    assert google_delay_s(delay) == seconds


@pytest.mark.parametrize(
    ("complaint", "kind"),
    [
        (Complaint(429), Busy),
        (Complaint(529), Busy),
        (Complaint(503, ("server_error",)), Busy),
        (Complaint(429, ("insufficient_quota",)), Misconfigured),
        (Complaint(402), Misconfigured),
        (Complaint(401, ("invalid_request_error",)), Misconfigured),
        (Complaint(400, ("content_policy_violation",)), Declined),
        (Complaint(400, ("context_length_exceeded",)), Rejected),
        (Complaint(413), Rejected),
        (Complaint(418), Rejected),
        (Complaint(408), Failed),
        (Complaint(599), Failed),
        (Complaint(), Failed),
    ],
)
def test_each_complaint_is_somebodys(complaint: Complaint, kind: type[ModelError]) -> None:
    error = failure(complaint, "p", "m")
    assert type(error) is kind
    assert error.hint


def test_an_error_of_ours_is_not_dressed_up_as_a_providers() -> None:
    source = Source("p", "m")
    with pytest.raises(ZeroDivisionError):
        mapped(ZeroDivisionError(), source)
    assert type(mapped(OpenAIError("no key"), source)) is Misconfigured


def test_the_longer_wait_wins() -> None:
    body = b'{"error": {"code": 429, "details": [{"@type": "RetryInfo", "retryDelay": "41.5s"}]}}'
    for header, expected in ((None, 41.5), (7.0, 41.5), (90.0, 90.0)):
        error = body_failure(body, Source("p", "m"), 429, header)
        assert isinstance(error, Busy)
        assert error.retry_after_s == expected


def test_a_long_page_does_not_fill_the_log() -> None:
    error = body_failure(b"<html>" * 10_000, Source("p", "m"), 502)
    assert isinstance(error, Failed)
    assert len(str(error)) < 500
