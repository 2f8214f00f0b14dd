"""The one door of every surface, and the addresses that pass through it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.desk import Desk
from engine.errors import SettingsError
from engine.inbound import Begin, Given, Wrote
from engine.interviews import Bar, Question, Setup
from engine.keys import ThreadKey, session_id
from engine.preferences import Preferences
from tests.kit.interviews import KEY, WEIGHTS, interview_type, question, setup
from tests.kit.memory import MemoryStore
from tests.kit.scene import PINS, PROMPTS, MemoryPrompts

part = st.text(min_size=1, max_size=40).filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))


def desk(store: MemoryStore) -> Desk:
    return Desk(
        store=store,
        prompts=MemoryPrompts(PROMPTS),
        types={"behavioral": interview_type()},
        deliver=store.deliver,
        now=lambda: 5.0,
        engine_label="m-1",
    )


async def test_beginning_fills_in_the_types_defaults_and_pins_the_prompts() -> None:
    store = MemoryStore()
    assert await desk(store).begin(KEY, id="b", type_id="behavioral")
    [begin] = store.mailbox[KEY]
    assert isinstance(begin, Begin)
    assert begin.setup == Setup(
        type=interview_type(), role="mid", questions=2, start_level=3, prompts=PINS, home="local/-"
    )
    assert not await desk(store).begin(KEY, id="b", type_id="behavioral")


async def test_what_is_chosen_wins() -> None:
    store = MemoryStore()
    await desk(store).begin(
        KEY, id="b", type_id="behavioral", questions=7, level=1, focus="f", language="de", quiet_s=9
    )
    [begin] = store.mailbox[KEY]
    assert isinstance(begin, Begin)
    chosen = begin.setup
    assert (chosen.questions, chosen.start_level, chosen.focus, chosen.language, chosen.quiet_s) == (7, 1, "f", "de", 9)


async def test_an_unknown_type_and_an_unfit_role_are_refused_with_the_choices() -> None:
    with pytest.raises(SettingsError, match="Choose one of: behavioral"):
        await desk(MemoryStore()).begin(KEY, id="b", type_id="nope")
    with pytest.raises(SettingsError, match="made for mid, not for 'staff'"):
        await desk(MemoryStore()).begin(KEY, id="b", type_id="behavioral", role="staff")


async def test_looking_back_and_forgetting_concern_one_person() -> None:
    store = MemoryStore()
    front = desk(store)
    await front.deliver(Wrote(id="w", key=KEY, at=0.0, message="m", text="hello"))
    assert await front.session(KEY) is None
    assert await front.history(KEY) == []
    assert await front.forget(KEY) == 0
    assert KEY not in store.mailbox


@given(part, part, part)
def test_a_key_reads_back_from_its_text(channel: str, thread: str, user: str) -> None:
    key = ThreadKey(platform="slack", workspace="T1", channel=channel, thread=thread, user=user)
    assert ThreadKey.parse(str(key)) == key
    assert session_id(key, 2) == f"{key}#2"


def test_half_a_key_is_none() -> None:
    with pytest.raises(ValueError, match="not a thread key"):
        ThreadKey.parse("slack/T1")


def test_inconsistent_types_are_refused_in_words() -> None:
    one = interview_type()
    with pytest.raises(ValueError, match="two have the same id"):
        interview_type(criteria=(one.criteria[0], one.criteria[0]))
    with pytest.raises(ValueError, match="headline is a section of every review"):
        interview_type(criteria=(one.criteria[0].model_copy(update={"id": "headline"}),))
    with pytest.raises(ValueError, match="at least one role"):
        interview_type(roles={})
    with pytest.raises(ValueError, match="must be for exactly"):
        interview_type(roles={"mid": Bar(meets=3, start=3, weights={"x": 100})})
    with pytest.raises(ValueError, match="sum to 100"):
        interview_type(roles={"mid": Bar(meets=3, start=3, weights=WEIGHTS | {"completeness": 30})})
    with pytest.raises(ValueError, match="is for mid"):
        setup(role="staff")
    assert len(one.digest) == 12
    assert one.digest == interview_type().digest != interview_type(title="Other").digest
    assert question().cues


def test_a_bank_question_needs_cues_for_every_point() -> None:
    fields = {"id": "q1", "format": "coding", "level": 1, "text": "What is a queue for?", "topic": "queues"}
    with pytest.raises(ValueError, match="q1: one non-empty list of cues"):
        Question.model_validate(fields | {"key_points": ("a", "b"), "cues": (("x",),)})


async def test_a_question_brought_along_is_the_whole_interview() -> None:
    store = MemoryStore()
    await desk(store).begin(
        KEY, id="b", type_id="behavioral", questions=7, question="Why do queues grow?", answer="They wait."
    )
    [begin] = store.mailbox[KEY]
    assert isinstance(begin, Begin)
    assert begin.given == Given(question="Why do queues grow?", answer="They wait.")
    assert (begin.setup.questions, begin.setup.type.follow_ups) == (1, 0)


async def test_what_a_person_prefers_is_theirs_in_every_thread() -> None:
    front = desk(MemoryStore())
    assert await front.preferences(KEY) == Preferences()
    await front.prefer(KEY, Preferences(live=False))
    assert await front.preferences(KEY.model_copy(update={"thread": "other"})) == Preferences(live=False)
    assert await front.preferences(KEY.model_copy(update={"user": "somebody-else"})) == Preferences()
