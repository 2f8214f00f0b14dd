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

_TOKEN = re.compile(
    r"[oO]\((?:[^()\n]|\([^()\n]{0,20}\)){1,40}\)"  # a complexity is one word: O(n log k)
    r"|\d+(?:[.,:]\d+)*%?"
    r"|[^\W\d_]+(?:['’][^\W\d_]+)?\d*"
)
_SENTENCE_END = re.compile(r"[.!?]+(?=[\s\"'”’)\]]|\Z)|[\n;\ud800-\udfff]+|\Z")
_CLAUSE_END = re.compile(r"[,:()\u2013\u2014]|\bbut\b")
_NOT_IN_COST = re.compile(r"[\s*·×]")

FUNCTION_WORDS = frozenset(
    """a about above across after again against all along also although always am among an and another any anything are
    around as at away back be because been before being below between both but by can can't cannot could couldn't did
    didn't do does doesn't doing don't done down during each either else enough even ever every everything few first for
    from further get gets had hadn't has hasn't have haven't having he her here hers him his how however i i'd i'll i'm
    i've if in into instead is isn't it it's its itself just last later least less let let's like many may me might mine
    more most much must my myself neither never next no nobody none nor not nothing now of off often on once one only or
    other others our ours out over own per quite rather really same second shall she should since so some something still
    such than that that's the their theirs them then there there's these they they're they've this those though through
    thus to together too two under until up upon us very was wasn't we we'd we'll we're we've were weren't what when where
    whether which while who whole whose why will with within without won't would wouldn't yes yet you you're your yours
    """.split()
)
ARTICLES = frozenset({"a", "an", "the"})

_IRREGULAR = {
    **{form: "1" for form in ("one",)},
    **{word: str(number) for number, word in enumerate("two three four five six seven eight nine ten".split(), 2)},
    **dict(
        pair.split(":")
        for pair in """began:begin begun:begin bought:buy broke:break broken:break brought:bring built:build caught:catch
        chose:choose chosen:choose criteria:criterion data:data drew:draw fallen:fall fell:fall felt:feel found:find
        gave:give given:give grew:grow grown:grow held:hold indices:index kept:keep knew:know known:know led:lead
        lost:lose made:make met:meet paid:pay ran:run said:say sent:send showed:show shown:show sold:sell spent:spend
        spoke:speak spoken:speak taken:take taught:teach thought:think threw:throw thrown:throw told:tell took:take
        understood:understand vertices:vertex went:go won:win written:write wrote:write writing:write db:database
        colleague:teammate coworker:teammate amortized:amortised""".split()
    ),
}


@dataclass(frozen=True, slots=True)
class Word:
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
    return tuple(Word(plain, stem(plain), match.start(), match.end()) for match in found if (plain := _plain(match[0])))


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences that hold a word. A line break or a semicolon ends one too."""
    made: list[Sentence] = []
    begin = 0
    for match in _SENTENCE_END.finditer(text):
        end = match.end()
        part = text[begin : match.start()] if match[0].strip(".!?") else text[begin:end]
        start = begin + len(part) - len(part.lstrip())
        inside = words(text, start, begin + len(part))
        if inside:
            made.append(Sentence(start, begin + len(part.rstrip()), inside))
        begin = end
    return tuple(made)


def same_clause(text: str, begin: int, end: int) -> bool:
    """Whether nothing between the two offsets starts a new clause."""
    return _CLAUSE_END.search(text, begin, end) is None


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What a word in lower case shares with its other forms: `rolled`, `rolling` and `rolls` are all `roll`."""
    if known := _IRREGULAR.get(word):
        return known
    if len(word) <= 3 or not word.isalpha():
        return word.removesuffix("'s").removesuffix("’s")
    return _without_ending(_singular(word.replace("iz", "is").replace("yz", "ys")))


def _plain(token: str) -> str:
    """A token in the form that is compared: compatibility characters folded, a complexity without its spaces."""
    if not token.isascii():
        token = unicodedata.normalize("NFKC", token)
    token = token.lower()
    return _NOT_IN_COST.sub("", token) if token.startswith("o(") else token.replace("’", "'")


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
            word = root
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    for ending, longest in (("ly", 5), ("ment", 7), ("e", 3), ("t-ion", 5), ("s-ion", 5)):
        kept, _, cut = ending.rpartition("-")
        if len(word) > longest and word.endswith(kept + cut):
            word = word.removesuffix(cut)
    return word[:-3] + "or" if word.endswith("our") and len(word) > 5 else word
