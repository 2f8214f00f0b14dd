"""Reads a review while it is being written, and never shows a number that could still change.

A section settles when its value is whole: then its claims are held against the answer (`sections.py`) and it is final.
The section being written is shown as text that grows. Whatever a model sends instead of what was asked for ends as a
section that says why it is missing; one repair may be asked for in between.
"""

from __future__ import annotations

import json
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.errors import ModelError
from engine.events import FeedbackCard, SectionView
from engine.feedback.cards import confidence, engine_label, score_before, settled_view, waiting_view
from engine.feedback.evidence import Evidence
from engine.feedback.gathering import Gathering
from engine.feedback.inert import inert
from engine.feedback.model import CriterionFeedback, Feedback, Origin, level_score
from engine.feedback.sections import CHARS, told, with_few_fixes
from engine.ports import Chunk, Message, Request, Usage
from engine.schemas import narrowed
from engine.session import Session, Turn

GROWTH_CHARS = 24
"""New text that is worth another snapshot."""
_PROSE = frozenset({"headline", "rewrite", "additional_notes", "next_drill"})
"""The sections that a card shows as text while they are written; `summary` is for later prompts."""
READING, REPAIRING = "Reading your answer…", "Asking again for what was missing…"
ABSENT = "The review ended before this part."
UNUSABLE = "This part of the review could not be used, so it is not scored."

_REPAIR = """\
Parts of the review are missing or were not in the required form. These parts stand as they are, as JSON data:
{finished}
Write only the missing parts, consistent with those, as one JSON object with exactly these keys, in order: {missing}.
"""


