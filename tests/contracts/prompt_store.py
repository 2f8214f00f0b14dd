"""What every prompt store promises: `engine.prompting.PromptRegistry`, sentence by sentence.

`PromptStoreContract` holds for any; `SharedPromptStoreContract` adds what one owes that several processes may open at
once. A test module derives from one of them and gives the fixture `place`, or `world`: interviews and prompts that
belong together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pytest

from engine.admin.records import AdminStore, Entry
from engine.errors import Overtaken, PromptError
from engine.facts import Begun, Fact, Rated, Reviewed, Stopped
from engine.feedback.model import Origin
from engine.feedback.reader import ABSENT
from engine.keys import ThreadKey
from engine.ports import Store
from engine.prompting import (
    Act,
    Close,
    Hold,
    Move,
    Open,
    Promote,
    Prompt,
    PromptRegistry,
    Raise,
    Resume,
    Retire,
    RollBack,
    Standing,
    Variable,
)
from engine.trials.observing import Observation
from engine.trials.rollout import Assignment
from tests.contracts.store import START, Clock, answered, asked, record
from tests.kit.interviews import feedback, setup
from tests.kit.prompts import prompt

OLD = prompt(("system", "Data stands between {{marker}}."), ("user", "{{question}}"))
NEW = prompt(("system", "Only data stands between {{marker}}."), ("user", "{{question}}"))
NEWER = prompt(("system", "Nothing but data stands between {{marker}}."), ("user", "{{question}}"))
REVIEW = prompt(
    ("system", "{{marker}} {{criteria}}"),
    ("user", "{{question}} {{answer}}"),
    task="review",
    criteria=Variable(),
    answer=Variable(trust="user"),
)
NAME = OLD.task
PEOPLE = [f"test/w/{number}" for number in range(120)]
ADA, BOB = "ada", "bob"
SCOPE = "slack/T1"


def entry(words: str) -> Entry:
    return Entry(SCOPE, START, ADA, "admin", "prompt.promote", f"prompt:{NAME}", words)


@dataclass
class Place:
    """Prompts, the store of the interviews held with them, everybody's clock, and where the audit stands."""

    prompts: PromptRegistry
    store: Store
    clock: Clock
    admin: AdminStore


class PromptWorld(Protocol):
    """One database; each open place stands for a process."""

    def place(self) -> AbstractAsyncContextManager[Place]: ...


async def act(prompts: PromptRegistry, *acts: Act, by: str = ADA, reason: str = "because") -> Standing:
    """Do one thing after another, each on what stands."""
    standing = await prompts.standing(NAME)
    for each in acts:
        standing = await prompts.change(NAME, each, by=by, reason=reason, seen=standing.revision)
    return standing


async def candidates(prompts: PromptRegistry, ref: str = NEW.ref) -> set[str]:
    """Who would get this version now."""
    assignments = await asyncio.gather(*(prompts.assign(person) for person in PEOPLE))
    return {person for person, each in zip(PEOPLE, assignments, strict=True) if each.prompts[NAME] == ref}


def reviewed(ref: str, *, turn: int = 1, **changes: Any) -> Reviewed:
    fields: dict[str, Any] = {"prompt": ref, "origins": {"headline": Origin(provider="p", model="m")}, "took_ms": 900}
    fields |= {"first_section_ms": 300, "input_tokens": 1_000, "output_tokens": 200}
    return Reviewed(at=START + turn, turn=turn, attempt=1, revision=1, feedback=feedback(**(fields | changes)))


async def hold_interview(place: Place, user: str, *facts: Fact, assignment: Assignment | None = None) -> ThreadKey:
    """An interview that begins with what its person is assigned, and goes on with these facts."""
    key = ThreadKey(platform="test", workspace="w", user=user)
    pinned = assignment or await place.prompts.assign(key.person)
    begun = Begun(at=place.clock(), key=key, number=1, setup=setup(prompts=pinned.prompts, arms=pinned.arms))
    await record(place.store, begun, *facts, key=key)
    return key


