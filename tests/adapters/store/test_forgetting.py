"""Whom forgetting reaches, on both databases: wherever a platform knows them, and wherever somebody wrote their id."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.store.forgetting import GONE
from adapters.store.sql import SqlStore
from engine.admin.records import Entry, FormDraft, Grant
from engine.admin.roles import EVERYWHERE
from engine.facts import Answered, Asked, Begun
from engine.inbound import Wrote
from engine.keys import ThreadKey
from engine.preferences import Preferences
from tests.adapters.store.worlds import DatabaseWorld, SqliteWorld
from tests.contracts.keeping import NOW, interview
from tests.contracts.store import record
from tests.kit.interviews import question, setup

USER, OTHER, GUILD = "812345678901234567", "812345678901234568", "901234567890123456"
SCOPE = f"discord/{GUILD}"
ENTRY = Entry(SCOPE, 1.0, "a hash", "owner", "people.grant", "user", "gave a person the role coach")


def dm(user: str) -> ThreadKey:
    return ThreadKey(platform="discord", channel=f"7{user[1:]}", user=user)


@pytest.fixture
async def filled(store: SqlStore) -> SqlStore:
    """Two people of one server, each with an interview by its rules, a role, a seat and a card."""
    for user in (USER, OTHER):
        await store.deliver(Wrote(id=f"w{user}", key=dm(user), at=NOW, message="m", text="words"))
        await record(store, *interview(dm(user), NOW, home=SCOPE), key=dm(user))
        await store.keep_handle(dm(user), "q1", f"at-{user}")
        await store.admin.grant(Grant(SCOPE, "user", user, "coach", 1.0), entry=ENTRY)
        await store.admin.seat(SCOPE, f"{SCOPE}/{user}", told=True, at=1.0)
        await store.admin.keep_handle(f"{SCOPE}/{user}", "card", f"at-{user}")
    return store


async def test_a_person_of_discord_is_forgotten_in_every_server(filled: SqlStore, world: DatabaseWorld) -> None:
    assert await filled.forget(platform="discord", workspace="-", user=USER) == 1
    assert USER not in await world.dump()
    assert [grant.subject for grant in await filled.admin.grants(SCOPE)] == [OTHER]
    assert list(await filled.admin.seats(SCOPE)) == [f"{SCOPE}/{OTHER}"]
    assert await filled.session(dm(OTHER)) is not None


async def test_a_person_of_one_workspace_is_not_forgotten_in_another(store: SqlStore) -> None:
    keys = [ThreadKey(platform="slack", workspace=team, channel="D1", user="U1") for team in ("T1", "T2")]
    for key in keys:
        await record(store, *interview(key, NOW), key=key)
    assert await store.forget(platform="slack", workspace="T1", user="U1") == 1
    assert [await store.session(key) is None for key in keys] == [True, False]


async def test_nobody_is_taken_for_somebody_else(store: SqlStore) -> None:
    others = [
        ThreadKey(platform="discord", user=f"x{USER}"),
        ThreadKey(platform="discord", workspace=USER, user=OTHER),
        ThreadKey(platform="other", user=USER),
        ThreadKey(platform="discord", workspace="w/x", user="ABC"),
    ]
    for key in others:
        await record(store, *interview(key, NOW), key=key)
    for user in (USER, "abc", "C", "x/ABC"):
        assert await store.forget(platform="discord", workspace="-", user=user) == 0
    assert all([await store.session(key) is not None for key in others])


async def test_a_server_that_removes_the_app_leaves_only_its_audit(filled: SqlStore, world: DatabaseWorld) -> None:
    elsewhere = ThreadKey(platform="discord", channel="1", user="5")
    await record(filled, *interview(elsewhere, NOW), key=elsewhere)
    await filled.admin.grant(Grant(SCOPE, "group", "G1", "viewer", 1.0), entry=ENTRY)
    await filled.admin.put(SCOPE, "limits", "own", "{}", seen=0, entry=ENTRY)
    await filled.admin.put(EVERYWHERE, "limits", "own", "{}", seen=0, entry=ENTRY)
    assert await filled.forget_workspace("discord", GUILD) == 2
    dump = await world.dump()
    assert USER not in dump
    assert OTHER not in dump
    assert list(await filled.admin.grants(SCOPE)) == []
    assert [len(await filled.admin.every(scope, "limits")) for scope in (SCOPE, EVERYWHERE)] == [0, 1]
    assert len(await filled.admin.audit(SCOPE)) == 5
    assert await filled.session(elsewhere) is not None


async def test_the_installation_goes_with_the_workspace(store: SqlStore) -> None:
    installed = store.installations("A1")
    await installed.put("E1", "T1", "sealed")
    await installed.put("E1", "", "sealed")
    await installed.join("T2", "E1")
    await store.forget_workspace("slack", "T1")
    await store.forget_workspace("slack", "T2")
    assert await installed.of_team("T1") is None
    assert await installed.of_team("T2") is None
    assert await installed.of_organisation("E1") is not None


async def test_where_an_admin_named_somebody_nobody_takes_their_place(store: SqlStore, world: DatabaseWorld) -> None:
    body = json.dumps({"title": "“Ours”", "audience": {"people": [USER, OTHER], "groups": []}, "minutes": None})
    for scope in (SCOPE, EVERYWHERE, "slack/T1"):
        await store.admin.put(scope, "type", "ours", body, seen=0, entry=ENTRY)
        await store.admin.put(scope, "type", "ours", body, seen=1, entry=ENTRY, archived=True)
    await store.admin.keep_draft(f"{SCOPE}/{OTHER}", FormDraft("people/give", {"people": (USER,)}), at=NOW)
    await store.admin.keep_draft(f"{SCOPE}/{OTHER}", FormDraft("types/new", {"title": ("Ours",)}), at=NOW)
    await store.forget(platform="discord", workspace="-", user=USER)
    for scope in (SCOPE, EVERYWHERE):
        versions = await store.admin.versions(scope, "type", "ours")
        assert [(each.version, each.archived) for each in versions] == [(2, True), (1, False)]
        for each in versions:
            assert json.loads(each.body) == json.loads(body) | {"audience": {"people": [GONE, OTHER], "groups": []}}
    assert json.loads((await store.admin.versions("slack/T1", "type", "ours"))[0].body) == json.loads(body)
    assert await world.rows("SELECT path FROM admin_draft") == [("types/new",)]


async def test_all_that_is_kept_about_somebody_can_be_told_to_them(filled: SqlStore) -> None:
    await filled.keep_preferences(Preferences(live=False), platform="discord", workspace="-", user=USER)
    about = await filled.about(platform="discord", workspace="-", user=USER)
    assert json.loads(json.dumps(about)) == about
    assert about["handles"] == [{"key": str(dm(USER)), "post": "q1", "handle": f"at-{USER}"}]
    assert [fact["kind"] for fact in about["facts"]] == [fact.kind for fact in interview(dm(USER), NOW)]
    assert about["admin_grant"][0]["role"] == "coach"
    assert about["mailbox"][0]["body"]
    assert "preferences" not in about
    assert OTHER not in json.dumps(about)


texts = st.lists(st.integers(1, 9_000), min_size=1, max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mine=texts, others=texts)
async def test_whatever_was_written_between_no_byte_of_it_is_left(
    sqlite: SqliteWorld, mine: list[int], others: list[int]
) -> None:
    """Pages of the file are split, joined and moved about; what was deleted is nowhere on them."""
    async with sqlite.open() as store:
        for user, sizes, word in (("mine", mine, "zwiebelturm "), ("others", others, "gardening ")):
            key = ThreadKey(platform="slack", workspace="T1", channel=f"D-{user}", user=f"U-{user}")
            await record(store, Begun(at=NOW, key=key, number=1, setup=setup()), key=key)
            await record(store, Asked(at=NOW, turn=1, question=question()), key=key)
            for n, size in enumerate(sizes):
                text = word * (size // len(word) + 1)
                inbound = Wrote(id=f"w{n}", key=key, at=NOW, message=f"m{n}", text=text)
                await store.deliver(inbound)
                async with store.lease(key) as lease:
                    assert lease is not None
                    await lease.record(Answered(at=NOW, turn=1, message=f"m{n}", text=text), read=inbound)
        await store.forget(platform="slack", workspace="T1", user="U-mine")
        dump = await sqlite.dump()
        assert "zwiebelturm" not in dump
        assert "U-mine" not in dump
        assert "gardening" in dump
        await store.forget_workspace("slack", "T1")
