"""Signals of how an answer is built: the parts of a story, reasons, guidance for the listener, figures, hedges.

A signal is a phrase that such a part usually has. It shows that the part is likely there, never that it is good.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from engine.feedback.words import Sentence

Patterns = Mapping[str, re.Pattern[str]]


def _any(phrases: str) -> re.Pattern[str]:
    """Any of the phrases between slashes, as whole words."""
    each = [" ".join(phrase.split()) for phrase in phrases.split("/")]
    return re.compile(rf"\b(?:{'|'.join(each)})\b", re.IGNORECASE)


STORY: Patterns = {
    "situation": _any(
        r"""
        last (?:year|spring|summer|autumn|fall|winter|month|week|quarter) /
        (?:two|three|four|five|\d+|some|a few) years ago /
        in (?:spring|summer|autumn|winter|january|february|march|april|june|july|august|september) /
        in (?:october|november|december) /
        at (?:the time|work|school|university|my) / back then / once / when (?:i|we|my|our|the) / we (?:had|were|used) /
        i (?:was working|worked|joined) / in my \w+ (?:year|job|team|role) / there (?:was|were) / wanted /
        had promised /
        our \w+ / the \w+ team / my (?:\w+ )?(?:team|lead|manager|boss|company|colleague|group) / because people were /
        the ticket / customers
        """
    ),
    "task": _any(
        r"""
        i was (?:responsible|asked|in charge|supposed|leading|on call) / asked (?:me|us) to / was due / deadline /
        (?:my|the) (?:job|task|role|part|goal|responsibility) / (?:i|we) (?:needed|had|wanted|promised) to / had to /
        i had promised / by the end of / was mine / were mine / i (?:owned|took on) / it was my / i recommended /
        so that (?:no|we|it|they)
        """
    ),
    "action": _any(
        r"""
        (?:i|we) (?:then |first |also |only |quickly )?(?:\w+ed|wrote|built|made|told|took|put|ran|began|went|sat) /
        (?:i|we) (?:then |first |also |only |quickly )?(?:chose|spoke|sent|gave|found|set|did|led|cut|split|brought) /
        (?:i|we) (?:then |first )?(?:showed|met)
        """
    ),
    "result": _any(
        r"""
        as a result / in the end / outcome / (?:after|since) that / it has \w+ / it (?:worked|helped|turned out) /
        (?:went|fell|dropped|rose|grew|reduced|increased|improved|down|up)\s+\w*\s*(?:from|by|to|down|up) /
        (?:fell|dropped|reduced|halved|doubled|rarer|fewer|improved) / (?:became|become|got|was|were) (?:much )?better /
        went away / (?:they|she|he|everybody|everyone) (?:agreed|took|chose|accepted|liked|said) / still uses? /
        were happy /
        from \d\S* \w* ?to / now (?:runs|takes|uses?) / caught / percent (?:of|fewer|less|more) / by half / to zero /
        never (?:asked|came) / shipped / delivered / launched / on time
        """
    ),
    "reflection": _any(
        r"""
        i (?:have )?(?:learn(?:ed|t)|realised|realized) / next time / in hindsight / looking back / since then /
        from then on /
        i (?:would|should) (?:have|now|do|put|also|ask|start) / i should / these days / today (?:i|we|every|the) /
        now i /
        if i (?:started|did) / what i took / gave up / i did not (?:look|listen|see) / since,? i /
        after that i (?:try|check|ask|always) / ever since
        """
    ),
}
REASONS: Patterns = {
    "a cause": _any(
        r"""
        because / since (?:the|it|i|we|a|that|all|set|even|each) / so that / therefore / which is why / the
        reason / otherwise / so (?:i|we|the|a|an|it|each|that) / that is (?:how|why)
        """
    ),
    "an alternative": _any(
        r"""
        instead(?: of)? / rather than / alternative(?:ly)? / compared? (?:to|with) / (?:i|we) (?:first
        )?considered / the other (?:option|way|approach) / not a (?:plain|simple|naive) / could also / either /
        both ways / works as well / would (?:be simple|also work|lose) / as opposed to / my first
        (?:proposal|idea)
        """
    ),
    "a trade-off or cost": _any(
        r"""
        trade-?offs? / (?:i|we) trade / at the (?:cost|price|expense) / costs?
        (?:us|about|more|close|two|three|\d) / i gave up / downside / the catch / in exchange / drawback / pays?
        about / worth / more memory / slower but / cheaper / less (?:memory|work) / fine,? because / good enough
        / (?:is|are) enough
        """
    ),
    "a limit or a condition": _any(
        r"""
        unless / only (?:if|when|works) / as long as / if (?:that|it|the|a|we|they|somebody|someone|one|no) /
        except / assum(?:e|es|ing|ption) / edge cases? / worst case / fails? / breaks? (?:when|if|down) / until
        / at most
        """
    ),
    "a check": _any(
        r"""
        measured? / i (?:checked|counted|tested|compared|verified|profiled) / to (?:check|verify|confirm) /
        benchmark / tests?:? / a quick check / data showed / i (?:would|also) (?:test|measure|check|run|watch) /
        i watch / reconciliation / brute force
        """
    ),
}
GUIDANCE: Patterns = {
    "steps in order": _any(
        r"""
        first(?:ly)? / second(?:ly)? / then / next / after (?:that|this|which) / finally / before
        (?:i|we|that|any) / to start / start(?:ing)? with / only then / only after
        """
    ),
    "assumptions": _any(
        r"""
        assum(?:e|ing|ption)s? / say (?:by|we|it|that) / let(?:'|’)?s say / i would (?:first )?ask / clarif\w+ /
        i define / means? (?:in|that) / what the words mean / requirements? / out of scope / it has to / perhaps
        \d / does not mean
        """
    ),
    "an example": _any(
        r"""
        for (?:example|instance) / such as / e\.?g / a quick check / should give / gives? / say
        """
    ),
    "a reason": REASONS["a cause"],
    "a summary or a split": _any(
        r"""
        in short / to sum up / overall / (?:two|three|four|five|six)
        (?:things|parts|steps|ways|states|options|roles) / on the one hand / the rule / the idea / different
        things / exact version / that (?:is|makes it) / so the (?:answer|cost|time) / everything is / by
        contrast
        """
    ),
}
NUMBER = re.compile(
    r"(?<![\w-])\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|half|twice)\b",
    re.IGNORECASE,
)
HEDGE = _any(
    "maybe / kind of / sort of / i guess / i think / probably / basically / somehow / more or less / i suppose"
)
_FIRST_PERSON, _WE = _any("i / my / mine / me"), _any("we / our / us")


@dataclass(frozen=True, slots=True)
class Signals:
    """Per kind of signal the sentences that show it, in the order they were said."""

    story: Mapping[str, tuple[int, ...]]
    reasons: Mapping[str, tuple[int, ...]]
    guidance: Mapping[str, tuple[int, ...]]
    numbers: tuple[int, ...]
    hedges: int
    i_share: float
    """How much of "I" and "we" is "I"; 1 where there is neither."""


def read_signals(text: str, sentences: tuple[Sentence, ...], about: Collection[Sentence]) -> Signals:
    """The signals of an answer. Reasons and guidance count in sentences `about` what the question asks for only."""
    lines = [text[sentence.begin : sentence.end] for sentence in sentences]
    to_the_point = [line if one in about else "" for one, line in zip(sentences, lines, strict=True)]
    mine, ours = (sum(len(pattern.findall(line)) for line in lines) for pattern in (_FIRST_PERSON, _WE))
    return Signals(
        story=_where(STORY, lines),
        reasons=_where(REASONS, to_the_point),
        guidance=_where(GUIDANCE, to_the_point),
        numbers=tuple(number for number, line in enumerate(lines) if NUMBER.search(line)),
        hedges=sum(len(HEDGE.findall(line)) for line in lines),
        i_share=mine / (mine + ours) if mine + ours else 1.0,
    )


def _where(patterns: Patterns, lines: list[str]) -> Mapping[str, tuple[int, ...]]:
    found = {
        kind: tuple(number for number, line in enumerate(lines) if pattern.search(line))
        for kind, pattern in patterns.items()
    }
    return {kind: at for kind, at in found.items() if at}
