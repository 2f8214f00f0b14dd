"""A dry run of an interview type: one question and one review of a sample answer, of which nothing is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from engine.events import Emit
from engine.facts import Answered, AskedQuestion, Begun, Fact, Submitted
from engine.feedback.model import Feedback
from engine.interviews import Setup
from engine.keys import ThreadKey
from engine.session import Session, evolve
from engine.steps import Ask, Review, Step

Perform = Callable[[Step, Session, Emit], Awaitable[tuple[Fact, ...]]]
"""As `Performer.perform`."""
PLAIN_ANSWER = (
    "I started by asking what mattered most to the people who would use it, and wrote that down. Then I compared two "
    "ways to do it and chose the simpler one, because we had two weeks and one of us knew it already. It worked for "
    "most of them, but I had not thought of what happens when a part fails, so I would begin with that next time."
)
"""An ordinary answer to nearly anything, for a question with no sample of its own."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a candidate would have seen. `session` holds all of it, as a surface shows it."""

    session: Session
    question: AskedQuestion
    answer: str
    feedback: Feedback


async def dry_run(
    perform: Perform, setup: Setup, key: ThreadKey, *, answer: str, samples: Mapping[str, str], at: float
) -> Preview:
    """Ask and review once. Without an `answer`, the question's own sample is reviewed.

    Raises `ModelError` where there is neither a model nor a question on file.
    """
    # One question only, so that nobody prepares the next one.
    session = evolve(None, Begun(at=at, key=key, number=1, setup=setup.model_copy(update={"questions": 1})))
    session = await _done(perform, session, Ask(turn=1, kind="main", parent=0, level=setup.start_level))
    question = session.turns[0].question
    said = answer.strip() or samples.get(question.id) or _made_of(question)
    session = evolve(session, Answered(at=at, turn=1, message="sample", text=said))
    session = evolve(session, Submitted(at=at, turn=1))
    session = await _done(perform, session, Review(turn=1, attempt=1, revision=session.turns[0].attempt.revision))
    feedback = session.turns[0].feedback
    assert feedback is not None  # a review that is asked for the first time always ends in one
    return Preview(session, question, said, feedback)


async def _done(perform: Perform, session: Session, step: Step) -> Session:
    for fact in await perform(step, session, lambda _: None):
        session = evolve(session, fact)
    return session


def _made_of(question: AskedQuestion) -> str:
    """An answer that covers the first half of what is asked for, in the author's own words."""
    half = question.key_points[: (len(question.key_points) + 1) // 2]
    return " ".join([PLAIN_ANSWER, *(f"{point.rstrip('.')}." for point in half)])
