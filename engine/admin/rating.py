"""A coach rates the answers of an interview that was shown to them, on the anchors that the machine judged by.

Blind: until every criterion of an answer has a level, or "cannot tell", the coach sees nothing of what the machine
gave. Then both stand side by side. Levels may be changed after that; they count, but not as blind. Each answer is rated
as it read when it was shown: `text` says which wording that was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.admin.roles import Actor
from engine.admin.sharing import Sharing
from engine.errors import Wrong
from engine.interviews import Criterion
from engine.session import Attempt, Session, Turn
from engine.team.ratings import LEVELS, CoachRating, newest
from engine.team.records import Shared

Levels = Mapping[str, int | None]
"""Levels by criterion; `None` where nobody could tell."""


@dataclass(frozen=True, slots=True)
class Item:
    """An answer in the list. `rated`: every criterion has this coach's level, or "cannot tell"."""

    turn: int
    question: str
    rated: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to be rated. `mine` is what this coach gave; `machine` is `None` until `mine` is complete.

    `after` is the next answer that is still to be rated, 0 when there is none.
    """

    shared: Shared
    turn: int
    text_id: str
    question: str
    text: str
    hints: int
    criteria: tuple[Criterion, ...]
    mine: Levels
    machine: Levels | None
    engine: str
    after: int


@dataclass(frozen=True, slots=True)
class _Opened:
    """What was shared, as this coach has it before them; `given` are their levels, by turn, for the texts of now."""

    shared: Shared
    session: Session
    coach: str
    given: Mapping[int, Levels]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return self.session.setup.type.criteria

    def mine(self, turn: int) -> Levels:
        return self.given.get(turn, {})

    def rated(self, turn: int) -> bool:
        return all(criterion.id in self.mine(turn) for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class Rating:
    """Every act looks first whether the actor may read what was shared; see `Sharing.readable`."""

    sharing: Sharing

    async def items(self, actor: Actor, share: str) -> tuple[Shared, tuple[Item, ...]]:
        """The answers of what was shared, in order."""
        opened = await self._opened(actor, share)
        items = [Item(turn.number, turn.question.text, opened.rated(turn.number)) for turn in _turns(opened.session)]
        return opened.shared, tuple(items)

    async def answer(self, actor: Actor, share: str, turn: int) -> Answer:
        """One answer, to be rated or to be compared. Raises `Wrong` where there is none of this number."""
        return _answer(await self._opened(actor, share), turn)

    async def rate(self, actor: Actor, share: str, turn: int, text_id: str, levels: Levels) -> tuple[Answer, bool]:
        """Give levels to some criteria of an answer, and whether that said anything new.

        Raises `Wrong`, and keeps nothing, for a level that is none, for a criterion that is none, and where the
        answer reads differently than when it was shown.
        """
        opened = await self._opened(actor, share)
        shown = _answer(opened, turn)
        if shown.text_id != text_id:
            raise Wrong({"": "The answer was changed since you read it. Read it again before you rate it."})
        known = {criterion.id for criterion in shown.criteria}
        wrong = {id: "Choose a level from 1 to 5, or “cannot tell”." for id, level in levels.items()
                 if id not in known or level not in (None, *LEVELS)}  # fmt: skip
        if wrong or not levels:
            raise Wrong(wrong or {"": "Choose a level for each criterion."})
        blind = shown.machine is None
        ratings = [self._rating(opened, turn, id, level, blind=blind) for id, level in levels.items()]
        coach = await self.sharing.at(actor, opened.shared.home)
        words = "rated an answer that was shared"
        entry = self.sharing.people.entry(coach, "coach", "answer.rate", "report", words)
        new = await self.sharing.store.rate(ratings, entry=entry)
        return await self.answer(actor, share, turn), new

    async def _opened(self, actor: Actor, share: str) -> _Opened:
        shared, session = await self.sharing.readable(actor, share)
        # The same hash wherever the coach presses the button.
        coach = self.sharing.people.hashed(await self.sharing.at(actor, shared.home))
        texts = {turn.number: _text_id(turn) for turn in _turns(session)}
        given: dict[int, dict[str, int | None]] = {}
        for rating in newest(await self.sharing.store.ratings_of(session.id)):
            if rating.coach == coach and texts.get(rating.turn) == f"{rating.attempt}-{rating.revision}":
                given.setdefault(rating.turn, {})[rating.criterion] = rating.level
        return _Opened(shared, session, coach, given)

    def _rating(self, opened: _Opened, turn: int, criterion: str, level: int | None, *, blind: bool) -> CoachRating:
        session, question = opened.session, opened.session.turns[turn - 1].question
        number, attempt = _attempt(opened.session.turns[turn - 1])
        return CoachRating(
            session=session.id,
            person=opened.shared.person,
            home=opened.shared.home,
            turn=turn,
            attempt=number,
            revision=attempt.revision,
            coach=opened.coach,
            type_id=session.setup.type.id,
            rubric=session.setup.type.digest,
            question=question.id,
            difficulty=question.level,
            criterion=criterion,
            level=level,
            machine=_machine(attempt).get(criterion),
            engine=attempt.feedback.engine if attempt.feedback else "",
            prompt=attempt.feedback.prompt if attempt.feedback else "",
            blind=blind,
            at=self.sharing.now(),
        )


def _answer(opened: _Opened, number: int) -> Answer:
    turns = _turns(opened.session)
    turn = next((turn for turn in turns if turn.number == number), None)
    if turn is None:
        raise Wrong({"": "There is no such answer in this interview."})
    _, attempt = _attempt(turn)
    left = [each.number for each in turns if each.number != number and not opened.rated(each.number)]
    complete = opened.rated(number)
    return Answer(
        shared=opened.shared,
        turn=number,
        text_id=_text_id(turn),
        question=turn.question.text,
        text=attempt.text,
        hints=attempt.hints,
        criteria=opened.criteria,
        mine=opened.mine(number),
        machine=_machine(attempt) if complete else None,
        engine=attempt.feedback.engine if complete and attempt.feedback else "",
        after=next((each for each in left if each > number), left[0] if left else 0),
    )


def _turns(session: Session) -> list[Turn]:
    """The turns with an answer to rate."""
    return [turn for turn in session.turns if turn.answered and not turn.skipped]


def _attempt(turn: Turn) -> tuple[int, Attempt]:
    """The newest attempt in which something was said, and its number."""
    return next((n, each) for n, each in reversed(list(enumerate(turn.attempts, 1))) if each.parts)


def _text_id(turn: Turn) -> str:
    number, attempt = _attempt(turn)
    return f"{number}-{attempt.revision}"


def _machine(attempt: Attempt) -> Levels:
    return {each.criterion: each.level for each in attempt.feedback.criteria} if attempt.feedback else {}
