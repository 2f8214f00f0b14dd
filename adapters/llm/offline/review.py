"""The offline review of one answer: what the checklist found, in the sections of a verdict.

It looks for phrases and says so. Whether anything is right is never judged (`technical_accuracy` has no level), a level
is only given where the wording carries it, and every quote is a literal part of the answer. `gates.py` says which
answers are not looked at, `levels.py` what a finding is worth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from adapters.llm.offline.closing import LABEL
from adapters.llm.offline.gates import gate
from adapters.llm.offline.levels import clarity, completeness, problem_solving
from adapters.llm.offline.signals import GUIDANCE, HEDGE, NUMBER, REASONS, STORY, Signals, read_signals
from engine.feedback.checklist import Mention, mentions, quoted
from engine.feedback.model import ChecklistItem
from engine.feedback.suspicion import not_own
from engine.feedback.visible import visible
from engine.feedback.words import Sentence, sentences
from engine.material import ReviewMaterial

Section = str | Mapping[str, object]

NOT_CHECKED = "Not judged offline: nobody has checked whether this is right."
NOT_COUNTED = "The offline checklist has no measure for this."
NO_PHRASES = "There are no phrases on file to look for in answers to this question, so the checklist gives no level."
READ_CHARS = 12_000
"""Two thousand words: more than anybody says to one question."""
_QUOTE_CHARS = 240
_SPOKEN_WORDS_PER_MINUTE = 130
_HEDGES_PER_100, _I_SHARE = 3, 0.3
_VAGUE = re.compile(
    r"\b(?:fast|faster|slow|slower|many|much|a lot|scales?|large|big|often|better|rarer|fewer|less|improved|reduced)\b",
    re.IGNORECASE,
)
_FIX_PART = {
    "situation": "Begin with one sentence on where this was and what was at stake.",
    "task": "Say what you yourself were to achieve, in one sentence.",
    "action": "Say what you did, step by step, with I.",
    "result": "End with what came of it, if you can with a number.",
    "reflection": "Close with what you took from it and do differently since.",
}
_FIX_GUIDANCE = {
    "steps in order": "Say what comes first, then and last, so that a listener can follow.",
    "assumptions": "Say what you assume, or would ask, before you begin.",
    "an example": "Walk through one small example.",
    "a reason": "Give the reason with each decision, in the same sentence.",
    "a summary or a split": "Say how many parts your answer has, or sum it up in one sentence.",
}
_FIX_REASON = {
    "a cause": "Say why, next to what: one because for each decision.",
    "an alternative": "Name what else you could have done and why you did not.",
    "a trade-off or cost": "Say what your choice costs: time, memory, money, goodwill.",
    "a limit or a condition": "Say when your approach would no longer work.",
    "a check": "Say how you would know that it works: a measurement, a test.",
}


@dataclass(frozen=True)
class _Reading:
    """One answer, read once. `sentences` are those in the candidate's own words and meant for the question."""

    material: ReviewMaterial
    text: str
    sentences: tuple[Sentence, ...]
    found: Sequence[Sequence[Mention]]
    signals: Signals
    is_cut: bool

    @staticmethod
    def of(material: ReviewMaterial) -> _Reading:
        shown = visible(material.answer[: 2 * READ_CHARS])
        text = shown[:READ_CHARS]
        said = sentences(text)
        to_judge, from_others = not_own(text)
        # A story may well say what a colleague said.
        barred = to_judge if material.format == "behavioral" else (*to_judge, *from_others)
        found = mentions(material.key_points, material.cues, text, barred=barred)
        is_cut = len(text) < len(shown) or len(material.answer) > 2 * READ_CHARS
        own = tuple(one for one in said if not any(begin < one.end and one.begin < end for begin, end in barred))
        about = {each.sentence for of_point in found for each in of_point} if any(material.cues) else own
        return _Reading(material, text, own, found, read_signals(text, own, about), is_cut)

    @cached_property
    def items(self) -> tuple[ChecklistItem, ...]:
        return quoted(self.material.key_points, self.found, self.text)

    @cached_property
    def gate(self) -> str | None:
        asked = self.material
        return gate(asked.question, self.text, asked.language, self.sentences, asked.key_points, self.found)

    @cached_property
    def words(self) -> int:
        return sum(len(sentence.words) for sentence in self.sentences)

    @property
    def missing(self) -> list[str]:
        return [item.point for item in self.items if not item.found]

    @cached_property
    def complete(self) -> int | None:
        """The level of completeness; `None` when there is nothing to measure it by."""
        if self.gate or not self.items or not any(self.material.cues):
            return None
        return completeness(self.items, self.words, self.material.format, self.signals)

    def quotes(self, numbers: Sequence[int]) -> list[str]:
        """Up to two of these sentences that are long enough to mean something."""
        chosen = [self.sentences[number] for number in dict.fromkeys(numbers) if len(self.sentences[number].words) >= 4]
        return [self.text[each.begin : each.end][:_QUOTE_CHARS].rstrip() for each in chosen[:2]]


