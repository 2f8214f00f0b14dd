"""Whole interviews through reception, attendant, performer and a model, in virtual time."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Collection, Sequence

import pytest

from adapters.library.bank import load_bank
from engine.bank import QuestionBank
from engine.errors import AllDown, Declined, ModelError, StoreUnavailable, Truncated, VersionConflict
from engine.events import FeedbackCard, Grew, ModelAnswerCard, Notice, Opened, QuestionCard, ReportCard, Settled
from engine.facts import Asked, AskedQuestion, Fact, Postponed, Reviewed
from engine.feedback.evidence import Evidence
from engine.inbound import Begin, Given, Inbound, Wrote
from engine.keys import ThreadKey
from engine.ports import Request
from engine.preparing import Preparation
from engine.reception import Reception
from engine.session import Session
from engine.steps import Ask
from tests.kit.interviews import KEY, question, setup
from tests.kit.loop import virtual
from tests.kit.memory import MemoryLease, MemoryStore
from tests.kit.model import Model, said
from tests.kit.scene import PINS, Scene

ANSWER = "Last spring I shipped a change that put the wrong date on 312 invoices. I reverted it and added a test."


def facts_of(scene: Scene, kind: type[Fact]) -> list[Fact]:
    return [fact for fact in scene.store.history[KEY][-1] if isinstance(fact, kind)]


@virtual
async def test_an_interview_is_asked_reviewed_and_summed_up() -> None:
    model = Model(pace_s=0.01)
    async with Scene(model) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        await scene.press("next")
        await scene.rest()
        await scene.answer(ANSWER)
        await scene.press("next")
        await scene.rest()
    session = scene.session
    assert session.over
    assert [turn.attempt.feedback is not None for turn in session.turns] == [True, True]
    assert Counter(request.task for request in model.asked) == {"question": 2, "review": 2, "report": 1}
    opened = [event.post for event in scene.events if isinstance(event, Opened)]
    assert opened == ["q1", "f1.1", "q2", "f2.1", "report"]
    assert isinstance(scene.settled("report")[-1], ReportCard)


@virtual
async def test_feedback_grows_section_by_section_and_settles_once_stored() -> None:
    async with Scene(Model(pace_s=0.02)) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        grown = [e.card for e in scene.events if isinstance(e, Grew) and isinstance(e.card, FeedbackCard)]
        shown = [sum(view.state == "settled" for view in card.sections) for card in grown]
        assert shown == sorted(shown)
        assert set(shown) == {0, 1, 2, 3, 4}
        kinds = [e.kind for e in scene.events if not isinstance(e, Notice) and e.post == "f1.1"]
        assert kinds[0] == "opened"
        assert kinds[-1] == "settled"


@virtual
async def test_the_next_question_is_ready_before_next_is_pressed() -> None:
    model = Model(pace_s=0.5)
    async with Scene(model) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        await asyncio.sleep(60)
        before = asyncio.get_running_loop().time()
        await scene.press("next")
        await scene.until(lambda: len(scene.session.turns) == 2)
        assert asyncio.get_running_loop().time() - before < 0.5
        assert Counter(request.task for request in model.asked)["question"] == 2


@virtual
async def test_a_prepared_question_is_thrown_away_when_the_level_changed() -> None:
    model = Model(pace_s=0.1)
    async with Scene(model) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        await scene.press("harder")
        await scene.press("next")
        await scene.rest()
        assert scene.session.turns[1].question.level == 4
        assert Counter(request.task for request in model.asked)["question"] == 3


@virtual
async def test_an_amended_answer_is_reviewed_anew_as_a_whole_and_in_the_same_message() -> None:
    model = Model(pace_s=0.1)
    async with Scene(model) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.say(ANSWER, message="m-a")
        await scene.press("done")
        await scene.until(lambda: any(isinstance(e, Grew) for e in scene.events))
        await scene.say("And I told every customer.")
        await scene.rest()
        reviews = [request for request in model.asked if request.task == "review"]
        assert len(reviews) == 2
        assert "every customer" in said(reviews[1])
        assert [e.post for e in scene.events if isinstance(e, Opened)] == ["q1", "f1.1", "f1.1"]
        assert len(facts_of(scene, Reviewed)) == 1
        assert model.cancelled >= 1


@virtual
async def test_stop_in_the_middle_of_a_review_takes_effect_at_once() -> None:
    async with Scene(Model(pace_s=1.0)) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.say(ANSWER)
        await scene.press("done")
        await asyncio.sleep(3)
        await scene.press("stop")
        await scene.rest()
        assert scene.session.over
        assert facts_of(scene, Reviewed) == []


@virtual
async def test_easier_in_the_middle_of_a_review_lets_the_review_go_on() -> None:
    model = Model(pace_s=0.1)
    async with Scene(model) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.say(ANSWER)
        await scene.press("done")
        await asyncio.sleep(0.5)
        await scene.press("easier")
        await scene.rest()
        assert Counter(request.task for request in model.asked)["review"] == 1
        assert scene.session.level == 2


@virtual
async def test_a_quiet_period_ends_an_answer() -> None:
    model = Model()
    async with Scene(model) as scene:
        await scene.begin(setup(quiet_s=3.0))
        await scene.rest()
        await scene.say("one part")
        await asyncio.sleep(2.5)
        await scene.say("another part")
        await asyncio.sleep(2.5)
        assert facts_of(scene, Reviewed) == []
        await asyncio.sleep(1.0)
        assert len(facts_of(scene, Reviewed)) == 1


@virtual
async def test_a_long_quiet_period_is_left_to_the_sweep() -> None:
    async with Scene(Model()) as scene:
        await scene.begin(setup(quiet_s=300.0))
        await scene.rest()
        await scene.say("one part")
        await asyncio.sleep(1)
        assert scene.reception.attending == 0
        await asyncio.sleep(310)
        assert len(facts_of(scene, Reviewed)) == 1


@virtual
async def test_a_crash_in_the_middle_of_a_review_loses_nothing() -> None:
    store = MemoryStore()
    async with Scene(Model(pace_s=1.0), store=store) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.say(ANSWER)
        await scene.press("done")
        await asyncio.sleep(5)
    assert facts_of(scene, Reviewed) == []
    async with Scene(Model(), store=store) as again:
        await again.rest()
        assert len(facts_of(again, Reviewed)) == 1
        assert len(facts_of(again, Asked)) == 1


@virtual
async def test_mail_delivered_to_nobody_is_read_at_the_next_start() -> None:
    store = MemoryStore()
    async with Scene(Model(), store=store) as scene:
        await scene.begin(setup())
        await scene.rest()
    await store.deliver(Wrote(id="late", key=KEY, at=0.0, message="m", text=ANSWER))
    async with Scene(Model(), store=store) as again:
        await asyncio.sleep(10)
        assert len(facts_of(again, Reviewed)) == 1


@virtual
async def test_a_duplicate_delivery_does_nothing() -> None:
    async with Scene(Model()) as scene:
        await scene.begin(setup())
        await scene.rest()
        inbound = Wrote(id="same", key=KEY, at=0.0, message="m", text=ANSWER)
        assert await scene.hand_in(inbound)
        assert not await scene.hand_in(inbound)
        await scene.rest()
        assert len(scene.session.turns[0].attempt.parts) == 1


@virtual
async def test_what_cannot_be_done_is_said() -> None:
    async with Scene(Model()) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.press("next")
        await scene.press("repeat")
        await scene.rest()
        assert "still open" in scene.notices[-1]
        assert len(scene.settled("q1")) == 2


@virtual
async def test_model_answers_stream_and_are_kept() -> None:
    async with Scene(Model(pace_s=0.1)) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        await scene.press("model_answer")
        await scene.rest()
        grown = [e.card for e in scene.events if isinstance(e, Grew) and isinstance(e.card, ModelAnswerCard)]
        assert grown
        assert scene.session.turns[0].model_answer


@virtual
async def test_an_answer_that_is_none_gets_a_kind_sentence_and_no_model_is_asked() -> None:
    model = Model()
    async with Scene(model) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer("I don't know.")
        card = scene.settled("f1.1")[-1]
        assert isinstance(card, FeedbackCard)
        assert "practice" in card.headline
        assert card.score is None
        assert all(request.task != "review" for request in model.asked)


def dead(request: Request, n: int) -> ModelError | None:
    del request, n
    return AllDown(retry_after_s=7.0)


@virtual
async def test_with_every_model_down_the_bank_asks_and_the_review_stays_owed() -> None:
    model = Model(fail=dead)
    async with Scene(model, bank=load_bank()) as scene:
        await scene.begin(setup(type_follow_ups=1))
        await scene.rest()
        assert scene.session.turns[0].question.cues
        await scene.answer(ANSWER)
        turn = scene.session.turns[0]
        assert turn.attempt.provisional
        card = scene.settled("f1.1")[-1]
        assert isinstance(card, FeedbackCard)
        assert card.score is None
        assert all(view.reason for view in card.sections)
        await asyncio.sleep(30)
        assert facts_of(scene, Postponed)
        await scene.press("model_answer")
        await scene.rest()
        assert "strong one covers" in scene.session.turns[0].model_answer
        await scene.press("next")
        await scene.rest()
        assert scene.session.turns[1].question.kind == "follow_up"
        model.fail = None
        await asyncio.sleep(1000)
        assert not scene.session.turns[0].attempt.provisional
        full = scene.settled("f1.1")[-1]
        assert isinstance(full, FeedbackCard)
        assert full.score is not None
        await scene.press("stop")
        await scene.rest()
        assert scene.session.over


@virtual
async def test_an_owed_review_arrives_after_the_report_which_is_then_written_anew() -> None:
    model = Model(fail=dead)
    async with Scene(model, bank=load_bank()) as scene:
        await scene.begin(setup(questions=1))
        await scene.rest()
        await scene.answer(ANSWER)
        await scene.press("next")
        await scene.rest()
        report = scene.session.report
        assert report is not None
        assert report.score is None
        model.fail = None
        await asyncio.sleep(3000)
        assert scene.session.report is not None
        assert scene.session.report.score is not None
        assert len(scene.settled("report")) == 2


@virtual
async def test_without_a_bank_a_question_waits_for_a_model_and_the_candidate_is_told_once() -> None:
    model = Model(fail=dead)
    async with Scene(model) as scene:
        await scene.begin(setup())
        await asyncio.sleep(60)
        assert scene.told == [AllDown.hint]
        model.fail = None
        await asyncio.sleep(120)
        assert isinstance(scene.settled("q1")[-1], QuestionCard)


@virtual
async def test_missing_sections_are_asked_for_once_more() -> None:
    failures = [Truncated("model", "m-1")]

    def breaks_once(request: Request, n: int) -> ModelError | None:
        return failures.pop() if request.task == "review" and n == 20 and failures else None

    model = Model(fail=breaks_once)
    async with Scene(model) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        reviews = [request for request in model.asked if request.task == "review"]
        assert len(reviews) == 2
        assert 0 < len(reviews[1].sections) < len(reviews[0].sections)
        feedback = scene.session.turns[0].feedback
        assert feedback is not None
        assert feedback.repaired
        assert not feedback.missing
        assert not scene.session.turns[0].attempt.provisional


@virtual
async def test_what_a_model_declines_to_judge_is_said_and_not_owed() -> None:
    def declines(request: Request, n: int) -> ModelError | None:
        return Declined("model", "m-1") if request.task == "review" and n == 3 else None

    async with Scene(Model(fail=declines)) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        feedback = scene.session.turns[0].feedback
        assert feedback is not None
        assert feedback.missing
        assert not scene.session.turns[0].attempt.provisional


@virtual
async def test_an_owed_review_that_is_not_json_is_shown_as_far_as_it_goes() -> None:
    model = Model(fail=dead)
    async with Scene(model, bank=load_bank()) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        model.fail, model.answer = None, lambda _: "no json at all"
        await asyncio.sleep(60)
        assert not scene.session.turns[0].attempt.provisional


@pytest.mark.parametrize("text", ["no json", "[1, 2]", '{"question": 3}', '{"question": "short"}'])
@virtual
async def test_a_garbled_question_becomes_one_of_the_bank(text: str) -> None:
    async with Scene(Model(answer=lambda _: text), bank=load_bank()) as scene:
        await scene.begin(setup(type_follow_ups=1))
        await scene.rest()
        bank: QuestionBank = load_bank()
        assert bank.get(scene.session.turns[0].question.id)


@virtual
async def test_bank_interviews_ask_no_model_for_questions() -> None:
    model = Model()
    async with Scene(model, bank=load_bank()) as scene:
        await scene.begin(setup(type_source="bank"))
        await scene.rest()
        assert model.asked == []
        await scene.answer(ANSWER)
        assert [request.task for request in model.asked] == ["review"]


class Sick(MemoryStore):
    """A store that cannot write for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.errors: list[Exception] = []

    def append(self, key: ThreadKey, fact: Fact) -> None:
        if self.errors:
            raise self.errors.pop(0)
        super().append(key, fact)


