"""The next main question, prepared while a review streams, so that nobody waits after Next.

A prepared question is only a convenience: it lives in this process, is thrown away when the level changed meanwhile,
and is simply asked for again after a restart.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from engine.errors import ModelError
from engine.facts import AskedQuestion
from engine.session import Session
from engine.steps import Ask

log = logging.getLogger(__name__)

KEPT = 1_000
"""Prepared questions held at most; the oldest goes first."""

Write = Callable[[Session, Ask], Awaitable[AskedQuestion]]


class Preparation:
    """Owns the tasks until `aclose`. `write` makes a question for an `Ask`."""

    def __init__(self, write: Write, *, most: int = KEPT) -> None:
        self._write = write
        self._most = most
        self._tasks: dict[str, tuple[int, asyncio.Task[AskedQuestion | None]]] = {}

    async def aclose(self) -> None:
        """Drop what is prepared and stop what is being prepared."""
        tasks = [task for _, task in self._tasks.values()]
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def start(self, session: Session) -> None:
        """Begin to prepare the next main question, if one is to come and none is being prepared."""
        if session.id in self._tasks or session.asked >= session.setup.questions:
            return
        level, reason = session.planned_level()
        ask = Ask(turn=len(session.turns) + 1, kind="main", parent=0, level=level, reason=reason)
        self._tasks[session.id] = (
            level,
            asyncio.create_task(self._prepare(session, ask), name=f"prepare {session.id}"),
        )
        while len(self._tasks) > self._most:
            _, task = self._tasks.pop(next(iter(self._tasks)))
            task.cancel()

    async def take(self, session: Session, ask: Ask) -> AskedQuestion | None:
        """The prepared question for this step, waiting for it if need be; `None` when there is none that fits."""
        if ask.kind != "main" or session.id not in self._tasks:
            return None
        level, task = self._tasks.pop(session.id)
        if level != ask.level:
            task.cancel()
            return None
        try:
            return await task
        finally:
            task.cancel()

    async def _prepare(self, session: Session, ask: Ask) -> AskedQuestion | None:
        try:
            return await self._write(session, ask)
        except ModelError as error:
            log.info("preparing failed", extra={"session": session.id, "error": str(error)})
            return None
