"""A conversation driven by hand: what people do goes through `receive`, facts fold, and time is a number one sets."""

from __future__ import annotations

from itertools import count
from typing import Any

from engine.facts import Asked, AskedQuestion, Fact, Reviewed, Summarised
from engine.feedback.model import Feedback
from engine.inbound import Action, Begin, Edited, Inbound, Pressed, Wrote
from engine.interviews import Setup
from engine.receive import Received, receive
from engine.report import report_numbers
from engine.session import Session, evolve
from engine.steps import Ask, Review, Step, Summarise, next_step
from tests.kit.interviews import KEY, feedback, question


class Talk:
    """One thread, no store, no model: `say`, `press` and `edit` are the candidate, `ask` and `review` the steps."""

    def __init__(self, setup: Setup | None = None) -> None:
        self.session: Session | None = None
        self.facts: list[Fact] = []
        self.now = 1000.0
        self._ids = count(1)
        if setup is not None:
            self.take(Begin(id="begin", key=KEY, at=self.now, setup=setup))

    @property
    def step(self) -> Step | None:
        return next_step(self.session)

    @property
    def live(self) -> Session:
        assert self.session is not None
        return self.session

    def take(self, inbound: Inbound) -> Received:
        received = receive(self.session, inbound)
        self.record(*received.facts)
        return received

    def record(self, *facts: Fact) -> None:
        for fact in facts:
            self.facts.append(fact)
            self.session = evolve(self.session, fact)

    def say(self, text: str, message: str = "") -> Received:
        n = next(self._ids)
        return self.take(Wrote(id=f"w{n}", key=KEY, at=self.now, message=message or f"m{n}", text=text))

    def edit(self, message: str, text: str | None) -> Received:
        return self.take(Edited(id=f"e{next(self._ids)}", key=KEY, at=self.now, message=message, text=text))

    def press(self, action: Action, turn: int = 0) -> Received:
        return self.take(Pressed(id=f"p{next(self._ids)}", key=KEY, at=self.now, action=action, turn=turn))

    def ask(self, **changes: Any) -> AskedQuestion:
        """Do the `Ask` that is due."""
        step = self.step
        assert isinstance(step, Ask), step
        asked = question(**({"kind": step.kind, "parent": step.parent, "level": step.level} | changes))
        self.record(Asked(at=self.now, turn=step.turn, question=asked, reason=step.reason))
        return asked

    def review(self, *levels: int | None, provisional: bool = False, given: Feedback | None = None) -> None:
        """Do the `Review` that is due."""
        step = self.step
        assert isinstance(step, Review), step
        self.record(
            Reviewed(
                at=self.now,
                turn=step.turn,
                attempt=step.attempt,
                revision=step.revision,
                feedback=given or feedback(*levels),
                provisional=provisional,
            )
        )

    def summarise(self) -> None:
        """Do the `Summarise` that is due."""
        assert isinstance(self.step, Summarise), self.step
        self.record(Summarised(at=self.now, report=report_numbers(self.live)))
