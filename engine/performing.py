"""How each step is performed: what is asked of a model, what is shown meanwhile, and the facts that come of it.

Performing never touches the store and may be cancelled at any moment; what it returns is recorded by the attendant. A
question or a report that no model can write is made from what is at hand and says so. Reviews are
`engine/reviewing.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self, assert_never, cast

from pydantic import TypeAdapter, ValidationError

from engine.bank import QuestionBank
from engine.conversation import question_number
from engine.errors import Garbled, ModelError
from engine.events import Event, Grew, ModelAnswerCard, Opened, QuestionCard, ReportCard
from engine.facts import Asked, AskedQuestion, Fact, ModelAnswered, Report, Summarised
from engine.feedback.inert import inert
from engine.feedback.model import OFFLINE, Origin
from engine.interviews import Question, level_name
from engine.keys import ThreadKey
from engine.material import Material
from engine.ports import Completion, LLMProvider, Request, Source
from engine.preparing import Preparation
from engine.prompting import PromptStore, build_request
from engine.prompting.materials import (
    follow_up_material,
    model_answer_material,
    question_material,
    report_material,
)
from engine.report import report_numbers
from engine.reviewing import Reviewer
from engine.session import Session
from engine.steps import Ask, ModelAnswer, Review, Step, Summarise

log = logging.getLogger(__name__)

Emit = Callable[[Event], None]
QUESTION_CHARS, HINT_CHARS, POINT_CHARS, TOPIC_CHARS = 2_000, 500, 500, 80
_OBJECT: TypeAdapter[dict[str, object]] = TypeAdapter(dict[str, object])
GROWTH_CHARS = 64
"""New text that is worth another snapshot of a post that is being written."""

DEEPER = "Which part of your answer are you least sure of, and how would you check it?"
"""The follow-up when neither a model nor the bank has one."""


class Performer:
    """Performs steps with one provider (usually the router). An async context manager: it owns prepared questions.

    `pseudonym(key)` is a stable hash of a person for the provider; `marker()` 128 random bits in hex; `draw()` is in
    [0, 1).
    """

    def __init__(
        self,
        *,
        provider: LLMProvider,
        prompts: PromptStore,
        bank: QuestionBank,
        now: Callable[[], float],
        draw: Callable[[], float],
        marker: Callable[[], str],
        pseudonym: Callable[[ThreadKey], str],
    ) -> None:
        self._provider = provider
        self._prompts = prompts
        self._bank = bank
        self._now = now
        self._draw = draw
        self._marker = marker
        self._pseudonym = pseudonym
        self._preparation = Preparation(self._write_question)
        self._reviewer = Reviewer(provider=provider, now=now)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._preparation.aclose()

    async def perform(self, step: Step, session: Session, emit: Emit) -> tuple[Fact, ...]:
        """Do what is due; the facts to record. Raises `ModelError` only where nothing at all can be said."""
        match step:
            case Ask():
                return await self._ask(step, session, emit)
            case Review():
                turn = session.turns[step.turn - 1]
                request = await self._request(session, self._reviewer.material(session, turn))
                if not step.again and session.setup.type.feedback == "each":
                    self._preparation.start(session)
                return await self._reviewer.review(step, session, request, emit)
            case ModelAnswer():
                return await self._model_answer(step, session, emit)
            case Summarise():
                return await self._summarise(session, emit)
            case _:
                assert_never(step)

    async def _request(self, session: Session, material: Material) -> Request:
        ref = session.setup.prompts[material.task]
        return build_request(
            await self._prompts.prompt(ref),
            material,
            user=self._pseudonym(session.key),
            marker=self._marker,
            count=lambda text: self._provider.count_tokens(text).upper,
        )

    async def _ask(self, step: Ask, session: Session, emit: Emit) -> tuple[Fact, ...]:
        being_prepared = QuestionCard(
            turn=step.turn,
            number=question_number(session, step.turn, step.kind),
            total=session.setup.questions,
            kind=step.kind,
            level=step.level,
            level_name=level_name(step.level),
            level_reason=step.reason,
        )
        emit(Opened(key=session.key, session=session.id, post=f"q{step.turn}", card=being_prepared))
        question = await self._preparation.take(session, step)
        if question is None:
            question = await self._write_question(session, step)
        return (Asked(at=self._now(), turn=step.turn, question=question, reason=step.reason),)

    async def _write_question(self, session: Session, step: Ask) -> AskedQuestion:
        """The question for a step: the bank's, or a model's with the bank to fall back on."""
        if step.kind == "follow_up":
            return await self._write_follow_up(session, step)
        setup = session.setup
        seeds = self._bank.seeds(
            format=setup.type.format,
            level=step.level,
            role=setup.role,
            used_ids=frozenset(turn.question.id for turn in session.turns),
            focus=setup.focus,
            draw=self._draw,
        )
        if setup.type.source == "bank" and seeds:
            return _from_bank(seeds[0])
        material = question_material(session, step, seeds if setup.type.source != "generated" else ())
        try:
            completion, sections = await self._sections(session, material)
            written = _question(completion, sections, step, topic=_text(sections.get("topic"), TOPIC_CHARS))
        except ModelError as error:
            if not seeds:
                raise
            log.warning("question from the bank instead", extra={"session": session.id, "error": str(error)})
            return _from_bank(seeds[0])
        known = self._bank.by_text(written.text)
        return _from_bank(known, written.origin) if known else written

    async def _write_follow_up(self, session: Session, step: Ask) -> AskedQuestion:
        parent = session.turns[step.parent - 1].question
        try:
            completion, sections = await self._sections(session, follow_up_material(session, step))
            written = _question(completion, sections, step, topic=parent.topic)
        except ModelError as error:
            log.warning("follow-up from the bank instead", extra={"session": session.id, "error": str(error)})
            asked = {turn.question.text for turn in session.turns}
            text = next((text for text in parent.follow_ups if text not in asked), DEEPER)
            written = AskedQuestion(id=f"{parent.id}-f{step.turn}", text=text, topic=parent.topic, level=step.level)
        update = {"kind": "follow_up", "parent": step.parent, "minutes": max(2, parent.minutes // 2)}
        return written.model_copy(update=update)

    async def _model_answer(self, step: ModelAnswer, session: Session, emit: Emit) -> tuple[Fact, ...]:
        turn = session.turns[step.turn - 1]
        post, shown = f"m{turn.number}", 0
        emit(Opened(key=session.key, session=session.id, post=post, card=ModelAnswerCard(turn=turn.number)))
        text, source = "", Source(OFFLINE, "checklist")
        try:
            request = await self._request(session, model_answer_material(session, turn))
            async with self._provider.stream(request) as chunks:
                async for chunk in chunks:
                    text, source = text[: chunk.keep] + chunk.text, chunk.source
                    if len(text) - shown >= GROWTH_CHARS:
                        shown = len(text)
                        card = ModelAnswerCard(turn=turn.number, text=inert(text), engine=_origin(source).label)
                        emit(Grew(key=session.key, session=session.id, post=post, card=card))
        except ModelError as error:
            log.warning("outline instead of a model answer", extra={"session": session.id, "error": str(error)})
            text, source = "", Source(OFFLINE, "checklist")
        text = inert(text).strip() or _outline(turn.question)
        return (ModelAnswered(at=self._now(), turn=turn.number, text=text, origin=_origin(source)),)

    async def _summarise(self, session: Session, emit: Emit) -> tuple[Fact, ...]:
        if session.report is None:
            card = ReportCard(title=session.setup.type.title)
            emit(Opened(key=session.key, session=session.id, post="report", card=card))
        numbers = report_numbers(session)
        return (Summarised(at=self._now(), report=await self._worded(session, numbers)),)

    async def _worded(self, session: Session, numbers: Report) -> Report:
        """The report in a model's words where there is one; its figures stay as computed."""
        if not numbers.trend:
            return numbers
        try:
            completion, sections = await self._sections(session, report_material(session, numbers))
        except ModelError as error:
            log.warning("report in plain words instead", extra={"session": session.id, "error": str(error)})
            return numbers
        fixes = _texts(sections.get("fixes"), POINT_CHARS)[:3]
        words = {
            "summary": _text(sections.get("summary"), 1_500) or numbers.summary,
            "fixes": fixes or numbers.fixes,
            "drill": _text(sections.get("drill"), 600) or numbers.drill,
            "origins": {name: _origin(source) for name, source in completion.sources.items()},
        }
        return numbers.model_copy(update=words)

    async def _sections(self, session: Session, material: Material) -> tuple[Completion, Mapping[str, object]]:
        request = await self._request(session, material)
        completion = await self._provider.complete(request)
        return completion, _object(completion)


