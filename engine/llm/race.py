"""Asking a provider, and sometimes a second one when the first stays silent: the first to speak is heard.

Each provider is read by a task of its own, so that its stream is opened, read and closed in one place whoever listens.
The tasks end inside `race`; the loser is cancelled at once, and nobody waits for its connection to close before the
winner's first chunk is passed on. Whom to ask, and whether a second one may be asked at all, is the router's decision.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from engine.errors import ModelError
from engine.llm.health import Trial
from engine.llm.journey import Route
from engine.ports import Chunk, Request


class Runner:
    """One provider being asked. Create it on a running loop; end it with `hang_up`, whatever happened."""

    def __init__(self, route: Route, request: Request, trial: Trial) -> None:
        self.route = route
        self.trial = trial
        self.spoke: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        """Resolved with the first word, or as `False` when the provider ended without one."""
        self._request = request
        self._chunks: asyncio.Queue[Chunk | None] = asyncio.Queue()
        self._task = asyncio.create_task(self._read(), name=f"ask {route.provider.name}")

    async def chunks(self) -> AsyncGenerator[Chunk]:
        """What the provider says; raises what ended it."""
        while (chunk := await self._chunks.get()) is not None:
            yield chunk
        await self._task

    def cancel(self) -> None:
        """Nobody listens any more. Harmless when it is over already."""
        self.trial.abandon()
        self._task.cancel()

    async def hang_up(self) -> None:
        """Cancel, and wait until the connection is closed."""
        self.cancel()
        await asyncio.wait([self._task])
        if not self._task.cancelled():
            self._task.exception()  # whoever listened has heard it; asyncio need not report it again

    async def _read(self) -> None:
        try:
            async with self.route.provider.stream(self._request) as chunks:
                async for chunk in chunks:
                    if chunk.text and not self.spoke.done():
                        self.trial.heard()
                        self.spoke.set_result(True)
                    self._chunks.put_nowait(chunk)
        except ModelError as error:
            self.trial.fail(error)
            raise
        finally:
            if not self.spoke.done():
                self.spoke.set_result(False)
            self._chunks.put_nowait(None)


@asynccontextmanager
async def race(first: Runner, second: Callable[[], Runner | None], after_s: float | None) -> AsyncGenerator[Runner]:
    """The provider to listen to. `second` is called when the first said nothing for `after_s` (`None`: never)."""
    runners = [first]
    try:
        winner = first
        if after_s is not None:
            spoke, _ = await asyncio.wait([first.spoke], timeout=after_s)
            if not spoke and (rival := second()) is not None:
                runners.append(rival)
                winner = await _first_to_speak(first, rival)
                (first if winner is rival else rival).cancel()
        yield winner
    finally:
        for runner in runners:
            await runner.hang_up()


async def _first_to_speak(first: Runner, rival: Runner) -> Runner:
    await asyncio.wait([first.spoke, rival.spoke], return_when=asyncio.FIRST_COMPLETED)
    early, late = (first, rival) if first.spoke.done() else (rival, first)
    # One that ended without a word has not won while the other may still speak.
    return early if early.spoke.result() or not await late.spoke else late
