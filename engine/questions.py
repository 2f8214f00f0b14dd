"""Questions that a team writes for its own interviews, and the sets they are kept in.

A set is named by its content and never changes: an interview type says which one it asks from, and an interview that
runs keeps to the one it began with. They become questions as the shipped bank has them; what an author need not think
of (a level, cues) is filled in here.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Annotated, Protocol, Self, cast

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from engine.bank import QuestionBank
from engine.feedback.words import FUNCTION_WORDS, words
from engine.interviews import Format, Frozen, Level, Question

MOST_QUESTIONS = 200
KEPT_BANKS = 128
_CUE_WORDS = 3


def _one_line(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1, max_length=500)]
Cue = Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=1, max_length=100, pattern=r"^[^;]*$")]


def _point(value: object) -> object:
    """A point may be written as its words alone."""
    if isinstance(value, str):
        return {"point": value}
    if isinstance(value, dict):
        # What passes through here is no JSON to pydantic any more, which then takes no list for a tuple.
        point = cast("dict[str, object]", value)
        cues = point.get("cues")
        return {**point, "cues": tuple(cast("list[object]", cues))} if isinstance(cues, list) else point
    return value


class KeyPoint(Frozen):
    """What a good answer covers. `cues` are phrases any of which counts as a mention; without them its own words do."""

    point: Words
    cues: tuple[Cue, ...] = Field(default=(), max_length=30)

    @property
    def told_by(self) -> tuple[str, ...]:
        """The cues, or one made of the words that carry the point, which may stand anywhere in a sentence."""
        if self.cues:
            return self.cues
        carrying = list(dict.fromkeys(word.plain for word in words(self.point) if word.plain not in FUNCTION_WORDS))
        # Long words say more; they stand in the order of the point.
        longest = sorted(carrying, key=lambda word: -len(word))[:_CUE_WORDS]
        kept = [word for word in carrying if word in longest]
        return (" + ".join(kept) or self.point,)


class OwnQuestion(Frozen):
    """A question as its author wrote it. Without a `level` it fits any, and is asked at the one that is due."""

    text: Annotated[str, BeforeValidator(_one_line), StringConstraints(min_length=10, max_length=2_000)]
    topic: Annotated[str, BeforeValidator(_one_line), StringConstraints(max_length=80)] = ""
    level: Level | None = None
    minutes: int | None = Field(default=None, ge=1, le=120)
    key_points: tuple[Annotated[KeyPoint, BeforeValidator(_point)], ...] = Field(default=(), max_length=10)
    hints: tuple[Words, ...] = Field(default=(), max_length=4)
    follow_ups: tuple[Words, ...] = Field(default=(), max_length=6)

    @property
    def id(self) -> str:
        """By its words: the same question in another set counts as asked."""
        return f"own-{hashlib.sha256(self.text.encode()).hexdigest()[:12]}"

    def as_question(self, format: Format, level: int) -> Question:
        """As the bank has it; `level` is for one that fits any."""
        return Question(
            id=self.id,
            format=format,
            level=self.level or level,
            minutes=self.minutes or 5,
            text=self.text,
            topic=self.topic or "Your team's questions",
            key_points=tuple(each.point for each in self.key_points),
            cues=tuple(each.told_by for each in self.key_points),
            follow_ups=self.follow_ups,
            hints=self.hints,
        )


class QuestionSet(Frozen):
    """The questions of a type, in the order of their author."""

    questions: tuple[OwnQuestion, ...] = Field(min_length=1, max_length=MOST_QUESTIONS)

    @model_validator(mode="after")
    def _different(self) -> Self:
        seen: dict[str, int] = {}
        for number, question in enumerate(self.questions, 1):
            if (first := seen.setdefault(question.id, number)) != number:
                raise ValueError(f"questions.{number - 1}.text: the same question as number {first}")
        return self

    @property
    def digest(self) -> str:
        """Identity by content."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


class QuestionSets(Protocol):
    """Where sets are kept."""

    async def set(self, home: str, digest: str) -> QuestionSet | None:
        """The set of this name in a scope, or in the one that holds everywhere; `None` when there is none."""
        ...


class OwnBanks:
    """Sets as banks, the ones asked for last kept, so that a question costs no look into the store."""

    def __init__(self, sets: QuestionSets, *, most: int = KEPT_BANKS) -> None:
        self._sets = sets
        self._most = most
        self._kept: OrderedDict[tuple[str, str, Format, int], QuestionBank] = OrderedDict()

    async def bank(self, home: str, digest: str, format: Format, level: int) -> QuestionBank | None:
        """A set as a bank, for an interview of this format that is at this level; `None` when there is no such set."""
        name = (home, digest, format, level)
        if (kept := self._kept.get(name)) is not None:
            self._kept.move_to_end(name)
            return kept
        if (found := await self._sets.set(home, digest)) is None:
            return None
        # A set never changes, so a bank made of it holds for ever.
        made = self._kept[name] = QuestionBank(each.as_question(format, level) for each in found.questions)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return made
