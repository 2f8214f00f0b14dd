"""One decision of the governor: which wishes can be granted now, and when to look again for the others.

What is needed later is asked of all writers, once, and only when something that can wait might take their tokens.
"""

from __future__ import annotations

from collections.abc import Iterable

from adapters.pacer.forecast import Need, Pace, Spread, back_soon, spare_at
from adapters.pacer.limit import Limit
from adapters.pacer.writer import Rank, Wish, Writer

FIRST_WORTH_S = 0.5
"""How much later an end may be shown for the sake of somebody who has seen nothing yet."""
HORIZON_S = 10.0
"""Over how much time surplus is spread when no writer says when it will end."""
KEPT_SHARE = {Rank.PROGRESS: 0.08, Rank.TIDY: 0.5}
"""What such a write leaves in the bucket, for posts that nobody expects yet."""


class Round:
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
                if not back_soon(budget) and not self._spare(budget, wish.rank):
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
            later_s = FIRST_WORTH_S if rank == Rank.FIRST else 0.0
            moments = [need.at + later_s for need in needs if need.rank < rank]
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


def _moment(need: Need) -> float:
    return need.at
