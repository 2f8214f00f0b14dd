"""How each step is performed: what is asked of a model, what is shown meanwhile, and the facts that come of it.

Performing never touches the store and may be cancelled at any moment; what it returns is recorded by the attendant. A
question or a report that no model can write is made from what is at hand and says so. Reviews are
`engine/reviewing.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from types import TracebackType
from typing import Self, assert_never

from engine.asking import Asker
from engine.bank import QuestionBank
from engine.consulting import Consultant, origin, text_of, texts_of
from engine.conversation import question_number
from engine.errors import ModelError
from engine.events import Emit, Grew, ModelAnswerCard, Opened, QuestionCard, ReportCard
from engine.facts import Asked, AskedQuestion, Fact, ModelAnswered, Report, Summarised
from engine.feedback.inert import inert
from engine.feedback.model import OFFLINE
from engine.interviews import level_name
from engine.keys import ThreadKey
from engine.ports import LLMProvider, Source
from engine.preparing import Preparation
from engine.prompting import PromptStore
from engine.prompting.materials import model_answer_material, report_material, review_material
from engine.questions import QuestionSets
from engine.report import report_numbers
from engine.reviewing import Reviewer
from engine.session import Session
from engine.steps import Ask, ModelAnswer, Review, Step, Summarise

log = logging.getLogger(__name__)

SUMMARY_CHARS, FIX_CHARS, DRILL_CHARS = 1_500, 500, 600
GROWTH_CHARS = 64
"""New text that is worth another snapshot of a post that is being written."""


class Performer:
    """Performs steps with one provider (usually the router). An async context manager: it owns prepared questions.

    `draw()` is in [0, 1); `marker` and `pseudonym` are as in `Consultant`.
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
        sets: QuestionSets | None = None,
    ) -> None:
        self._consultant = Consultant(provider, prompts, marker, pseudonym)
        self._asker = Asker(consultant=self._consultant, bank=bank, draw=draw, sets=sets)
        self._now = now
        self._preparation = Preparation(self._asker.write)
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
                request = await self._consultant.request(session, review_material(session, turn))
                if not step.again and session.setup.type.feedback == "each":
                    self._preparation.start(session)
                return await self._reviewer.review(step, session, request, emit)
            case ModelAnswer():
                return await self._model_answer(step, session, emit)
            case Summarise():
                return await self._summarise(session, emit)
            case _:
                assert_never(step)

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
            question = await self._asker.write(session, step)
        return (Asked(at=self._now(), turn=step.turn, question=question, reason=step.reason),)

    async def _model_answer(self, step: ModelAnswer, session: Session, emit: Emit) -> tuple[Fact, ...]:
        turn = session.turns[step.turn - 1]
        post, shown = f"m{turn.number}", 0
        emit(Opened(key=session.key, session=session.id, post=post, card=ModelAnswerCard(turn=turn.number)))
        text, source = "", Source(OFFLINE, "checklist")
        try:
            request = await self._consultant.request(session, model_answer_material(session, turn))
            async with self._consultant.provider.stream(request) as chunks:
                async for chunk in chunks:
                    text, source = text[: chunk.keep] + chunk.text, chunk.source
                    if len(text) - shown >= GROWTH_CHARS:
                        shown = len(text)
                        card = ModelAnswerCard(turn=turn.number, text=inert(text), engine=origin(source).label)
                        emit(Grew(key=session.key, session=session.id, post=post, card=card))
        except ModelError as error:
            log.warning("outline instead of a model answer", extra={"session": session.id, "error": str(error)})
            text, source = "", Source(OFFLINE, "checklist")
        text = inert(text).strip() or _outline(turn.question)
        return (ModelAnswered(at=self._now(), turn=turn.number, text=text, origin=origin(source)),)

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
            completion, sections = await self._consultant.sections(session, report_material(session, numbers))
        except ModelError as error:
            log.warning("report in plain words instead", extra={"session": session.id, "error": str(error)})
            return numbers
        fixes = texts_of(sections.get("fixes"), FIX_CHARS)[:3]
        words = {
            "summary": text_of(sections.get("summary"), SUMMARY_CHARS) or numbers.summary,
            "fixes": fixes or numbers.fixes,
            "drill": text_of(sections.get("drill"), DRILL_CHARS) or numbers.drill,
            "origins": {name: origin(source) for name, source in completion.sources.items()},
        }
        return numbers.model_copy(update=words)


def _outline(question: AskedQuestion) -> str:
    if not question.key_points:
        return "No model could write an answer just now, and there are no key points on file for this question."
    points = "\n".join(f"- {point}" for point in question.key_points)
    return f"No model could write an answer just now. A strong one covers:\n{points}"