def review(material: ReviewMaterial) -> Mapping[str, Section]:
    """All sections of the verdict, by name."""
    reading = _Reading.of(material)
    return {
        "headline": _headline(reading),
        **{criterion.id: _criterion(criterion.id, reading) for criterion in material.criteria},
        "rewrite": "" if reading.gate else _rewrite(reading),
        "additional_notes": _notes(reading),
        "next_drill": _drill(reading),
        "summary": _summary(reading),
    }


def _criterion(name: str, reading: _Reading) -> Mapping[str, object]:
    if reading.gate:
        return _part(reading.gate)
    match name:
        case "technical_accuracy":
            return _accuracy(reading)
        case "completeness":
            return _completeness(reading)
        case "communication_clarity":
            return _clarity(reading)
        case "problem_solving":
            return _problem_solving(reading)
        case _:
            return _part(NOT_COUNTED)


def _accuracy(reading: _Reading) -> Mapping[str, object]:
    if reading.material.format != "behavioral":
        return _part(NOT_CHECKED)
    if reading.signals.numbers:
        return _part(f"{NOT_CHECKED} There are figures in it, which makes it easier to believe.")
    return _part(
        NOT_CHECKED, fix="Put one figure in it that somebody could check: how many, how long, from what to what."
    )


def _completeness(reading: _Reading) -> Mapping[str, object]:
    if reading.complete is None:
        return _part(NO_PHRASES)
    total, missing = len(reading.items), reading.missing
    said = f"{total - len(missing)} of {total} key points found in your wording, the first ones counting most."
    if missing:
        more = f" And {len(missing) - 3} more." if len(missing) > 3 else ""
        said = f"{said} Not found: {'; '.join(missing[:3])}.{more}"
    fix = f"Say this in a sentence or two: {missing[0]}" if missing else ""
    quotes = list(dict.fromkeys(item.quote for item in reading.items if item.found))[:3]
    return _part(said, quotes=quotes, fix=fix, level=reading.complete)


def _clarity(reading: _Reading) -> Mapping[str, object]:
    story = reading.material.format == "behavioral"
    heard, kinds = (reading.signals.story, STORY) if story else (reading.signals.guidance, GUIDANCE)
    missing = [kind for kind in kinds if kind not in heard]
    what = "Parts of the story heard" if story else "Guidance for the listener heard"
    fixes = _FIX_PART if story else _FIX_GUIDANCE
    if reading.complete is None:
        level = None
    else:
        level = clarity(
            reading.complete, reading.words, len(reading.sentences), reading.material.format, reading.signals
        )
    return _part(
        f"{what}: {', '.join(heard) or 'none'}. Not heard: {', '.join(missing) or 'nothing'}.",
        quotes=reading.quotes([at[0] for at in heard.values()]),
        fix=fixes[missing[0]] if missing else "",
        level=level,
    )


