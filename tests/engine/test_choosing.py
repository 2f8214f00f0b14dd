"""Which version somebody means, and what share: every way of writing it, and a sentence for what it cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Wrong
from engine.prompting.choosing import share_bp, task_named, version_named
from engine.prompting.standing import Change, Standing, Version, actor_name, in_force

REFS = ("review@4f0c2a91be77", "review@4f0d00000000", "review@1200aaaabbbb")
VERSIONS = tuple(Version(ref, n, "active", "ada", 0.0, "") for n, ref in enumerate(REFS, 1))
STANDING = Standing("review", VERSIONS, {"production": REFS[1], "staging": REFS[0]})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1), ("v2", 2), ("#3", 3), (" review@4f0c2a91be77 ", 1), ("4f0d", 2), ("1200", 3), ("review@1200a", 3),
        ("production", 2), ("staging", 1), ("latest", 3),
    ],
)  # fmt: skip
def test_a_version_is_named_by_number_digest_or_label(text: str, number: int) -> None:
    assert version_named(STANDING, text).number == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("9", "There is no version '9' of review: write 1 to 3 or a label (production, staging, latest)."),
        ("4f0", "no version '4f0'"),
        ("ffff", "no version 'ffff'"),
        ("question@4f0c", "no version 'question@4f0c'"),
        ("", "no version ''"),
    ],
)
def test_what_is_no_version_is_said_with_what_there_is(text: str, sentence: str) -> None:
    with pytest.raises(Wrong) as caught:
        version_named(STANDING, text)
    assert sentence in caught.value.problems["version"]


def test_a_digest_that_begins_two_versions_is_not_enough() -> None:
    alike = Standing("review", (*VERSIONS, Version("review@4f0c2a000000", 4, "draft", "bob", 0.0, "")))
    with pytest.raises(Wrong, match="any of the versions 1, 4; write more of it"):
        version_named(alike, "4f0c2a")


def test_a_prompt_without_versions_has_none() -> None:
    with pytest.raises(Wrong, match="review has no version yet"):
        version_named(Standing("review"), "1")


def test_a_task_is_named_as_people_write_it() -> None:
    assert task_named(" Model-Answer ") == "model_answer"
    with pytest.raises(Wrong, match="Did you mean review"):
        task_named("reviw")
    with pytest.raises(Wrong, match="There are question, follow_up"):
        task_named("xyz")


@given(st.integers(1, 10_000))
def test_a_share_is_read_as_percent_or_basis_points(points: int) -> None:
    for text in (
        f"{points / 100:g}",
        f"{points / 100:g}%",
        f"{points / 100:g} %",
        f"{points}bp",
        f"{points / 100:g}".replace(".", ","),
    ):
        assert share_bp(text) == points


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("101", "at most 100 %, not 101 %"), ("10001bp", "at most 100 %, not 100.01 %"), ("0", "more than 0"),
        ("a tenth", "'a tenth' is no share. Write percent"), ("", "is no share"), ("-5", "is no share"),
        ("1.234", "at most two digits behind the point"), ("nan", "is no share"), ("1e3", "is no share"),
    ],
)  # fmt: skip
def test_what_is_no_share_is_said(text: str, sentence: str) -> None:
    with pytest.raises(Wrong) as caught:
        share_bp(text)
    assert sentence in caught.value.problems["share"]


def test_who_did_something_is_told_without_names() -> None:
    names = [actor_name(each) for each in ("", "seed", "operator", "0123456789abcdef", "ada")]
    assert names == ["Rehearse", "Rehearse", "The operator", "Admin 012345", "ada"]
    assert Change("review", "held", REFS[0], "", "it is slow", 0.0).sentence == f"Rehearse held {REFS[0]} (it is slow)."


def test_what_stands_in_for_a_version_is_found_however_often_it_was_replaced() -> None:
    assert in_force("a", {"a": "b", "b": "c"}) == "c"
    assert in_force("a", {}) == "a"
    assert in_force("a", {"a": "b", "b": "a"}) == "b", "a circle ends"
