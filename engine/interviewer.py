"""The attendant: reads a thread's mail, does the step that is due, records what came of it, and says what changed.

One loop is the runtime and the recovery. Nothing is said to be final before it is stored, and nothing is asked of a
model before the mail that asks for it is a fact. How each step is performed is left to `engine/performing.py`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Protocol

from engine.consulting import account_of
from engine.conversation import news, posts
from engine.errors import OverLimit
from engine.events import Emit, Notice, Settled
from engine.facts import Fact, Postponed
from engine.inbound import MESSAGE_CHARS, Begin, Inbound, Pressed
from engine.keys import ThreadKey
from engine.performing import Performer
from engine.ports import Account, Lease, Store
from engine.receive import receive
from engine.steps import Review, Step, next_step

log = logging.getLogger(__name__)

WAIT_HOLDING_S = 30.0
"""A step due within this is waited for with the lease held; a later one is left to the sweep."""
WAIT_UNKNOWN_S = 3_600.0
"""How long an answer waits for a limit that does not say when it resets."""


class Gate(Protocol):
    """The limits on what is handed in."""

    async def answer(self, account: Account, id: str) -> OverLimit | None:
        """Count an answer that is about to be read, once per `id`; why it must wait, where it must."""
        ...

    async def answer_chars(self, home: str) -> int:
        """How long an answer may be."""
        ...


class Interviewer:
    """Attends to threads. `emit` is synchronous and never blocks; `now` is epoch seconds."""

    def __init__(
        self,
        *,
        store: Store,
        performer: Performer,
        emit: Emit,
        now: Callable[[], float],
        gate: Gate | None = None,
    ) -> None:
        self._gate = gate
        self._store = store
        self._performer = performer
        self._emit = emit
        self._now = now

    async def attend(self, key: ThreadKey) -> None:
        """Do all that is due in this thread now; return when only its candidate, or a later time, can move it.

        Returns at once when somebody else attends. Raises `LeaseLost` or `VersionConflict` when somebody else took
        over, and `StoreUnavailable` when nothing can be recorded; the thread is then as it was last recorded.
        """
        async with self._store.lease(key) as lease:
            if lease is None:
                return
            while True:
                await self._read_mail(lease)
                step = next_step(lease.session)
                wait_s = 0.0 if step is None else step.due_at - self._now()
                if step is None or wait_s > WAIT_HOLDING_S:
                    if await lease.release_if_no_mail():
                        return
                elif wait_s > 0:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(wait_s):
                            await lease.wait_for_mail()
                elif await self._is_admitted(step, lease):
                    await self._do(step, lease)

    async def _read_mail(self, lease: Lease) -> None:
        for inbound in await lease.mail():
            received = receive(lease.session, inbound, most_chars=await self._answer_chars(lease, inbound))
            await self._record(lease, *received.facts, read=inbound)
            if received.says:
                self._say(lease, received.says, error=received.error)
            if received.show and lease.session is not None:
                for post, card in posts(lease.session):
                    if post in received.show:
                        self._emit(Settled(key=lease.key, session=lease.session.id, post=post, card=card))

    async def _answer_chars(self, lease: Lease, inbound: Inbound) -> int:
        if self._gate is None or isinstance(inbound, Pressed):
            return MESSAGE_CHARS
        setup = inbound.setup if isinstance(inbound, Begin) else lease.session.setup if lease.session else None
        return await self._gate.answer_chars((setup.home if setup else "") or lease.key.scope)

    async def _is_admitted(self, step: Step, lease: Lease) -> bool:
        """Whether an answer may be read now. One that may not is kept, and waits for the day after."""
        session = lease.session
        if self._gate is None or session is None or not isinstance(step, Review) or step.again:
            return True
        answer = f"{session.id}:a{step.turn}.{step.attempt}"
        refused = await self._gate.answer(account_of(session), answer)
        if refused is None:
            return True
        now = self._now()
        until = now + WAIT_UNKNOWN_S if refused.resets_at is None else refused.resets_at
        await self._record(lease, Postponed(at=now, turn=step.turn, until=until))
        self._say(lease, refused.hint, error=True)
        return False

    async def _record(self, lease: Lease, *facts: Fact, read: Inbound | None = None) -> None:
        before = lease.session
        await lease.record(*facts, read=read)
        if facts and (after := lease.session) is not None:
            for post, card in news(before, after):
                self._emit(Settled(key=lease.key, session=after.id, post=post, card=card))

    def _say(self, lease: Lease, text: str, *, error: bool = False) -> None:
        session = lease.session.id if lease.session else ""
        self._emit(Notice(key=lease.key, session=session, text=text, error=error))

    async def _do(self, step: Step, lease: Lease) -> None:
        """Perform a step and record it, unless mail that arrives meanwhile makes another step due."""
        session = lease.session
        assert session is not None
        started = self._now()
        work = asyncio.create_task(self._performer.perform(step, session, self._emit))
        try:
            if not await self._undisturbed(work, step, lease):
                return
            await self._record(lease, *work.result())
        finally:
            if not work.done():
                work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        log.info(
            "step done",
            extra={
                "session": session.id,
                "step": type(step).__name__,
                "took_ms": round((self._now() - started) * 1000),
            },
        )

    async def _undisturbed(self, work: asyncio.Task[tuple[Fact, ...]], step: Step, lease: Lease) -> bool:
        """Wait for the work while reading mail; `False` as soon as the step is not the one that is due any more."""
        while not work.done():
            mail = asyncio.create_task(lease.wait_for_mail())
            try:
                await asyncio.wait({work, mail}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                mail.cancel()
                await asyncio.gather(mail, return_exceptions=True)
            if work.done():
                break
            await self._read_mail(lease)
            if not same_work(next_step(lease.session), step):
                return False
        return True


def same_work(due: Step | None, running: Step) -> bool:
    """Whether the running step still does what is due; when it may start does not matter any more."""
    return due is not None and _timeless(due) == _timeless(running)


def _timeless(step: Step) -> Step:
    return replace(step, due_at=0.0)
