"""What admins may do to prompts: every rule, whatever they try, and an interview that never notices."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.desk import Desk
from engine.errors import Overtaken, PromptError
from engine.experiments import BASIS_POINTS
from engine.facts import Asked
from engine.inbound import Begin
from engine.prompting import Close, Hold, Move, Open, Promote, Raise, Resume, Retire, RollBack
from engine.prompting.changes import Act
from engine.prompting.standing import productions
from engine.receive import receive
from engine.session import Session, evolve
from tests.contracts.prompt_store import NAME, NEW, NEWER, OLD, act
from tests.kit.interviews import KEY, interview_type, question
from tests.kit.memory import MemoryStore
from tests.kit.prompts_memory import MemoryPrompts

ref = st.sampled_from([OLD.ref, NEW.ref, NEWER.ref])
acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(Move, st.sampled_from(["staging", "beta"]), ref),
    st.builds(Promote, ref),
    st.builds(Open, ref, st.integers(-1, BASIS_POINTS + 1)),
    st.builds(Raise, st.integers(-1, BASIS_POINTS + 1)),
    st.sampled_from([Hold(), Resume(), Close(), RollBack(), RollBack(evict=True)]),
    st.builds(Retire, ref),
)


async def registry() -> MemoryPrompts:
    prompts = MemoryPrompts([OLD])
    for new in (NEW, NEWER):
        await prompts.create(new, by="ada", message="")
    return prompts


@given(st.lists(acts, max_size=25))
async def test_whatever_is_tried_the_rules_hold(tried: list[Act]) -> None:
    prompts = await registry()
    for each in tried:
        before = await prompts.standing(NAME)
        try:
            after = await act(prompts, each)
        except PromptError:
            assert await prompts.standing(NAME) == before
            continue
        assert after.revision == before.revision + 1
        assert after.last is not None
        assert (after.last.actor, after.last.reason) == ("ada", "because")
        assert after.production == after.productions[-1]
        assert after.production not in after.evicted
        assert all(after.version(ref).status == "active" for ref in after.labels.values())
        if (rollout := after.rollout) is not None:
            assert rollout.control == after.production != rollout.candidate
            assert all(0 <= stage.share_bp <= BASIS_POINTS for stage in rollout.stages)
            given_out = [stage.share_bp for stage in rollout.stages if stage.share_bp]
            assert given_out == sorted(given_out)
            assert sum(stage.ended_at is None for stage in rollout.stages) == 1


@given(st.lists(acts, max_size=8))
async def test_a_running_interview_never_changes_its_versions(tried: list[Act]) -> None:
    prompts, store = await registry(), MemoryStore()
    types = {"behavioral": interview_type()}
    desk = Desk(store=store, prompts=prompts, types=types, deliver=store.deliver, now=lambda: 0.0, engine_label="m")
    await act(prompts, Open(NEW.ref, 5_000))
    await desk.begin(KEY, id="b", type_id="behavioral")
    [begin] = store.mailbox[KEY]
    assert isinstance(begin, Begin)
    pinned = await prompts.assign(KEY.person)
    session: Session | None = None
    for fact in receive(None, begin).facts:
        session = evolve(session, fact)
    for each in tried:
        try:
            await act(prompts, each)
        except PromptError:
            continue
    session = evolve(session, Asked(at=1.0, turn=1, question=question()))
    assert (session.setup.prompts, session.setup.arms) == (pinned.prompts, pinned.arms)


@pytest.mark.parametrize(
    ("before", "impossible", "sentence"),
    [
        ([], Move("production", NEW.ref), "moved by promoting"),
        ([], Move("latest", NEW.ref), "'latest' is no label"),
        ([], Move("Mine!", NEW.ref), "is no label"),
        ([Move("beta", NEW.ref)], Move("beta", NEW.ref), "points there already"),
        ([], Promote(OLD.ref), "in production already"),
        ([], Promote("model_answer@0"), "no such version of model_answer"),
        ([Open(NEW.ref, 500)], Promote(NEWER.ref), "another version is open"),
        ([Open(NEW.ref, 500)], Open(NEWER.ref, 500), "is open; close it first"),
        ([], Open(OLD.ref, 500), "in production already"),
        ([], Open(NEW.ref, 0), "a share is from 0.01 % to 100 %"),
        ([], Hold(), "no rollout is open"),
        ([], RollBack(), "no earlier version"),
        ([Promote(NEW.ref), Retire(OLD.ref)], RollBack(), "no earlier version"),
        (
            [Promote(NEW.ref), Open(OLD.ref, 500), RollBack(evict=True)],
            RollBack(),
            "no earlier version",
        ),
        ([], Move("evicted-0123", NEW.ref), "is no label"),
        ([], Move("12", NEW.ref), "could be taken for the number of a version"),
        ([], Retire(OLD.ref), "version 1 is labelled production"),
        ([Open(NEW.ref, 500)], Retire(NEW.ref), "part of an open rollout"),
        ([Retire(NEW.ref)], Open(NEW.ref, 500), "version 2 is retired"),
    ],
)
async def test_what_is_not_possible_is_refused_in_words(before: list[Act], impossible: Act, sentence: str) -> None:
    prompts = await registry()
    await act(prompts, *before)
    with pytest.raises(PromptError, match=sentence):
        await act(prompts, impossible)


async def test_nothing_is_tried_where_nothing_is_in_production() -> None:
    prompts = MemoryPrompts()
    await prompts.create(NEW, by="ada", message="")
    with pytest.raises(PromptError, match="no version is in production"):
        await act(prompts, Open(NEW.ref, 500))
    with pytest.raises(Overtaken):
        await prompts.change("report", Hold(), by="ada", reason="", seen=3)


async def test_a_change_reads_as_a_sentence() -> None:
    prompts = await registry()
    standing = await act(prompts, Open(NEW.ref, 250), reason="is it better?")
    assert standing.last is not None
    assert standing.last.sentence == f"ada opened {NEW.ref} at 2.5 % (is it better?)."
    standing = await act(prompts, Close(), reason="")
    assert standing.last is not None
    assert standing.last.sentence == f"ada closed {NEW.ref}."


def test_a_move_back_undoes_what_came_since() -> None:
    assert productions(["a", "b", "c"]) == ("a", "b", "c")
    assert productions(["a", "b", "c", "b"]) == ("a", "b")
    assert productions(["a", "b", "a", "c"]) == ("a", "c")
