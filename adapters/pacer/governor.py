"""Who writes next. One governor per scope of rate limits (a workspace, a bot), over any number of posts.

    rank       what                                           gets a token
    WAITED     what a person waits for: a question, a hint    before everything
    FINAL      a post that is complete, by the time it ended  before everything else; never dropped
    FIRST      the first text of a post                       if every expected final still finds its token
    SECTION    a section that has become whole                if every expected final and first text does
    PROGRESS   text that grew, the longest unseen first       from surplus, spread over the time that is left
    TIDY       what is only cosmetic                          from surplus, when nothing else wants the budget

Nothing is queued: a writer holds its newest snapshot, says what it would write now (`wish`), and is asked to do so
(`write`) when its tokens have been taken. One write per writer is under way at a time. Decisions are made when
something changes and when the next token is due, never by polling. What a write is, and what it costs, is left to the
writers.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from adapters.pacer.forecast import Need, Pace, Spread, spare_at
from adapters.pacer.limit import Limit

log = logging.getLogger(__name__)

LEAST_S = 0.001
"""No timer is shorter: a token is there a hair before or after the moment that was computed."""
HORIZON_S = 10.0
"""Over how much time surplus is spread when no writer says when it will end."""
UNFORESEEN_S = 20.0
"""Over how much time it is counted what people wait for and no writer announces."""
KEPT_LIMITS = 1_024
"""How many limits something is remembered of; where they come and go with every conversation, most are long over."""
BROKEN_S = 5.0
"""How long a writer rests whose write failed in a way nobody foresaw."""


class Rank(IntEnum):
    WAITED = 0
    FINAL = 1
    FIRST = 2
    SECTION = 3
    PROGRESS = 4
    TIDY = 5


KEPT_SHARE = {Rank.PROGRESS: 0.08, Rank.TIDY: 0.5}
"""What such a write leaves in the bucket, for posts that nobody expects yet."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a writer would write now, for a token of each budget. Within a rank the smallest `since` comes first."""

    rank: Rank
    since: float
    costs: tuple[Limit, ...]
    not_before: float = 0.0


class Writer(Protocol):
    """A post. Hashable by identity; asked often, so `wish` and `needs` are cheap and `write` composes only then."""

    def wish(self, now: float) -> Wish | None:
        """What it would write now; `None` when everything is shown."""
        ...

    def needs(self, now: float) -> Iterable[Need]:
        """What it will surely write later. A writer with neither wish nor needs is forgotten until it is touched."""
        ...

    def write(self, wish: Wish, now: float) -> Coroutine[object, object, None] | None:
        """The write, composed from the newest snapshot; the tokens are taken once this has returned.

        `None` when there is nothing to write after all, or it would cost something else: then `wish` says so next.
        """
        ...


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
        round_ = _Round(now, self._writers, self._progress_at, self._unforeseen)
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

    def _wishes(self, round_: _Round) -> list[tuple[Rank, float, Writer, Wish]]:
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

    def _rest(self, writer: Writer, round_: _Round) -> None:
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

    def _tidy_up(self, round_: _Round) -> None:
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

    def _sleep_until(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if moment < float("inf"):
            self._timer = self._loop.call_later(max(LEAST_S, moment - self._now()), self.wake)


class _Round:
    """One decision: the needs of all writers by budget, what is out of tokens, and when to look again."""

    def __init__(
        self,
        now: float,
        writers: Iterable[Writer],
        progress_at: dict[Limit, float],
        unforeseen: dict[Limit, Pace],
    ) -> None:
        self.now = now
        self.next_at = float("inf")
        self.finals = False
        """A final, or a write that may be one, is still to be done."""
        self._writers = writers
        self._progress_at = progress_at
        self._unforeseen = unforeseen
        self._needs: dict[Limit, list[Need]] | None = None
        self._moments: dict[tuple[Limit, Rank], tuple[list[float], float | None]] = {}
        self._spared: set[tuple[Limit, Rank]] = set()
        """Of what no token can be spared for such a rank in this decision."""
        self._short: set[Limit] = set()

    def look_again(self, moment: float) -> None:
        self.next_at = min(self.next_at, moment)

    def grants(self, wish: Wish) -> bool:
        """Whether it may be written now; if not, sees to it that it is asked again in time."""
        if not self._short.isdisjoint(wish.costs):
            return False
        lacking = [budget for budget in wish.costs if not budget.has(self.now)]
        for budget in lacking:
            # Whoever is less important must not take the token this one waits for.
            self._short.add(budget)
            self.look_again(budget.ready_at(self.now))
        if lacking:
            return False
        if wish.rank > Rank.FINAL:
            for budget in wish.costs:
                if not self._spare(budget, wish.rank):
                    # Nor can anything less important be afforded, and nothing more important comes in this round.
                    self._short.add(budget)
                    return False
        return True

    def _spare(self, limit: Limit, rank: Rank) -> bool:
        if (limit, rank) in self._spared:
            # What is needed does not depend on who asks, and there are no more tokens than before.
            return False
        moments, last = self._moments_of(limit, rank)
        pace = self._unforeseen.get(limit)
        spread: Spread | None = None
        if rank == Rank.PROGRESS:
            horizon_s = HORIZON_S if last is None else max(1.0, last - self.now)
            spread = Spread(self._progress_at.get(limit, float("-inf")), horizon_s)
        at = spare_at(
            limit,
            self.now,
            moments,
            kept_share=KEPT_SHARE.get(rank, 0.0),
            unforeseen=pace.per_second(self.now) if pace else 0.0,
            spread=spread,
        )
        if at > self.now + 1e-3:
            self._spared.add((limit, rank))
            self.look_again(at)
            return False
        return True

    def _moments_of(self, limit: Limit, rank: Rank) -> tuple[list[float], float | None]:
        """When tokens will be needed for what is more important, and for the last time at all."""
        found = self._moments.get((limit, rank))
        if found is None:
            needs = self._needs_of(limit)
            moments = [need.at for need in needs if need.rank < rank]
            found = self._moments[limit, rank] = (moments, needs[-1].at if needs else None)
        return found

    def _needs_of(self, budget: Limit) -> list[Need]:
        if self._needs is None:
            self._needs = {}
            for writer in list(self._writers):
                for need in writer.needs(self.now):
                    self._needs.setdefault(need.budget, []).append(need)
            for needs in self._needs.values():
                needs.sort(key=_moment)
        return self._needs.get(budget, [])


def _order(each: tuple[Rank, float, Writer, Wish]) -> tuple[Rank, float]:
    return each[0], each[1]


def _moment(need: Need) -> float:
    return need.at
