"""Roles: where they come from, who gives them, and that nobody raises themselves."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.admin.people import People
from engine.admin.records import SubjectKind
from engine.admin.roles import ADMIN_ROLES, EVERYWHERE, Actor, AdminRole, highest
from engine.errors import NotAllowed, Wrong
from tests.kit.admin_memory import MemoryAdmin

OWNER = Actor("slack", "T1", "U-owner", standing="owner")
ADMIN = Actor("slack", "T1", "U-admin", standing="admin", groups=frozenset({"S-admins"}))


@dataclass
class Listed:
    """A directory that knows of some, and says nothing of others."""

    there: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()

    async def known(self, scope: str, kind: SubjectKind, subject: str) -> bool | None:
        assert scope == "slack/T1"
        return False if subject in self.gone else True if subject in self.there else None


@pytest.fixture
def store() -> MemoryAdmin:
    return MemoryAdmin()


@pytest.fixture
def people(store: MemoryAdmin) -> People:
    gone = Listed(there=frozenset({"U2"}), gone=frozenset({"U-gone", "S-gone"}))
    return People(store=store, now=lambda: 7.0, pseudonym=lambda text: f"hash of {text}", directory=gone)


async def test_the_highest_of_what_somebody_was_given_counts(people: People) -> None:
    member = Actor("slack", "T1", "U2", standing="viewer", groups=frozenset({"S1", "S2"}))
    assert await people.role(member) == "viewer"
    await people.grant(OWNER, "group", "S1", "admin")
    await people.grant(OWNER, "user", "U2", "coach")
    assert await people.role(member) == "admin"
    assert await people.role(Actor("slack", "T2", "U2", groups=frozenset({"S1"}))) is None
    assert people.roles is people


async def test_a_grant_leaves_a_line_that_names_nobody(people: People, store: MemoryAdmin) -> None:
    await people.grant(ADMIN, "user", "U2", "coach")
    await people.revoke(ADMIN, "user", "U2")
    lines = await people.audit(OWNER)
    assert [line.entry.words for line in lines] == [
        "took back the role coach of a person",
        "gave a person the role coach",
    ]
    assert all(line.entry.actor == "hash of slack/T1/U-admin"[:16] for line in lines)
    assert [line.number for line in await people.audit(OWNER, before=lines[0].number)] == [1]
    assert "U2" not in repr(store.entries)


async def test_what_was_done_for_every_workspace_stands_in_the_audit_of_each(
    people: People, store: MemoryAdmin
) -> None:
    operator = Actor("local", "-", "operator", operator=True, on=EVERYWHERE)
    await people.grant(ADMIN, "user", "U2", "coach")
    await store.note(people.entry(operator, "owner", "prompt.promote", "prompt:review", "put version 2 in production"))
    await people.revoke(ADMIN, "user", "U2")
    acts = ["people.revoke", "prompt.promote", "people.grant"]
    lines = await people.audit(OWNER)
    assert [line.entry.act for line in lines] == acts
    assert [line.entry.act for line in await people.audit(OWNER, limit=2)] == acts[:2]
    assert [line.entry.act for line in await people.audit(OWNER, before=lines[0].number)] == acts[1:]
    assert [line.entry.act for line in await people.audit(operator)] == acts[1:2]


async def test_what_was_not_given_cannot_be_taken_back(people: People, store: MemoryAdmin) -> None:
    assert not await people.revoke(OWNER, "group", "S9")
    assert store.entries == []


@pytest.mark.parametrize("role", ["admin", "owner"])
async def test_only_an_owner_decides_on_admins(people: People, role: AdminRole) -> None:
    with pytest.raises(NotAllowed):
        await people.grant(ADMIN, "user", "U2", role)
    await people.grant(OWNER, "user", "U2", role)
    with pytest.raises(NotAllowed):
        await people.revoke(ADMIN, "user", "U2")
    with pytest.raises(NotAllowed):
        await people.grant(ADMIN, "user", "U2", "viewer")


@pytest.mark.parametrize(("kind", "subject"), [("user", "U-admin"), ("group", "S-admins")])
async def test_nobody_changes_what_they_are_themselves(people: People, kind: SubjectKind, subject: str) -> None:
    await people.grant(OWNER, kind, subject, "viewer")
    for act in (people.grant(ADMIN, kind, subject, "coach"), people.revoke(ADMIN, kind, subject)):
        with pytest.raises(NotAllowed, match="owner"):
            await act


async def test_of_several_either_all_are_given_a_role_or_nobody(people: People, store: MemoryAdmin) -> None:
    with pytest.raises(Wrong) as wrong:
        await people.give(ADMIN, [("user", "U2"), ("user", "U-gone")], "viewer")
    assert set(wrong.value.problems) == {"people"}
    with pytest.raises(NotAllowed):
        await people.give(ADMIN, [("user", "U2"), ("user", "U-admin")], "viewer")
    assert (store.granted, store.entries) == ({}, [])
    await people.give(ADMIN, [("user", "U2"), ("group", "S1")], "viewer")
    assert len(store.granted) == len(store.entries) == 2


@pytest.mark.parametrize(
    ("kind", "subject", "role", "field"),
    [
        ("user", "U-gone", "viewer", "people"),
        ("group", "S-gone", "viewer", "groups"),
        ("user", "", "viewer", "people"),
        ("user", " U2", "viewer", "people"),
        ("user", "U2 U3", "viewer", "people"),
        ("group", "S" * 201, "viewer", "groups"),
        ("user", "U2", "king", "role"),
    ],
)
async def test_what_cannot_be_is_said_where_it_stands(
    people: People, store: MemoryAdmin, kind: SubjectKind, subject: str, role: AdminRole, field: str
) -> None:
    with pytest.raises(Wrong) as wrong:
        await people.grant(OWNER, kind, subject, role)
    assert set(wrong.value.problems) == {field}
    assert store.granted == {}


async def test_a_role_is_given_in_one_workspace(people: People) -> None:
    with pytest.raises(Wrong, match="in which"):
        await people.grant(Actor("local", "-", "operator", operator=True, on=EVERYWHERE), "user", "U2", "admin")


async def test_without_a_directory_a_grant_is_taken_as_it_is(store: MemoryAdmin) -> None:
    await People(store=store, now=lambda: 0.0, pseudonym=str).grant(OWNER, "user", "U-gone", "viewer")
    assert [grant.subject for grant in await store.grants("slack/T1")] == ["U-gone"]


async def test_somebody_may_want_to_be_told(people: People, store: MemoryAdmin) -> None:
    await people.seat(ADMIN, told=True)
    await people.seat(OWNER, told=True)
    await people.seat(OWNER, told=False)
    assert list(await store.seats("slack/T1")) == ["slack/T1/U-admin"]


async def test_whoever_runs_the_program_has_a_name_of_their_own_in_the_audit(people: People) -> None:
    assert people.hashed(Actor("local", "-", "operator", operator=True)) == "operator"


USERS, GROUPS = ("U1", "U2", "U3"), ("S1", "S2")
roles = st.sampled_from(ADMIN_ROLES)
members = st.builds(
    lambda user, standing, groups: Actor("slack", "T1", user, standing=standing, groups=groups),
    st.sampled_from(USERS),
    st.none() | roles,
    st.frozensets(st.sampled_from(GROUPS)),
)
subjects = st.tuples(st.just("user"), st.sampled_from(USERS)) | st.tuples(st.just("group"), st.sampled_from(GROUPS))
deeds = st.lists(st.tuples(st.integers(0, 2), subjects, st.none() | roles), max_size=25)


@given(st.tuples(members, members, members), deeds)
async def test_nobody_ever_raises_themselves(
    team: tuple[Actor, ...], done: list[tuple[int, tuple[str, str], AdminRole | None]]
) -> None:
    """Nor do several together raise one of them above the highest role among them."""
    team = tuple(Actor("slack", "T1", user, each.standing, each.groups) for each, user in zip(team, USERS, strict=True))
    people = People(store=MemoryAdmin(), now=lambda: 0.0, pseudonym=str)
    top = highest([await people.role(each) for each in team])
    for who, (kind, subject), role in done:
        actor, of = team[who], ("user" if kind == "user" else "group")
        before = await people.role(actor)
        try:
            if role is None:
                await people.revoke(actor, of, subject)
            else:
                await people.grant(actor, of, subject, role)
        except NotAllowed:
            pass
        assert highest([before, await people.role(actor)]) == before
        assert highest([top, *[await people.role(each) for each in team]]) == top
