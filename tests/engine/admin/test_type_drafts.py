"""Working on a type before it is published, and what differs between two versions of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.admin.type_bodies import (
    body_of,
    problems_of,
    set_of,
    type_of,
    under,
    weights_of,
    weights_text,
    with_criterion,
    without_criterion,
)
from engine.admin.type_changes import difference, merged
from engine.errors import NotAllowed, Overtaken, Wrong
from engine.interviews import ROLE_LEVELS, Bar, Criterion, InterviewType
from tests.kit.interviews import CRITERIA, WEIGHTS, interview_type
from tests.kit.types import ADA, BOB, VERA, Office

DEPTH = Criterion(id="depth", title="Depth", anchors=("a", "b", "c", "d", "e"))


async def test_what_is_worked_on_is_seen_by_nobody_until_it_is_published() -> None:
    office = Office()
    working = await office.drafts.working(ADA, "coding")
    assert (working.changed, working.seen, working.problems) == (False, 0, {})
    await office.drafts.work(ADA, "coding", {"questions": 5}, about=("questions",))
    await office.drafts.work(ADA, "coding", {"title": "Ours"}, about=("title",))
    assert (await office.types.get(ADA, "coding")).kind.title == "Coding"
    assert not (await office.drafts.working(BOB, "coding")).changed, "everybody has a copy of their own"
    mine = await office.drafts.working(ADA, "coding")
    assert mine.changed
    assert len(mine.difference.sentences) == 2
    held = await office.drafts.publish(ADA, "coding")
    assert (held.version, held.kind.title, held.kind.questions) == (1, "Ours", 5)
    assert not (await office.drafts.working(ADA, "coding")).changed
    with pytest.raises(NotAllowed):
        await office.drafts.working(VERA, "coding")


async def test_what_is_amiss_is_said_where_it_is_and_the_rest_may_wait() -> None:
    office = Office()
    body = (await office.drafts.working(ADA, "coding")).body
    more = with_criterion(body, DEPTH)
    lost = {"criteria": more["criteria"]}
    working = await office.drafts.work(ADA, "coding", lost, about=("criteria",))
    assert list(working.problems) == ["roles.mid.weights"], "weights come later"
    with pytest.raises(Wrong, match="20 or less"):
        await office.drafts.work(ADA, "coding", {"questions": 50}, about=("questions",))
    with pytest.raises(Wrong, match="Weights of mid"):
        await office.drafts.publish(ADA, "coding")
    assert (await office.drafts.working(ADA, "coding")).changed, "the copy is kept"
    await office.drafts.discard(ADA, "coding")
    assert not (await office.drafts.working(ADA, "coding")).changed


async def test_own_questions_are_part_of_the_copy() -> None:
    office = Office()
    questions = [{"text": "What is an index good for?"}]
    with pytest.raises(Wrong, match="at least 10 characters"):
        await office.drafts.work(ADA, "coding", {"own_questions": [{"text": "?"}]}, about=("own_questions",))
    unfit = await office.drafts.work(ADA, "coding", {"own_questions": [{"text": "?"}]})
    assert list(unfit.problems) == ["own_questions.0.text"]
    assert unfit.difference.sentences == ("The own questions: added.",)
    working = await office.drafts.work(ADA, "coding", {"own_questions": questions}, about=("own_questions",))
    assert working.problems == {}
    assert working.difference.sentences == ("The own questions: added.",)
    await office.drafts.publish(ADA, "coding")
    found = await office.types.questions(ADA, "coding")
    assert found is not None
    assert found == set_of(questions)
    emptied = await office.drafts.work(ADA, "coding", {"own_questions": []})
    assert emptied.difference.sentences == ("The own questions: removed.",)


async def test_a_copy_names_its_people_in_the_open_so_that_forgetting_one_finds_it() -> None:
    office = Office()
    await office.drafts.work(ADA, "coding", {"audience": {"people": ["eva", "bob"]}})
    [(_, draft)] = office.store.drafts.values()
    assert draft.fields["people"] == ("bob", "eva")


async def test_a_copy_can_be_tried() -> None:
    office = Office()
    await office.drafts.work(ADA, "coding", {"minutes": 33})
    assert (await office.drafts.preview(ADA, "coding")).question.minutes == 33
    assert (await office.types.preview(ADA, "coding")).question.minutes == 5


async def test_the_second_puts_their_change_on_top_of_the_firsts() -> None:
    office = Office()
    await office.drafts.work(ADA, "coding", {"questions": 5, "minutes": 9})
    await office.drafts.work(BOB, "coding", {"title": "Bob's", "minutes": 7})
    await office.drafts.publish(BOB, "coding")
    with pytest.raises(Overtaken):
        await office.drafts.publish(ADA, "coding")
    working, both = await office.drafts.rebase(ADA, "coding")
    assert both == {"minutes"}
    assert (working.body["title"], working.body["questions"], working.body["minutes"]) == ("Bob's", 5, 9)
    assert (await office.drafts.publish(ADA, "coding")).version == 2


def test_a_criterion_comes_with_no_weight_and_leaves_its_weight_to_the_others() -> None:
    body = body_of(interview_type())
    more = with_criterion(body, DEPTH)
    assert type_of(more).roles["mid"].weights == {**WEIGHTS, "depth": 0}
    again = with_criterion(more, DEPTH.model_copy(update={"title": "Deeper"}))
    assert [each.title for each in type_of(again).criteria][-1] == "Deeper"
    less = type_of(without_criterion(body, "technical_accuracy"))
    assert less.roles["mid"].weights == {"communication_clarity": 36, "problem_solving": 36, "completeness": 28}
    only = body_of(interview_type(criteria=(DEPTH,), roles={"mid": Bar(meets=3, start=3, weights={"depth": 100})}))
    assert list(problems_of(without_criterion(only, "depth"))) == ["criteria"]


@given(st.lists(st.integers(0, 100), min_size=3, max_size=3).map(sorted), st.sampled_from(CRITERIA))
def test_whatever_is_taken_out_the_weights_still_sum(cuts: list[int], gone: str) -> None:
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    weights: dict[str, int] = dict(zip(CRITERIA, parts, strict=True))
    body = body_of(interview_type(roles={"mid": Bar(meets=3, start=3, weights=weights)}))
    left = type_of(without_criterion(body, gone))
    assert sum(left.roles["mid"].weights.values()) == 100


@given(st.dictionaries(st.sampled_from(ROLE_LEVELS), st.integers(0, 200).filter(lambda n: n != 30), min_size=1))
def test_weights_that_do_not_sum_are_all_named(firsts: dict[str, int]) -> None:
    bars = {
        role: {"meets": 3, "start": 3, "weights": {**WEIGHTS, CRITERIA[0]: first}} for role, first in firsts.items()
    }
    problems = problems_of({**body_of(interview_type()), "roles": bars})
    assert set(problems) == {f"roles.{role}.weights" for role in firsts}
    for role, first in firsts.items():
        assert problems[f"roles.{role}.weights"] == f"Weights of {role} sum to {first + 70}; they must sum to 100."


@given(st.text("abcdefg_", min_size=1, max_size=9).filter(lambda name: name not in InterviewType.model_fields))
def test_an_unknown_field_is_named(name: str) -> None:
    assert list(problems_of({**body_of(interview_type()), name: 1})) == [name]


def test_weights_are_written_between_slashes() -> None:
    assert weights_of(CRITERIA, " 30/20 / 30/20%") == dict(zip(CRITERIA, (30, 20, 30, 20), strict=True))
    assert weights_text(CRITERIA, {"completeness": 100}) == "0/0/0/100"
    for text, why in (("30/70", "4 numbers"), ("a/b/c/d", "whole numbers"), ("-1/2/3/4", "whole numbers")):
        with pytest.raises(Wrong, match=why):
            weights_of(CRITERIA, text)


@pytest.mark.parametrize(
    ("changes", "place", "why"),
    [
        ({"title": ""}, "title", "The title must not be empty."),
        ({"title": "x" * 81}, "title", "The title may have at most 80 characters."),
        ({"title": 3}, "title", "The title must be text."),
        ({"questions": 0}, "questions", "The number of questions must be 1 or more."),
        ({"questions": "4"}, "questions", "The number of questions must be a whole number."),
        ({"format": "poem"}, "format", "The format must be one of 'behavioral', 'system_design', 'coding', 'custom'."),
        ({"id": "A b"}, "id", "The id may only have small letters, digits, - and _."),
        ({"own_questions": "x"}, "own_questions", "The own questions cannot be taken as written."),
        ({"criteria": []}, "criteria", "The criteria must not be empty."),
        ({"criteria": {}}, "criteria", "The criteria must be a list."),
        ({"roles": []}, "roles", "The role levels must be a mapping of names to values."),
        ({"roles": {}}, "roles", "At least one role level is needed."),
        ({"roles": {"mid": {"meets": "x", "start": 1, "weights": {}}}}, "roles.mid.meets",
         "The role levels (mid, meets) must be a number."),
        ({"audience": {"people": ["x"] * 201}}, "audience.people",
         "Who may use it (people) may have at most 200 entries."),
        ({"language": None}, "language", "The language must be text."),
        ({"title": "half a letter: \ud800"}, "", "This holds letters that cannot be kept."),
        ({"feedback": True}, "feedback", "When feedback comes must be one of 'each', 'end'."),
    ],
)  # fmt: skip
def test_complaints_are_in_plain_words(changes: dict[str, object], place: str, why: str) -> None:
    assert problems_of({**body_of(interview_type()), **changes}) == {place: why}


def test_a_weight_is_never_below_nothing() -> None:
    weights = {CRITERIA[0]: -1, CRITERIA[1]: 101, CRITERIA[2]: 0, CRITERIA[3]: 0}
    bars = {"mid": {"meets": 3, "start": 3, "weights": weights}}
    assert problems_of({**body_of(interview_type()), "roles": bars}) == {
        "roles.mid.weights": "Weights of mid must be 0 or more."
    }


def test_a_missing_field_must_be_given() -> None:
    body = body_of(interview_type())
    del body["title"]
    assert problems_of(body) == {"title": "The title must be given."}
    assert under("roles", {"roles.mid": "a", "rolesx": "b", "roles": "c"}) == {"roles.mid": "a", "roles": "c"}


def test_a_set_has_different_questions_and_says_so() -> None:
    one = {"text": "What is an index good for?"}
    with pytest.raises(Wrong) as refused:
        set_of([one, one])
    assert refused.value.problems == {"own_questions.1.text": "The same question as number 1."}
    for odd, why in (([], "The list of questions must not be empty."), ([3], "Question 1 must be a mapping")):
        with pytest.raises(Wrong, match=why):
            set_of(odd)


def test_what_changed_is_told_in_sentences() -> None:
    old = interview_type(
        roles={"mid": Bar(meets=3.5, start=3, weights=WEIGHTS), "staff": Bar(meets=4, start=5, weights=WEIGHTS)}
    )
    first, second, *rest = old.criteria
    weights = {**WEIGHTS, "depth": 0}
    del weights["completeness"]
    weights["problem_solving"] = 45
    new = old.model_copy(
        update={
            "criteria": (second.model_copy(update={"title": "Clear"}), first, rest[0], DEPTH),
            "roles": {"mid": Bar(meets=4, start=3, weights=weights), "junior": Bar(meets=3, start=2, weights=weights)},
            "minutes": 9,
            "description": "x" * 90,
        }
    )
    told = difference(body_of(old), body_of(new)).sentences
    assert told == (
        "The description: added.",
        "Criterion “Clear”: title changed.",
        "New criterion “Depth”.",
        "Criterion “Completeness” is gone.",
        "Mid: meets 3.5 → 4.0.",
        "Mid: weights 30/25/25/20 → 25/30/45/0.",
        "New role level junior.",
        "Role level staff is gone.",
        "The minutes per question: none → 9.",
    )
    shuffled = old.model_copy(update={"criteria": old.criteria[::-1], "title": "y" * 81})
    told = difference(body_of(old), body_of(shuffled)).sentences
    assert told[0] == f"The title: “Behavioral interview” → “{'y' * 80}…”."
    assert "The criteria stand in another order." in told
    assert difference(body_of(old), body_of(old)).text == ""
    cleared = difference(body_of(new), body_of(new) | {"description": ""}).sentences
    assert cleared == ("The description: removed.",)
    assert difference(body_of(new), body_of(new) | {"description": "z"}).sentences == ("The description: changed.",)


def test_changes_that_agree_are_no_conflict() -> None:
    base = body_of(interview_type())
    mine, theirs = base | {"minutes": 5, "questions": 3}, base | {"minutes": 5, "title": "T"}
    body, both = merged(base, mine, theirs)
    assert both == frozenset()
    assert (body["minutes"], body["questions"], body["title"]) == (5, 3, "T")
