"""The section scanner: what is complete, when, and that no way of cutting the text changes it."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.llm.sections import MAX_CHARS, MAX_DEPTH, SectionScanner

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))
objects = st.dictionaries(st.text(max_size=12), values, max_size=6)
dumps: tuple[Callable[[object], str], ...] = (
    lambda value: json.dumps(value),
    lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    lambda value: json.dumps(value, indent=2),
)
around = st.sampled_from(
    [("", ""), ("\ufeff", "\n"), ("```json\n", "\n```"), ("Here you are:\n", ' {"again": 1} and more')]
)


@st.composite
def pieces(draw: st.DrawFn, text: str) -> list[str]:
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=25)) | {0, len(text)})
    return [text[begin:end] for begin, end in pairwise(cuts)]


@settings(max_examples=60)
@given(st.data(), objects, st.sampled_from(dumps), around)
def test_any_chunking_gives_the_sections_that_json_loads_gives(
    data: st.DataObject, value: dict[str, object], dump: Callable[[object], str], wrap: tuple[str, str]
) -> None:
    text = wrap[0] + dump(value) + wrap[1]
    scanner, completed = SectionScanner(), list[str]()
    for piece in data.draw(pieces(text)):
        completed += scanner.feed(piece)
    whole = SectionScanner()
    assert list(whole.feed(text)) == completed == list(value)
    assert scanner.closed
    assert scanner.open is None
    assert (scanner.text, scanner.spans) == (whole.text, whole.spans)
    assert {name: scanner.value(name) for name in scanner.spans} == value


@settings(max_examples=60)
@given(st.data(), objects, st.sampled_from(dumps))
def test_what_an_open_section_shows_is_always_a_true_prefix(
    data: st.DataObject, value: dict[str, object], dump: Callable[[object], str]
) -> None:
    scanner = SectionScanner()
    for piece in data.draw(pieces(dump(value))):
        scanner.feed(piece)
        if scanner.open is not None:
            shown = scanner.open_value()
            assert shown is None or is_prefix(shown, value[scanner.open[0]])


def is_prefix(part: object, whole: object) -> bool:
    match part, whole:
        case str(), str():
            return whole.startswith(part)
        case list(), list():
            return len(part) <= len(whole) and all(is_prefix(a, b) for a, b in zip(part, whole, strict=False))
        case dict(), dict():
            return all(name in whole and is_prefix(inner, whole[name]) for name, inner in part.items())
        case _:
            return part == whole


@settings(max_examples=60)
@given(st.data(), objects, st.sampled_from(dumps))
def test_cutting_and_feeding_the_rest_again_is_as_if_nothing_had_happened(
    data: st.DataObject, value: dict[str, object], dump: Callable[[object], str]
) -> None:
    text = dump(value)
    read, keep = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))
    scanner, whole = SectionScanner(), SectionScanner()
    scanner.feed(text[:read])
    scanner.cut(keep)
    assert scanner.text == text[: min(read, keep)]
    scanner.feed(text[min(read, keep) :])
    whole.feed(text)
    assert scanner.spans == whole.spans
    assert scanner.closed


def test_a_number_is_complete_only_at_the_delimiter_behind_it() -> None:
    scanner = SectionScanner()
    assert scanner.feed('{"a": 4') == ()
    assert scanner.open_value() is None
    assert scanner.feed("2 ") == ()
    assert scanner.open_value() is None
    assert scanner.feed(',"b":null') == ("a",)
    assert scanner.value("a") == 42
    assert scanner.feed("}") == ("b",)


def test_every_place_can_be_the_end_of_a_piece() -> None:
    scanner, completed = SectionScanner(), list[str]()
    for piece in '!{ "a\\n" : [ 1 , "\\"" ] , "b" : "\\\\" , "c" : 1 } ':
        completed += scanner.feed(piece)
    assert completed == ["a\n", "b", "c"]
    assert [scanner.value(name) for name in completed] == [[1, '"'], "\\", 1]


def test_objects_arrays_and_strings_are_complete_at_their_own_end() -> None:
    scanner = SectionScanner()
    assert scanner.feed('{"a": {"x": [1, "}"]}') == ("a",)
    assert scanner.feed(', "b": [[]]') == ("b",)
    assert scanner.feed(', "c": "\\"') == ()
    assert scanner.open == ("c", scanner.text.index('"\\"'))
    assert scanner.feed('"') == ("c",)
    assert not scanner.closed


def test_a_number_inside_the_open_section_is_left_out_while_it_may_grow() -> None:
    scanner = SectionScanner()
    scanner.feed('{"a": {"fix": "short", "level": 4')
    assert scanner.open_value() == {"fix": "short"}
    scanner.feed("}")
    assert scanner.value("a") == {"fix": "short", "level": 4}


@pytest.mark.parametrize("half", ["\\", "\\u", "\\u00", "\\ud83d", "\\ud83d\\", "\\ud83d\\ude"])
def test_half_an_escape_is_held_back(half: str) -> None:
    scanner = SectionScanner()
    scanner.feed('{"a": "so far' + half)
    assert scanner.open_value() == "so far"


@pytest.mark.parametrize("bad", ['"\\ud83d"', '"a\nb"', "NaN", "4 2", "[1,]", "tru", '"\ud800"'])
def test_a_value_that_is_not_strict_json_is_an_error_when_it_is_read(bad: str) -> None:
    scanner = SectionScanner()
    assert scanner.feed('{"a": ' + bad + "}") == ("a",)
    with pytest.raises(ValueError):
        scanner.value("a")


def test_an_open_value_that_cannot_be_read_shows_nothing() -> None:
    scanner = SectionScanner()
    scanner.feed('{"a": "\ud800')
    assert scanner.open_value() is None
    scanner.cut(0)
    assert scanner.open_value() is None


def test_of_a_doubled_key_the_first_wins() -> None:
    scanner = SectionScanner()
    assert scanner.feed('{"a": 1, "a": {"b": 2') == ("a",)
    assert scanner.open is None
    assert scanner.feed('}, "c": 3}') == ("c",)
    assert scanner.value("a") == 1


def test_a_section_that_ended_at_the_cut_stays_complete() -> None:
    scanner = SectionScanner()
    scanner.feed('{"a": 12, "b": "x')
    scanner.cut(len('{"a": 12'))
    assert scanner.spans == {"a": (6, 8)}
    assert scanner.feed(', "b": 1}') == ("b",)


def test_a_trailing_comma_is_forgiven_and_what_follows_the_object_is_not_kept() -> None:
    scanner = SectionScanner()
    assert scanner.feed('{"a": 1,}```') == ("a",)
    assert scanner.text == '{"a": 1,}'
    assert scanner.feed("more") == ()


@pytest.mark.parametrize("bad", ["{,", "{a", '{"a" 1', '{"a": ,', '{"a": "x" "b"', '{"a\\ud800": 1'])
def test_what_is_no_object_is_an_error(bad: str) -> None:
    with pytest.raises(ValueError):
        SectionScanner().feed(bad)


def test_size_depth_and_keys_are_capped() -> None:
    SectionScanner().feed('{"a":' + "[" * (MAX_DEPTH - 1))
    with pytest.raises(ValueError, match="deeper"):
        SectionScanner().feed('{"a":' + "[" * MAX_DEPTH)
    scanner = SectionScanner()
    scanner.feed('{"a": "' + "x" * (MAX_CHARS - 100))
    with pytest.raises(ValueError, match="more than"):
        scanner.feed("x" * 100)
    with pytest.raises(ValueError, match="key"):
        SectionScanner().feed('{"' + "k" * 300)
