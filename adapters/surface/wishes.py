"""The words of a wish: which interview, at which level, with how many questions. Pure.

A person writes "start sys design senior", "sd 3" or "Behavioral, please"; whatever is not understood is left over, so
that a caller can tell a wish from an answer that happens to begin with the same word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from engine.interviews import LEVEL_NAMES, ROLE_LEVELS, InterviewType, RoleLevel

WANTS = frozenset({"start", "begin", "interview", "practice", "practise", "mock"})
FILLER = WANTS | frozenset({
    "a", "an", "the", "and", "at", "for", "as", "on", "in", "with", "of", "to", "i", "we", "me", "my", "us", "let",
    "lets", "let's", "want", "would", "like", "do", "try", "please", "pls", "hi", "hello", "hey", "ok", "okay", "now",
    "some", "one", "another", "new", "interviews", "session", "question", "questions", "round", "prep", "train",
    "training", "level", "levels", "role", "difficulty", "type",
})  # fmt: skip
ROLE_WORDS: Mapping[str, RoleLevel] = {
    **{role: role for role in ROLE_LEVELS},
    "internship": "intern", "jr": "junior", "entry": "junior", "graduate": "junior", "middle": "mid",
    "mid-level": "mid", "midlevel": "mid", "sr": "senior", "principal": "staff", "lead": "staff",
}  # fmt: skip
LEVEL_WORDS = {name.casefold(): n for n, name in enumerate(LEVEL_NAMES, start=1)} | {str(n): n for n in range(1, 6)}

NUMBERS = frozenset(str(n) for n in range(1, 21))
"""How many questions there may be; of two bare numbers the first is the level."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was understood. `asks`: the words themselves ask for an interview; `rest`: what was not understood."""

    type_id: str = ""
    role: RoleLevel | None = None
    level: int | None = None
    questions: int | None = None
    rest: tuple[str, ...] = ()
    asks: bool = False

    @property
    def whole(self) -> bool:
        """Nothing but a wish for an interview."""
        return not self.rest and (self.asks or bool(self.type_id))


def wish(text: str, types: Mapping[str, InterviewType]) -> Wish:
    """The interview that these words ask for."""
    words = [word for word in re.split(r"[\s,.;:!?()\"“”]+", text.casefold()) if word]
    type_id, words = _find_type(words, types)
    role: RoleLevel | None = None
    level: int | None = None
    questions: int | None = None
    rest: list[str] = []
    asks = False
    for word, following in zip(words, [*words[1:], ""], strict=False):
        counted = following in ("question", "questions")
        if word in ROLE_WORDS and role is None:
            role = ROLE_WORDS[word]
        elif word in LEVEL_WORDS and level is None and not counted:
            level = LEVEL_WORDS[word]
        elif word in NUMBERS and questions is None:
            questions = int(word)
        elif word in FILLER:
            asks = asks or word in WANTS
        else:
            rest.append(word)
    return Wish(type_id, role, level, questions, tuple(rest), asks)


def _find_type(words: list[str], types: Mapping[str, InterviewType]) -> tuple[str, list[str]]:
    """The type that up to four words in a row name, the longest such run first, and the other words."""
    for length in range(min(4, len(words)), 0, -1):
        for at in range(len(words) - length + 1):
            run = words[at : at + length]
            known = all(word in FILLER or word in ROLE_WORDS or word in LEVEL_WORDS or word in NUMBERS for word in run)
            if not known and (found := type_named(" ".join(run), types)):
                return found, words[:at] + words[at + length :]
    return "", words


def type_named(name: str, types: Mapping[str, InterviewType]) -> str:
    """The id of the only type that this names, in full or abbreviated: "sys design", "sd", "behav"; else ""."""
    said = _letters(name)
    if not said:
        return ""
    exact = [id for id, kind in types.items() if said in (_letters(id), _letters(kind.title))]
    if exact:
        return exact[0]
    initials = [id for id, kind in types.items() if len(said) > 1 and said in (_initials(id), _initials(kind.title))]
    if len(initials) == 1:
        return initials[0]
    if len(said) < 3:
        return ""
    short = [id for id, kind in types.items() if _abbreviates(name, id) or _abbreviates(name, kind.title)]
    return short[0] if len(short) == 1 else ""


def nearest(word: str, known: list[str]) -> str:
    """The known word that was probably meant; "" when none is near."""
    return next(iter(get_close_matches(word.casefold(), known, n=1, cutoff=0.6)), "")


def _letters(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _parts(name: str) -> list[str]:
    return [part for part in re.split(r"[\s_-]+", name.casefold()) if part]


def _initials(name: str) -> str:
    return "".join(part[0] for part in _parts(name))


def _abbreviates(said: str, name: str) -> bool:
    """Every word said begins a word of the name, in order; or all of it run together begins the name."""
    if _letters(name).startswith(_letters(said)):
        return True
    left = iter(_parts(name))
    return all(any(part.startswith(word) for part in left) for word in _parts(said))