class PromptStoreContract:
    """Any prompt store. `prompts` has one version in production, and two drafts."""

    @pytest.fixture
    async def prompts(self, place: Place) -> PromptRegistry:
        await place.prompts.seed([OLD])
        await place.prompts.create(NEW, by=ADA, message="says it shorter")
        await place.prompts.create(NEWER, by=BOB, message="")
        return place.prompts

    # Versions.

    async def test_what_is_shipped_goes_into_production(self, place: Place) -> None:
        await place.prompts.seed([OLD])
        assert dict(await place.prompts.production()) == {NAME: OLD.ref}
        assert await place.prompts.prompt(OLD.ref) == OLD
        assert await place.prompts.assign("anyone") == Assignment({NAME: OLD.ref}, {})

    async def test_a_release_goes_into_production_unless_somebody_chose(self, place: Place) -> None:
        await place.prompts.seed([OLD])
        await place.prompts.seed([NEW])
        assert dict(await place.prompts.production()) == {NAME: NEW.ref}
        await act(place.prompts, RollBack())
        await place.prompts.seed([NEWER])
        assert dict(await place.prompts.production()) == {NAME: OLD.ref}
        assert await place.prompts.prompt(NEWER.ref) == NEWER, "it is there to be chosen"

    async def test_a_task_without_a_prompt_stands_empty(self, prompts: PromptRegistry) -> None:
        assert await prompts.standing("report") == Standing("report")
        assert list(await prompts.history("report")) == []
        assert list(await prompts.observations("report")) == []

    async def test_a_new_version_is_a_draft_and_changes_nothing(self, prompts: PromptRegistry) -> None:
        standing = await prompts.standing(NAME)
        told = [(v.ref, v.number, v.status, v.created_by, v.message) for v in standing.versions]
        assert told == [
            (OLD.ref, 1, "active", "seed", "shipped with Rehearse"),
            (NEW.ref, 2, "draft", ADA, "says it shorter"),
            (NEWER.ref, 3, "draft", BOB, ""),
        ]
        assert await candidates(prompts, OLD.ref) == set(PEOPLE)
        assert await prompts.prompt(NEW.ref) == NEW

    async def test_the_same_content_is_the_same_version(self, prompts: PromptRegistry) -> None:
        before = await prompts.standing(NAME)
        assert await prompts.create(NEW, by=BOB, message="again") == before
        assert await prompts.create(OLD, by=BOB, message="again") == before

    async def test_a_prompt_that_is_not_fit_for_use_is_not_kept(self, prompts: PromptRegistry) -> None:
        unfit: Prompt = prompt(("system", "{{question}} {{marker}}"))
        with pytest.raises(PromptError, match="may only stand in a user message"):
            await prompts.create(unfit, by=ADA, message="")
        assert len((await prompts.standing(NAME)).versions) == 3

    async def test_an_unknown_version_is_an_error_that_names_it(self, prompts: PromptRegistry) -> None:
        with pytest.raises(PromptError, match="question@0000"):
            await prompts.prompt("question@0000")

    # Labels.

    async def test_promoting_puts_a_version_into_production(self, prompts: PromptRegistry) -> None:
        standing = await act(prompts, Promote(NEW.ref), reason="reads better")
        assert standing.production == NEW.ref
        assert standing.version(NEW.ref).status == "active"
        assert standing.productions == (OLD.ref, NEW.ref)
        assert standing == await prompts.standing(NAME)
        assert await candidates(prompts) == set(PEOPLE)

    async def test_history_says_who_did_what_when_and_why(self, place: Place, prompts: PromptRegistry) -> None:
        place.clock.now += 60
        await act(prompts, Promote(NEW.ref), reason="reads better")
        newest, *earlier = await prompts.history(NAME)
        assert (newest.deed, newest.actor, newest.reason, newest.at) == ("promoted", ADA, "reads better", START + 60)
        assert (newest.label, newest.before, newest.ref) == ("production", OLD.ref, NEW.ref)
        assert [change.deed for change in earlier] == ["created", "created", "moved", "created"]
        assert list(await prompts.history(NAME, 1)) == [newest]
        assert (await prompts.standing(NAME)).last == newest

    async def test_rolling_back_goes_to_the_version_before(self, prompts: PromptRegistry) -> None:
        await act(prompts, Promote(NEW.ref), Promote(NEWER.ref))
        for ref in (NEW.ref, OLD.ref):
            assert (await act(prompts, RollBack())).production == ref
        with pytest.raises(PromptError, match="no earlier version"):
            await act(prompts, RollBack())

    async def test_any_label_may_point_anywhere(self, prompts: PromptRegistry) -> None:
        standing = await act(prompts, Move("staging", NEW.ref), Move("staging", NEWER.ref))
        assert dict(standing.labels) == {"production": OLD.ref, "staging": NEWER.ref}
        newest = (await prompts.history(NAME))[0]
        assert (newest.deed, newest.label, newest.before, newest.ref) == ("moved", "staging", NEW.ref, NEWER.ref)

    async def test_a_retired_version_is_not_chosen_until_it_is_written_again(self, prompts: PromptRegistry) -> None:
        await act(prompts, Retire(NEW.ref))
        with pytest.raises(PromptError, match="version 2 is retired"):
            await act(prompts, Promote(NEW.ref))
        standing = await prompts.create(NEW, by=BOB, message="after all")
        assert standing.version(NEW.ref).status == "draft"
        assert standing.last is not None
        assert (standing.last.deed, standing.last.actor) == ("revived", BOB)
        await act(prompts, Promote(NEW.ref))

    async def test_a_release_may_bring_back_a_retired_version(self, prompts: PromptRegistry) -> None:
        await act(prompts, Retire(NEW.ref))
        await prompts.seed([NEW])
        standing = await prompts.standing(NAME)
        assert (standing.production, standing.version(NEW.ref).status) == (NEW.ref, "active")

    # The audit.

    async def test_a_change_and_its_line_of_the_audit_are_one(self, place: Place, prompts: PromptRegistry) -> None:
        seen = (await prompts.standing(NAME)).revision
        done = entry("put version 2 into production")
        await prompts.change(NAME, Promote(NEW.ref), by=ADA, reason="", seen=seen, entry=done)
        with pytest.raises(Overtaken):
            await prompts.change(NAME, Promote(NEWER.ref), by=BOB, reason="", seen=seen, entry=entry("too late"))
        with pytest.raises(PromptError):
            await prompts.change(NAME, Hold(), by=BOB, reason="", seen=seen + 1, entry=entry("not possible"))
        assert [line for _, line in await place.admin.audit(SCOPE)] == [done]

    async def test_a_version_is_audited_when_it_is_new(self, place: Place, prompts: PromptRegistry) -> None:
        other = prompt(("system", "The {{marker}}."), ("user", "{{question}}"))
        for words in ("wrote it", "wrote it once more"):
            await prompts.create(other, by=ADA, message="", entry=entry(words))
        await act(prompts, Retire(other.ref))
        await prompts.create(other, by=ADA, message="", entry=entry("brought it back"))
        assert [line.words for _, line in await place.admin.audit(SCOPE)] == ["brought it back", "wrote it"]

    # Two at once.

    async def test_the_second_of_two_is_shown_what_the_first_did(self, prompts: PromptRegistry) -> None:
        seen = (await prompts.standing(NAME)).revision
        after = await prompts.change(NAME, Promote(NEW.ref), by=ADA, reason="reads better", seen=seen)
        with pytest.raises(Overtaken) as caught:
            await prompts.change(NAME, Promote(NEWER.ref), by=BOB, reason="mine", seen=seen)
        assert caught.value.change == f"ada promoted production to {NEW.ref} (reads better)."
        assert await prompts.standing(NAME) == after

    async def test_label_moves_come_one_by_one(self, prompts: PromptRegistry) -> None:
        async def insist(number: int) -> None:
            while True:
                standing = await prompts.standing(NAME)
                to = NEW if standing.labels.get("staging") != NEW.ref else NEWER
                try:
                    await prompts.change(
                        NAME, Move("staging", to.ref), by=str(number), reason="", seen=standing.revision
                    )
                except Overtaken:
                    continue
                return

        await asyncio.gather(*(insist(number) for number in range(8)))
        moves = [change for change in await prompts.history(NAME) if change.label == "staging"][::-1]
        assert sorted(change.actor for change in moves) == [str(number) for number in range(8)]
        assert [change.before for change in moves] == ["", *(change.ref for change in moves[:-1])]

    async def test_one_of_two_rollouts_at_once_is_opened(self, prompts: PromptRegistry) -> None:
        seen = (await prompts.standing(NAME)).revision
        both = [prompts.change(NAME, Open(new.ref, 500), by=ADA, reason="", seen=seen) for new in (NEW, NEWER)]
        outcomes = await asyncio.gather(*both, return_exceptions=True)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Overtaken", "Standing"]

    async def test_what_is_refused_leaves_no_trace(self, prompts: PromptRegistry) -> None:
        before = await act(prompts, Open(NEW.ref, 500))
        for impossible in (Open(NEWER.ref, 500), Promote(NEWER.ref), Raise(500), Raise(10_001), Retire(NEW.ref)):
            with pytest.raises(PromptError):
                await act(prompts, impossible)
        assert await prompts.standing(NAME) == before

    # Rollouts.

    async def test_a_rollout_gives_the_candidate_to_its_share_of_people(self, prompts: PromptRegistry) -> None:
        standing = await act(prompts, Open(NEW.ref, 2_500))
        assert standing.rollout is not None
        assert standing.version(NEW.ref).status == "active"
        tried = await candidates(prompts)
        assert 14 <= len(tried) <= 48
        assert await candidates(prompts) == tried, "the same people every time"
        for person in PEOPLE[:20]:
            arm = (await prompts.assign(person)).arms[NAME]
            assert (arm.rollout, arm.stage, arm.candidate) == (standing.rollout.id, 1, person in tried)

    async def test_a_raised_share_only_adds_people(self, prompts: PromptRegistry) -> None:
        await act(prompts, Open(NEW.ref, 500))
        tried = await candidates(prompts)
        for share in (2_500, 5_000, 10_000):
            standing = await act(prompts, Raise(share))
            more = await candidates(prompts)
            assert tried < more
            tried = more
        assert tried == set(PEOPLE)
        assert standing.rollout is not None
        assert [stage.share_bp for stage in standing.rollout.stages] == [500, 2_500, 5_000, 10_000]
        assert [stage.ended_at is None for stage in standing.rollout.stages] == [False, False, False, True]

    async def test_a_rollout_on_hold_gives_the_candidate_to_nobody_and_goes_on_with_the_same_people(
        self, prompts: PromptRegistry
    ) -> None:
        await act(prompts, Open(NEW.ref, 500), Raise(2_500))
        tried = await candidates(prompts)
        await act(prompts, Hold())
        assert await candidates(prompts) == set()
        await act(prompts, Resume())
        assert await candidates(prompts) == tried

    async def test_closing_a_rollout_leaves_production_as_it_is(self, place: Place, prompts: PromptRegistry) -> None:
        await act(prompts, Open(NEW.ref, 2_500), Close())
        assert (await prompts.standing(NAME)).rollout is None
        assert await candidates(prompts, OLD.ref) == set(PEOPLE)
        assert (await prompts.assign(PEOPLE[0])).arms == {}
        assert (await act(prompts, Open(NEWER.ref, 2_500))).rollouts == 2

    async def test_promoting_the_candidate_ends_its_rollout(self, prompts: PromptRegistry) -> None:
        standing = await act(prompts, Open(NEW.ref, 2_500), Promote(NEW.ref))
        assert standing.rollout is None
        assert await candidates(prompts) == set(PEOPLE)

    async def test_rolling_back_ends_the_rollout_at_once(self, prompts: PromptRegistry) -> None:
        await act(prompts, Promote(NEW.ref), Open(NEWER.ref, 10_000))
        standing = await act(prompts, RollBack())
        assert (standing.rollout, standing.production) == (None, NEW.ref)
        assert await candidates(prompts) == set(PEOPLE)

    async def test_rollouts_are_there_when_they_are_over(self, place: Place, prompts: PromptRegistry) -> None:
        assert list(await prompts.rollouts(NAME)) == []
        place.clock.now += 60
        await act(prompts, Open(NEW.ref, 500), Raise(1_000), Close(), reason="enough")
        standing = await act(prompts, Open(NEWER.ref, 2_500))
        open_one, closed = await prompts.rollouts(NAME)
        assert open_one == standing.rollout
        assert (closed.candidate, closed.closed_at, closed.close_reason) == (NEW.ref, START + 60, "enough")
        assert [stage.share_bp for stage in closed.stages] == [500, 1_000]
        assert list(await prompts.rollouts(NAME, 1)) == [open_one]

    # Versions that nobody is to use any more.

    async def test_a_version_rolled_back_at_once_is_replaced_wherever_it_runs(self, prompts: PromptRegistry) -> None:
        assert await prompts.in_force(NEW.ref) == NEW.ref
        standing = await act(prompts, Open(NEW.ref, 2_500), RollBack(evict=True))
        assert (standing.production, dict(standing.labels)) == (OLD.ref, {"production": OLD.ref})
        assert dict(standing.evicted) == {NEW.ref: OLD.ref}
        assert await prompts.in_force(NEW.ref) == OLD.ref
        assert await prompts.in_force(OLD.ref) == OLD.ref
        assert await prompts.prompt(NEW.ref) == NEW, "it can still be looked at"
        newest = (await prompts.history(NAME))[0]
        assert (newest.deed, newest.ref) == ("rolled back at once", NEW.ref)

    async def test_what_stands_in_for_a_version_may_be_replaced_in_turn(self, prompts: PromptRegistry) -> None:
        await act(prompts, Promote(NEW.ref), Promote(NEWER.ref), RollBack(evict=True))
        assert await prompts.in_force(NEWER.ref) == NEW.ref
        await act(prompts, RollBack(evict=True))
        assert [await prompts.in_force(ref) for ref in (NEWER.ref, NEW.ref)] == [OLD.ref, OLD.ref]

    async def test_a_version_that_is_chosen_again_is_used_again(self, prompts: PromptRegistry) -> None:
        await act(prompts, Open(NEW.ref, 2_500), RollBack(evict=True), Open(NEW.ref, 2_500))
        assert await prompts.in_force(NEW.ref) == NEW.ref
        standing = await act(prompts, RollBack(evict=True), Promote(NEW.ref))
        assert await prompts.in_force(NEW.ref) == NEW.ref
        assert dict(standing.evicted) == {}

    async def test_two_rollouts_of_a_prompt_try_different_people(self, prompts: PromptRegistry) -> None:
        await act(prompts, Open(NEW.ref, 2_500))
        first = await candidates(prompts)
        await act(prompts, Close(), Open(NEW.ref, 2_500))
        assert await candidates(prompts) != first

    async def test_a_release_does_not_disturb_a_rollout(self, prompts: PromptRegistry) -> None:
        before = await act(prompts, Open(NEW.ref, 2_500))
        await prompts.seed([prompt(("system", "The {{marker}}."), ("user", "{{question}}"))])
        after = await prompts.standing(NAME)
        assert (after.production, after.rollout) == (before.production, before.rollout)

    # What interviews show.

    async def test_an_interview_is_observed_with_what_was_measured_in_it(
        self, place: Place, prompts: PromptRegistry
    ) -> None:
        await prompts.seed([REVIEW])
        rating = Rated(at=START, turn=1, value=-1)
        await hold_interview(place, "ada", asked(), answered(), reviewed(REVIEW.ref), rating, replace_value(rating, 1))
        (seen,) = await prompts.observations("review")
        (turn,) = seen.turns
        assert (seen.person, seen.ref, seen.at, seen.rollout) == ("test/w/ada", REVIEW.ref, START, None)
        assert (dict(seen.ratings), seen.over, seen.stopped) == ({1: 1}, False, False)
        assert (turn.ref, turn.model, turn.took_ms, turn.first_section_ms, turn.tokens) == (
            REVIEW.ref, "m", 900, 300, 1_200,
        )  # fmt: skip
        assert (turn.schema_ok, turn.repaired, turn.trouble, turn.score) == (True, False, None, 0.5)
        (other,) = await prompts.observations(NAME)
        assert (other.ref, other.turns, dict(other.ratings)) == (OLD.ref, (), {1: 1})

    async def test_a_review_that_went_wrong_says_how(self, place: Place, prompts: PromptRegistry) -> None:
        await prompts.seed([REVIEW])
        broken = reviewed(REVIEW.ref, repaired=True, missing={"summary": ABSENT}, took_ms=60_000)
        await hold_interview(place, "ada", asked(), answered(), broken, Stopped(at=START))
        (seen,) = await prompts.observations("review")
        assert (seen.turns[0].repaired, seen.turns[0].trouble, seen.turns[0].took_ms) == (True, "absent", 60_000)
        assert seen.stopped

    async def test_interviews_are_observed_by_rollout_and_time(self, place: Place, prompts: PromptRegistry) -> None:
        await hold_interview(place, "early")
        place.clock.now += 10
        standing = await act(prompts, Open(NEW.ref, 10_000))
        assert standing.rollout is not None
        await hold_interview(place, "late")
        assert [seen.person for seen in await prompts.observations(NAME)] == ["test/w/early", "test/w/late"]
        assert [seen.person for seen in await prompts.observations(NAME, since=START + 10)] == ["test/w/late"]
        (tried,) = await prompts.observations(NAME, rollout=standing.rollout.id)
        assert (tried.ref, tried.rollout, tried.stage, tried.candidate) == (NEW.ref, standing.rollout.id, 1, True)

    async def test_a_running_interview_keeps_its_version_and_its_side(
        self, place: Place, prompts: PromptRegistry
    ) -> None:
        await act(prompts, Open(NEW.ref, 10_000))
        key = await hold_interview(place, "ada", asked())
        before = list(await prompts.observations(NAME))
        await act(prompts, RollBack(), Promote(NEWER.ref))
        await record(place.store, answered(), key=key)
        session = await place.store.session(key)
        assert session is not None
        assert session.setup.prompts[NAME] == NEW.ref
        assert [unchanged(each) for each in await prompts.observations(NAME)] == [unchanged(each) for each in before]

    async def test_nothing_is_observed_of_a_forgotten_person(self, place: Place, prompts: PromptRegistry) -> None:
        await hold_interview(place, "ada", asked(), answered(), reviewed(NEW.ref), Rated(at=START, turn=1, value=1))
        await hold_interview(place, "bob")
        await place.store.forget(platform="test", workspace="w", user="ada")
        assert [seen.person for seen in await prompts.observations(NAME)] == ["test/w/bob"]


