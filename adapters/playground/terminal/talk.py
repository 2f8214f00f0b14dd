"""One interview at one terminal: show what happens, and let the candidate speak when it is their turn.

Whose turn it is, is read off the stored session (`phase`), never guessed from events; so an interview can be taken up
anywhere, and whatever arrives in the middle of typing only interrupts the prompt, not the answer. What is shown, and
where words come from, is left to a `View` and a `Candidate`: a screen and a keyboard, a sample candidate, plain lines.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, Protocol
from uuid import uuid4

from engine.desk import Desk
from engine.events import Event, Grew, Notice, Opened, Settled
from engine.inbound import Action, Inbound, Pressed, Wrote
from engine.keys import ThreadKey, session_id
from engine.receive import command
from engine.session import Session
from engine.steps import Review, next_step

Phase = Literal["busy", "answer", "choose", "paused", "over"]
LOOK_AGAIN_S = 0.5
HANDLED_WITHIN_S = 5.0
SHOWN_AGAIN: frozenset[Action] = frozenset({"repeat", "retry", "resume", "model_answer"})


class View(Protocol):
    """What the candidate sees."""

    def show(self, event: Event) -> None:
        """Something happened. A card that looks as it did is not shown again."""
        ...

    def wait(self, session: Session | None) -> None:
        """Nothing can be said just now."""
        ...

    def listen(self) -> None:
        """The candidate is about to speak: leave the screen to them."""
        ...

    def expect_again(self) -> None:
        """The candidate asks for a card they have seen: show it even if it looks the same."""
        ...


class Candidate(Protocol):
    """Where words come from."""

    async def answer(self, session: Session) -> str:
        """The answer to the open question, or a command word. May be cancelled at any time and is then asked again."""
        ...

    async def choose(self, session: Session) -> str:
        """A command word, after feedback. As `answer`."""
        ...


def phase(session: Session | None, now: float) -> Phase:
    """Whose turn it is. A full review that follows later keeps nobody waiting."""
    if session is None:
        return "busy"
    step = next_step(session)
    owed = isinstance(step, Review) and step.again
    if step is not None and not owed and step.due_at <= now:
        return "busy"
    if session.over:
        return "over"
    if session.paused:
        return "paused"
    turn = session.turn
    if session.stopped or turn is None:
        return "busy"
    return "answer" if turn.attempt.feedback is None else "choose"


@dataclass
class Talk:
    """`hold()` carries one interview until it is over or paused. `events` are the thread's, numbered.

    `number` is the interview's among those of the thread. `interrupted` is set when the person (or the system) wants to
    leave: the interview is paused then.
    """

    desk: Desk
    key: ThreadKey
    view: View
    candidate: Candidate
    events: AsyncIterator[tuple[int, Event]]
    number: int
    interrupted: asyncio.Event = field(default_factory=asyncio.Event)
    now: Callable[[], float] = time.time
    _next: asyncio.Future[tuple[int, Event]] | None = None

    async def hold(self) -> Session:
        """The session as it stands at the end: over, or paused."""
        try:
            while True:
                await self._show_what_came()
                session = await self._session()
                now = phase(session, self.now())
                if session is not None and now in ("over", "paused"):
                    await self._show_what_came(at_the_end=True)
                    return session
                if self.interrupted.is_set() and session is not None:
                    await self.say("pause", session)
                elif session is None or now == "busy":
                    self.view.wait(session)
                    await self._first_of(None)
                elif said := await self._first_of(self._ask(session, now)):
                    await self.say(said, session)
        finally:
            self.view.listen()
            if self._next is not None:
                self._next.cancel()

    async def begun(self) -> Session:
        """The interview as soon as it has begun."""
        while (session := await self._session()) is None:
            await asyncio.wait({self._coming()}, timeout=0.02)
        return session

    async def resume(self, session: Session) -> None:
        """End the pause, quietly: what stands open was shown already."""
        await self._deliver(Pressed(id=uuid4().hex, key=self.key, at=self.now(), action="resume"), session)

    async def say(self, text: str, session: Session) -> None:
        """Hand in one thing the candidate said, and wait until it was read."""
        id_ = uuid4().hex
        action = command(text)
        inbound: Inbound
        if action is None:
            inbound = Wrote(id=id_, key=self.key, at=self.now(), message=id_, text=text)
        else:
            inbound = Pressed(id=id_, key=self.key, at=self.now(), action=action)
            if action in SHOWN_AGAIN:
                self.view.expect_again()
        await self._deliver(inbound, session)

    def _ask(self, session: Session, phase: Phase) -> asyncio.Task[str]:
        self.view.listen()
        asked = self.candidate.answer(session) if phase == "answer" else self.candidate.choose(session)
        return asyncio.ensure_future(asked)

    async def _first_of(self, said: asyncio.Task[str] | None) -> str:
        """What the candidate said, or "" when something happened first."""
        leave = asyncio.ensure_future(self.interrupted.wait())
        try:
            while True:
                await asyncio.wait(
                    {leave, self._coming(), *([said] if said else [])},
                    return_when=asyncio.FIRST_COMPLETED,
                    timeout=None if said else LOOK_AGAIN_S,
                )
                if said is not None and said.done():
                    return said.result()
                if leave.done() or not self._coming().done() or self._show_next(typing=said is not None):
                    return ""
        finally:
            leave.cancel()
            if said is not None:
                said.cancel()
            await asyncio.wait({leave, *([said] if said else [])})

    async def _session(self) -> Session | None:
        """The interview, once it has begun."""
        session = await self.desk.session(self.key)
        return session if session is not None and session.number == self.number else None

    async def _deliver(self, inbound: Inbound, session: Session) -> None:
        await self.desk.deliver(inbound)
        await self._handled(session.version)

    async def _handled(self, version: int) -> None:
        """Until what was said has become a fact, or was answered with a sentence or a card."""
        with suppress(TimeoutError):
            async with asyncio.timeout(HANDLED_WITHIN_S):
                while True:
                    await asyncio.wait({self._coming()}, timeout=0.02)
                    if self._coming().done() and self._show_next(typing=False):
                        return
                    session = await self._session()
                    if session is not None and session.version != version:
                        return

    def _coming(self) -> asyncio.Future[tuple[int, Event]]:
        if self._next is None:
            self._next = asyncio.ensure_future(anext(self.events))
        return self._next

    def _show_next(self, *, typing: bool) -> bool:
        """Show the event that has come; `False` when it is none to interrupt anybody for."""
        _, event = self._coming().result()
        self._next = None
        if event.session not in ("", session_id(self.key, self.number)):
            return False  # an earlier interview still got something it was owed
        passing = isinstance(event, Grew | Opened)
        if not (typing and passing):
            self.view.show(event)
        return not passing if typing else isinstance(event, Settled | Notice)

    async def _show_what_came(self, *, at_the_end: bool = False) -> None:
        """Everything that is there already, without waiting for more. Who wants to leave waits only for last words."""
        await asyncio.sleep(0)
        while (at_the_end or not self.interrupted.is_set()) and (self._coming().done() or not await self._quiet()):
            self._show_next(typing=False)

    async def _quiet(self) -> bool:
        await asyncio.wait({self._coming()}, timeout=0.01)
        return not self._coming().done()