@virtual
async def test_a_full_disk_is_said_once_and_the_session_goes_on_when_there_is_room() -> None:
    store = Sick()
    async with Scene(Model(), store=store) as scene:
        await scene.begin(setup())
        await scene.rest()
        store.errors = [StoreUnavailable("disk full", "The disk is full.") for _ in range(3)]
        await scene.say(ANSWER)
        await asyncio.sleep(60)
        assert scene.told == ["The disk is full."]
        assert len(facts_of(scene, Reviewed)) == 1


@virtual
async def test_a_bug_in_one_thread_is_logged_and_tried_again() -> None:
    store = Sick()
    async with Scene(Model(), store=store) as scene:
        await scene.begin(setup())
        await scene.rest()
        store.errors = [ZeroDivisionError()]
        await scene.say(ANSWER)
        await asyncio.sleep(60)
        assert len(scene.told) == 1
        assert len(facts_of(scene, Reviewed)) == 1


@virtual
async def test_whoever_lost_the_session_to_another_attendant_stops() -> None:
    store = Sick()
    async with Scene(Model(), store=store) as scene:
        await scene.begin(setup())
        await scene.rest()
        store.errors = [VersionConflict("moved on")]
        await scene.say(ANSWER)
        await asyncio.sleep(60)
        assert scene.told == []
        assert len(facts_of(scene, Reviewed)) == 1