class SharedPromptStoreContract(PromptStoreContract):
    """One that several processes may open at once."""

    @pytest.fixture
    async def place(self, world: PromptWorld) -> AsyncIterator[Place]:
        async with world.place() as place:
            yield place

    async def test_processes_change_a_prompt_one_after_another(
        self, world: PromptWorld, prompts: PromptRegistry
    ) -> None:
        async with world.place() as peer:
            seen = (await peer.prompts.standing(NAME)).revision
            both = [
                each.change(NAME, Promote(NEW.ref), by=ADA, reason="", seen=seen) for each in (prompts, peer.prompts)
            ]
            outcomes = await asyncio.gather(*both, return_exceptions=True)
            assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Overtaken", "Standing"]
            assert await peer.prompts.standing(NAME) == await prompts.standing(NAME)

    async def test_everything_is_there_after_a_restart(self, world: PromptWorld, prompts: PromptRegistry) -> None:
        before = await act(prompts, Promote(NEW.ref), Open(NEWER.ref, 500), Raise(1_000), Hold())
        tried = await candidates(prompts)
        async with world.place() as again:
            await again.prompts.seed([OLD])
            assert await again.prompts.standing(NAME) == before
            assert await candidates(again.prompts) == tried


def replace_value(fact: Rated, value: Any) -> Rated:
    return fact.model_copy(update={"value": value})


def unchanged(seen: Observation) -> Observation:
    """What of an observation may not change while the interview goes on."""
    return replace(seen, changed_at=0.0)
