"""Answers that need no judge: nothing said, nothing known, the question itself, or more than can be read.

They get a kind sentence instead of a review, since a model asked about them may praise what is not there. Everything
else goes to review, however short: the answer to "and its complexity?" can be four characters long.
"""

from __future__ import annotations

import re

from engine.feedback.suspicion import is_hollow
from engine.feedback.visible import fold, visible
from engine.inbound import MESSAGE_CHARS

EMPTY = "There were no words in that answer, so there is nothing to review yet. Please try again."
HOLLOW = "The answer itself seems to be missing: only its heading arrived. Please send the rest."
UNKNOWN = "That is fine: not knowing is where practice helps most. Ask for a hint, or skip this question."
ECHO = "That repeats the question. Say in your own words what you would do or did, even if it is only a start."
TOO_LONG = "That answer is {chars:,} characters long; {most:,} is the most I can read. Please send the essential part."

_WORD = re.compile(r"\w+")
_DO_NOT_KNOW = re.compile(
    r"\W*(?:(?:well|sorry|um+|uh+|hm+|honestly|to be honest)\W+)*"
    r"(?:i (?:really |honestly |just )?(?:do not|don'?t|didn'?t|cannot|can'?t) (?:know|remember|recall|answer|say)"
    r"|(?:i have |i'?ve )?(?:no|not a) (?:idea|clue)|(?:i'?m )?not sure"
    r"|idk|dunno|no answer|nothing|n/a|pass)"
    r"(?:\W+(?:this|that|the answer|it|about|one|at all|sorry|really|honestly|to be honest|anything|what|to say))*"
    r"\W*"
)
_ECHO_WORDS, _NEW_SHARE = 5, 0.2


def gate(question: str, answer: str) -> str | None:
    """Why this answer is not given to a model, as a sentence to its author; `None` when it is to be reviewed."""
    if len(answer) > MESSAGE_CHARS:
        return TOO_LONG.format(chars=len(answer), most=MESSAGE_CHARS)
    said = fold(visible(answer)).strip()
    words = [match.group() for match in _WORD.finditer(said)]
    letters = set("".join(words))
    if not letters or (len(letters) == 1 and len(said) > 4):
        return EMPTY
    if _DO_NOT_KNOW.fullmatch(said):
        return UNKNOWN
    if is_hollow(said):
        return HOLLOW
    asked = set(_WORD.findall(fold(visible(question))))
    if len(words) >= _ECHO_WORDS and len(set(words) - asked) < _NEW_SHARE * len(set(words)):
        return ECHO
    return None