@virtual
async def test_a_thread_somebody_else_attends_to_is_left_alone() -> None:
    store = MemoryStore()
    store.leases[KEY] = MemoryLease(store, KEY)
    async with Scene(Model(), store=store) as scene:
        await scene.begin(setup())
        await asyncio.sleep(5)
        assert store.newest(KEY) is None
        del store.leases[KEY]
        await asyncio.sleep(5)
        assert scene.settled("q1")


@virtual
async def test_a_message_that_arrives_while_the_lease_is_given_up_is_attended_to() -> None:
    class Racing(MemoryStore):
        late: Inbound | None = None

    store = Racing()
    async with Scene(Model(), store=store) as scene:
        await scene.begin(setup())
        await scene.rest()
        for n in range(20):
            await scene.hand_in(Wrote(id=f"r{n}", key=KEY, at=0.0, message=f"r{n}", text="part of the answer"))
        await scene.rest()
        assert len(scene.session.turns[0].attempt.parts) == 20


@virtual
async def test_a_sweep_that_cannot_read_the_store_tries_again() -> None:
    class Blind(MemoryStore):
        blind = True

        async def due(
            self, now: float, limit: int = 500, *, without: Collection[str] = frozenset()
        ) -> Sequence[ThreadKey]:
            if self.blind:
                self.blind = False
                raise StoreUnavailable("locked", "It is locked.")
            return await super().due(now, limit, without=without)

    store = Blind()
    async with Scene(Model(), store=store) as scene:
        await store.deliver(Wrote(id="x", key=KEY, at=0.0, message="m", text="hello"))
        await asyncio.sleep(10)
        assert scene.notices == ["There is no interview going on here. Start one first."]


