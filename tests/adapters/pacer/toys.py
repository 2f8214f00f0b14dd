"""A platform with one limit and posts that are edited there: the smallest thing a governor can govern."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field

from adapters.pacer.forecast import Need
from adapters.pacer.governor import Governor, Rank, Wish
from adapters.pacer.limit import Limit


class Platform:
    """Accepts so many writes per minute, with a burst of 12 s worth, and asks to wait otherwise."""

    def __init__(self, per_minute: float, rtt_s: float = 0.12) -> None:
        self.rate = per_minute / 60
        self.depth = self.tokens = self.rate * 12
        self.at = 0.0
        self.rtt_s = rtt_s
        self.refusals = 0
        self.accepted: list[tuple[float, str, str]] = []
        self.under_way: set[str] = set()

    async def write(self, post: str, text: str) -> float:
        """Seconds to wait; 0 when it was accepted."""
        assert post not in self.under_way, "two writes of one post at once"
        self.under_way.add(post)
        try:
            await asyncio.sleep(self.rtt_s / 2)
            now = asyncio.get_running_loop().time()
            self.tokens = min(self.depth, self.tokens + (now - self.at) * self.rate)
            self.at = now
            refused = self.tokens < 1
            if refused:
                self.refusals += 1
            else:
                self.tokens -= 1
                self.accepted.append((now, post, text))
            await asyncio.sleep(self.rtt_s / 2)
            return float(-(-(1 - self.tokens) // self.rate)) if refused else 0.0
        finally:
            self.under_way.discard(post)

    def shown(self, post: str) -> str:
        return next((text for _, name, text in reversed(self.accepted) if name == post), "")


@dataclass(eq=False)
class Toy:
    """A post whose text grows, section by section, until it ends."""

    name: str
    platform: Platform
    governor: Governor
    budget: Limit
    ends_at: float = 0.0
    text: str = ""
    sections: int = 0
    ended: float | None = None
    unseen_since: float | None = None
    seen: str = ""
    seen_sections: int = 0
    tidy: bool = False
    finished_at: float = 0.0
    wrote: list[str] = field(default_factory=list[str])

    def grow(self, text: str, sections: int = 0, *, ended: bool = False, tidy: bool = False) -> None:
        now = asyncio.get_running_loop().time()
        self.text, self.sections, self.tidy = text, sections, tidy
        self.ended = now if ended and self.ended is None else self.ended
        self.unseen_since = now if self.unseen_since is None else self.unseen_since
        self.governor.touch(self)

    def wish(self, now: float) -> Wish | None:
        if self.text == self.seen:
            return None
        if self.tidy:
            return Wish(Rank.TIDY, self.unseen_since or now, (self.budget,))
        if self.ended is not None:
            return Wish(Rank.FINAL, self.ended, (self.budget,))
        rank = Rank.FIRST if not self.seen else Rank.SECTION if self.sections > self.seen_sections else Rank.PROGRESS
        return Wish(rank, self.unseen_since or now, (self.budget,))

    def needs(self, now: float) -> Iterable[Need]:
        if self.ended is None and self.ends_at:
            yield Need(max(now + 0.3, self.ends_at), Rank.FINAL, self.budget)

    def write(self, wish: Wish, now: float) -> Coroutine[object, object, None]:
        return self._write(self.text, self.sections)

    async def _write(self, text: str, sections: int) -> None:
        self.wrote.append(text)
        self.unseen_since = None
        now = asyncio.get_running_loop().time
        retry_after_s = await self.platform.write(self.name, text)
        if retry_after_s:
            self.budget.refused(now(), retry_after_s)
            self.unseen_since = now()
            return
        self.budget.succeeded()
        self.seen, self.seen_sections = text, sections
        if self.ended is not None and not self.finished_at:
            self.finished_at = now()


async def stream(toy: Toy, *, seconds: float = 10.0, sections: int = 5, tick_s: float = 0.1) -> None:
    """Text that grows for a while, then ends."""
    loop = asyncio.get_running_loop()
    toy.ends_at = loop.time() + seconds
    ticks = round(seconds / tick_s)
    for tick in range(1, ticks):
        await asyncio.sleep(tick_s)
        toy.grow(f"{toy.name} {tick}", sections * tick // ticks)
    await asyncio.sleep(tick_s)
    toy.grow(f"{toy.name} whole", sections, ended=True)
