"""Whole interviews that run into each limit: the sentence is said, nothing is lost, and it goes on when it resets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from adapters.library.bank import load_bank
from adapters.llm.offline.coach import Offline
from engine.desk import Desk
from engine.errors import OverLimit
from engine.facts import Postponed
from engine.limits.model import Amounts, Limits, PersonLimits, WorkspaceLimits
from engine.ports import Account, LLMProvider
from tests.kit.interviews import KEY, interview_type, setup
from tests.kit.limited import Limited
from tests.kit.loop import virtual
from tests.kit.memory import MemoryStore
from tests.kit.model import Model
from tests.kit.scene import PROMPTS, MemoryPrompts, Scene

ANSWER = "Last spring I shipped a change that put the wrong date on 312 invoices. I reverted it and added a test."
HOME = KEY.scope
MORNING_S = 6 * 3_600.0
DAY_S = 86_400.0


class Play:
    """A scene whose calls and answers are limited. The day begins with the test."""

    def __init__(self, scene: Scene, limited: Limited, model: Model) -> None:
        self.scene = scene
        self.limited = limited
        self.model = model

    async def answer(self) -> None:
        await self.scene.answer(ANSWER)

    async def next_day(self) -> None:
        now = self.limited.now()
        await asyncio.sleep(DAY_S - now % DAY_S + 5)
        await self.scene.rest()

    def score(self, turn: int) -> float | None:
        return self.scene.session.score(self.scene.session.turns[turn - 1])


@asynccontextmanager
async def play(limits: Limits, fallback: LLMProvider | None = None) -> AsyncGenerator[Play]:
    store = MemoryStore()
    limited = Limited(asyncio.get_running_loop().time, store)
    await limited.limit(limits)
    await asyncio.sleep(MORNING_S)
    model = Model()
    provider = limited.metered(model, fallback or Offline())
    async with limited.budgets, Scene(provider, store=store, bank=load_bank(), gate=limited.budgets) as scene:
        yield Play(scene, limited, model)


@virtual
async def test_an_answer_over_the_limit_is_kept_and_read_the_next_day() -> None:
    async with play(Limits(person=PersonLimits(answers=1))) as played:
        scene = played.scene
        await scene.begin(setup())
        await scene.rest()
        await played.answer()
        await scene.press("next")
        await scene.rest()
        await played.answer()
        [said] = scene.notices
        assert said.startswith("Your 1 answer for today is used up. Your answer is kept and will be read at 00:00 UTC,")
        second = scene.session.turns[1].attempt
        assert (second.text, second.feedback, second.waits) == (ANSWER, None, True)
        await scene.press("next")
        await scene.rest()
        assert scene.notices[-1].startswith("Your answer is kept and will be read at 00:00 UTC, in 18 h.")
        await played.next_day()
        assert played.score(2) is not None
        assert not scene.session.turns[1].attempt.waits
        await scene.press("next")
        await scene.rest()
        assert scene.session.over
    assert (await played.limited.ledger.days(HOME, 2, KEY.person))[0].used.answers == 1


@virtual
async def test_an_answer_that_waits_is_read_at_once_when_an_admin_raised_the_limit() -> None:
    async with play(Limits(person=PersonLimits(answers=0))) as played:
        scene = played.scene
        await scene.begin(setup(questions=1))
        await scene.rest()
        await played.answer()
        question = scene.settled("q1")[-1]
        assert "done" in getattr(question, "actions", ())
        await scene.press("done")
        await scene.rest()
        assert len(scene.notices) == 2
        await played.limited.limit(Limits(person=PersonLimits(answers=5)))
        await scene.press("done")
        await scene.rest()
        assert played.score(1) is not None
        assert len(scene.notices) == 2


@virtual
async def test_more_may_be_added_to_an_answer_that_waits_and_it_may_be_skipped() -> None:
    async with play(Limits(person=PersonLimits(answers=0))) as played:
        scene = played.scene
        await scene.begin(setup())
        await scene.rest()
        await played.answer()
        await scene.say("And I told every customer.")
        await scene.rest()
        assert scene.session.turns[0].attempt.text.endswith("every customer.")
        assert scene.session.turns[0].attempt.feedback is None
        await scene.press("skip")
        await scene.rest()
        assert len(scene.session.turns) == 2
        assert scene.session.waiting is None


@virtual
async def test_with_feedback_at_the_end_the_report_waits_and_says_so() -> None:
    async with play(Limits(person=PersonLimits(answers=1))) as played:
        scene = played.scene
        await scene.begin(setup(type_feedback="end"))
        await scene.rest()
        await played.answer()
        await played.answer()
        assert not scene.session.over
        assert played.score(1) is not None
        assert scene.session.waiting is scene.session.turns[1]
        await scene.press("stop")
        await scene.rest()
        await scene.say("Hello?")
        await scene.rest()
        assert scene.notices[-1].startswith("Your answer is kept and will be read at 00:00 UTC, in 18 h.")
        await scene.press("hint")
        await scene.rest()
        assert scene.notices[-1].startswith("Your answer is kept")
        await played.next_day()
        assert scene.session.over
        assert played.score(2) is not None


@virtual
async def test_an_answer_that_is_too_long_is_told_the_most_and_what_to_do() -> None:
    async with play(Limits(person=PersonLimits(answer_chars=200))) as played:
        scene = played.scene
        await scene.begin(setup(questions=1))
        await scene.rest()
        await scene.say("word " * 50)
        await scene.rest()
        assert scene.notices == [
            "That would make your answer 250 characters long; 200 is the most I can read. "
            "Nothing of this message was added: please send the essential part."
        ]
        await played.answer()
        assert played.score(1) is not None


@pytest.mark.parametrize(
    "limits",
    [
        Limits(person=PersonLimits(tokens=100)),
        Limits(workspace=WorkspaceLimits(tokens=100)),
        Limits(person=PersonLimits(cost_micros=100)),
        Limits(workspace=WorkspaceLimits(cost_micros=100)),
    ],
    ids=["person tokens", "workspace tokens", "person cost", "workspace cost"],
)
def test_with_tokens_or_money_used_up_the_checklist_stands_in_and_the_full_review_follows(limits: Limits) -> None:
    @virtual
    async def played() -> None:
        async with play(limits) as played:
            scene = played.scene
            await scene.begin(setup(questions=1))
            await scene.rest()
            await played.answer()
            turn = scene.session.turns[0]
            assert turn.question.text
            assert turn.attempt.provisional
            assert turn.feedback is not None
            assert turn.feedback.engine == "offline checklist"
            assert played.model.asked == []
            [(_, sentence)] = played.limited.told
            assert "The offline checklist stands in for a model until that resets at 00:00 UTC, in 18 h" in sentence
            await played.limited.limit(Limits())
            await asyncio.sleep(3_700)
            await scene.rest()
            turn = scene.session.turns[0]
            assert not turn.attempt.provisional
            assert turn.feedback is not None
            assert turn.feedback.engine == "m-1"
            assert turn.feedback.cost_micros == 40

    played()


@virtual
async def test_the_full_review_that_is_owed_follows_when_the_day_begins() -> None:
    async with play(Limits(person=PersonLimits(tokens=60_000))) as played:
        scene = played.scene
        await scene.begin(setup(questions=1))
        await scene.rest()
        used = (await played.limited.ledger.used(HOME, KEY.person)).person
        assert used.tokens > 0
        await played.limited.limit(Limits(person=PersonLimits(tokens=60_000)))
        await played.limited.ledger.take(Account(HOME, KEY), "other work", Amounts(tokens=58_000), Limits())
        await played.answer()
        assert scene.session.turns[0].attempt.provisional
        postponed = [fact for fact in scene.store.history[KEY][-1] if isinstance(fact, Postponed)]
        assert postponed
        await played.next_day()
        assert not scene.session.turns[0].attempt.provisional


@virtual
async def test_interviews_are_refused_at_the_door_before_anything_begins() -> None:
    async with play(Limits(person=PersonLimits(interviews=2, open=1))) as played:
        store = played.scene.store
        desk = Desk(
            store=store,
            prompts=MemoryPrompts(PROMPTS),
            types={"behavioral": interview_type()},
            deliver=played.scene.hand_in,
            now=played.limited.now,
            engine_label="m-1",
            admission=played.limited.budgets,
        )
        first, other = KEY, KEY.model_copy(update={"channel": "c2"})
        assert await desk.begin(first, id="b1", type_id="behavioral")
        await played.scene.rest()
        assert not await desk.begin(first, id="b1", type_id="behavioral")
        with pytest.raises(OverLimit) as caught:
            await desk.begin(other, id="b2", type_id="behavioral")
        assert "No more than 1 interview of yours may be open at once" in caught.value.hint
        assert store.newest(other) is None
        await played.scene.press("stop")
        await played.scene.rest()
        assert await desk.begin(other, id="b2", type_id="behavioral")
        await played.scene.rest()
        assert store.newest(other) is not None
        await played.limited.limit(Limits(person=PersonLimits(audio_minutes=1)))
        with pytest.raises(OverLimit, match="audio"):
            await desk.hear(HOME, first, 61.0, "clip")
        await desk.hear(HOME, first, 20.0, "clip")


async def test_a_desk_without_limits_hears_everything() -> None:
    store = MemoryStore()
    desk = Desk(
        store=store, prompts=MemoryPrompts(PROMPTS), types={}, deliver=store.deliver, now=float, engine_label="m-1"
    )
    await desk.hear(HOME, KEY, 1e9)
