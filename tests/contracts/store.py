"""What every store promises: `engine.ports.Store`, sentence by sentence.

`StoreContract` holds for any store. `SharedStoreContract` adds what one owes that several processes may open at once,
on the same data; each open store stands for a process. A test module derives from one of them and gives the fixture
`store`, or `world`. Who is told what, when the database itself fails, is for each implementation's own tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import Protocol

import pytest

from engine.errors import LeaseLost, VersionConflict
from engine.facts import Advanced, Answered, Asked, Begun, Fact, Reviewed, Stopped, Submitted, Summarised
from engine.facts import Report as FinalReport
from engine.inbound import Begin, Inbound, Pressed, Wrote
from engine.keys import ThreadKey
from engine.ports import TOLD, Lease, Store, told
from engine.preferences import Preferences
from engine.session import Session, fold
from tests.kit.interviews import feedback, question, setup

START = 1_000_000.0
LEASE_S = 30.0
KEY = ThreadKey(platform="test", workspace="w/1", channel="c%1", user="ada@example")
SOON_S = 20.0
HOSTILE = {
    "nul": "before\0after",
    "surrogates": "half \ud83d a pair, and \udc00 the other",
    "pair": "a whole pair: \U0001f600",
    "right to left": "\u202eright to left\u202c \u0645\u0631\u062d\u0628\u0627",
    "zero width": "a\u200b\u200d\ufeffb",
    "control": "".join(map(chr, range(32))) + "\x7f\x85\u2028\u2029",
    "sql": "'; DROP TABLE facts; -- \" ` \\ %s ? :name",
    "json": '{"kind":"begin"}\\u0000\\ud800',
    "empty": "",
    "spaces": " " * 1_000_000,
    "200 kB": "wörter " * 28_000,
}


@dataclass
class Clock:
    """The time of every store in a test."""

    now: float = START

    def __call__(self) -> float:
        return self.now


class World(Protocol):
    """One database. `clock` is everybody's; leases last `LEASE_S`."""

    clock: Clock

    def open(self) -> AbstractAsyncContextManager[Store]:
        """The store as one more process would have it."""
        ...

    async def dump(self) -> str:
        """Everything that is kept, as text."""
        ...


def begin(key: ThreadKey = KEY, id: str = "begin") -> Begin:
    return Begin(id=id, key=key, at=START, setup=setup())


def wrote(id: str, text: str = "words", key: ThreadKey = KEY) -> Wrote:
    return Wrote(id=id, key=key, at=START, message=id, text=text)


def begun(number: int = 1, key: ThreadKey = KEY, at: float = START) -> Begun:
    return Begun(at=at, key=key, number=number, setup=setup())


def asked(turn: int = 1) -> Asked:
    return Asked(at=START, turn=turn, question=question())


def answered(text: str = "words", turn: int = 1, message: str = "m1") -> Answered:
    return Answered(at=START, turn=turn, message=message, text=text)


def reviewed(turn: int = 1) -> Reviewed:
    return Reviewed(at=START, turn=turn, attempt=1, revision=1, feedback=feedback())


WHOLE: tuple[Fact, ...] = (
    begun(), asked(), answered(), Submitted(at=START, turn=1), reviewed(), Advanced(at=START), Stopped(at=START),
    Summarised(at=START, report=FinalReport(summary="well done", score=0.5)),
)  # fmt: skip


async def record(store: Store, *facts: Fact, key: ThreadKey = KEY) -> Session:
    """Take the lease, record, give it back."""
    async with store.lease(key) as lease:
        assert lease is not None
        await lease.record(*facts)
        assert lease.session is not None
        return lease.session


async def is_free(store: Store, key: ThreadKey = KEY) -> bool:
    async with store.lease(key) as lease:
        return lease is not None


async def attend_once(store: Store, key: ThreadKey, read: list[str]) -> None:
    """What an attendant does, without the interview: read everything, then give the thread up."""
    async with store.lease(key) as lease:
        if lease is None:
            return
        while True:
            for inbound in await lease.mail():
                await lease.record(read=inbound)
                read.append(inbound.id)
            if await lease.release_if_no_mail():
                return


