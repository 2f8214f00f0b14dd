"""Choosing from the bank: never twice, the right level first, then the focus, then the role, then chance."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from engine.bank import QuestionBank
from engine.interviews import Format, Question, RoleLevel

FORMATS: tuple[Format, ...] = ("behavioral", "system_design", "coding")


def question(
    id: str,
    *,
    format: Format = "coding",
    level: int = 3,
    topic: str = "Sorting",
    tags: tuple[str, ...] = (),
    roles: tuple[RoleLevel, ...] = (),
) -> Question:
    return Question(
        id=id,
        format=format,
        level=level,
        text=f"What would you do in the case of {id}?",
        topic=topic,
        key_points=("One", "Two"),
        cues=(("one",), ("two",)),
        tags=tags,
        roles=roles,
    )


def always(number: float = 0.5) -> Callable[[], float]:
    return lambda: number


def ids(questions: tuple[Question, ...]) -> list[str]:
    return [each.id for each in questions]


def test_a_question_is_found_by_its_id_and_by_its_text() -> None:
    bank = QuestionBank([question("a"), question("b")])
    first = bank.get("a")
    assert first is not None
    assert bank.by_text(f"  {first.text}\n") is first
    assert bank.get("c") is None
    assert bank.by_text("What else?") is None
    assert len(bank) == 2


def test_what_was_asked_is_never_asked_again() -> None:
    bank = QuestionBank([question("a"), question("b")])
    assert ids(bank.seeds("coding", 3, "mid", {"a"}, "", always())) == ["b"]
    assert bank.seeds("coding", 3, "mid", {"a", "b"}, "", always()) == ()


def test_another_format_is_not_asked() -> None:
    bank = QuestionBank([question("a", format="behavioral"), question("b")])
    assert ids(bank.seeds("coding", 3, "mid", set(), "", always())) == ["b"]


def test_a_level_that_is_used_up_gives_way_to_the_nearest() -> None:
    bank = QuestionBank([question("one", level=1), question("four", level=4), question("five", level=5)])
    assert ids(bank.seeds("coding", 3, "mid", set(), "", always())) == ["four"]
    assert ids(bank.seeds("coding", 3, "mid", {"four"}, "", always(0.1))) == ["one", "five"]


def test_the_focus_comes_before_the_role_and_the_role_before_chance() -> None:
    bank = QuestionBank(
        [
            question("other", roles=("staff",)),
            question("role", roles=("mid",)),
            question("tag", tags=("two-pointers",), roles=("staff",)),
            question("topic", topic="Two pointers and windows"),
        ]
    )
    assert ids(bank.seeds("coding", 3, "mid", set(), "window pointer", always())) == ["topic", "tag", "role", "other"]


def test_a_word_of_the_text_is_a_weaker_match_than_a_tag() -> None:
    bank = QuestionBank([question("cache"), question("b", tags=("cache",))])
    assert ids(bank.seeds("coding", 3, "mid", set(), "caches", always())) == ["b", "cache"]


def test_common_words_are_no_focus() -> None:
    bank = QuestionBank([question("a", roles=("staff",)), question("b", roles=("mid",))])
    assert ids(bank.seeds("coding", 3, "mid", set(), "what about the case of it", always())) in (["b", "a"], ["a", "b"])
    assert ids(bank.seeds("coding", 3, "mid", set(), "and the for", always())) == ["b", "a"]


def test_chance_decides_among_equals() -> None:
    bank = QuestionBank([question("a"), question("b"), question("c")])
    draws = iter([0.9, 0.1, 0.5])
    assert ids(bank.seeds("coding", 3, "mid", set(), "", lambda: next(draws))) == ["b", "c", "a"]


def test_a_custom_interview_takes_turns_among_the_formats() -> None:
    bank = QuestionBank([question(f"{format[0]}{n}", format=format) for format in FORMATS for n in range(4)])
    used: list[str] = []
    for _ in range(12):
        used.append(bank.seeds("custom", 3, "mid", used, "", always())[0].id)
    assert len(set(used)) == 12
    for start in range(0, 12, 3):
        assert {id_[0] for id_ in used[start : start + 3]} == {"b", "s", "c"}


@given(
    st.sets(st.sampled_from([f"q{n}" for n in range(15)])),
    st.integers(1, 5),
    st.lists(st.floats(0, 1, exclude_max=True), min_size=15, max_size=15),
)
def test_whatever_was_used_and_drawn_all_seeds_are_unused_and_equally_near(
    used: set[str], level: int, draws: list[float]
) -> None:
    bank = QuestionBank([question(f"q{n}", level=1 + n % 5) for n in range(15)])
    numbers = iter(draws)
    seeds = bank.seeds("coding", level, "mid", used, "", lambda: next(numbers))
    assert bool(seeds) == (len(used) < 15)
    assert used.isdisjoint(ids(seeds))
    nearest = min((abs(each.level - level) for each in bank if each.id not in used), default=0)
    assert {abs(each.level - level) for each in seeds} <= {nearest}
