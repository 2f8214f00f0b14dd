"""The door to limits: what is set and taken back, who may use more, and what is said of both."""

from __future__ import annotations

import pytest

from engine.admin.limits import LimitsDoor, changes, checked, read_limit
from engine.admin.people import People
from engine.admin.roles import EVERYWHERE, Actor
from engine.errors import NotAllowed, Overtaken, Wrong
from engine.keys import ThreadKey, person_of
from engine.limits.ledger import Lift
from engine.limits.model import NO_LIMITS, Amounts, Limits, PersonLimits, WorkspaceLimits
from engine.ports import Account
from tests.kit.limited import Limited

NOON = 20_000 * 86_400 + 43_200.0
HOME = "slack/T1"
ADMIN = Actor("slack", "T1", "U1", standing="admin")
VIEWER = Actor("slack", "T1", "U2", standing="viewer")
OPERATOR = Actor("local", "-", "operator", operator=True, on=EVERYWHERE)
FIVE = Limits(person=PersonLimits(interviews=5), workspace=WorkspaceLimits(cost_micros=2_500_000))


def door() -> tuple[LimitsDoor, Limited]:
    limited = Limited(lambda: NOON)
    people = People(store=limited.admin, now=limited.now, pseudonym=lambda person: f"hash of {person}")
    made = LimitsDoor(
        people=people,
        store=limited.admin,
        ledger=limited.ledger,
        rules=limited.rules,
        now=limited.now,
        person=lambda scope, user: person_of("slack", scope.partition("/")[2], user),
    )
    return made, limited


def used_by(user: str) -> Account:
    return Account(HOME, ThreadKey(platform="slack", workspace="T1", user=user))


async def test_limits_are_set_and_audited_and_hold_at_once() -> None:
    limits, limited = door()
    assert await limited.rules.limits(HOME) == NO_LIMITS
    assert await limits.change(ADMIN, FIVE, seen=0) == 1
    assert await limited.rules.limits(HOME) == FIVE
    standing = await limits.show(VIEWER)
    assert (standing.limits, standing.own, standing.seen) == (FIVE, True, 1)
    assert standing.resets_at == 20_001 * 86_400
    [entry] = limited.admin.entries
    assert (entry.act, entry.subject) == ("limits.change", "limits:workspace")
    assert entry.words == "set the limits: person.interviews none → 5; workspace.cost none → $2.50"


async def test_a_change_of_something_that_was_changed_meanwhile_is_refused_with_the_others_change() -> None:
    limits, _ = door()
    await limits.change(ADMIN, FIVE, seen=0)
    with pytest.raises(Overtaken, match=r"Somebody set the limits: person.interviews none → 5"):
        await limits.change(ADMIN, NO_LIMITS, seen=0)
    assert (await limits.show(ADMIN)).limits == FIVE


async def test_a_change_is_taken_back_and_that_too() -> None:
    limits, _ = door()
    with pytest.raises(Wrong, match="nothing to undo"):
        await limits.undo(ADMIN, seen=0)
    await limits.change(ADMIN, FIVE, seen=0)
    assert await limits.undo(ADMIN, seen=1) == 2
    assert not (await limits.show(ADMIN)).own
    await limits.undo(ADMIN, seen=2)
    assert (await limits.show(ADMIN)).limits == FIVE
    versions = await limits.versions(VIEWER)
    assert [(each.number, each.limits) for each in versions] == [(3, FIVE), (2, None), (1, FIVE)]


async def test_a_workspace_may_go_by_the_common_limits_again() -> None:
    limits, _ = door()
    await limits.change(OPERATOR, FIVE, seen=0)
    assert (await limits.show(ADMIN)).limits == FIVE
    await limits.change(ADMIN, NO_LIMITS, seen=0)
    assert (await limits.show(ADMIN)).limits == NO_LIMITS
    await limits.share(ADMIN, seen=1)
    standing = await limits.show(ADMIN)
    assert (standing.limits, standing.own) == (FIVE, False)