class StoreContract:
    """Any store. `store` is empty."""

    @pytest.fixture
    async def lease(self, store: Store) -> AsyncIterator[Lease]:
        async with store.lease(KEY) as lease:
            assert lease is not None
            yield lease

    # Mail.

    async def test_a_message_is_taken_once(self, store: Store, lease: Lease) -> None:
        assert await store.deliver(wrote("1", "first"))
        assert not await store.deliver(wrote("1", "again"))
        assert [inbound.id for inbound in await lease.mail()] == ["1"]
        assert (await lease.mail())[0] == wrote("1", "first")

    async def test_a_message_is_taken_once_even_by_many_at_the_same_time(self, store: Store) -> None:
        assert sorted(await asyncio.gather(*(store.deliver(wrote("1")) for _ in range(10)))) == [False] * 9 + [True]

    async def test_an_id_counts_within_its_thread(self, store: Store) -> None:
        assert await store.deliver(wrote("1"))
        assert await store.deliver(wrote("1", key=KEY.model_copy(update={"thread": "other"})))

    async def test_mail_is_read_in_the_order_of_arrival(self, store: Store, lease: Lease) -> None:
        sent: list[Inbound] = [begin(), wrote("z"), Pressed(id="a", key=KEY, at=START, action="done"), wrote("m")]
        for inbound in sent:
            await store.deliver(inbound)
        assert list(await lease.mail()) == sent

    async def test_what_was_read_does_not_come_back(self, store: Store, lease: Lease) -> None:
        await store.deliver(wrote("1"))
        await store.deliver(wrote("2"))
        await lease.record(read=wrote("1"))
        assert [inbound.id for inbound in await lease.mail()] == ["2"]
        assert lease.session is None
        assert not await store.deliver(wrote("1"))

    async def test_waiting_ends_at_once_when_mail_is_there(self, store: Store, lease: Lease) -> None:
        await store.deliver(wrote("1"))
        async with asyncio.timeout(SOON_S):
            await lease.wait_for_mail()

    async def test_waiting_ends_when_mail_arrives(self, store: Store, lease: Lease) -> None:
        waiting = asyncio.create_task(lease.wait_for_mail())
        await asyncio.sleep(0)
        await store.deliver(wrote("1", key=KEY.model_copy(update={"thread": "other"})))
        assert not waiting.done()
        await store.deliver(wrote("2"))
        async with asyncio.timeout(SOON_S):
            await waiting

    async def test_waiting_can_be_cancelled_and_begun_again(self, store: Store, lease: Lease) -> None:
        for n in range(5):
            waiting = asyncio.create_task(lease.wait_for_mail())
            for _ in range(n):
                await asyncio.sleep(0)
            waiting.cancel()
            with suppress(asyncio.CancelledError):
                await waiting
        await store.deliver(wrote("1"))
        async with asyncio.timeout(SOON_S):
            await lease.wait_for_mail()

    # Leases.

    async def test_a_thread_has_one_attendant(self, store: Store, lease: Lease) -> None:
        assert lease.key == KEY
        assert not await is_free(store)
        assert await is_free(store, KEY.model_copy(update={"thread": "other"}))

    async def test_only_one_of_many_gets_a_thread(self, store: Store) -> None:
        everybody_tried = asyncio.Event()

        async def attempt() -> bool:
            async with store.lease(KEY) as lease:
                if lease is not None:
                    await everybody_tried.wait()
                return lease is not None

        tasks = [asyncio.create_task(attempt()) for _ in range(8)]
        while sum(task.done() for task in tasks) < 7:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED, timeout=0.01)
        everybody_tried.set()
        assert sum(await asyncio.gather(*tasks)) == 1

    async def test_a_thread_is_free_after_its_attendant_failed(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError):
            async with store.lease(KEY):
                raise ZeroDivisionError
        assert await is_free(store)

    async def test_a_thread_is_free_after_its_attendant_was_cancelled(self, store: Store) -> None:
        async def attend() -> None:
            async with store.lease(KEY) as lease:
                assert lease is not None
                await lease.wait_for_mail()

        for n in range(12):
            task = asyncio.create_task(attend())
            for _ in range(n):
                await asyncio.sleep(0)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            assert await is_free(store), n

    async def test_a_lease_is_not_released_over_unread_mail(self, store: Store, lease: Lease) -> None:
        await store.deliver(wrote("1"))
        assert not await lease.release_if_no_mail()
        await lease.record(read=wrote("1"))
        assert await lease.release_if_no_mail()
        assert await is_free(store)

    async def test_a_released_lease_is_of_no_use(self, store: Store, lease: Lease) -> None:
        assert await lease.release_if_no_mail()
        with pytest.raises(LeaseLost):
            await lease.record(begun())
        assert await store.session(KEY) is None

    async def test_no_message_is_lost_between_two_attendants(self, store: Store) -> None:
        """Each message wakes an attendant of its own, who leaves when another is there."""
        read: list[str] = []

        async def deliver(n: int) -> None:
            for _ in range(n % 7):
                await asyncio.sleep(0)
            await store.deliver(wrote(str(n)))
            await attend_once(store, KEY, read)

        await asyncio.gather(*(deliver(n) for n in range(100)))
        assert sorted(read, key=int) == [str(n) for n in range(100)]
        assert await store.due(START) == []

    # Facts.

    async def test_a_session_is_the_fold_of_its_facts(self, store: Store) -> None:
        for fact in WHOLE:
            session = await record(store, fact)
            assert session == await store.session(KEY)
        facts = list(await store.facts(f"{KEY}#1"))
        assert facts == list(WHOLE)
        assert fold(facts) == await store.session(KEY)

    async def test_many_facts_are_recorded_as_one(self, store: Store) -> None:
        assert await record(store, *WHOLE) == fold(list(WHOLE))
        assert await store.session(KEY) == fold(list(WHOLE))

    async def test_a_lease_begins_with_the_newest_session(self, store: Store) -> None:
        await record(store, begun(), asked())
        async with store.lease(KEY) as lease:
            assert lease is not None
            assert lease.session == await store.session(KEY)

    async def test_a_fact_and_the_mail_it_came_from_go_together(self, store: Store, lease: Lease) -> None:
        await store.deliver(begin())
        await lease.record(begun(), read=begin())
        assert await lease.mail() == []
        assert lease.session == await store.session(KEY) == fold([begun()])

    async def test_a_fact_that_cannot_be_folded_changes_nothing(self, store: Store, lease: Lease) -> None:
        await store.deliver(wrote("1"))
        with pytest.raises(ValueError, match="nothing has begun"):
            await lease.record(asked(), read=wrote("1"))
        assert lease.session is None
        assert [inbound.id for inbound in await lease.mail()] == ["1"]

    async def test_there_is_nothing_under_an_unknown_key(self, store: Store) -> None:
        assert await store.session(KEY) is None
        assert list(await store.facts(f"{KEY}#1")) == []
        assert dict(await store.handles(KEY)) == {}
        assert await store.due(START) == []

    async def test_interviews_of_a_thread_follow_one_another(self, store: Store) -> None:
        await record(store, *WHOLE)
        second = await record(store, begun(2, at=START + 1), asked())
        assert second.number == 2
        assert await store.session(KEY) == second
        assert list(await store.facts(f"{KEY}#1")) == list(WHOLE)
        assert [s.number for s in await store.sessions(platform="test", workspace="w/1", user=KEY.user)] == [2, 1]

    async def test_one_interview_may_end_and_the_next_begin_at_once(self, store: Store) -> None:
        await record(store, begun(), asked())
        session = await record(store, Stopped(at=START), begun(2, at=START + 1))
        assert session == fold([begun(2, at=START + 1)])
        assert list(await store.facts(f"{KEY}#1")) == [begun(), asked(), Stopped(at=START)]

    async def test_a_person_sees_their_own_interviews_newest_first(self, store: Store) -> None:
        for n, changes in enumerate([{}, {"channel": "other"}, {"user": "bob"}, {"workspace": "w"}, {"platform": "p"}]):
            key = KEY.model_copy(update=changes)
            await record(store, begun(key=key, at=START + n), key=key)
        found = await store.sessions(platform="test", workspace="w/1", user=KEY.user)
        assert [session.key.channel for session in found] == ["other", "c%1"]
        assert len(await store.sessions(platform="test", workspace="w/1", user=KEY.user, limit=1)) == 1

    # What is due.

    async def test_unread_mail_is_due_until_it_is_read(self, store: Store) -> None:
        await store.deliver(wrote("1"))
        assert list(await store.due(START)) == [KEY]
        async with store.lease(KEY) as lease:
            assert lease is not None
            assert list(await store.due(START)) == []
            await lease.record(read=wrote("1"))
        assert list(await store.due(START)) == []

    async def test_a_step_is_due_from_its_time_on(self, store: Store) -> None:
        await record(store, begun(), asked(), answered())
        quiet_until = START + setup().quiet_s
        assert list(await store.due(quiet_until - 0.1)) == []
        assert list(await store.due(quiet_until)) == [KEY]
        await record(store, reviewed())
        assert list(await store.due(START * 2)) == []

    async def test_only_the_newest_interview_of_a_thread_is_due(self, store: Store) -> None:
        await record(store, begun(), asked(), answered())
        await record(store, begun(2), asked())
        assert list(await store.due(START * 2)) == []

    async def test_no_more_is_due_than_was_asked_for(self, store: Store) -> None:
        for n in range(5):
            await store.deliver(wrote("1", key=KEY.model_copy(update={"user": str(n)})))
        assert len(await store.due(START, limit=3)) == 3

    async def test_platforms_that_nobody_serves_here_are_left_out(self, store: Store) -> None:
        other = KEY.model_copy(update={"platform": "te_t"})
        for key in (KEY, other):
            await store.deliver(wrote("1", key=key))
            await record(store, begun(key=key), asked(), answered(), key=key)
        assert set(await store.due(START * 2, without={"absent"})) == {KEY, other}
        assert list(await store.due(START * 2, without={"te_t", "absent"}, limit=1)) == [KEY]
        assert list(await store.due(START * 2, without=["te_t", "test"])) == []

    # Posts.

    async def test_a_handle_is_kept_and_replaced(self, store: Store) -> None:
        await store.keep_handle(KEY, "1.question", "ts-1")
        await store.keep_handle(KEY, "1.feedback", "ts-2")
        await store.keep_handle(KEY, "1.question", "ts-3")
        await store.keep_handle(KEY.model_copy(update={"user": "bob"}), "1.question", "ts-9")
        assert dict(await store.handles(KEY)) == {"1.question": "ts-3", "1.feedback": "ts-2"}

    # What was shown.

    async def test_a_thread_is_behind_until_its_newest_interview_was_shown(self, store: Store) -> None:
        assert list(await store.behind("test")) == []
        session = await record(store, begun(), asked())
        await store.keep_handle(KEY, "1.question", "ts-1")
        assert list(await store.behind("test")) == [KEY]
        await store.keep_handle(KEY, TOLD, told(session))
        assert list(await store.behind("test")) == []
        await record(store, answered())
        assert list(await store.behind("test")) == [KEY]
        await store.keep_handle(KEY, TOLD, told(await record(store, begun(2))))
        assert list(await store.behind("test")) == [], "an earlier interview does not count"

    async def test_threads_of_one_platform_are_behind_newest_change_first(self, store: Store) -> None:
        keys = [KEY.model_copy(update={"platform": name, "user": f"u{n}"}) for n, name in enumerate(["a_", "ab", "a_"])]
        for n, key in enumerate(keys):
            await record(store, begun(key=key, at=START + n), key=key)
        assert list(await store.behind("a_")) == [keys[2], keys[0]]
        assert list(await store.behind("a_", limit=1)) == [keys[2]]

    async def test_a_thread_is_open_while_its_newest_interview_is_not_over(self, store: Store) -> None:
        assert list(await store.open_threads("test")) == []
        await record(store, begun(), asked())
        assert list(await store.open_threads("test")) == [KEY]
        assert list(await store.open_threads("tes")) == []
        await record(store, Summarised(at=START, report=FinalReport(summary="well done", score=0.5)))
        assert list(await store.open_threads("test")) == []
        await record(store, begun(2))
        assert list(await store.open_threads("test")) == [KEY]

    # Preferences.

    async def test_preferences_are_kept_and_replaced_for_one_person(self, store: Store) -> None:
        ada = {"platform": "test", "workspace": "w/1", "user": "ada@example"}
        assert await store.preferences(**ada) == Preferences(live=True, language="")
        await store.keep_preferences(Preferences(live=False), **ada)
        await store.keep_preferences(Preferences(live=False, language="de"), **ada)
        assert await store.preferences(**ada) == Preferences(live=False, language="de")
        assert await store.preferences(**ada | {"user": "bob"}) == Preferences()

    # Forgetting.

    async def test_a_person_is_forgotten_everywhere_and_nobody_else(self, store: Store) -> None:
        bob, elsewhere = KEY.model_copy(update={"user": "bob"}), KEY.model_copy(update={"channel": "elsewhere"})
        for key in (KEY, elsewhere, bob):
            await store.deliver(begin(key))
            await record(store, begun(key=key), asked(), answered(), key=key)
            await store.keep_handle(key, "1.question", "ts")
        assert await store.forget(platform="test", workspace="w/1", user=KEY.user) == 2
        assert await store.session(KEY) is None
        assert list(await store.facts(f"{KEY}#1")) == []
        assert list(await store.sessions(platform="test", workspace="w/1", user=KEY.user)) == []
        assert dict(await store.handles(KEY)) == {}
        assert list(await store.due(START * 2)) == [bob]
        assert dict(await store.handles(bob)) == {"1.question": "ts"}
        assert len(await store.facts(f"{bob}#1")) == 3
        assert await store.forget(platform="test", workspace="w/1", user=KEY.user) == 0
        assert await store.deliver(begin()), "a forgotten delivery is not known any more"

    async def test_preferences_are_forgotten_too(self, store: Store) -> None:
        ada = {"platform": "test", "workspace": "w/1", "user": "ada@example"}
        await store.keep_preferences(Preferences(live=False), **ada)
        await store.keep_preferences(Preferences(live=False), **ada | {"user": "bob"})
        assert await store.forget(**ada) == 0
        assert await store.preferences(**ada) == Preferences()
        assert await store.preferences(**ada | {"user": "bob"}) == Preferences(live=False)

    async def test_a_workspace_is_forgotten_whole_and_no_other(self, store: Store) -> None:
        mine = [KEY, KEY.model_copy(update={"user": "bob"})]
        others = [KEY.model_copy(update=changes) for changes in ({"workspace": "w/12"}, {"platform": "other"})]
        for key in (*mine, *others):
            await store.deliver(begin(key))
            await record(store, begun(key=key), asked(), key=key)
            await store.keep_handle(key, "1.question", "ts")
            whose = {"platform": key.platform, "workspace": key.workspace, "user": key.user}
            await store.keep_preferences(Preferences(live=False), **whose)
        assert await store.forget_workspace("test", "w/1") == 2
        for key in (*mine, *others):
            whose = {"platform": key.platform, "workspace": key.workspace, "user": key.user}
            is_left = key in others
            assert (await store.session(key) is not None) == is_left
            assert bool(await store.handles(key)) == is_left
            assert (await store.preferences(**whose) == Preferences(live=False)) == is_left
        assert set(await store.due(START * 2)) == set(others)
        assert await store.forget_workspace("test", "w/1") == 0

    async def test_who_is_forgotten_where_there_are_no_workspaces_is_forgotten_in_all(self, store: Store) -> None:
        keys = [KEY.model_copy(update={"workspace": workspace}) for workspace in ("-", "w/1", "w/2")]
        others = [KEY.model_copy(update=changes) for changes in ({"user": "bob"}, {"platform": "other"})]
        for key in (*keys, *others):
            await record(store, begun(key=key), key=key)
        assert await store.forget(platform="test", workspace="-", user=KEY.user) == 3
        assert [await store.session(key) is not None for key in (*keys, *others)] == [False] * 3 + [True] * 2

    async def test_with_a_workspace_go_interviews_held_elsewhere_by_its_rules(self, store: Store) -> None:
        here, elsewhere = (KEY.model_copy(update={"workspace": "-", "user": user}) for user in ("ada", "bob"))
        for key, home in ((here, "test/w1"), (elsewhere, "test/w12")):
            await store.deliver(begin(key))
            await record(store, Begun(at=START, key=key, number=1, setup=setup(home=home)), key=key)
            await store.keep_handle(key, "1.question", "ts")
        assert await store.forget_workspace("test", "w1") == 1
        assert await store.session(here) is None
        assert dict(await store.handles(here)) == {}
        assert list(await store.due(START * 2)) == [elsewhere]

    async def test_all_else_about_a_person_can_be_told_to_them(self, store: Store) -> None:
        await store.keep_handle(KEY, "1.question", "adas-ts")
        await store.keep_handle(KEY.model_copy(update={"user": "bob"}), "1.question", "bobs-ts")
        about = await store.about(platform="test", workspace="w/1", user=KEY.user)
        assert [handle["handle"] for handle in about["handles"]] == ["adas-ts"]

    # Whatever a person may type.

    @pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
    async def test_any_text_is_kept(self, store: Store, lease: Lease, text: str) -> None:
        kept = text.encode("utf-8", "replace").decode() if text.isascii() else "".join(map(_storable, text))
        assert await store.deliver(wrote("1", text))
        (inbound,) = await lease.mail()
        assert isinstance(inbound, Wrote)
        assert inbound.text == kept
        await lease.record(begun(), asked(), answered(text), read=inbound)
        assert lease.session == await store.session(KEY)
        assert lease.session is not None
        assert lease.session.turns[0].attempt.text == kept
        assert (await store.facts(f"{KEY}#1"))[-1] == answered(kept)

    async def test_ids_may_hold_anything(self, store: Store) -> None:
        key = ThreadKey(platform="t", workspace="%", channel="_/#?", thread="\0", user="ü'\"")
        strange = wrote("\0 '; --", key=key)
        assert await store.deliver(strange)
        assert not await store.deliver(strange)
        await store.keep_handle(key, "\0", "\0'")
        assert list(await store.due(START)) == [key]
        assert len(await store.handles(key)) == 1
        async with store.lease(key) as lease:
            assert lease is not None
            (inbound,) = await lease.mail()
            await lease.record(begun(key=key), read=inbound)
            assert await lease.mail() == []
        assert await store.forget(platform="t", workspace="%", user="ü'\"") == 1