@virtual
async def test_after_closing_nobody_is_woken() -> None:
    async with Scene(Model()) as scene:
        pass
    scene.reception.wake(KEY)
    assert scene.reception.attending == 0


@virtual
async def test_everything_settled_is_stored_first() -> None:
    async with Scene(Model()) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        for event in scene.events:
            if isinstance(event, Settled) and isinstance(event.card, FeedbackCard):
                assert scene.session.turns[event.card.turn - 1].feedback is not None


@virtual
async def test_what_is_being_prepared_stops_with_the_process_and_fails_quietly() -> None:
    def second_question_fails(request: Request, n: int) -> ModelError | None:
        asked = sum(each.task == "question" for each in model.asked)
        return Truncated("model", "m-1") if request.task == "question" and asked == 2 else None

    model = Model(fail=second_question_fails)
    async with Scene(model) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        await scene.press("next")
        await scene.rest()
        assert len(scene.session.turns) == 2
    async with Scene(Model(pace_s=5.0)) as scene:
        await scene.begin(setup(type_source="generated"))
        await scene.rest()
        await scene.say(ANSWER)
        await scene.press("done")
        await asyncio.sleep(4)


@virtual
async def test_only_so_many_questions_are_kept_prepared() -> None:
    asked: list[str] = []

    async def write(session: Session, ask: Ask) -> AskedQuestion:
        asked.append(f"{session.number} at {ask.level}")
        await asyncio.sleep(10)
        return question()

    preparation = Preparation(write, most=2)
    sessions = [
        Session(key=KEY, number=n, version=1, setup=setup(), began_at=0, updated_at=0, level=3) for n in range(4)
    ]
    for session in sessions:
        preparation.start(session)
        preparation.start(session)
    ask = Ask(1, "main", 0, 3)
    assert await preparation.take(sessions[0], ask) is None
    assert await preparation.take(sessions[3], ask) == question()
    assert asked == ["2 at 3", "3 at 3"]
    await preparation.aclose()


