"""What an answer itself proves, whatever a model says about it.

A quote counts when it is literally there, long enough to say something, and neither speaks to the judge nor repeats
somebody else. A level above 2 claims that something good was said, so it needs such a quote; a low level says that
something is missing, which nobody can quote. And however good the quotes are, they only show that words are there: the
ceiling is how much of what the question asks for can be found in the wording. A level above it is marked as not
verified; it is lowered only where the answer speaks to its judge, or where the caller is strict.

The rules and the measurements behind them: Nasr et al. 2025 ("The Attacker Moves Second"), arXiv 2604.23887.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from engine.feedback.checklist import coverage, mentions, quoted
from engine.feedback.inert import is_inert
from engine.feedback.model import ChecklistItem, level_score
from engine.feedback.suspicion import Span, not_own
from engine.feedback.verdict import QUOTES
from engine.feedback.visible import READ_CHARS, Folded, visible

QUOTE_WORDS, QUOTE_CHARS = 3, 400
NEEDS_EVIDENCE = 2
"""The highest level that can be given without a quote."""
SLACK = 0.25
NO_EVIDENCE = "There is no sentence in your answer that shows it."
NOT_VERIFIED = "Not verified from your wording."

# A letter of a script that writes no spaces counts as a word of its own.
_WORD = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]|[^\W_]+")
NUMBER_GAP = "[number?]"
_FIGURE = re.compile(r"\d[\d.,:\u00a0\u202f']*\d")
_ENDLESS = re.compile(r"\w{100,}")
_SUBSTANCE = ((8, 0.25), (20, 0.5), (40, 0.75))
_STUFFED_WORDS, _STUFFED_SHARE = 12, 0.5


class Evidence:
    """One answer, read once. `text` is what a model reads of it, as a person sees it; quotes are literally in it."""

    def __init__(
        self,
        answer: str,
        *,
        question: str = "",
        key_points: Sequence[str] = (),
        cues: Sequence[Sequence[str]] = (),
    ) -> None:
        self.text = visible(answer)[:READ_CHARS]
        self._question = question
        self._key_points = key_points
        self._cues = cues
        self._looked_up: dict[str, Span | None] = {}

    def look(self) -> None:
        """Do now what is otherwise done when first asked for; of a very long answer it takes up to half a second."""
        _ = self._folded, self.checklist, self.ceiling

    @cached_property
    def checklist(self) -> tuple[ChecklistItem, ...]:
        """Which key points of the question the answer mentions, and where."""
        return self._checked(self.text)

    @cached_property
    def speaks_to_judge(self) -> bool:
        """Some part of the answer is addressed to whoever judges it."""
        return bool(self._suspicious[0])

    @cached_property
    def ceiling(self) -> float:
        """What the wording alone can show, as a score 0–1: enough said, and key points found where there are cues."""
        words = _WORD.findall(self._own_words.casefold())
        said = next((score for limit, score in _SUBSTANCE if len(words) < limit), 1.0)
        if len(words) >= _STUFFED_WORDS and len(set(words)) < _STUFFED_SHARE * len(words) * min(1.0, 120 / len(words)):
            said = min(said, SLACK)
        if not self._cues:
            return said
        return min(said, coverage(self._checked(self._own_words) if self._not_own else self.checklist))

    def quotes(self, claimed: Sequence[str]) -> tuple[str, ...]:
        """Those of the claimed quotes that are evidence, as they stand in the answer, none twice."""
        found: list[Span] = []
        for quote in claimed:
            span = self._span(quote)
            if span is not None and not any(_overlap(span, other) for other in found):
                found.append(span)
        return tuple(self.text[begin:end] for begin, end in found[:QUOTES])

    def without_invented_numbers(self, text: str) -> str:
        """The text with a gap for every figure that neither the answer nor the question has; single digits may stay."""

        def known(match: re.Match[str]) -> str:
            return match.group() if _digits(match.group()) in self._figures else NUMBER_GAP

        return _FIGURE.sub(known, text)

    def allowed(self, level: int, *, strict: bool = False) -> int:
        """The level, or the highest one the wording allows where that is what counts."""
        return min(level, self._highest) if strict or self.speaks_to_judge else level

    def verifies(self, level: int) -> bool:
        """The wording bears this level out."""
        return level <= self._highest

    @cached_property
    def _highest(self) -> int:
        """The highest level within the ceiling and the slack."""
        return max(level for level in range(1, 6) if (level_score(level) or 0.0) <= self.ceiling + SLACK)

    @cached_property
    def _figures(self) -> frozenset[str]:
        return frozenset(_digits(match.group()) for match in _FIGURE.finditer(f"{self.text} {self._question}"))

    @cached_property
    def _folded(self) -> Folded:
        return Folded(self.text)

    @cached_property
    def _suspicious(self) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        return not_own(self.text)

    @property
    def _not_own(self) -> tuple[Span, ...]:
        to_judge, from_others = self._suspicious
        return (*to_judge, *from_others)

    @cached_property
    def _own_words(self) -> str:
        text = list(self.text)
        for begin, end in self._not_own:
            text[begin:end] = " " * (end - begin)
        return "".join(text)

    def _checked(self, text: str) -> tuple[ChecklistItem, ...]:
        # Nobody writes a word of a hundred letters, and looking for typing errors in one takes its square.
        text = _ENDLESS.sub(lambda word: " " * len(word.group()), text)
        found = mentions(self._key_points, self._cues, text, barred=self._suspicious[0])
        return quoted(self._key_points, found, text)

    def _span(self, quote: str) -> Span | None:
        """Where a quote stands, if it counts; a card that grows asks for the same ones again and again."""
        if quote not in self._looked_up:
            span = self._folded.find(quote[: 2 * QUOTE_CHARS])
            self._looked_up[quote] = span if span is not None and self._counts(span) else None
        return self._looked_up[quote]

    def _counts(self, span: Span) -> bool:
        quote = self.text[span[0] : span[1]]
        if len(quote) > QUOTE_CHARS or len(_WORD.findall(quote)) < QUOTE_WORDS or not is_inert(quote):
            return False
        return not any(_overlap(span, other) for other in self._not_own)


def _digits(figure: str) -> str:
    """A figure however it is grouped: 1,200 and 1200 are the same."""
    return "".join(letter for letter in figure if letter.isdigit())


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]
