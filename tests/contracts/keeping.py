"""What whatever keeps interviews promises about letting them go: `engine.retention.Keeping`, sentence by sentence.

A test module derives from the contract and gives the fixture `store`; its `keeping` keeps the interviews of that store.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine.facts import Answered, Asked, Begun, Fact, Reviewed, Stopped, Submitted, Summarised
from engine.keys import ThreadKey
from engine.ports import Store, told
from engine.report import report_numbers
from engine.retention import DAY_S, WORDS_GONE, Keeping, Standing, Swept
from engine.session import fold
from tests.contracts.store import record
from tests.kit.interviews import feedback, question, setup

NOW = 1_000_000_000.0
HOME = "slack/T1"
WORDS = "zwiebelturm"


@dataclass(frozen=True, slots=True)
class Kept:
    """A store and what keeps its interviews."""

    store: Store
    keeping: Keeping


def interview(key: ThreadKey, at: float, *, number: int = 1, home: str = "", over: bool = True) -> list[Fact]:
    """One question with an answer, its feedback and a report, all of which say something unusual."""
    given = feedback(4, 3, None, 2, headline=WORDS, summary=WORDS, next_drill=WORDS, rewrite=WORDS)
    facts: list[Fact] = [
        Begun(at=at, key=key, number=number, setup=setup(focus=WORDS, home=home)),
        Asked(at=at, turn=1, question=question(text=WORDS)),
        Answered(at=at, turn=1, message="m", text=WORDS),
        Submitted(at=at, turn=1),
        Reviewed(at=at, turn=1, attempt=1, revision=1, feedback=given),
    ]
    session = fold(facts)
    assert session is not None
    report = report_numbers(session).model_copy(update={"summary": WORDS})
    return [*facts, Stopped(at=at), Summarised(at=at, report=report)] if over else facts


def key(user: str, *, platform: str = "slack", workspace: str = "T1", thread: str = "1") -> ThreadKey:
    return ThreadKey(platform=platform, workspace=workspace, channel="D1", thread=thread, user=user)


class KeepingContract:
    @pytest.fixture
    def kept(self) -> Kept:
        raise NotImplementedError

    async def test_scopes_are_those_whose_rules_interviews_go_by(self, kept: Kept) -> None:
        assert list(await kept.keeping.scopes()) == []
        await record(kept.store, *interview(key("U1"), NOW), key=key("U1"))
        at = key("7", platform="discord", workspace="-")
        await record(kept.store, *interview(at, NOW, home="discord/9"), key=at)
        assert sorted(await kept.keeping.scopes()) == ["discord/9", HOME]

    async def test_when_retention_began_is_remembered(self, kept: Kept) -> None:
        assert await kept.keeping.since() == await kept.keeping.since()

    async def test_words_go_and_figures_stay(self, kept: Kept) -> None:
        await record(kept.store, *interview(key("U1"), NOW - 40 * DAY_S), key=key("U1"))
        before = await kept.store.session(key("U1"))
        assert await kept.keeping.sweep(HOME, NOW - 30 * DAY_S, NOW - 365 * DAY_S) == Swept(words=1)
        after = await kept.store.session(key("U1"))
        assert before is not None
        assert before.report is not None
        assert after is not None
        assert after.report is not None
        assert WORDS not in after.model_dump_json()
        assert after.over
        assert after.stopped
        assert after.turns == ()
        assert after.report.summary == WORDS_GONE
        assert after.report.score == before.report.score is not None
        assert (after.report.trend, after.report.criteria) == (before.report.trend, before.report.criteria)
        assert (after.number, after.began_at, after.updated_at) == (before.number, before.began_at, before.updated_at)
        assert [fact.kind for fact in await kept.store.facts(after.id)] == ["begun", "stopped", "summarised"]
        assert await kept.keeping.standing(HOME) == Standing(0, 1, 0, NOW - 40 * DAY_S)

    async def test_what_is_left_is_swept_once_and_goes_on_its_own_day(self, kept: Kept) -> None:
        await record(kept.store, *interview(key("U1"), NOW - 40 * DAY_S), key=key("U1"))
        assert await kept.keeping.sweep(HOME, NOW - 30 * DAY_S, None) == Swept(words=1)
        assert await kept.keeping.sweep(HOME, NOW - 30 * DAY_S, None) == Swept()
        assert await kept.keeping.sweep(HOME, NOW - 30 * DAY_S, NOW - 35 * DAY_S) == Swept(whole=1)
        assert await kept.store.session(key("U1")) is None
        assert await kept.store.sessions(platform="slack", workspace="T1", user="U1") == []
        assert await kept.keeping.standing(HOME) == Standing()

    async def test_an_interview_in_use_is_not_cut_off_and_an_idle_one_ends_without_a_word(self, kept: Kept) -> None:
        for user, days in (("U1", 29), ("U2", 31)):
            await record(kept.store, *interview(key(user), NOW - days * DAY_S, over=False), key=key(user))
        assert await kept.keeping.standing(HOME) == Standing(2, 0, 2, NOW - 31 * DAY_S)
        assert await kept.keeping.sweep(HOME, NOW - 30 * DAY_S, None) == Swept(words=1)
        used, idle = await kept.store.session(key("U1")), await kept.store.session(key("U2"))
        assert used is not None
        assert not used.over
        assert len(used.turns) == 1
        assert idle is not None
        assert idle.over
        assert idle.stopped
        assert idle.report is not None
        assert idle.report.score is not None
        assert list(await kept.store.due(NOW)) == []

    async def test_a_scope_is_swept_by_itself(self, kept: Kept) -> None:
        await record(kept.store, *interview(key("U1"), NOW - 40 * DAY_S), key=key("U1"))
        other = key("U1", workspace="T2")
        await record(kept.store, *interview(other, NOW - 40 * DAY_S), key=other)
        elsewhere = key("U1", thread="2")
        await record(kept.store, *interview(elsewhere, NOW - 40 * DAY_S, home="discord/9"), key=elsewhere)
        assert await kept.keeping.sweep("discord/9", NOW - 30 * DAY_S, NOW - 30 * DAY_S) == Swept(whole=1)
        assert await kept.store.session(elsewhere) is None
        for each in (key("U1"), other):
            session = await kept.store.session(each)
            assert session is not None
            assert len(session.turns) == 1

    async def test_the_next_interview_of_a_thread_has_the_next_number(self, kept: Kept) -> None:
        await record(kept.store, *interview(key("U1"), NOW - 40 * DAY_S), key=key("U1"))
        await kept.keeping.sweep(HOME, NOW - 30 * DAY_S, None)
        await record(kept.store, *interview(key("U1"), NOW, number=2), key=key("U1"))
        sessions = await kept.store.sessions(platform="slack", workspace="T1", user="U1")
        assert [(session.number, len(session.turns)) for session in sessions] == [(2, 1), (1, 0)]
        assert await kept.keeping.sweep(HOME, NOW - 30 * DAY_S, NOW - 30 * DAY_S) == Swept(whole=1)
        newest = await kept.store.session(key("U1"))
        assert newest is not None
        assert newest.number == 2

    async def test_nobody_is_shown_once_more_what_was_swept(self, kept: Kept) -> None:
        await record(kept.store, *interview(key("U1"), NOW - 40 * DAY_S), key=key("U1"))
        await kept.store.keep_handle(key("U1"), "q1", "a-place")
        await kept.keeping.sweep(HOME, NOW - 30 * DAY_S, None)
        assert await kept.store.behind("slack") == []
        assert await kept.store.open_threads("slack") == []
        session = await kept.store.session(key("U1"))
        assert session is not None
        assert await kept.store.handles(key("U1")) == {"told": told(session)}

    async def test_many_are_swept_at_once(self, kept: Kept) -> None:
        for n in range(230):
            at = key(f"U{n}")
            await record(kept.store, Begun(at=NOW - 40 * DAY_S, key=at, number=1, setup=setup()), key=at)
        assert await kept.keeping.sweep(HOME, NOW - 30 * DAY_S, None) == Swept(words=230)
        assert await kept.keeping.sweep(HOME, None, NOW - 30 * DAY_S) == Swept(whole=230)