def _storable(character: str) -> str:
    return "\ufffd" if "\ud800" <= character <= "\udfff" else character


class SharedStoreContract(StoreContract):
    """A store that several processes open at once. `store` and `peer` are two of them."""

    @pytest.fixture
    async def store(self, world: World) -> AsyncIterator[Store]:
        async with world.open() as store:
            yield store

    @pytest.fixture
    async def peer(self, world: World) -> AsyncIterator[Store]:
        async with world.open() as store:
            yield store

    async def test_everything_is_there_after_a_restart(self, world: World) -> None:
        async with world.open() as store:
            await store.deliver(wrote("1"))
            session = await record(store, *WHOLE)
            await store.keep_handle(KEY, "1.question", "ts-1")
        async with world.open() as store:
            assert not await store.deliver(wrote("1"))
            assert await store.session(KEY) == session
            assert list(await store.facts(session.id)) == list(WHOLE)
            assert dict(await store.handles(KEY)) == {"1.question": "ts-1"}
            assert list(await store.due(START)) == [KEY]

    async def test_a_thread_has_one_attendant_among_all_processes(self, store: Store, peer: Store) -> None:
        async with store.lease(KEY) as lease:
            assert lease is not None
            assert not await is_free(peer)
            await peer.deliver(wrote("1"))
            assert list(await peer.due(START)) == []
            await lease.record(begun(), read=wrote("1"))
        assert await is_free(peer)
        assert await peer.session(KEY) == fold([begun()])

    async def test_mail_from_another_process_ends_the_wait(self, store: Store, peer: Store) -> None:
        async with store.lease(KEY) as lease:
            assert lease is not None
            waiting = asyncio.create_task(lease.wait_for_mail())
            await peer.deliver(wrote("1"))
            async with asyncio.timeout(SOON_S):
                await waiting

    async def test_a_lease_that_ran_out_is_taken_over(self, world: World, store: Store, peer: Store) -> None:
        async with store.lease(KEY) as old:
            assert old is not None
            await old.record(begun())
            world.clock.now += LEASE_S - 0.1
            assert not await is_free(peer)
            world.clock.now += 0.1
            async with peer.lease(KEY) as new:
                assert new is not None
                await new.record(asked())
                with pytest.raises(LeaseLost):
                    await old.record(Stopped(at=START))
                assert new.session == await store.session(KEY) == fold([begun(), asked()])
            assert await is_free(peer)

    async def test_whoever_lost_the_lease_hears_of_it(self, world: World, store: Store, peer: Store) -> None:
        async with store.lease(KEY) as waiting, store.lease(KEY.model_copy(update={"thread": "2"})) as leaving:
            assert waiting is not None
            assert leaving is not None
            world.clock.now += LEASE_S
            async with peer.lease(waiting.key) as first, peer.lease(leaving.key) as second:
                assert first is not None
                assert second is not None
                async with asyncio.timeout(SOON_S):
                    with pytest.raises(LeaseLost):
                        await waiting.wait_for_mail()
                    with pytest.raises(LeaseLost):
                        await leaving.release_if_no_mail()
            # Leaving the lost ones takes nothing from whoever holds the thread now.
            async with peer.lease(waiting.key) as third:
                assert third is not None

    async def test_giving_up_a_lost_lease_takes_nothing_from_the_new_one(
        self, world: World, store: Store, peer: Store
    ) -> None:
        async with store.lease(KEY) as old:
            assert old is not None
            world.clock.now += LEASE_S
            taken = peer.lease(KEY)
            assert await taken.__aenter__() is not None
        assert not await is_free(store)
        await taken.__aexit__(None, None, None)

    async def test_recording_renews_the_lease(self, world: World, store: Store, peer: Store) -> None:
        async with store.lease(KEY) as lease:
            assert lease is not None
            for fact in WHOLE:
                world.clock.now += LEASE_S - 1
                await lease.record(fact)
            assert not await is_free(peer)

    async def test_no_message_is_lost_between_two_processes(self, store: Store, peer: Store) -> None:
        read: list[str] = []

        async def deliver(n: int) -> None:
            mine, other = (store, peer) if n % 2 else (peer, store)
            await mine.deliver(wrote(str(n)))
            await attend_once(other, KEY, read)

        for first in range(0, 60, 4):
            await asyncio.gather(*(deliver(n) for n in range(first, first + 4)))
            assert sorted(read, key=int) == [str(n) for n in range(first + 4)]

    async def test_two_processes_cannot_write_the_same_version(self, world: World, store: Store, peer: Store) -> None:
        await record(store, begun(), asked())
        async with store.lease(KEY) as slow:
            assert slow is not None
            world.clock.now += LEASE_S
            await record(peer, answered())
            with pytest.raises((LeaseLost, VersionConflict)):
                await slow.record(Stopped(at=START))
        assert [fact.kind for fact in await store.facts(f"{KEY}#1")] == ["begun", "asked", "answered"]

    async def test_an_attendant_of_a_forgotten_person_stops(self, store: Store, peer: Store) -> None:
        async with store.lease(KEY) as lease:
            assert lease is not None
            await lease.record(begun(), asked())
            assert await peer.forget(platform="test", workspace="w/1", user=KEY.user) == 1
            with pytest.raises(LeaseLost):
                await lease.record(answered())
        assert await store.session(KEY) is None

    async def test_nothing_of_a_forgotten_person_is_left(self, world: World, store: Store) -> None:
        key = KEY.model_copy(update={"user": "carol-the-forgotten"})
        await store.deliver(begin(key))
        await store.deliver(wrote("read", "carols-read-words", key=key))
        await store.deliver(wrote("unread", "carols-unread-words", key=key))
        async with store.lease(key) as lease:
            assert lease is not None
            await lease.record(read=wrote("read"))
            await lease.record(begun(key=key), asked(), answered("carols-answer"))
        await store.keep_handle(key, "1.question", "carols-message")
        await store.keep_preferences(Preferences(language="carols"), platform="test", workspace="w/1", user=key.user)
        assert "carol" in await world.dump()
        assert await store.forget(platform="test", workspace="w/1", user=key.user) == 1
        assert "carol" not in await world.dump()
