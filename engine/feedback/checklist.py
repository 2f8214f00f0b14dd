"""Which key points of a question an answer mentions, and where. Pure text matching: nothing here knows what is right.

A cue is a short phrase in ordinary words. Its words must stand in one sentence, in this order and close together, in
any grammatical form; with " + " between parts, the parts may stand anywhere in the sentence ("wrong + invoices"). A
long word may hold one typing error. A mention does not count when it is negated ("we did not roll back") or when the
sentence speaks to whoever judges (`suspicion.py`). What a mention is worth, and whether an answer deserves to be looked
at at all, is left to others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from engine.feedback.model import ChecklistItem
from engine.feedback.suspicion import Span, instructions
from engine.feedback.words import ARTICLES, FUNCTION_WORDS, Sentence, Word, content_stems, same_clause, sentences, words

MAX_QUOTE_CHARS = 240
_PLUS = re.compile(r" \+ (?![^(]*\))")  # not the one in O(n + m)
_TYPO_CHARS = range(10, 25)
_NEGATION_REACH = 4
_NEGATIONS = frozenset({"not", "no", "never", "cannot", "nobody", "neither", "nor", "without", "hardly"})
_POINT_SHARE = 0.6
_POINT_WORDS = 3


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a cue was found: the sentence, and the words in it that matched."""

    sentence: Sentence
    words: tuple[Word, ...]


def checklist(key_points: Sequence[str], cues: Sequence[Sequence[str]], answer: str) -> tuple[ChecklistItem, ...]:
    """Per key point the sentence that mentions it, as a literal part of `answer`, or no quote.

    `cues` runs parallel to `key_points` and may be shorter or empty: a point is also found where a sentence holds most
    of its own words. Takes about 2 ms per thousand characters of answer.
    """
    return quoted(key_points, mentions(key_points, cues, answer), answer)


def quoted(key_points: Sequence[str], found: Sequence[Sequence[Mention]], answer: str) -> tuple[ChecklistItem, ...]:
    """The checklist that `mentions` amounts to."""
    return tuple(
        ChecklistItem(point=point, quote=_quote(answer, each[0]) if each else "")
        for point, each in zip(key_points, found, strict=True)
    )


def mentions(
    key_points: Sequence[str], cues: Sequence[Sequence[str]], answer: str, *, barred: Sequence[Span] | None = None
) -> tuple[tuple[Mention, ...], ...]:
    """Per key point every mention that counts, in the order of its cues.

    `barred` says where the answer is no evidence, for callers that know it already.
    """
    page = _Page.of(sentences(answer))
    found = [
        tuple(_found(answer, page, point, cues[number] if number < len(cues) else ()))
        for number, point in enumerate(key_points)
    ]
    if barred is None:
        barred = instructions(answer) if any(found) else ()
    return tuple(tuple(each for each in of_point if not _within(each.sentence, barred)) for of_point in found)


def coverage(items: Sequence[ChecklistItem]) -> float:
    """The share of key points found, 0–1. The first points weigh most: 1.3 falling evenly to 0.7."""
    step = 0.6 / max(len(items) - 1, 1)
    weights = [1.3 - step * number for number in range(len(items))]
    return sum(weight for weight, item in zip(weights, items, strict=True) if item.found) / (sum(weights) or 1)


def is_negation(word: Word) -> bool:
    """A word that turns what follows into its opposite."""
    return word.plain in _NEGATIONS or word.plain.endswith("n't")


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence ready to be searched: its words without articles, and where each stem stands among them."""

    sentence: Sentence
    words: tuple[Word, ...]
    at: dict[str, list[int]]

    @staticmethod
    def of(sentence: Sentence) -> _Line:
        kept = tuple(word for word in sentence.words if word.plain not in ARTICLES)
        at: dict[str, list[int]] = {}
        for number, word in enumerate(kept):
            at.setdefault(word.stem, []).append(number)
            for typo in _typos(word.plain):
                at.setdefault(typo, []).append(number)
        return _Line(sentence, kept, at)


@dataclass(frozen=True, slots=True)
class _Page:
    """All lines, and which of them hold a stem."""

    lines: tuple[_Line, ...]
    holding: dict[str, list[_Line]]

    @staticmethod
    def of(said: Sequence[Sentence]) -> _Page:
        lines = tuple(map(_Line.of, said))
        holding: dict[str, list[_Line]] = {}
        for line in lines:
            for stem in line.at:
                holding.setdefault(stem, []).append(line)
        return _Page(lines, holding)

    def lines_with(self, phrase: _Phrase) -> Sequence[_Line]:
        """The lines that may hold a phrase: those that hold its first word, be it with a typing error."""
        first = (phrase.stems[0], *_typos(phrase.plain[0]))
        return next((self.holding[stem] for stem in first if stem in self.holding), ())


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words of a cue that belong together. `spare` is how many other words may stand between them."""

    stems: tuple[str, ...]
    plain: tuple[str, ...]
    spare: int


