"""What is kept about people, and how admins let it go."""

from __future__ import annotations

import pytest

from engine.admin.data import Data
from engine.admin.people import People
from engine.admin.roles import EVERYWHERE, Actor
from engine.errors import NotAllowed, Overtaken, Wrong
from engine.retention import DAY_S, USUAL, Retention, Rule, Standing, Swept
from tests.contracts.keeping import NOW, WORDS, interview, key
from tests.contracts.store import record
from tests.kit.admin_memory import MemoryAdmin
from tests.kit.keeping_memory import MemoryKeeping
from tests.kit.memory import MemoryStore

ADMIN = Actor("slack", "T1", "U-admin", standing="admin")
OWNER = Actor("slack", "T1", "U-owner", standing="owner")
OPERATOR = Actor("local", "-", "operator", operator=True, on=EVERYWHERE)


class Place:
    """A workspace with an interview of each of two people, forty and four hundred days old."""

    def __init__(self) -> None:
        self.store, self.admin = MemoryStore(), MemoryAdmin()
        people = People(store=self.admin, now=lambda: NOW, pseudonym=str)
        self.data = Data(
            people=people, store=self.admin, keeping=MemoryKeeping(self.store), archive=self.store, now=lambda: NOW
        )
        assert self.data.roles is people

    async def fill(self) -> None:
        for user, days in (("U1", 40), ("U2", 400)):
            await record(self.store, *interview(key(user), NOW - days * DAY_S), key=key(user))

    @property
    def words(self) -> list[str]:
        return [entry.words for entry in self.admin.entries]


@pytest.fixture
async def place() -> Place:
    place = Place()
    await place.fill()
    return place


async def test_what_is_kept_is_shown(place: Place) -> None:
    kept = await place.data.kept(ADMIN)
    assert (kept.rule, kept.standing) == (Rule(USUAL), Standing(2, 0, 0, NOW - 400 * DAY_S))


async def test_an_admin_chooses_for_how_long(place: Place) -> None:
    chosen = Rule(Retention(answers_days=30, scores_days=None), 1, chosen=True)
    assert await place.data.keep(ADMIN, 30, None, seen=0) == chosen
    assert (await place.data.kept(ADMIN)).rule == chosen
    assert place.words == ["chose to keep answers for 30 days and scores until they are deleted"]
    with pytest.raises(Overtaken, match="chose to keep"):
        await place.data.keep(OWNER, 60, None, seen=0)
    assert (await place.data.kept(ADMIN)).rule == chosen


@pytest.mark.parametrize(
    ("answers", "scores", "fields"),
    [(0, 30, {"answers"}), (30, 3_651, {"scores"}), (-1, 0, {"answers", "scores"}), (60, 30, {"scores"})],
)
async def test_days_that_cannot_be_change_nothing(place: Place, answers: int, scores: int, fields: set[str]) -> None:
    with pytest.raises(Wrong) as wrong:
        await place.data.keep(ADMIN, answers, scores, seen=0)
    assert set(wrong.value.problems) == fields
    assert place.words == []


async def test_a_choice_can_be_taken_back(place: Place) -> None:
    with pytest.raises(Wrong, match="no such version"):
        await place.data.put_back(ADMIN, 0)
    first = await place.data.keep(ADMIN, 30, 300, seen=0)
    await place.data.keep(ADMIN, 60, 300, seen=1)
    with pytest.raises(Wrong, match="no such version"):
        await place.data.put_back(ADMIN, 9)
    assert (await place.data.put_back(ADMIN, 1)).retention == first.retention
    assert await place.data.put_back(ADMIN, 0) == Rule(USUAL, 4)
    assert await place.data.keep(ADMIN, 10, 10, seen=4) == Rule(
        Retention(answers_days=10, scores_days=10), 5, chosen=True
    )


async def test_what_is_over_goes_at_once_when_an_admin_says_so(place: Place) -> None:
    await place.data.keep(ADMIN, 30, 365, seen=0)
    assert await place.data.purge(ADMIN) == Swept(words=1, whole=1)
    assert await place.data.purge(ADMIN) == Swept()
    assert place.words[1] == "deleted the words of 1 and all of 1 interviews whose time was over"


async def test_whoever_runs_it_lets_go_of_what_is_over_everywhere(place: Place) -> None:
    other = key("U1", workspace="T2")
    await record(place.store, *interview(other, NOW - 400 * DAY_S), key=other)
    assert await place.data.purge(OPERATOR) == Swept(whole=2)


async def test_an_owner_deletes_a_person_on_their_behalf(place: Place) -> None:
    assert await place.data.forget(OWNER, "slack", "T1", "U1") == 1
    assert await place.store.session(key("U1")) is None
    assert await place.store.session(key("U2")) is not None
    assert place.words == ["deleted everything about a person"]
    assert "U1" not in repr(place.admin.entries)


async def test_an_owner_reaches_no_further_than_their_workspace(place: Place) -> None:
    for act in (place.data.forget(OWNER, "slack", "T2", "U1"), place.data.forget_workspace(OWNER, "discord", "T1")):
        with pytest.raises(NotAllowed, match="owner"):
            await act
    assert await place.data.forget_workspace(OWNER, "slack", "T1") == 2
    assert await place.data.forget(OPERATOR, "slack", "T2", "U1") == 0


async def test_only_whoever_runs_it_exports_for_somebody(place: Place) -> None:
    with pytest.raises(NotAllowed, match="owner"):
        await place.data.export(OWNER, "slack", "T1", "U1")
    await place.store.keep_handle(key("U1"), "q1", "a-place")
    exported = await place.data.export(OPERATOR, "slack", "T1", "U1")
    assert WORDS in str(exported["interviews"])
    assert "a-place" in str(exported["handles"])
    assert place.words == ["exported everything about a person"]
