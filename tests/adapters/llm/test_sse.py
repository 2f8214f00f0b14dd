"""However the network cuts a body, the same events come out; and they are those the specification means."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.llm.sse import Event, EventTooLong, Splitter

LINES = st.sampled_from(
    [
        "data: {}",
        "data:{}",
        "data:  two spaces",
        "data",
        "data: ünïcödé 👩‍👩‍👧🏽",
        "event: response.output_text.delta",
        "event:x",
        ": keep-alive",
        ":",
        "",
        "",
        "id: 7",
        "retry: 10",
        "<html>",
        "datax: no",
    ]
)
BODIES = st.lists(st.tuples(LINES, st.sampled_from(["\n", "\n", "\r\n", "\r"]))).map(
    lambda lines: "".join(line + end for line, end in lines).encode()
)


def by_the_book(body: bytes) -> list[Event]:
    """The specification's algorithm, one line at a time."""
    text = body.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    events: list[Event] = []
    name, data = b"", list[bytes]()
    for line in [*text.split(b"\n"), b""]:
        if not line:
            if data:
                events.append(Event(name, b"\n".join(data)))
            name, data = b"", []
            continue
        field, _, value = line.partition(b":")
        value = value[1:] if value.startswith(b" ") else value
        if field == b"data":
            data.append(value)
        elif field == b"event":
            name = value
    return events


def split(pieces: list[bytes]) -> list[Event]:
    splitter = Splitter()
    events = [event for piece in pieces for event in splitter.feed(piece)]
    return events + splitter.close()


@given(BODIES, st.lists(st.integers(0, 400)))
def test_any_cut_gives_the_events_of_the_specification(body: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(body)) for cut in cuts), len(body)]
    pieces = [body[a:b] for a, b in pairwise(edges)]
    assert split(pieces) == by_the_book(body)


@given(BODIES)
def test_single_bytes_give_the_same_events_as_one_read(body: bytes) -> None:
    assert split([body[at : at + 1] for at in range(len(body))]) == split([body])


@given(st.binary(max_size=300))
def test_no_bytes_can_upset_it(body: bytes) -> None:
    split([body[:100], body[100:]])


def test_a_byte_order_mark_is_skipped() -> None:
    assert split([b"\xef\xbb\xbfdata: 1\n\ndata: 2\n\n"]) == [Event(b"", b"1"), Event(b"", b"2")]


def test_the_last_event_needs_no_blank_line() -> None:
    assert split([b"data: 1\n\ndata: [DONE]"]) == [Event(b"", b"1"), Event(b"", b"[DONE]")]


def test_the_first_line_that_belongs_to_no_event_stream_is_kept() -> None:
    splitter = Splitter()
    splitter.feed(b": comment\n\n<html>\n<body>\n\n")
    assert splitter.stray == b"<html>"


def test_an_event_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.llm.sse.MAX_EVENT_BYTES", 1_000)
    splitter = Splitter()
    for _ in range(10):
        splitter.feed(b"x" * 100)
    with pytest.raises(EventTooLong):
        splitter.feed(b"x")