def _found(answer: str, page: _Page, point: str, cues: Sequence[str]) -> Iterator[Mention]:
    for cue in cues:
        phrases = _phrases(cue)
        for line in page.lines_with(phrases[0]) if phrases else ():
            parts = [_place(answer, line, phrase) for phrase in phrases]
            if all(parts):
                yield Mention(line.sentence, tuple(word for part in parts for word in part))
    own = content_stems(point)
    for line in page.lines:
        shared = [stem for stem in own if stem in line.at]
        if len(shared) >= max(_POINT_WORDS, _POINT_SHARE * len(own)):
            hit = tuple(line.words[line.at[stem][0]] for stem in shared)
            if not any(_negated(answer, line, line.at[stem][0]) for stem in shared):
                yield Mention(line.sentence, hit)


@lru_cache(maxsize=4_000)
def _phrases(cue: str) -> tuple[_Phrase, ...]:
    made: list[_Phrase] = []
    for part in _PLUS.split(cue):
        kept = [word for word in words(part) if word.plain not in ARTICLES]
        content = sum(word.plain not in FUNCTION_WORDS for word in kept)
        if kept:
            spare = (0, 1, 3)[min(content, 2)]
            made.append(_Phrase(tuple(word.stem for word in kept), tuple(word.plain for word in kept), spare))
    return tuple(made)


def _place(answer: str, line: _Line, phrase: _Phrase) -> tuple[Word, ...]:
    """The words of the first mention of a phrase that is not negated."""
    for start in _positions(line, phrase, 0):
        at, spare = [start], phrase.spare
        for number in range(1, len(phrase.stems)):
            step = next((p - at[-1] for p in _positions(line, phrase, number) if 0 < p - at[-1] <= spare + 1), 0)
            if not step:
                break
            spare -= step - 1
            at.append(at[-1] + step)
        else:
            if _NEGATIONS.intersection(phrase.plain) or not _negated(answer, line, start):
                return tuple(line.words[number] for number in at)
    return ()


def _positions(line: _Line, phrase: _Phrase, number: int) -> Sequence[int]:
    found = line.at.get(phrase.stems[number])
    if found is None:
        found = next((line.at[typo] for typo in _typos(phrase.plain[number]) if typo in line.at), ())
    return found


def _negated(answer: str, line: _Line, at: int) -> bool:
    """Whether a negation stands shortly before a word, in the same clause. "Not only" is none."""
    for number in range(at - 1, max(at - 1 - _NEGATION_REACH, -1), -1):
        word = line.words[number]
        if is_negation(word):
            following = line.words[number + 1].plain
            return following not in {"only", "just"} and same_clause(answer, word.end, line.words[at].begin)
    return False


@lru_cache(maxsize=20_000)
def _typos(word: str) -> tuple[str, ...]:
    """What a long word shares with every word that is one typing error away: itself with one letter left out."""
    if len(word) not in _TYPO_CHARS or not word.isalpha():
        return ()
    return tuple(dict.fromkeys("~" + "".join(rest) for rest in combinations(word, len(word) - 1)))


def _within(sentence: Sentence, barred: Sequence[Span]) -> bool:
    return any(begin < sentence.end and sentence.begin < end for begin, end in barred)


def _quote(answer: str, mention: Mention) -> str:
    """The sentence, or as much of it around the mention as fits, cut between words."""
    begin, end = mention.sentence.begin, mention.sentence.end
    if end - begin > MAX_QUOTE_CHARS:
        inside = mention.sentence.words
        first = min(word.begin for word in mention.words)
        begin = min(word.begin for word in inside if word.begin >= first - MAX_QUOTE_CHARS // 3)
        end = max((word.end for word in inside if word.end <= begin + MAX_QUOTE_CHARS), default=begin + MAX_QUOTE_CHARS)
    return answer[begin:end]