@virtual
async def test_hints_that_are_no_list_are_none() -> None:
    def odd(request: Request) -> str:
        return '{"topic": 5, "question": "How would you find the slow service?", "key_points": "x", "hints": null}'

    async with Scene(Model(answer=odd)) as scene:
        await scene.begin(setup())
        await scene.rest()
        asked = scene.session.turns[0].question
        assert (asked.topic, asked.key_points, asked.hints) == ("general", (), ())


@virtual
async def test_a_model_writes_follow_ups_where_it_can() -> None:
    async with Scene(Model()) as scene:
        await scene.begin(setup(type_follow_ups=1))
        await scene.rest()
        await scene.answer(ANSWER)
        await scene.press("next")
        await scene.rest()
        asked = scene.session.turns[1].question
        assert (asked.kind, asked.parent) == ("follow_up", 1)
        assert asked.origin is not None


@virtual
async def test_a_very_long_answer_is_reviewed_like_any_other() -> None:
    async with Scene(Model()) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer("I measured it twice and wrote it down. " * 400)
        assert scene.session.turns[0].feedback is not None


def test_a_request_takes_what_comes_unless_told_otherwise() -> None:
    assert Request(purpose="scoring", task="review", messages=()).accepts("headline", 42)


@virtual
async def test_an_interview_that_began_before_a_task_existed_uses_its_prompt_in_production() -> None:
    async with Scene(Model()) as scene:
        pins = {task: ref for task, ref in PINS.items() if task != "review"}
        await scene.hand_in(Begin(id="old", key=KEY, at=0.0, setup=setup(prompts=pins)))
        await scene.rest()
        await scene.answer(ANSWER)
        feedback = scene.session.turns[0].feedback
        assert feedback is not None
        assert feedback.prompt == PINS["review"]