class FeedbackReader:
    """The review of a turn's latest attempt. `strict`: no level may exceed what the wording shows."""

    def __init__(self, session: Session, turn: Turn, *, strict: bool = False) -> None:
        self._session = session
        self._turn = turn
        self._setup = session.setup
        self._criteria = {criterion.id: criterion for criterion in session.setup.type.criteria}
        question = turn.question
        # Cues are English phrases; an answer in another language must not be measured by them.
        usable = not question.cues or self._setup.language.lower().split("-")[0] == "en"
        key_points, cues = (question.key_points, question.cues) if usable else ((), ())
        self._evidence = Evidence(turn.attempt.text, question=question.text, key_points=key_points, cues=cues)
        self._sections = Gathering(session.setup.type.criteria, self._evidence, strict=strict)
        self._usage = Usage()
        self._shown = 0
        self._repaired = False
        self._waiting = {name: waiting_view(self._setup, each) for name, each in self._criteria.items()}
        self._views: dict[str, tuple[CriterionFeedback, SectionView]] = {}
        self._card: tuple[object, FeedbackCard] | None = None

    def look(self) -> None:
        """Look through the answer now rather than with the first section. May be called from a thread."""
        self._evidence.look()

    @property
    def settled(self) -> tuple[str, ...]:
        """The sections that are final, in order."""
        return self._sections.settled

    def feed(self, chunk: Chunk) -> bool:
        """Take the next piece; `True` when there is something new to show: a section settled, or its text grew."""
        if chunk.usage is not None:
            self._usage += chunk.usage
        if chunk.keep is not None:
            self._sections.cut(chunk.keep)
            self._shown = min(self._shown, self._sections.chars)
        settled = self._sections.feed(chunk.text, chunk.source)
        if not settled and self._sections.chars - self._shown < GROWTH_CHARS:
            return False
        self._shown = self._sections.chars
        return True

    def card(self) -> FeedbackCard:
        """What can be shown now. Levels only stand in settled sections, the score only when all are settled."""
        name, value = self._sections.growing()
        card = self._settled_card()
        if name in self._criteria:
            growing = self._growing(name, value)
            if growing is None:
                return card
            shown = (growing if each == self._waiting[name] else each for each in card.sections)
            return card.model_copy(update={"sections": tuple(shown)})
        if name in _PROSE and isinstance(value, str):
            return card.model_copy(update={name: told(name, value, self._evidence)})
        return card

    def _settled_card(self) -> FeedbackCard:
        """The card without what is being written; most are the same as the one before."""
        state = (self._sections.version, len(self._sections.given_up), self._repaired)
        if self._card is None or self._card[0] != state:
            self._card = (state, self._new_card())
        return self._card[1]

    def _new_card(self) -> FeedbackCard:
        parts, texts, origins = self._judged(), self._sections.texts, self._sections.origins
        whole = all(name in parts or name in self._sections.given_up for name in self._criteria)
        return FeedbackCard(
            turn=self._turn.number,
            attempt=len(self._turn.attempts),
            status=self._status(),
            headline=texts.get("headline", ""),
            sections=tuple(
                self._view(parts[name]) if name in parts else self._waiting[name] for name in self._criteria
            ),
            rewrite=texts.get("rewrite", ""),
            additional_notes=texts.get("additional_notes", ""),
            next_drill=texts.get("next_drill", ""),
            checklist=self._evidence.checklist if self.settled else (),
            score=Feedback(criteria=tuple(parts.values())).score(self._setup.bar.weights) if whole else None,
            before=score_before(self._session, self._turn, len(self._turn.attempts)),
            bar=level_score(self._setup.bar.meets),
            hints=self._turn.attempt.hints,
            engine=engine_label(origins.values()),
            confidence=confidence(origins, whole=True),
            provisional=any(origin.fallback for origin in origins.values()),
        )

    def missing(self) -> tuple[str, ...]:
        """The sections that are absent, unreadable or not acceptable, and not given up, in order."""
        return self._sections.missing

    def fail(self, section: str, reason: str) -> None:
        """Give up a section that is missing, with a sentence for the candidate."""
        if section in self.missing():
            self._sections.given_up[section] = reason

    def decline(self, reason: str) -> None:
        """Give up all that is missing: no model is to be asked about this answer."""
        for name in self.missing():
            self.fail(name, reason)

    def repair_request(self, request: Request) -> Request | None:
        """The request for what is missing, to be fed to this reader next; `None` when there is nothing to ask.

        There is one repair per review.
        """
        missing = self.missing()
        if self._repaired or not missing or request.schema is None:
            return None
        self._repaired = True
        self._sections.again()
        self._shown = 0
        if not self.settled:
            return request
        finished = {name: self._sections.values[name] for name in self.settled}
        asked = _REPAIR.format(finished=json.dumps(finished, ensure_ascii=False), missing=", ".join(missing))
        return replace(
            request,
            sections=missing,
            schema=narrowed(request.schema, missing),
            finished={**request.finished, **finished},
            messages=(*request.messages, Message("user", asked)),
        )

    def finish(
        self, *, prompt: str, took_ms: int, first_section_ms: int = 0, failure: ModelError | None = None
    ) -> Feedback:
        """The feedback to keep. What is still missing says so; `failure` is what ended the last stream, if anything."""
        sections = self._sections
        for name in self.missing():
            if name in sections.unusable:
                self.fail(name, UNUSABLE)
            elif name not in sections.spoilt:
                self.fail(name, f"{ABSENT} {failure.hint}" if failure else ABSENT)
        lost = {name: CriterionFeedback(criterion=name, reason=why) for name, why in sections.given_up.items()}
        parts = lost | self._judged()
        origins = self._origins()
        return Feedback(
            headline=sections.texts.get("headline", ""),
            criteria=tuple(parts[name] for name in self._criteria),
            rewrite=sections.texts.get("rewrite", ""),
            additional_notes=sections.texts.get("additional_notes", ""),
            next_drill=sections.texts.get("next_drill", ""),
            summary=sections.texts.get("summary", "") or self._plain_summary(),
            checklist=self._evidence.checklist,
            missing=dict(sections.given_up),
            engine=engine_label(origins.values()),
            confidence=confidence(origins, whole=all(name in sections.judgements for name in self._criteria)),
            origins=origins,
            prompt=prompt,
            input_tokens=self._usage.input,
            output_tokens=self._usage.output,
            cost_micros=self._usage.cost_micros,
            took_ms=took_ms,
            first_section_ms=first_section_ms,
            repaired=self._repaired,
        )

    def _judged(self) -> dict[str, CriterionFeedback]:
        found = self._sections.spoilt | self._sections.judgements
        few = with_few_fixes([found[name] for name in self._criteria if name in found], self._setup.bar.weights)
        return {part.criterion: part for part in few}

    def _origins(self) -> dict[str, Origin]:
        spoilt = {name: part.origin for name, part in self._sections.spoilt.items() if part.origin}
        known = spoilt | self._sections.origins
        return {name: known[name] for name in self._sections.order if name in known}

    def _view(self, part: CriterionFeedback) -> SectionView:
        """A settled section's view; most cards show the same ones as the card before."""
        known = self._views.get(part.criterion)
        if known is None or known[0] != part:
            known = self._views[part.criterion] = (part, settled_view(self._setup, part))
        return known[1]

    def _growing(self, name: str, value: object) -> SectionView | None:
        """A criterion that is being written, as far as there is something to see."""
        try:
            part = _Growing.model_validate(value)
        except ValidationError:
            return None
        shown: dict[str, object] = {
            "state": "growing",
            "quotes": self._evidence.quotes(part.quotes),
            "assessment": inert(part.assessment, CHARS["assessment"]),
            "fix": inert(part.fix, CHARS["fix"]),
        }
        return self._waiting[name].model_copy(update=shown)

    def _status(self) -> str:
        following = next(iter(self.missing()), None)
        if following is None:
            return ""
        if self._repaired:
            return REPAIRING
        if not self.settled:
            return READING
        criterion = self._criteria.get(following)
        return f"Looking at {criterion.title.lower()}…" if criterion else "Writing down what to do next…"

    def _plain_summary(self) -> str:
        checklist = self._evidence.checklist
        found = f"; {sum(item.found for item in checklist)} of {len(checklist)} key points found" if checklist else ""
        return f"Answered on {self._turn.question.topic}{found}."


class _Growing(BaseModel):
    """As much of a criterion's section as has been written."""

    model_config = ConfigDict(strict=True, extra="ignore")

    quotes: list[str] = []
    assessment: str = ""
    fix: str = ""
