"""What is done now and then beside everything else: rollouts looked at, old things deleted.

Each chore is a task of its own. One that fails is logged and tried again when its time comes; all are cancelled, and
waited for, when the context is left.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """`run` is called every `every_s` seconds, the first time after `first_s`; it may be cancelled at any moment."""

    name: str
    every_s: float
    run: Callable[[], Awaitable[None]]
    first_s: float = 5.0
    """Not at once: a start has enough to do."""


@asynccontextmanager
async def watching(chores: Iterable[Chore]) -> AsyncGenerator[None]:
    """See to the chores while this context is entered."""
    tasks = [asyncio.create_task(_see_to(chore), name=f"chore {chore.name}") for chore in chores]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _see_to(chore: Chore) -> None:
    await asyncio.sleep(min(chore.first_s, chore.every_s))
    while True:
        try:
            await chore.run()
        except Exception:
            log.exception("a chore failed", extra={"chore": chore.name})
        await asyncio.sleep(chore.every_s)