def _problem_solving(reading: _Reading) -> Mapping[str, object]:
    heard = reading.signals.reasons
    missing = [kind for kind in REASONS if kind not in heard]
    level = None if reading.complete is None else problem_solving(reading.complete, reading.words, reading.signals)
    return _part(
        f"Reasoning heard: {', '.join(heard) or 'none'}. Not heard: {', '.join(missing) or 'nothing'}.",
        quotes=reading.quotes([at[0] for at in heard.values()]),
        fix=_FIX_REASON[missing[0]] if missing else "",
        level=level,
    )


def _part(
    assessment: str, *, quotes: Sequence[str] = (), fix: str = "", level: int | None = None
) -> Mapping[str, object]:
    return {"quotes": list(quotes), "assessment": assessment, "fix": fix, "level": level}


def _headline(reading: _Reading) -> str:
    if reading.gate:
        return reading.gate
    if reading.complete is None:
        return "The checklist has nothing to hold this answer against; here is what can be heard in it."
    total, missing = len(reading.items), reading.missing
    if not missing:
        return f"All {total} key points of this question were found in your wording."
    if len(missing) == total:
        return f"None of the {total} key points of this question was found in your wording."
    return _short(f"{total - len(missing)} of {total} key points found; the biggest gap: {missing[0]}.", 290)


def _rewrite(reading: _Reading) -> str:
    """A sentence of the candidate's own, firmer or with a gap where a figure belongs. Nothing is made up."""
    lines = [reading.text[each.begin : each.end] for each in reading.sentences if 6 <= len(each.words) <= 60]
    for line in lines:
        if HEDGE.search(line):
            firm = " ".join(HEDGE.sub("", line).split()).replace(" ,", ",").lstrip(", ")
            return f"{firm[:1].upper()}{firm[1:]}"
    gap = "[how much, from what to what?]" if reading.material.format == "behavioral" else "[how many, how much?]"
    for line in lines:
        if _VAGUE.search(line) and not NUMBER.search(line):
            return f"{line.rstrip('.!? ')} {gap}."
    return ""


def _notes(reading: _Reading) -> str:
    notes = [f"{LABEL}: it looks for phrases; no person and no model has judged your answer."]
    if reading.gate is None:
        minutes, asked = reading.words / _SPOKEN_WORDS_PER_MINUTE, reading.material.minutes
        spoken = f"about {minutes:.0f} min" if minutes >= 1 else "less than a minute"
        notes.append(f"{reading.words} words, {spoken} aloud; {asked} min were suggested.")
        if reading.signals.hedges * 100 > _HEDGES_PER_100 * reading.words:
            notes.append("Many hedges (maybe, I think, probably): keep those you mean.")
        if reading.material.format == "behavioral" and reading.signals.i_share < _I_SHARE:
            notes.append('Mostly "we": say which part was yours. Giving others credit is fine.')
    if reading.is_cut:
        notes.append(f"Only the first {READ_CHARS:,} characters were read.")
    return " ".join(notes)


def _drill(reading: _Reading) -> str:
    if reading.gate:
        return "Five minutes: answer in three sentences, as if a colleague had asked you in the corridor."
    if reading.complete is not None and reading.missing:
        return _short(
            f"Five minutes: write two sentences on this, then give the whole answer again: {reading.missing[0]}", 590
        )
    return "Five minutes: give the same answer aloud in half the words, and keep every point."


def _summary(reading: _Reading) -> str:
    """For later prompts: made of counts and key points, never of the candidate's words."""
    if reading.gate:
        return "This answer could not be assessed offline."
    if reading.complete is None:
        return "This answer was read offline; nothing about it was scored."
    total, missing = len(reading.items), reading.missing
    said = f"Covered {total - len(missing)} of {total} key points"
    return _short(f"{said}; not found: {missing[0]}." if missing else f"{said}.", 290)


def _short(text: str, chars: int) -> str:
    return text if len(text) <= chars else f"{text[: chars - 1].rstrip()}…"