def _object(completion: Completion) -> Mapping[str, object]:
    try:
        return _OBJECT.validate_json(completion.text)
    except ValidationError as error:
        raise Garbled(completion.source.provider, completion.source.model, "not a JSON object") from error


def _question(completion: Completion, sections: Mapping[str, object], step: Ask, *, topic: str) -> AskedQuestion:
    text = _text(sections.get("question"), QUESTION_CHARS)
    if len(text) < 10:
        raise Garbled(completion.source.provider, completion.source.model, "no question in it")
    return AskedQuestion(
        id=f"generated-{step.turn}",
        text=text,
        topic=topic or "general",
        level=step.level,
        key_points=_texts(sections.get("key_points"), POINT_CHARS)[:8],
        hints=_texts(sections.get("hints"), HINT_CHARS)[:4],
        origin=_origin(completion.source),
    )


def _from_bank(question: Question, origin: Origin | None = None) -> AskedQuestion:
    return AskedQuestion(
        id=question.id,
        text=question.text,
        topic=question.topic,
        level=question.level,
        minutes=question.minutes,
        key_points=question.key_points,
        cues=question.cues,
        hints=question.hints,
        follow_ups=question.follow_ups,
        origin=origin,
    )


def _outline(question: AskedQuestion) -> str:
    points = "\n".join(f"- {point}" for point in question.key_points)
    return (
        f"No model could write an answer just now. A strong one covers:\n{points}"
        if points
        else ("No model could write an answer just now, and there are no key points on file for this question.")
    )


def _origin(source: Source) -> Origin:
    return Origin(provider=source.provider, model=source.model, fallback=source.fallback)


def _text(value: object, chars: int) -> str:
    return inert(value.strip())[:chars].strip() if isinstance(value, str) else ""


def _texts(value: object, chars: int) -> tuple[str, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(text for item in cast("list[object]", value) if (text := _text(item, chars)))
