"""An event loop whose clock jumps: an hour of waiting takes a test no time at all.

One rule decides when: **with nothing ready, the clock jumps to the next timer; but while a job of `run_in_executor` or
`asyncio.to_thread` is under way it stands still, and the loop waits for that job in real time.** With nothing ready, no
timer and no such job, nothing can ever happen again, and `Deadlock` says where every task waits.

What the rule cannot see is left out: sockets and pipes are refused, and a library's own thread (aiosqlite's, for one)
goes unnoticed, so a test with such a thread uses the real clock.
"""

from __future__ import annotations

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import TYPE_CHECKING, ParamSpec, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from _typeshed import HasFileno  # exists for type checkers only

T = TypeVar("T")
P = ParamSpec("P")
Ts = TypeVarTuple("Ts")

# Adding floats may end a hair before the timer that was to be reached; a timer this near counts as due.
CLOCK_RESOLUTION_S = 1e-6


def run_virtual(main: Coroutine[object, object, T]) -> T:
    """What `main` returns, run from virtual time 0.

    Raises:
        Deadlock: everything waits and nothing is left that could wake it.
    """
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)


def virtual(test: Callable[P, Coroutine[object, object, T]]) -> Callable[P, T]:
    """Run an async test under virtual time; fixtures reach it as usual, but they must not be async themselves."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        return run_virtual(test(*args, **kwargs))

    return run


class Deadlock(Exception):
    """Every task waits, and no timer and no thread will ever wake one."""

    def __init__(self, waiting: list[str]) -> None:
        self.waiting = waiting
        super().__init__("nothing is ready and nothing is scheduled; waiting:\n  " + "\n  ".join(waiting))


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop whose `time()` starts at 0 and moves only by jumping to the next timer."""

    def __init__(self) -> None:
        self._clock = _Clock(self._waiting)
        super().__init__(self._clock)
        self._clock_resolution = CLOCK_RESOLUTION_S

    def time(self) -> float:
        return self._clock.now

    def run_in_executor(self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts) -> asyncio.Future[T]:
        job = super().run_in_executor(executor, func, *args)
        self._clock.jobs += 1
        job.add_done_callback(self._job_done)
        return job

    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        # Joins threads from a thread of its own, which is real work to wait for too.
        self._clock.jobs += 1
        try:
            await super().shutdown_default_executor()
        finally:
            self._clock.jobs -= 1

    def _job_done(self, _: asyncio.Future[T]) -> None:
        self._clock.jobs -= 1

    def _waiting(self) -> list[str]:
        lines: list[str] = []
        for task in asyncio.all_tasks(self):
            frames = task.get_stack()
            where = f"{frames[-1].f_code.co_filename}:{frames[-1].f_lineno}" if frames else "not started"
            lines.append(f"{task.get_name()} at {where}")
        return sorted(lines)


class _Clock(selectors.DefaultSelector):
    """The one place where a loop waits, so the one place where time can be made to pass."""

    def __init__(self, waiting: Callable[[], list[str]]) -> None:
        super().__init__()
        self.now = 0.0
        self.jobs = 0
        self._waiting = waiting

    def register(self, fileobj: int | HasFileno, events: int, data: object = None) -> selectors.SelectorKey:
        # The loop's own wake-up pipe comes first; anything after it is a socket, whose peer lives in real time.
        if self.get_map():
            raise RuntimeError("sockets and pipes need the real clock, not virtual time")
        return super().register(fileobj, events, data)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.jobs and timeout != 0:
            return super().select(None)
        woken = super().select(0)
        if woken or timeout == 0:
            return woken
        if timeout is None:
            raise Deadlock(self._waiting())
        self.now += timeout
        return []
