"""Writing the questions: a model's where there is one, with the bank to inspire it and to fall back on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from engine.bank import QuestionBank
from engine.consulting import Consultant, origin, text_of, texts_of
from engine.errors import Garbled, ModelError
from engine.facts import AskedQuestion
from engine.feedback.model import Origin
from engine.interviews import Question
from engine.ports import Completion
from engine.prompting.materials import follow_up_material, question_material
from engine.questions import OwnBanks, QuestionSets
from engine.session import Session
from engine.steps import Ask

log = logging.getLogger(__name__)

QUESTION_CHARS, HINT_CHARS, POINT_CHARS, TOPIC_CHARS = 2_000, 500, 500, 80
DEEPER = "Which part of your answer are you least sure of, and how would you check it?"
"""The follow-up when neither a model nor the bank has one."""


class Asker:
    """Writes questions. `draw()` is in [0, 1). A team's own questions come from `sets`, before those of the bank."""

    def __init__(
        self,
        *,
        consultant: Consultant,
        bank: QuestionBank,
        draw: Callable[[], float],
        sets: QuestionSets | None = None,
    ) -> None:
        self._consultant = consultant
        self._bank = bank
        self._draw = draw
        self._own_banks = OwnBanks(sets) if sets else None

    async def write(self, session: Session, step: Ask) -> AskedQuestion:
        """The question for a step. Raises `ModelError` only when there is neither a model nor a bank question."""
        if step.kind == "follow_up":
            return await self._follow_up(session, step)
        asked = await self._main(session, step)
        minutes = session.setup.type.minutes
        return asked if minutes is None else asked.model_copy(update={"minutes": minutes})

    async def _main(self, session: Session, step: Ask) -> AskedQuestion:
        setup = session.setup
        own = await self._own(session, step.level)
        seeds = self._seeds(own, session, step) or self._seeds(self._bank, session, step)
        if setup.type.source == "bank" and seeds:
            return _from_bank(seeds[0])
        material = question_material(session, step, seeds if setup.type.source != "generated" else ())
        try:
            completion, sections = await self._consultant.sections(session, material)
            written = _question(completion, sections, step, topic=text_of(sections.get("topic"), TOPIC_CHARS))
        except ModelError as error:
            if not seeds:
                raise
            log.warning("question from the bank instead", extra={"session": session.id, "error": str(error)})
            return _from_bank(seeds[0])
        known = own.by_text(written.text) or self._bank.by_text(written.text)
        return _from_bank(known, written.origin) if known else written

    async def _own(self, session: Session, level: int) -> QuestionBank:
        """The type's own questions; an empty bank where it has none."""
        setup, bank = session.setup, None
        if self._own_banks and (digest := setup.type.own_questions):
            home = setup.home or session.key.scope
            bank = await self._own_banks.bank(home, digest, setup.type.format, level)
            if bank is None:
                log.warning("a type's own questions are gone", extra={"session": session.id, "type": setup.type.id})
        return bank or QuestionBank(())

    def _seeds(self, bank: QuestionBank, session: Session, step: Ask) -> tuple[Question, ...]:
        return bank.seeds(
            format=session.setup.type.format,
            level=step.level,
            role=session.setup.role,
            used_ids=frozenset(turn.question.id for turn in session.turns),
            focus=session.setup.focus,
            draw=self._draw,
        )

    async def _follow_up(self, session: Session, step: Ask) -> AskedQuestion:
        parent = session.turns[step.parent - 1].question
        try:
            completion, sections = await self._consultant.sections(session, follow_up_material(session, step))
            written = _question(completion, sections, step, topic=parent.topic)
        except ModelError as error:
            log.warning("follow-up from the bank instead", extra={"session": session.id, "error": str(error)})
            asked = {turn.question.text for turn in session.turns}
            text = next((text for text in parent.follow_ups if text not in asked), DEEPER)
            written = AskedQuestion(id=f"{parent.id}-f{step.turn}", text=text, topic=parent.topic, level=step.level)
        update = {"kind": "follow_up", "parent": step.parent, "minutes": max(2, parent.minutes // 2)}
        return written.model_copy(update=update)


def _question(completion: Completion, sections: Mapping[str, object], step: Ask, *, topic: str) -> AskedQuestion:
    text = text_of(sections.get("question"), QUESTION_CHARS)
    if len(text) < 10:
        raise Garbled(completion.source.provider, completion.source.model, "no question in it")
    return AskedQuestion(
        id=f"generated-{step.turn}",
        text=text,
        topic=topic or "general",
        level=step.level,
        key_points=texts_of(sections.get("key_points"), POINT_CHARS)[:8],
        hints=texts_of(sections.get("hints"), HINT_CHARS)[:4],
        origin=origin(completion.source),
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