async def test_use_is_seen_by_the_day_without_anybodys_name_but_ones_own() -> None:
    limits, limited = door()
    await limited.ledger.take(used_by("U2"), "a", Amounts(tokens=5), NO_LIMITS)
    await limited.ledger.take(used_by("U3"), "b", Amounts(tokens=7), NO_LIMITS)
    assert [each.used.tokens for each in await limits.use(VIEWER, 3)] == [0, 0, 12]
    assert len(await limits.use(VIEWER, 500)) == 31
    assert (await limits.mine(VIEWER)).person.tokens == 5


async def test_a_person_may_be_let_use_more_until_the_day_is_over() -> None:
    limits, limited = door()
    lift = await limits.raise_for(ADMIN, " U9 ", 3)
    assert lift == Lift(HOME, "slack/T1/U9", 20_000, 3)
    assert (await limits.show(VIEWER)).lifts == [lift]
    assert await limits.lower_for(ADMIN, lift.person)
    assert not await limits.lower_for(ADMIN, lift.person)
    await limits.raise_for(ADMIN, "U9", None)
    assert [entry.words for entry in limited.ledger.entries] == [
        "let a person use 3 times as much today",
        "took back that a person may use more today",
        "let a person use without a limit today",
    ]
    assert all("U9" not in f"{entry}" for entry in limited.ledger.entries)


async def test_nonsense_is_refused_at_its_place() -> None:
    limits, _ = door()
    for user, times, place in (("", 2, "person"), ("x" * 201, 2, "person"), ("U9", 4, "times")):
        with pytest.raises(Wrong) as caught:
            await limits.raise_for(ADMIN, user, times)
        assert list(caught.value.problems) == [place]
    with pytest.raises(Wrong, match="in which workspace"):
        await limits.raise_for(OPERATOR, "U9", 2)


async def test_whoever_looks_may_not_change() -> None:
    limits, _ = door()
    for act in (
        limits.change(VIEWER, FIVE, seen=0),
        limits.undo(VIEWER, seen=0),
        limits.share(VIEWER, seen=0),
        limits.raise_for(VIEWER, "U9", 2),
        limits.lower_for(VIEWER, "slack/T1/U9"),
    ):
        with pytest.raises(NotAllowed):
            await act
    with pytest.raises(NotAllowed):
        await limits.show(Actor("slack", "T1", "U3"))


def test_limits_are_read_by_their_full_names() -> None:
    assert checked({"person.interviews": 5, "workspace.cost_micros": 2_500_000}) == FIVE
    with pytest.raises(Wrong) as caught:
        checked({"person.hats": 1, "person.tokens": 5})
    assert list(caught.value.problems) == ["person.hats"]
    with pytest.raises(Wrong) as caught:
        checked({"person.tokens": -1, "person.answer_chars": 5, "workspace.open": 10**15})
    assert list(caught.value.problems) == ["person.tokens", "person.answer_chars", "workspace.open"]
    assert (
        caught.value.problems["person.answer_chars"]
        == "Write a whole number from 100 to 40,000, or nothing for no limit."
    )


def test_a_change_is_said_in_few_words() -> None:
    assert changes(FIVE, FIVE) == "as they were"
    assert changes(FIVE, NO_LIMITS) == "person.interviews 5 → none; workspace.cost $2.50 → none"


@pytest.mark.parametrize(
    ("name", "written", "limit"),
    [
        ("person.tokens", " 1,000,000 ", 1_000_000),
        ("person.tokens", "None", None),
        ("person.tokens", "", None),
        ("workspace.cost_micros", "$2.50", 2_500_000),
        ("workspace.cost_micros", "0.000001", 1),
    ],
)
def test_a_limit_is_read_as_people_write_it(name: str, written: str, limit: int | None) -> None:
    assert read_limit(name, written) == limit


@pytest.mark.parametrize("written", ["-1", "1e99999999", "2.5", "many", "٣", "9" * 400])
def test_what_is_no_number_is_no_limit(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_limit("person.tokens", written)
