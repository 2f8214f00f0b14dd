"""Answers the checklist cannot say anything about: what is no answer, and what only looks like one to a checklist.

Finding words is easy to fool: a list of the right words in any order would pass. So an answer has to look like
something a person said before its words count. A gate gives a kind reason and no level. It asks for another try; it
accuses nobody, since about one honest answer in a hundred stops at one (measured on graded exam answers).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from engine.feedback.checklist import Mention, is_negation
from engine.feedback.gate import gate as plain_gate
from engine.feedback.words import FUNCTION_WORDS, Sentence, Word, content_stems, words

OTHER_LANGUAGE = "The offline checklist knows English only, so it cannot read this answer."
TOO_SHORT = "That is too short for the checklist to find anything in it. Say it in two or three sentences."
TO_THE_JUDGE = "This speaks to whoever reviews it rather than to the question. Give the answer itself a try."
NOT_WORDS = "The checklist could not make out sentences here. Please write the answer in your own words."
LIST = "This is a list of terms. Say in sentences what each of them does here; naming it is not yet explaining it."
SALAD = "The words are there, but not in sentences the checklist can follow. Please say it in your own words."
PARROT = (
    "That repeats the checklist in its own words. Say how it is in your case: what you did, or would build, and why."
)
NEGATED = "Most of this says what is not done, so the checklist cannot use it. Say what you did or would do."
REPEATED = "The same words come again and again. Say it once, and use the room for what is missing."
CODE = (
    "The offline checklist reads words, not code, and nobody ran it. Say your approach and its cost in a few sentences."
)

_ENOUGH_WORDS = 8
_FUNCTION_SHARE = 0.15
_CUE_SHARE = 0.65
_SEGMENT_WORDS = 3.2
_SALAD_SHARE, _SALAD_PAIRS = 0.06, 3
_PARROT_SHARE, _ALL_PARROT_SHARE = 0.75, 0.85
_MANY_SENTENCES, _SAME_OPENING, _NEGATED_SHARE = 4, 0.6, 0.7
_REPEAT_WORDS, _REPEAT_SHARE = 30, 0.4
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_CODE_LINE = re.compile(
    r"^(?:\s{2,}|\t)\S.*$|^\s*(?:def|class|return|for|while|if|else|elif|import|from|let|const|var|function|public|int)\b"
    r".*[:{;(=].*$|^.*[;{}]\s*$",
    re.MULTILINE,
)
_SEGMENT_END = re.compile(r"[,.;:!?\n/|•·]+")
# Pairs that no sentence has: a word of the first line followed by one of the second.
_PAIRS = (
    (
        "a an the my our their its your",
        "a an and are as at be because but by for from had has have he i if in is it of on or our she so that the "
        "their them then they to was we were when which who with would",
    ),
    ("of to for with from by at into than", "and or but of is are was were has had than because so then"),
    ("and or but", "and or but of than"),
)
_NEVER_FOLLOWS = {one: frozenset(others.split()) for first, others in _PAIRS for one in first.split()}


def gate(
    question: str,
    answer: str,
    language: str,
    sentences: Sequence[Sentence],
    points: Sequence[str],
    found: Sequence[Sequence[Mention]],
) -> str | None:
    """Why this answer gets no level, or `None`.

    `answer` is as a person sees it, `sentences` are those meant for the question, `found` what was found in it.
    """
    if reason := plain_gate(question, answer):
        return reason
    if not language.lower().startswith("en") or _foreign(answer):
        return OTHER_LANGUAGE
    said = [word for sentence in sentences for word in sentence.words]
    prose = _CODE_LINE.sub(" ", _FENCE.sub(" ", answer))
    written = words(answer)
    if not written:
        return NOT_WORDS
    if len(said) < min(4, len(written)):
        return TO_THE_JUDGE
    told = written if prose == answer else words(prose)
    if len(told) < min(_ENOUGH_WORDS, len(said)):
        return CODE
    if len(said) < 4 and not any(found):
        return TOO_SHORT
    return _only_words(told, answer, said, found) or _only_form(sentences, points, found)


def _only_words(
    prose: Sequence[Word], answer: str, said: Sequence[Word], found: Sequence[Sequence[Mention]]
) -> str | None:
    """What is wrong with the words as a text."""
    function = sum(word.plain in FUNCTION_WORDS for word in prose)
    if not function and not any(found):
        return NOT_WORDS
    if len(prose) < _ENOUGH_WORDS:
        return None
    if function < _FUNCTION_SHARE * len(prose):
        return LIST if any(found) else NOT_WORDS
    inside = {word.begin for mentions in found for mention in mentions for word in mention.words}
    if len(inside) > _CUE_SHARE * len(said) or _listed(answer):
        return LIST
    if len(said) >= _REPEAT_WORDS and _distinct(said) < _REPEAT_SHARE:
        return REPEATED
    return SALAD if _is_salad(said) else None


def _foreign(text: str) -> bool:
    """Most letters are of another script than ours."""
    letters = sum(char.isalpha() for char in text)
    return letters > 0 and sum(char.isalpha() and ord(char) > 0x24F for char in text) > letters / 2


def _listed(answer: str) -> bool:
    """Hardly more than terms between commas or on lines of their own."""
    sizes = [len(part.split()) for part in _SEGMENT_END.split(answer) if part.strip()]
    return len(sizes) >= 6 and sum(sizes) < _SEGMENT_WORDS * len(sizes)


def _distinct(said: Sequence[Word]) -> float:
    """The share of three-word runs that are new."""
    runs = [tuple(word.stem for word in said[at : at + 3]) for at in range(len(said) - 2)]
    return len(set(runs)) / len(runs)


def _is_salad(said: Sequence[Word]) -> bool:
    """Shuffled words: too often something follows that never does."""
    pairs = [(one.plain, other.plain) for one, other in pairwise(said) if one.plain in _NEVER_FOLLOWS]
    wrong = sum(other in _NEVER_FOLLOWS[one] for one, other in pairs)
    return wrong >= _SALAD_PAIRS and wrong > _SALAD_SHARE * len(pairs)


def _only_form(sentences: Sequence[Sentence], points: Sequence[str], found: Sequence[Sequence[Mention]]) -> str | None:
    """What is wrong with the sentences as an answer."""
    holding = [mentions[0].sentence for mentions in found if mentions]
    of_points = frozenset[str]().union(*map(content_stems, points))
    content = [word for sentence in sentences for word in sentence.words if word.plain not in FUNCTION_WORDS]
    if holding and sum(word.stem in of_points for word in content) > _ALL_PARROT_SHARE * len(content):
        return PARROT
    if holding and sum(_repeats(each, points) for each in holding) > len(holding) / 2:
        return PARROT
    if len(sentences) < _MANY_SENTENCES:
        return None
    openings = Counter(tuple(word.stem for word in sentence.words[:3]) for sentence in sentences)
    if openings.most_common(1)[0][1] > _SAME_OPENING * len(sentences):
        return LIST
    negated = sum(any(is_negation(word) for word in sentence.words) for sentence in sentences)
    return NEGATED if negated > _NEGATED_SHARE * len(sentences) else None


def _repeats(sentence: Sentence, points: Sequence[str]) -> bool:
    """Nearly all of what a sentence says stands in one key point."""
    said = {word.stem for word in sentence.words if word.plain not in FUNCTION_WORDS}
    return any(len(said & content_stems(point)) >= _PARROT_SHARE * max(len(said), 4) for point in points)
