"""What every store of a team's figures and of shared interviews promises: `engine.team.records`, sentence by sentence.

A test module derives from `TeamStoreContract` and gives the fixture `place`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from engine.admin.records import AdminStore, Entry
from engine.admin.roles import EVERYWHERE
from engine.admin.sharing import report_id, share_id
from engine.facts import Answered, Asked, Begun, Fact, Hinted, Rated, Reviewed, Stopped, Summarised
from engine.facts import Report as FinalReport
from engine.feedback.model import Feedback, Origin
from engine.keys import ThreadKey
from engine.team.outcome import CriterionScore, Held
from engine.team.overview import DAY_S, Bill
from engine.team.ratings import CoachRating
from engine.team.records import Shared, SharingStore, TeamStore
from tests.kit.interviews import CRITERIA, feedback, question, setup

HERE, THERE = "slack/T1", "slack/T2"
ADA = ThreadKey(platform="slack", workspace="T1", channel="D1", user="UADA")
BOB = ThreadKey(platform="slack", workspace="T1", channel="D2", user="UBOB")
COACH = "slack/T1/UCOACH"
MODEL = {name: Origin(provider="openai", model="gpt-test") for name in CRITERIA}
OFFLINE = {name: Origin(provider="offline", model="offline") for name in CRITERIA}


def entry(act: str = "report.share") -> Entry:
    return Entry(HERE, 1.0, "a" * 16, None, act, "report", f"did {act}")


def modelled(*levels: int | None, **changes: Any) -> Feedback:
    """A model's review."""
    usual: dict[str, Any] = {"origins": MODEL, "prompt": "review@1", "input_tokens": 90, "output_tokens": 10}
    return feedback(*levels, **(usual | changes))


def begun(key: ThreadKey = ADA, number: int = 1, at: float = 100.0, **changes: Any) -> Begun:
    return Begun(at=at, key=key, number=number, setup=setup(**changes))


def answer(turn: int = 1, at: float = 200.0, text: str = "I did it.") -> list[Fact]:
    """A question put and an answer given."""
    return [Asked(at=at, turn=turn, question=question()), Answered(at=at, turn=turn, message=f"m{turn}", text=text)]


def reviewed(turn: int = 1, at: float = 300.0, of: Feedback | None = None, revision: int = 1) -> Reviewed:
    return Reviewed(at=at, turn=turn, attempt=1, revision=revision, feedback=of or modelled())


def summarised(at: float = 400.0) -> Summarised:
    return Summarised(at=at, report=FinalReport(summary="s"))


def whole(key: ThreadKey = ADA, number: int = 1, at: float = 100.0, **changes: Any) -> list[Fact]:
    """An interview of one answer, from its beginning to its report."""
    return [begun(key, number, at, **changes), *answer(at=at + 1), reviewed(at=at + 2), summarised(at + 3)]


def rating(key: ThreadKey = ADA, criterion: str = CRITERIA[0], level: int | None = 4, **changes: Any) -> CoachRating:
    """A blind rating of the first answer."""
    given = CoachRating(
        session=f"{key}#1", person=key.person, home=HERE, turn=1, attempt=1, revision=1, coach="c" * 16,
        type_id="behavioral", rubric="r" * 12, question="b3-01", difficulty=3, criterion=criterion, level=level,
        machine=3, engine="gpt-test", prompt="review@1", blind=True, at=500.0,
    )  # fmt: skip
    return replace(given, **changes)


def shared(key: ThreadKey = ADA, coach: str = COACH, at: float = 450.0, note: str = "") -> Shared:
    session = f"{key}#1"
    return Shared(share_id(session, coach), session, key.person, coach, HERE, "Behavioral interview", note, at)


@dataclass
class Place:
    """An open store. `record` makes facts happen in the thread of a key, `charge` writes a bill."""

    team: TeamStore
    sharing: SharingStore
    admin: AdminStore
    record: Callable[[ThreadKey, list[Fact]], Awaitable[None]]
    charge: Callable[[str, int, Bill], Awaitable[None]]
    forget: Callable[[ThreadKey], Awaitable[None]]

    async def one(self, key: ThreadKey = ADA) -> Held:
        return next(h for h in await self.team.held(EVERYWHERE, since=0) if h.outcome.person == key.person)

    async def acts(self) -> list[str]:
        return [each.act for _, each in await self.admin.audit(HERE)]


