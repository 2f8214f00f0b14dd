"""What every admins' store promises: `engine.admin.records.AdminStore`, sentence by sentence.

A test module derives from `AdminStoreContract` and gives the fixture `places`, which opens the same database once more.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

import pytest

from engine.admin.records import AdminStore, Entry, FormDraft, Grant
from engine.errors import Overtaken
from tests.contracts.store import Clock

HERE, THERE = "slack/T1", "slack/T2"
ADA, BOB = "slack/T1/UADA", "slack/T1/UBOB"
DAY_S = 86_400.0


def entry(act: str = "type.publish", subject: str = "type:backend", *, scope: str = HERE, at: float = 1.0) -> Entry:
    return Entry(scope, at, "a" * 16, "admin", act, subject, f"did {act}")


@dataclass
class Place:
    """An open store, and everybody's clock."""

    admin: AdminStore
    clock: Clock


Places = Callable[[], AbstractAsyncContextManager[Place]]


class AdminStoreContract:
    """Any admins' store."""

    @pytest.fixture
    async def place(self, places: Places) -> AsyncIterator[Place]:
        async with places() as opened:
            yield opened

    @pytest.fixture
    def admin(self, place: Place) -> AdminStore:
        return place.admin

    # Records.

    async def test_what_was_never_set_is_not_there(self, admin: AdminStore) -> None:
        assert await admin.newest(HERE, "type", "backend") is None
        assert list(await admin.every(HERE, "type")) == []
        assert list(await admin.versions(HERE, "type", "backend")) == []

    async def test_versions_are_counted_and_the_newest_counts(self, admin: AdminStore) -> None:
        first = await admin.put(HERE, "type", "backend", '{"a": 1}', seen=0, entry=entry(at=1.0))
        second = await admin.put(HERE, "type", "backend", '{"a": 2}', seen=1, entry=entry(at=2.0), archived=True)
        assert (first.version, second.version) == (1, 2)
        assert await admin.newest(HERE, "type", "backend") == second
        assert list(await admin.versions(HERE, "type", "backend")) == [second, first]
        assert list(await admin.versions(HERE, "type", "backend", limit=1)) == [second]
        assert (second.body, second.archived, second.by, second.at) == ('{"a": 2}', True, "a" * 16, 2.0)

    async def test_things_of_a_kind_are_listed_once_each_by_their_ids(self, admin: AdminStore) -> None:
        for id in ("b", "a"):
            await admin.put(HERE, "type", id, "{}", seen=0, entry=entry(subject=f"type:{id}"))
        newest = await admin.put(HERE, "type", "b", "[]", seen=1, entry=entry(subject="type:b"))
        await admin.put(THERE, "type", "c", "{}", seen=0, entry=entry(subject="type:c", scope=THERE))
        await admin.put(HERE, "limits", "d", "{}", seen=0, entry=entry(subject="limits:d"))
        listed = await admin.every(HERE, "type")
        assert [each.id for each in listed] == ["a", "b"]
        assert listed[1] == newest

    async def test_whoever_comes_second_is_told_of_the_first_and_nothing_is_overwritten(
        self, admin: AdminStore
    ) -> None:
        await admin.put(HERE, "type", "backend", "{}", seen=0, entry=entry())
        mine = await admin.put(HERE, "type", "backend", '"mine"', seen=1, entry=replace(entry(), words="was quicker"))
        with pytest.raises(Overtaken) as caught:
            await admin.put(HERE, "type", "backend", '"theirs"', seen=1, entry=entry())
        assert "was quicker" in caught.value.change
        with pytest.raises(Overtaken):
            await admin.put(HERE, "type", "backend", '"theirs"', seen=0, entry=entry())
        with pytest.raises(Overtaken):
            await admin.put(HERE, "type", "nowhere", '"theirs"', seen=3, entry=entry())
        assert await admin.newest(HERE, "type", "backend") == mine
        assert len(await admin.audit(HERE)) == 2

    async def test_of_many_at_once_one_comes_first(self, admin: AdminStore, places: Places) -> None:
        async with places() as other:
            stores = [admin, other.admin] * 5
            tries = [
                store.put(HERE, "limits", "workspace", f'"{n}"', seen=0, entry=entry(subject="limits:workspace"))
                for n, store in enumerate(stores)
            ]
            came = await asyncio.gather(*tries, return_exceptions=True)
        assert sum(not isinstance(each, BaseException) for each in came) == 1
        assert sum(isinstance(each, Overtaken) for each in came) == 9
        assert len(await admin.versions(HERE, "limits", "workspace")) == 1
        assert len(await admin.audit(HERE)) == 1

    # The audit.

    async def test_every_change_leaves_a_line_newest_first(self, admin: AdminStore) -> None:
        await admin.put(HERE, "type", "backend", "{}", seen=0, entry=entry())
        await admin.note(entry("prompt.promote", "prompt:review", at=2.0))
        await admin.note(replace(entry("people.grant", "user", at=3.0), role=None, actor=""))
        await admin.note(entry(scope=THERE))
        lines = await admin.audit(HERE)
        assert [line.act for _, line in lines] == ["people.grant", "prompt.promote", "type.publish"]
        assert lines[0][1] == Entry(HERE, 3.0, "", None, "people.grant", "user", "did people.grant")

    async def test_older_lines_are_found_by_the_number_of_the_last_one_seen(self, admin: AdminStore) -> None:
        for n in range(7):
            await admin.note(entry(subject=f"type:{n}"))
        first = await admin.audit(HERE, limit=3)
        rest = await admin.audit(HERE, limit=9, before=first[-1][0])
        assert [line.subject for _, line in (*first, *rest)] == [f"type:{n}" for n in range(6, -1, -1)]

    # People.

    async def test_a_grant_takes_the_place_of_the_one_before(self, admin: AdminStore) -> None:
        await admin.grant(Grant(HERE, "user", "UADA", "viewer", 1.0), entry=entry("people.grant"))
        await admin.grant(Grant(HERE, "group", "S1", "coach", 2.0), entry=entry("people.grant"))
        await admin.grant(Grant(HERE, "user", "UADA", "admin", 3.0), entry=entry("people.grant"))
        await admin.grant(Grant(THERE, "user", "UADA", "owner", 4.0), entry=entry("people.grant", scope=THERE))
        assert {(grant.kind, grant.subject, grant.role) for grant in await admin.grants(HERE)} == {
            ("user", "UADA", "admin"),
            ("group", "S1", "coach"),
        }
        assert len(await admin.audit(HERE)) == 3

    async def test_a_grant_is_taken_back_once(self, admin: AdminStore) -> None:
        await admin.grant(Grant(HERE, "user", "UADA", "viewer", 1.0), entry=entry("people.grant"))
        assert not await admin.revoke(HERE, "group", "UADA", entry=entry("people.revoke"))
        assert await admin.revoke(HERE, "user", "UADA", entry=entry("people.revoke"))
        assert not await admin.revoke(HERE, "user", "UADA", entry=entry("people.revoke"))
        assert list(await admin.grants(HERE)) == []
        assert [line.act for _, line in await admin.audit(HERE)] == ["people.revoke", "people.grant"]

    async def test_those_who_want_to_be_told_are_known(self, admin: AdminStore) -> None:
        await admin.seat(HERE, ADA, told=True, at=1.0)
        await admin.seat(HERE, BOB, told=True, at=2.0)
        assert list(await admin.seats(HERE)) == [ADA, BOB]
        await admin.seat(HERE, ADA, told=False, at=3.0)
        assert list(await admin.seats(HERE)) == [BOB]
        assert list(await admin.seats(THERE)) == []

    # Forms and cards.

    async def test_what_was_typed_is_kept_for_a_day(self, place: Place) -> None:
        admin, clock = place.admin, place.clock
        draft = FormDraft(
            "types/backend/basics", {"title": ("Backend \U0001f680",), "groups": ("S1", "S2"), "about": ()}
        )
        await admin.keep_draft(ADA, FormDraft(draft.path, {"title": ("?",)}), at=clock())
        await admin.keep_draft(ADA, draft, at=clock())
        assert await admin.draft(ADA, draft.path) == draft
        assert await admin.draft(BOB, draft.path) is None
        clock.now += DAY_S + 1
        assert await admin.draft(ADA, draft.path) is None

    async def test_what_was_typed_goes_when_it_is_done(self, place: Place) -> None:
        admin = place.admin
        await admin.keep_draft(ADA, FormDraft("a", {"x": ("1",)}), at=place.clock())
        await admin.keep_draft(ADA, FormDraft("b", {"x": ("2",)}), at=place.clock())
        await admin.drop_draft(ADA, "a")
        await admin.drop_draft(ADA, "a")
        assert await admin.draft(ADA, "a") is None
        assert await admin.draft(ADA, "b") == FormDraft("b", {"x": ("2",)})

    async def test_a_card_is_found_where_it_was_delivered(self, admin: AdminStore) -> None:
        assert await admin.handle(ADA, "rollout:1") == ""
        await admin.keep_handle(ADA, "rollout:1", "D1/17.3")
        await admin.keep_handle(ADA, "rollout:1", "D1/18.0")
        assert await admin.handle(ADA, "rollout:1") == "D1/18.0"
        assert await admin.handle(BOB, "rollout:1") == ""

    async def test_all_of_it_is_there_for_the_next_process(self, places: Places) -> None:
        async with places() as one:
            await one.admin.put(HERE, "type", "backend", "{}", seen=0, entry=entry())
            await one.admin.grant(Grant(HERE, "user", "UADA", "viewer", 1.0), entry=entry("people.grant"))
            async with places() as other:
                assert (await other.admin.newest(HERE, "type", "backend")) is not None
                assert len(await other.admin.grants(HERE)) == 1
                assert len(await other.admin.audit(HERE)) == 2

    @pytest.mark.parametrize("words", ["", "\0", "a\ud800b", "\U0001f680 – „ß“\n'; --", "x" * 10_000])
    async def test_any_words_can_be_kept(self, admin: AdminStore, words: str) -> None:
        await admin.put(HERE, "draft", "a", "{}", seen=0, entry=replace(entry(), words=words))
        await admin.keep_draft(ADA, FormDraft("x", {"field": (words,)}), at=0.0)
        await admin.keep_handle(ADA, "x", words)
