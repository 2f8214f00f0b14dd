"""Who writes next. One governor per scope of rate limits (a workspace, a bot), over any number of posts.

Nothing is queued: a writer holds its newest snapshot, says what it would write now (`wish`), and is asked to do so
(`write`) when its tokens have been taken. One write per writer is under way at a time. Decisions are made when
something changes and when the next token is due, never by polling. What a write is, and what it costs, is left to the
writers.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from contextlib import suppress

from adapters.pacer.forecast import Pace
from adapters.pacer.limit import Limit
from adapters.pacer.round import HORIZON_S, Round
from adapters.pacer.writer import Rank, Wish, Writer

log = logging.getLogger(__name__)

LEAST_S = 0.001
"""No timer is shorter: a token is there a hair before or after the moment that was computed."""
UNFORESEEN_S = 20.0
"""Over how much time it is counted what people wait for and no writer announces."""
KEPT_LIMITS = 1_024
"""How many limits something is remembered of; where they come and go with every conversation, most are long over."""
BROKEN_S = 5.0
"""How long a writer rests whose write failed in a way nobody foresaw."""


class Governor:
    """Grants writes. `now` is a monotonic clock in seconds, the running loop's unless given."""

    def __init__(self, *, now: Callable[[], float] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._now = now or self._loop.time
        self._writers: dict[Writer, None] = {}
        self._tidy: dict[Limit, OrderedDict[Writer, None]] = {}
        self._busy: set[Writer] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._resting: dict[Writer, float] = {}
        self._progress_at: dict[Limit, float] = {}
        self._unforeseen: dict[Limit, Pace] = {}
        self._soon: asyncio.Handle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._only_finals = False
        self._quiet = asyncio.Event()

    def touch(self, writer: Writer) -> None:
        """Something about this writer changed: decide soon, once for everything that changes meanwhile."""
        self._writers[writer] = None
        for waiting in self._tidy.values():
            waiting.pop(writer, None)
        self.wake()

    def wake(self) -> None:
        """Decide soon."""
        if self._soon is None:
            self._soon = self._loop.call_soon(self._decide)

    def forget(self, writer: Writer) -> None:
        """Never ask this writer again, unless it is touched; a write that is under way goes on."""
        self._writers.pop(writer, None)
        self._resting.pop(writer, None)
        for waiting in self._tidy.values():
            waiting.pop(writer, None)

    def busy(self, writer: Writer) -> bool:
        """A write of it is under way."""
        return writer in self._busy

    @property
    def waiting(self) -> int:
        """How many writers have something to write, or will have."""
        return len(self._writers) + sum(len(each) for each in self._tidy.values())

    async def drain(self, most_s: float) -> bool:
        """Write what is final, nothing else, and return when that is done; `False` when time ran out."""
        self._only_finals = True
        self._quiet.clear()
        self.wake()
        with suppress(TimeoutError):
            async with asyncio.timeout(most_s):
                await self._quiet.wait()
                return True
        return False

    async def aclose(self) -> None:
        """Stop at once; writes under way are cancelled."""
        for handle in (self._soon, self._timer):
            if handle is not None:
                handle.cancel()
        self._writers.clear()
        self._tidy.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _decide(self) -> None:
        self._soon = None
        now = self._now()
        round_ = Round(now, self._writers, self._progress_at, self._unforeseen)
        for rank, _, writer, wish in self._wishes(round_):
            if self._only_finals and rank > Rank.FINAL:
                continue
            if round_.grants(wish):
                self._start(writer, wish, now)
            elif rank == Rank.TIDY:
                self._set_aside(writer, wish)
        if not self._only_finals:
            self._tidy_up(round_)
        elif not self._busy and not round_.finals:
            self._quiet.set()
        self._sleep_until(round_.next_at)

    def _wishes(self, round_: Round) -> list[tuple[Rank, float, Writer, Wish]]:
        """All there is to write now, the most important first."""
        wishes: list[tuple[Rank, float, Writer, Wish]] = []
        done: list[Writer] = []
        for writer in list(self._writers):
            if writer in self._busy:
                round_.finals = True
                continue
            if (rests_until := self._resting.get(writer, 0.0)) > round_.now:
                round_.finals = True
                round_.look_again(rests_until)
                continue
            try:
                wish = writer.wish(round_.now)
            except Exception:  # one post's unforeseen failure must not end the others
                log.exception("a post cannot say what it would write")
                self._rest(writer, round_)
                continue
            if wish is None:
                if not any(True for _ in writer.needs(round_.now)):
                    done.append(writer)
                continue
            round_.finals |= wish.rank <= Rank.FINAL
            if wish.not_before > round_.now:
                round_.look_again(wish.not_before)
                continue
            wishes.append((wish.rank, wish.since, writer, wish))
        for writer in done:
            self.forget(writer)
        wishes.sort(key=_order)
        return wishes

    def _rest(self, writer: Writer, round_: Round) -> None:
        self._resting[writer] = round_.now + BROKEN_S
        round_.look_again(round_.now + BROKEN_S)

    def _start(self, writer: Writer, wish: Wish, now: float) -> None:
        self._resting.pop(writer, None)
        try:
            write = writer.write(wish, now)
        except Exception:  # one post's unforeseen failure must not end the others
            log.exception("a post cannot be composed")
            self._resting[writer] = now + BROKEN_S
            self.wake()
            return
        if write is None:
            self.wake()
            return
        for budget in wish.costs:
            budget.take(now)
            if wish.rank == Rank.PROGRESS:
                self._progress_at[budget] = now
        if wish.rank == Rank.WAITED:
            self._unforeseen.setdefault(wish.costs[0], Pace(UNFORESEEN_S)).happened(now)
        self._forget_limits(now)
        self._busy.add(writer)
        task = self._loop.create_task(self._run(writer, write))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _forget_limits(self, now: float) -> None:
        if len(self._progress_at) > KEPT_LIMITS:
            for limit in [limit for limit, at in self._progress_at.items() if at < now - HORIZON_S]:
                del self._progress_at[limit]
        if len(self._unforeseen) > KEPT_LIMITS:
            for limit in [limit for limit, pace in self._unforeseen.items() if pace.per_second(now) < LEAST_S]:
                del self._unforeseen[limit]

    async def _run(self, writer: Writer, write: Coroutine[object, object, None]) -> None:
        try:
            await write
        except Exception:  # one post's unforeseen failure must not end the others
            self._resting[writer] = self._now() + BROKEN_S
            log.exception("a write failed in an unforeseen way")
        finally:
            self._busy.discard(writer)
            self.touch(writer)

    def _set_aside(self, writer: Writer, wish: Wish) -> None:
        """What is cosmetic waits in a line of its own, so that no decision has to walk over it."""
        self._writers.pop(writer, None)
        self._tidy.setdefault(wish.costs[0], OrderedDict())[writer] = None

    def _tidy_up(self, round_: Round) -> None:
        for line in self._tidy.values():
            while line:
                writer = next(iter(line))
                wish = writer.wish(round_.now)
                if wish is not None and not round_.grants(wish):
                    break
                del line[writer]
                self._writers[writer] = None
                if wish is not None:
                    self._start(writer, wish, round_.now)
        for limit in [limit for limit, line in self._tidy.items() if not line]:
            del self._tidy[limit]  # limits come and go with conversations

    def _sleep_until(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if moment < float("inf"):
            self._timer = self._loop.call_later(max(LEAST_S, moment - self._now()), self.wake)


def _order(each: tuple[Rank, float, Writer, Wish]) -> tuple[Rank, float]:
    return each[0], each[1]