class TeamStoreContract:
    """Any such store."""

    @pytest.fixture
    def team(self, place: Place) -> TeamStore:
        return place.team

    @pytest.fixture
    def sharing(self, place: Place) -> SharingStore:
        return place.sharing

    # Figures.

    async def test_an_interview_counts_from_its_first_moment(self, place: Place) -> None:
        await place.record(ADA, [begun()])
        held = await place.one()
        outcome = held.outcome
        assert (outcome.session, outcome.person, outcome.home) == (f"{ADA}#1", ADA.person, HERE)
        assert (outcome.type_id, outcome.title, outcome.role) == ("behavioral", "Behavioral interview", "mid")
        assert (outcome.state, outcome.answers, outcome.score, outcome.judge) == ("open", 0, None, "")
        assert (outcome.began_at, outcome.ended_at, held.opinion) == (100.0, None, None)

    async def test_an_outcome_follows_what_happens(self, place: Place) -> None:
        await place.record(ADA, [begun(), *answer(), Hinted(at=210, turn=1, rung=1)])
        await place.record(ADA, [reviewed(of=modelled(5, None, 3, 1)), *answer(turn=2, at=310)])
        held = await place.one()
        assert held.outcome.criteria == (
            CriterionScore(CRITERIA[0], "Technical accuracy", 1.0, 1),
            CriterionScore(CRITERIA[1], "Communication clarity", None, 0),
            CriterionScore(CRITERIA[2], "Problem solving", 0.5, 1),
            CriterionScore(CRITERIA[3], "Completeness", 0.0, 1),
        )
        assert (held.outcome.hints, held.outcome.judge, held.changed_at) == (1, "model", 310)
        await place.record(ADA, [reviewed(turn=2, at=320, of=modelled(origins=OFFLINE)), summarised(330)])
        held = await place.one()
        assert (held.outcome.state, held.outcome.ended_at, held.outcome.answers) == ("completed", 330, 2)
        assert held.outcome.judge == "both"
        assert held.outcome.score == pytest.approx(((30 * 1 + 25 * 0.5) / 75 + 0.5) / 2)

    async def test_an_interview_that_was_stopped_says_so(self, place: Place) -> None:
        await place.record(ADA, [begun(), *answer(), Stopped(at=250), summarised()])
        held = await place.one()
        assert (held.outcome.state, held.completed(1e9)) == ("stopped", False)

    async def test_an_interview_goes_by_the_rules_it_was_begun_under(self, place: Place, team: TeamStore) -> None:
        await place.record(ADA, whole(home=THERE))
        await place.record(BOB, whole(BOB, at=150))
        assert [each.outcome.person for each in await team.held(THERE, since=0)] == [ADA.person]
        assert [each.outcome.person for each in await team.held(HERE, since=0)] == [BOB.person]
        assert [each.outcome.person for each in await team.held(EVERYWHERE, since=0)] == [ADA.person, BOB.person]
        assert [each.outcome.person for each in await team.held(EVERYWHERE, since=101)] == [BOB.person]

    async def test_thumbs_are_counted_per_interview(self, place: Place) -> None:
        await place.record(ADA, [*whole(), Rated(at=410, turn=1, value=1)])
        assert (await place.one()).opinion == 1
        await place.record(ADA, [Rated(at=411, turn=1, value=-1)])
        assert (await place.one()).opinion == -1

    async def test_reviews_and_bills_are_those_of_the_scope_and_the_time(self, place: Place, team: TeamStore) -> None:
        await place.record(ADA, whole())
        await place.record(BOB, whole(BOB, at=1_000, home=THERE))
        assert [each.at for each in await team.reviews(HERE, since=0)] == [102]
        assert [(each.at, each.tokens) for each in await team.reviews(EVERYWHERE, since=500)] == [(1_002, 100)]
        await place.charge(HERE, 1, Bill(10, 100))
        await place.charge(HERE, 2, Bill(20, 200))
        await place.charge(THERE, 2, Bill(40, 400))
        assert await team.bill(HERE, since=0) == Bill(30, 300)
        assert await team.bill(HERE, since=2 * DAY_S + 5) == Bill(20, 200)
        assert await team.bill(EVERYWHERE, since=DAY_S) == Bill(70, 700)
        assert await team.bill("slack/T9", since=0) == Bill()

    # Sharing.

    async def test_an_interview_is_found_by_its_report_only_for_its_own_candidate(
        self, place: Place, sharing: SharingStore
    ) -> None:
        await place.record(ADA, whole())
        found = await sharing.own_interview({ADA.person, "slack/-/UADA"}, report_id(f"{ADA}#1"))
        assert found is not None
        assert found.id == f"{ADA}#1"
        assert found == await sharing.interview(f"{ADA}#1")
        assert await sharing.own_interview({BOB.person}, report_id(f"{ADA}#1")) is None
        assert await sharing.own_interview({ADA.person}, "0" * 12) is None
        assert await sharing.interview("none#1") is None

    async def test_what_is_shared_is_there_for_the_candidate_and_the_coach(
        self, place: Place, sharing: SharingStore
    ) -> None:
        await place.record(ADA, whole())
        await place.record(BOB, whole(BOB))
        first, second = shared(note="the end\0please"), shared(BOB, at=460)
        assert await sharing.share(first, entry=entry())
        assert await sharing.share(second, entry=entry())
        kept = await sharing.shared(first.id)
        assert kept is not None
        assert replace(kept, note=first.note) == first
        assert [each.id for each in await sharing.shares_of(first.session)] == [first.id]
        assert [each.id for each in await sharing.shared_with({COACH})] == [second.id, first.id]
        assert list(await sharing.shared_with({"slack/T1/UOTHER"})) == []
        assert await place.acts() == ["report.share", "report.share"]

    async def test_sharing_and_taking_back_twice_do_nothing_twice(self, place: Place, sharing: SharingStore) -> None:
        await place.record(ADA, whole())
        assert await sharing.share(shared(), entry=entry())
        assert not await sharing.share(shared(at=999), entry=entry())
        assert await sharing.unshare(shared().id, entry=entry("report.unshare"))
        assert not await sharing.unshare(shared().id, entry=entry("report.unshare"))
        assert await sharing.shared(shared().id) is None
        assert await place.acts() == ["report.unshare", "report.share"]
        assert await sharing.share(shared(at=999), entry=entry())

    # Ratings.

    async def test_ratings_are_added_and_never_replaced(self, place: Place, sharing: SharingStore) -> None:
        await place.record(ADA, whole())
        first = [rating(), rating(criterion=CRITERIA[1], level=None)]
        assert await sharing.rate(first, entry=entry("answer.rate"))
        assert not await sharing.rate(first, entry=entry("answer.rate"))
        again = rating(level=2, blind=False, at=600.0)
        assert await sharing.rate([again, first[1]], entry=entry("answer.rate"))
        assert list(await sharing.ratings_of(f"{ADA}#1")) == [*first, again]
        back = rating(at=700.0)
        assert await sharing.rate([back], entry=entry("answer.rate"))
        assert await place.acts() == ["answer.rate"] * 3

    async def test_another_coach_or_another_text_is_another_rating(self, place: Place, sharing: SharingStore) -> None:
        await place.record(ADA, whole())
        for each in (rating(), rating(coach="d" * 16), rating(revision=2)):
            assert await sharing.rate([each], entry=entry("answer.rate"))
        assert len(await sharing.ratings_of(f"{ADA}#1")) == 3

    async def test_ratings_are_listed_by_scope_and_time(self, place: Place, team: TeamStore) -> None:
        await place.record(ADA, whole())
        await place.record(BOB, whole(BOB))
        await place.sharing.rate([rating()], entry=entry("answer.rate"))
        await place.sharing.rate([rating(BOB, home=THERE, at=900.0)], entry=entry("answer.rate"))
        assert [each.person for each in await team.ratings(HERE, since=0)] == [ADA.person]
        assert [each.person for each in await team.ratings(EVERYWHERE, since=0)] == [ADA.person, BOB.person]
        assert [each.person for each in await team.ratings(EVERYWHERE, since=501)] == [BOB.person]

    # Forgetting.

    async def test_forgetting_a_candidate_takes_everything_of_theirs(self, place: Place, team: TeamStore) -> None:
        await place.record(ADA, whole())
        await place.record(BOB, whole(BOB))
        for key in (ADA, BOB):
            await place.sharing.share(shared(key), entry=entry())
            await place.sharing.rate([rating(key)], entry=entry("answer.rate"))
        await place.forget(ADA)
        assert [each.outcome.person for each in await team.held(EVERYWHERE, since=0)] == [BOB.person]
        assert [each.person for each in await team.ratings(EVERYWHERE, since=0)] == [BOB.person]
        assert [each.person for each in await place.sharing.shared_with({COACH})] == [BOB.person]
        assert list(await place.sharing.ratings_of(f"{ADA}#1")) == []

    async def test_forgetting_a_coach_ends_what_was_shared_with_them(self, place: Place) -> None:
        await place.record(ADA, whole())
        await place.sharing.share(shared(), entry=entry())
        await place.sharing.rate([rating()], entry=entry("answer.rate"))
        await place.forget(ThreadKey(platform="slack", workspace="T1", user="UCOACH"))
        assert await place.sharing.shared(shared().id) is None
        assert list(await place.sharing.shares_of(f"{ADA}#1")) == []
        assert len(await place.sharing.ratings_of(f"{ADA}#1")) == 1
        assert await place.sharing.share(shared(), entry=entry())