@virtual
async def test_an_outline_without_key_points_says_so() -> None:
    model = Model()
    async with Scene(model) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer(ANSWER)
        turn = scene.session.turns[0]
        bare = turn.model_copy(update={"question": turn.question.model_copy(update={"key_points": ()})})
        scene.store.snapshots[KEY] = scene.session.model_copy(update={"turns": (bare,)})
        model.fail = dead
        await scene.press("model_answer")
        await scene.rest()
        assert "no key points on file" in scene.session.turns[0].model_answer


@virtual
async def test_whoever_rings_while_the_lease_is_given_up_is_heard() -> None:
    class Behind(MemoryStore):
        async def due(
            self, now: float, limit: int = 500, *, without: Collection[str] = frozenset()
        ) -> Sequence[ThreadKey]:
            return [KEY] if len(attended) == 1 else []

    attended: list[ThreadKey] = []

    async def attend(key: ThreadKey) -> None:
        attended.append(key)
        reception.wake(key)

    reception = Reception(store=Behind(), attend=attend, tell=lambda *_: None, now=lambda: 0.0)
    async with reception:
        reception.wake(KEY)
        await asyncio.sleep(10)
    assert attended == [KEY, KEY]


@virtual
async def test_a_very_long_answer_is_looked_through_off_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    where: list[bool] = []
    look = Evidence.look

    def looking(evidence: Evidence) -> None:
        where.append(threading.current_thread() is threading.main_thread())
        look(evidence)
        assert {"checklist", "ceiling", "_folded", "_suspicious"} <= vars(evidence).keys()

    monkeypatch.setattr(Evidence, "look", looking)
    async with Scene(Model()) as scene:
        await scene.begin(setup())
        await scene.rest()
        await scene.answer("I measured it twice and wrote it down. " * 400)
    assert where == [False]


@virtual
async def test_a_question_brought_along_with_its_answer_is_reviewed_at_once() -> None:
    model = Model()
    async with Scene(model) as scene:
        await scene.begin(setup(questions=1), given=Given(question="Why do queues grow?", answer=ANSWER))
        await scene.rest()
        assert scene.session.turn is not None
        assert scene.session.turn.feedback is not None
        await scene.press("next")
        await scene.rest()
    [turn] = scene.session.turns
    assert (turn.question.text, turn.question.key_points) == ("Why do queues grow?", ())
    assert scene.session.over
    assert Counter(request.task for request in model.asked) == {"review": 1, "report": 1}


@virtual
async def test_a_question_brought_along_alone_waits_for_its_answer() -> None:
    model = Model()
    async with Scene(model) as scene:
        await scene.begin(setup(questions=1), given=Given(question="Why do queues grow?"))
        await scene.rest()
        await scene.answer(ANSWER)
    assert scene.session.turn is not None
    assert scene.session.turn.feedback is not None
    assert [request.task for request in model.asked] == ["review"]


@virtual
async def test_an_answer_too_long_to_read_begins_nothing() -> None:
    async with Scene(Model()) as scene:
        await scene.begin(setup(questions=1), given=Given(question="Why?", answer="x" * 40_001))
        await scene.rest()
    assert scene.store.newest(KEY) is None
    assert "40,000 is the most I can read" in scene.notices[-1]
