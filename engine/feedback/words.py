"""English text as words, stems and sentences, each knowing where in the text it stands.

Just enough for matching ordinary phrasings: a light suffix stripper, not a linguist. It uses the standard library only,
so that the engine itself can look for key points. Offsets always refer to the text as it was given, because what is
shown as a quote must be a literal part of the answer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(
    r"[oO]\((?:[^()\n]|\([^()\n]{0,20}\)){1,40}\)"  # a complexity is one word: O(n log k)
    r"|\d+(?:[.,:]\d+)*%?"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)?\d*"
)
_SENTENCE_END = re.compile(r"[.!?]+(?=[\s\"'”’)\]]|\Z)|[\n;]+|\Z")
_ENDINGS = (("ly", "ly", 5), ("ment", "ment", 7), ("e", "e", 3), ("tion", "ion", 5), ("sion", "ion", 5))
_CLAUSE_END = re.compile(r"[,:()\u2013\u2014]|\bbut\b")
_NOT_IN_COST = re.compile(r"[\s*·×]")

_FUNCTION_WORDS = """
a about above across after again against all along also although always am among an and another any anything are around
as at away back be because been before being below between both but by can can't cannot could couldn't did didn't do
does doesn't doing don't done down during each either else enough even ever every everything few first for from further
get gets had hadn't has hasn't have haven't having he her here hers him his how however i i'd i'll i'm i've if in into
instead is isn't it it's its itself just last later least less let let's like many may me might mine more most much must
my myself neither never next no nobody none nor not nothing now of off often on once one only or other others our ours
out over own per quite rather really same second shall she should since so some something still such than that that's
the their theirs them then there there's these they they're they've this those though through thus to together too two
under until up upon us very was wasn't we we'd we'll we're we've were weren't what when where whether which while who
whole whose why will with within without won't would wouldn't yes yet you you're your yours
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
ARTICLES = frozenset({"a", "an", "the"})

_NUMBERS = "one two three four five six seven eight nine ten"
_IRREGULAR_FORMS = """
begin:began,begun buy:bought break:broke,broken bring:brought build:built catch:caught choose:chose,chosen
criterion:criteria data:data draw:drew,drawn fall:fell,fallen feel:felt find:found give:gave,given grow:grew,grown
hold:held index:indices keep:kept know:knew,known lead:led lose:lost make:made meet:met pay:paid run:ran say:said
send:sent show:showed,shown sell:sold spend:spent speak:spoke,spoken take:took,taken teach:taught think:thought
throw:threw,thrown tell:told understand:understood vertex:vertices go:went win:won write:wrote,written,writing
database:db teammate:colleague,colleagues,coworker,coworkers
"""


class Word(NamedTuple):
    """A word at `begin:end`. `plain` is it in lower case, `stem` what matches its other forms."""

    plain: str
    stem: str
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or a line, at `begin:end` without white space around it."""

    begin: int
    end: int
    words: tuple[Word, ...]


def words(text: str, begin: int = 0, end: int | None = None) -> tuple[Word, ...]:
    """The words of a part of the text."""
    found = _TOKEN.finditer(text, begin, len(text) if end is None else end)
    return tuple(_word(match) for match in found)


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences that hold a word. A line break or a semicolon ends one too."""
    made: list[Sentence] = []
    begin = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        part = text[begin:end] if match.group().strip("\n;") else text[begin : match.start()]
        start = begin + len(part) - len(part.lstrip())
        inside = words(text, start, begin + len(part))
        if inside:
            made.append(Sentence(start, begin + len(part.rstrip()), inside))
        begin = end
    return tuple(made)


@lru_cache(maxsize=4_000)
def content_stems(phrase: str) -> frozenset[str]:
    """What a phrase of ours is about: the stems of its words, function words aside."""
    return frozenset(word.stem for word in words(phrase) if word.plain not in FUNCTION_WORDS)


def same_clause(text: str, begin: int, end: int) -> bool:
    """Whether nothing between the two offsets starts a new clause."""
    return _CLAUSE_END.search(text, begin, end) is None


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What a word in lower case shares with its other forms: `rolled`, `rolling` and `rolls` are all `roll`."""
    if known := _STEM_OF.get(word):
        return known
    if len(word) <= 3 or not word.isalpha():
        return word.removesuffix("'s").removesuffix("’s")
    return _without_ending(_singular(word.replace("iz", "is").replace("yz", "ys")))


def _word(match: re.Match[str]) -> Word:
    plain, its_stem = _forms(match.group())
    return Word(plain, its_stem, *match.span())


@lru_cache(maxsize=20_000)
def _forms(token: str) -> tuple[str, str]:
    plain = _plain(token)
    return plain, stem(plain)


def _plain(token: str) -> str:
    """A token in the form that is compared: compatibility characters folded, a complexity without its spaces."""
    if not token.isascii():
        token = unicodedata.normalize("NFKC", token)
    token = token.lower()
    return _NOT_IN_COST.sub("", token) if token.startswith("o(") else token.replace("’", "'")


def _stems_of_irregular_forms() -> dict[str, str]:
    known = {word: str(number) for number, word in enumerate(_NUMBERS.split(), 1)}
    for line in _IRREGULAR_FORMS.split():
        base, _, forms = line.partition(":")
        known |= dict.fromkeys(forms.split(","), _without_ending(_singular(base)))
    return known


def _singular(word: str) -> str:
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without_ending(word: str) -> str:
    for ending in ("ing", "ed"):
        root = word.removesuffix(ending)
        if root != word and len(root) >= 3 and re.search("[aeiouy]", root):
            word = f"{root}e" if root.endswith("e") else root
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "elsz":
                word = word[:-1]
            break
    for ending, cut, longer_than in _ENDINGS:
        if len(word) > longer_than and word.endswith(ending):
            word = word.removesuffix(cut)
    return word[:-3] + "or" if word.endswith("our") and len(word) > 5 else word


_STEM_OF = _stems_of_irregular_forms()
