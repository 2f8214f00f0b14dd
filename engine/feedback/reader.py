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
from engine.feedback.inert import inert
from engine.feedback.model import CriterionFeedback, Feedback, Origin, level_score
from engine.feedback.sections import CHARS, judged, told, with_few_fixes
from engine.feedback.verdict import acceptable, read_criterion, read_text, sections_for
from engine.llm.sections import SectionScanner
from engine.ports import Chunk, Request, Source, Usage
from engine.ports import Turn as Message
from engine.schemas import narrowed
from engine.session import Session, Turn

GROWTH_CHARS = 64
"""New text that is worth another snapshot."""
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
        self._strict = strict
        self._setup = session.setup
        self._criteria = {criterion.id: criterion for criterion in session.setup.type.criteria}
        self._order = sections_for(session.setup.type.criteria)
        question = turn.question
        self._evidence = Evidence(turn.attempt.text, key_points=question.key_points, cues=question.cues)
        self._scanner = SectionScanner()
        self._unreadable = False
        self._parts: dict[str, CriterionFeedback | str] = {}
        self._values: dict[str, object] = {}
        self._origins: dict[str, Origin] = {}
        self._spoilt: dict[str, CriterionFeedback] = {}  # readable but for the level
        self._unusable: set[str] = set()
        self._missing: dict[str, str] = {}
        self._earlier: frozenset[str] = frozenset()  # what an earlier stream brought, safe from a cut of this one
        self._usage = Usage()
        self._shown = 0
        self._repaired = False

    @property
    def settled(self) -> tuple[str, ...]:
        """The sections that are final, in order."""
        return tuple(name for name in self._order if name in self._parts)

    @property
    def provisional(self) -> bool:
        """Some of it was written by the offline coach in a model's place."""
        return any(origin.fallback for origin in self._origins.values())

    def feed(self, chunk: Chunk) -> bool:
        """Take the next piece; `True` when there is something new to show: a section settled, or its text grew."""
        if chunk.usage is not None:
            self._usage += chunk.usage
        if chunk.keep is not None:
            self._cut(chunk.keep)
        if self._unreadable or not chunk.text:
            return False
        try:
            completed = self._scanner.feed(chunk.text)
        except ValueError:
            # What came whole before the nonsense is still good; the rest of this stream is not listened to.
            self._unreadable = True
            completed = tuple(self._scanner.spans)
        news = [name for name in completed if self._settle(name, chunk.source)]
        if not news and len(self._scanner.text) - self._shown < GROWTH_CHARS:
            return False
        self._shown = len(self._scanner.text)
        return bool(news) or self._scanner.open is not None

    def card(self) -> FeedbackCard:
        """What can be shown now. Levels only stand in settled sections, the score only when all are settled."""
        growing = self._growing()
        parts = {part.criterion: part for part in self._judged()}
        words = self._words() | {name: text for name, text in growing.items() if isinstance(text, str)}
        views = {name: view for name, view in growing.items() if isinstance(view, SectionView)}
        whole = all(name in parts or name in self._missing for name in self._criteria)
        return FeedbackCard(
            turn=self._turn.number,
            attempt=len(self._turn.attempts),
            status=self._status(),
            headline=words.get("headline", ""),
            sections=tuple(
                settled_view(self._setup, parts[name])
                if name in parts
                else views.get(name) or waiting_view(self._setup, criterion)
                for name, criterion in self._criteria.items()
            ),
            rewrite=words.get("rewrite", ""),
            additional_notes=words.get("additional_notes", ""),
            next_drill=words.get("next_drill", ""),
            checklist=self._evidence.checklist if self._parts else (),
            score=Feedback(criteria=tuple(parts.values())).score(self._setup.bar.weights) if whole else None,
            before=score_before(self._session, self._turn, len(self._turn.attempts)),
            bar=level_score(self._setup.bar.meets),
            hints=self._turn.attempt.hints,
            engine=engine_label(self._origins.values()),
            confidence=confidence(self._origins, whole=True),
            provisional=self.provisional,
        )

    def missing(self) -> tuple[str, ...]:
        """The sections that are absent, unreadable or not acceptable, and not given up, in order."""
        return tuple(name for name in self._order if name not in self._parts and name not in self._missing)

    def fail(self, section: str, reason: str) -> None:
        """Give a section up, with a sentence for the candidate."""
        if section not in self._parts:
            self._missing.setdefault(section, reason)

    def decline(self, reason: str) -> None:
        """Give up every section that has not settled: no model is to be asked about this answer."""
        for name in self.missing():
            self.fail(name, reason)

    def repair_request(self, request: Request) -> Request | None:
        """The request for what is missing, whose stream is fed to this reader next; `None` when there is nothing to ask.

        There is one repair per review.
        """
        missing = self.missing()
        if self._repaired or not missing or request.schema is None:
            return None
        self._repaired = True
        self._scanner = SectionScanner()
        self._unreadable = False
        self._shown = 0
        self._earlier = frozenset(self._parts) | frozenset(self._spoilt) | frozenset(self._unusable)
        if not self._parts:
            return request
        finished = {name: self._values[name] for name in self.settled}
        asked = _REPAIR.format(finished=json.dumps(finished, ensure_ascii=False), missing=", ".join(missing))
        return replace(
            request,
            sections=missing,
            schema=narrowed(request.schema, missing),
            finished={**request.finished, **finished},
            turns=(*request.turns, Message("user", asked)),
        )

    def finish(
        self, *, prompt: str, took_ms: int, first_section_ms: int = 0, failure: ModelError | None = None
    ) -> Feedback:
        """The feedback to keep. What is still missing says so; `failure` is what ended the last stream, if anything."""
        for name in self.missing():
            if name in self._unusable:
                self.fail(name, UNUSABLE)
            elif name not in self._spoilt:
                self.fail(name, f"{ABSENT} {failure.hint}" if failure else ABSENT)
        words = self._words()
        parts = {part.criterion: part for part in self._judged()}
        lost = {name: CriterionFeedback(criterion=name, reason=why) for name, why in self._missing.items()}
        criteria = tuple(parts.get(name) or lost[name] for name in self._criteria)
        spoilt = {name: part.origin for name, part in self._spoilt.items() if part.origin}
        known = spoilt | self._origins
        origins = {name: known[name] for name in self._order if name in known}
        whole = not any(name in self._missing or name in self._spoilt for name in self._criteria)
        return Feedback(
            headline=words.get("headline", ""),
            criteria=criteria,
            rewrite=words.get("rewrite", ""),
            additional_notes=words.get("additional_notes", ""),
            next_drill=words.get("next_drill", ""),
            summary=words.get("summary", "") or self._plain_summary(),
            checklist=self._evidence.checklist,
            missing=self._missing,
            engine=engine_label(origins.values()),
            confidence=confidence(origins, whole=whole),
            origins=origins,
            prompt=prompt,
            input_tokens=self._usage.input,
            output_tokens=self._usage.output,
            took_ms=took_ms,
            first_section_ms=first_section_ms,
            repaired=self._repaired,
        )

    def _settle(self, name: str, source: Source) -> bool:
        """Hold a section that has just become whole against the answer; `True` when it is good and new."""
        if name not in self._order or name in self._parts or name in self._missing:
            return False
        try:
            value = self._scanner.value(name)
        except ValueError:
            value = None
        origin = Origin(provider=source.provider, model=source.model, fallback=source.fallback)
        good = acceptable(name, value, criterion=name in self._criteria)
        if name in self._criteria:
            verdict = read_criterion(value)
            part = None if verdict is None else judged(name, verdict, self._evidence, origin, strict=self._strict)
            if part is not None and not good:
                self._spoilt[name] = part
        else:
            part = told(name, read_text(value) or "")
        if part is None or not good:
            if name not in self._spoilt:
                self._unusable.add(name)
            return False
        self._parts[name] = part
        self._values[name] = value
        self._origins[name] = origin
        self._spoilt.pop(name, None)
        self._unusable.discard(name)
        return True

    def _cut(self, keep: int) -> None:
        """The writer changed: forget what stood behind `keep`, and listen again."""
        self._unreadable = False
        try:
            self._scanner.cut(keep)
        except ValueError:
            self._unreadable = True
        self._shown = min(self._shown, len(self._scanner.text))
        gone = (self._parts.keys() | self._spoilt.keys() | self._unusable) - self._scanner.spans.keys() - self._earlier
        for name in gone:
            for kept in (self._parts, self._values, self._origins, self._spoilt):
                kept.pop(name, None)
            self._unusable.discard(name)

    def _growing(self) -> dict[str, str | SectionView]:
        """The section being written, as far as it is certain and there is something to see."""
        name = self._scanner.open[0] if self._scanner.open else ""
        if name not in self._order or name in self._parts or name in self._missing:
            return {}
        value = self._scanner.open_value()
        criterion = self._criteria.get(name)
        if criterion is None:
            return {name: told(name, value)} if isinstance(value, str) and name != "summary" else {}
        try:
            part = _Growing.model_validate(value)
        except ValidationError:
            return {}
        shown = {
            "state": "growing",
            "quotes": self._evidence.quotes(part.quotes),
            "assessment": inert(part.assessment, CHARS["assessment"]),
            "fix": inert(part.fix, CHARS["fix"]),
        }
        return {name: waiting_view(self._setup, criterion).model_copy(update=shown)}

    def _judged(self) -> tuple[CriterionFeedback, ...]:
        found = self._spoilt | {name: part for name, part in self._parts.items() if isinstance(part, CriterionFeedback)}
        return with_few_fixes([found[name] for name in self._criteria if name in found], self._setup.bar.weights)

    def _words(self) -> dict[str, str]:
        return {name: part for name, part in self._parts.items() if isinstance(part, str)}

    def _status(self) -> str:
        if self._repaired:
            return REPAIRING if self.missing() else ""
        following = next(iter(self.missing()), None)
        if following is None or not self._parts:
            return READING if following else ""
        criterion = self._criteria.get(following)
        return f"Looking at {criterion.title.lower()}…" if criterion else "Writing down what to do next…"

    def _plain_summary(self) -> str:
        found = sum(item.found for item in self._evidence.checklist)
        points = f"; {found} of {len(self._evidence.checklist)} key points found" if self._evidence.checklist else ""
        return f"Answered on {self._turn.question.topic}{points}."


class _Growing(BaseModel):
    """As much of a criterion's section as has been written."""

    model_config = ConfigDict(strict=True, extra="ignore")

    quotes: list[str] = []
    assessment: str = ""
    fix: str = ""
