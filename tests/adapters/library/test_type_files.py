"""Interview types in files: what is exported comes back as the same, and nothing in a file can unfold."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.library.type_files import FILE_BYTES, read_type_file, written_type
from adapters.library.types import load_types
from engine.admin.type_bodies import body_of, type_of
from engine.errors import Wrong
from engine.interviews import ROLE_LEVELS, Audience, Bar, Criterion, InterviewType, RoleLevel

TYPES = load_types()
words = st.text(min_size=1, max_size=40)
ids = st.lists(st.text("abcdefghij", min_size=1, max_size=8), max_size=3).map(tuple)


@st.composite
def types(draw: st.DrawFn) -> InterviewType:
    """Any type that is fit for use."""
    count = draw(st.integers(1, 6))
    names = [f"c{number}" for number in range(count)]
    anchors = st.tuples(words, words, words, words, words)
    criteria = tuple(
        Criterion(id=name, title=draw(words), description=draw(words), anchors=draw(anchors)) for name in names
    )
    roles = draw(st.lists(st.sampled_from(ROLE_LEVELS), min_size=1, unique=True))
    cuts = [sorted(draw(st.lists(st.integers(0, 100), min_size=count - 1, max_size=count - 1))) for _ in roles]
    weights = [
        dict(zip(names, (b - a for a, b in zip([0, *cut], [*cut, 100], strict=True)), strict=True)) for cut in cuts
    ]
    bars: dict[RoleLevel, Bar] = {
        role: Bar(meets=draw(st.floats(1, 5)), start=draw(st.integers(1, 5)), weights=weight, expects=draw(words))
        for role, weight in zip(roles, weights, strict=True)
    }
    prompts: dict[str, str] = dict.fromkeys(
        draw(st.lists(st.sampled_from(("review", "question")), max_size=1)), "canary"
    )
    return InterviewType(
        id=draw(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True)),
        title=draw(words),
        format=draw(st.sampled_from(("behavioral", "system_design", "coding", "custom"))),
        description=draw(st.text(max_size=80)),
        criteria=criteria,
        roles=bars,
        questions=draw(st.integers(1, 20)),
        follow_ups=draw(st.integers(0, 3)),
        feedback=draw(st.sampled_from(("each", "end"))),
        source=draw(st.sampled_from(("bank", "generated", "both"))),
        minutes=draw(st.none() | st.integers(1, 120)),
        start_level=draw(st.none() | st.integers(1, 5)),
        audience=Audience(people=draw(ids), groups=draw(ids), channels=draw(ids)),
        prompts=prompts,
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(types())
def test_every_type_comes_back_from_its_file(kind: InterviewType) -> None:
    assert type_of(read_type_file(written_type(body_of(kind)).encode())) == kind


@pytest.mark.parametrize("id", TYPES)
def test_the_shipped_types_come_back_from_theirs(id: str) -> None:
    assert type_of(read_type_file(written_type(body_of(TYPES[id])).encode())) == TYPES[id]


BOMB = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (n, n, b", ".join([b"*%c" % (n - 1)] * 9)) for n in range(ord("b"), ord("j"))
)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (BOMB, "line 1: anchors and aliases are not used here"),
        (b"[" * 13 + b"]" * 13, "nested deeper"),
        (b"x" * (FILE_BYTES + 1), "larger than 256 kB"),
        (b"- a\n- b\n", "expected a mapping at the top"),
        (b"", "expected a mapping at the top"),
        (b"id: a\nid: b\n", "id is written twice"),
        (b"at: 2026-11-29\n", "not used here; put the text in quotes"),
        (b"run: !!python/object/apply:os.system ['true']\n", "not used here"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_a_file_that_is_not_plain_is_refused_with_its_line(raw: bytes, why: str) -> None:
    with pytest.raises(Wrong, match=why):
        read_type_file(raw, name="mine.yaml")


def test_a_mark_at_the_beginning_is_no_matter() -> None:
    assert read_type_file(b"\xef\xbb\xbfid: x\n") == {"id": "x"}
