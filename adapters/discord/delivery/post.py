"""One post of an interview in Discord: its newest snapshot, what of it is shown, and what it would write next.

A post is a `Writer` of the bot's governor. It decides only what and how urgently; `writing.py` carries a write out, and
`plan.py` knows what the next one is. Pages are made when something is to be written, never when something was told.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Protocol

from adapters.discord.delivery.handle import Handle, created_at
from adapters.discord.delivery.hooks import costs
from adapters.discord.delivery.layout import Plainness, Said, Shown, buttons, pages_of
from adapters.discord.delivery.plan import Create, Op, OutOfReach, Remove, Update, Waiting, Ways, next_op
from adapters.discord.delivery.scope import Scope
from adapters.pacer.forecast import Need, Spread, spare_at
from adapters.pacer.governor import Rank, Wish
from adapters.pacer.limit import Limit
from adapters.surface.growth import Growth
from adapters.surface.posts import body, has_text, leads_on
from engine.events import FeedbackCard, HintCard, ModelAnswerCard, QuestionCard
from engine.keys import ThreadKey, session_id

STUCK = 3
"""After so many failures in a row, what stands below a post no longer waits for it."""
OLD_S = 50 * 60.0
"""After an hour Discord lets a message be edited a few times only: what people wait for gets a message of its own."""
NEEDS_S, WISH_S = 0.2, 0.1
"""For how long what will be needed, and what a growing post wishes, is not computed anew when nothing changes."""
SLOW = "Updates are slower just now; the whole review comes as soon as it is finished."


class Home(Protocol):
    """What a post needs of the conversation it stands in."""

    scope: Scope
    key: ThreadKey
    owner: str
    channel: str
    live: bool
    ways: Ways

    @property
    def ready(self) -> bool:
        """Whether it is known what was shown before, and whether the person wants to see posts grow."""
        ...

    @property
    def refused(self) -> bool:
        """Whether nothing can be written there just now."""
        ...

    @property
    def slow(self) -> bool:
        """Whether only what is final is to be written."""
        ...

    def epoch(self) -> float: ...

    def may_create(self, post: Post) -> bool:
        """Whether everything that is to stand above this post is there."""
        ...

    def changed(self, post: Post) -> None:
        """Everything of the post is shown now."""
        ...


class Post:
    """The `name` is the engine's id of the post within interview `number`."""

    def __init__(
        self, home: Home, number: int, name: str, carry_out: Callable[[Post, Op], Coroutine[object, object, None]]
    ) -> None:
        self.home = home
        self.number = number
        self.name = name
        self.handle = Handle()
        self.shown: Shown | None = None
        self.settled = False
        self.body = ""
        self.buttons = ""
        self.retry_at = 0.0
        self.failures = 0
        self.looked_up_at = 0.0
        self.plain = Plainness.NONE
        self.creating = False
        self.unseen_since: float | None = None
        self.ended_at = 0.0
        self._carry_out = carry_out
        self._growth = Growth()
        self._planned: tuple[Op | Waiting | None] | None = None
        self._settled_anew = False
        self._needs: tuple[Need, ...] = ()
        self._needs_until = 0.0
        self._wish: Wish | None = None
        self._wish_until = 0.0
        self._wrote_at = float("-inf")
        self._pages = 0
        self._torn = 0
        """How many messages come after the one that was written last."""
        self._slow_said = False

    # What the engine tells

    def show(self, shown: Shown, *, settled: bool, now: float) -> None:
        """Take the newest snapshot; nothing is kept of older ones."""
        if settled and self.settled and shown == self.shown:
            return
        if settled:
            self.body, self.buttons = body(shown), buttons(shown)
            if not self.settled or self.unseen_since is None:
                self.ended_at = now
            if self._growth.started_at and not self.settled:
                self.home.scope.took(now - self._growth.started_at)
            self._settled_anew = True
        elif not has_text(shown):
            return
        urgent = settled or self.unseen_since is None
        if not settled and isinstance(shown, FeedbackCard | ModelAnswerCard):
            if self.settled:  # it is written anew
                self._growth, self._slow_said = Growth(), False
            urgent |= self._growth.grew(shown, now)
        self.shown, self.settled, self._planned = shown, settled, None
        if self.unseen_since is None:
            self.unseen_since = now
        if urgent:
            self._needs_until = self._wish_until = 0.0
            self.home.scope.governor.touch(self)

    def abandon(self, sentence: str, *, now: float) -> None:
        """It will never be whole: what there is of it stays, and says so."""
        if self.shown is None or not (self.handle.ids or self.home.scope.governor.busy(self)):
            self.shown, self.unseen_since = None, None
            return
        if isinstance(self.shown, FeedbackCard):
            self.shown = self.shown.model_copy(update={"status": sentence})
        self.settled = self._settled_anew = True
        self.again(now=now)

    # What the governor asks

    def wish(self, now: float) -> Wish | None:
        if now < self._wish_until:
            return self._wish
        home = self.home
        if self.unseen_since is None or self.shown is None or not home.ready or home.refused:
            return None
        not_before = max(self.retry_at, home.scope.health.silent_until)
        if self.settled or self._planned is not None:
            op = self.plan()
            if op is None:
                self.finish()
                return None
            if op == "waiting" or (isinstance(op, Create) and not home.may_create(self)):
                return None
            return Wish(self._rank(op), self.ended_at or now, home.scope.costs(op, self.channel), not_before)
        if not home.live or (not self.handle.ids and not home.may_create(self)):
            return None
        wish = self._wish = self._growing_wish(now, not_before)
        self._wish_until = now + WISH_S if wish is None else max(now + WISH_S, wish.not_before)
        return wish

    def _growing_wish(self, now: float, not_before: float) -> Wish | None:
        home, since = self.home, self.unseen_since or now
        self._planned = None
        rank = self._growth_rank()
        if rank != Rank.FIRST and self._slow_said and now < home.scope.health.slow_until:
            return Wish(rank, since, (), home.scope.health.slow_until)
        likely = self._likely_costs()
        if not likely:
            return None
        if rank == Rank.PROGRESS:
            not_before = max(not_before, self._progress_at(now, likely[-1]))
        return Wish(rank, since, likely, not_before)

    def _progress_at(self, now: float, window: Limit) -> float:
        """When text that only grew may be shown: the governor would say the same of a window that nobody shares."""
        growth, scope = self._growth, self.home.scope
        if hold_until := growth.hold_until(now, scope.calls.round_trip_s):
            return hold_until
        if not window.has(now):
            return window.ready_at(now)
        needed = [need.at for need in self.needs(now) if need.budget is window]
        at = spare_at(window, now, needed, spread=Spread(self._wrote_at, growth.lasts_s(now)))
        # A section that is whole a moment later would have to be shown again, so growth waits for it.
        section = next(growth.sections_at(now, scope.answer_s), 0.0)
        return section if max(at, now) < section < at + (at - self._wrote_at) / 4 else at

    def needs(self, now: float) -> Iterable[Need]:
        if self.settled and self._torn and self.home.scope.governor.busy(self):
            return [Need(now, Rank.FINAL, limit) for limit in self._edit_costs() for _ in range(self._torn)]
        if self.settled or not self._growth.started_at:
            return ()
        if now >= self._needs_until:
            self._needs, self._needs_until = tuple(self._expected(now)), now + NEEDS_S
        return self._needs

    def _expected(self, now: float) -> Iterable[Need]:
        """Only the end, which changes every message: of a window spread evenly something is left for the sections."""
        end, messages = self._growth.ends_at(now, self.home.scope.answer_s), max(1, len(self.handle.ids))
        return (Need(end, Rank.FINAL, limit) for limit in self._likely_costs() for _ in range(messages))

    def write(self, wish: Wish, now: float) -> Coroutine[object, object, None] | None:
        op = self.plan()
        if op is None:
            self.finish()
            return None
        if op == "waiting" or self.home.scope.costs(op, self.channel) != wish.costs:
            self._wish_until = 0.0
            return None
        self.unseen_since, self._wrote_at = None, now
        self._needs_until = self._wish_until = 0.0
        self.creating = isinstance(op, Create)
        index = op.index if isinstance(op, Update) else len(self.handle.ids)
        self._torn = max(0, self._pages - 1 - index)
        self._planned = None
        self._growth.shown = self._growth.whole
        self._slow_said = not self.settled and now < self.home.scope.health.slow_until
        return self._carry_out(self, op)

    # What is to be written

    @property
    def channel(self) -> str:
        """Where its messages stand."""
        return self.handle.channel if self.handle.ids else self.home.channel

    def plan(self) -> Op | Waiting | None:
        """The next write, kept until there is a newer snapshot or something was written."""
        if self.shown is None:
            return None
        if self._planned is None:
            self._planned = (self._plan(self.shown),)
        return self._planned[0]

    def _plan(self, shown: Shown) -> Op | Waiting | None:
        handle, home = self.handle, self.home
        same = handle.settled and handle.body == self.body and handle.buttons == self.buttons
        if self.settled and same and handle.intent is None and not handle.old and all(handle.shown):
            return None
        if handle.ids and handle.channel != home.channel:
            if self.cosmetic:
                return None
            # The interview goes on elsewhere.
            handle = self.handle = Handle()
        if isinstance(shown, FeedbackCard) and not self.settled and home.slow:
            shown = shown.model_copy(update={"status": SLOW})
        pages = pages_of(shown, home.owner, self.plain, session=session_id(home.key, self.number))
        now = home.epoch()
        self._pages = len(pages)
        while True:
            op = next_op(pages, handle, home.ways, now, settled=self.settled)
            match op:
                case OutOfReach(index):
                    if self.cosmetic:
                        return None
                    handle = self.handle = handle.up_to(index)
                case Update(index, way=way) if not self.cosmetic and now - created_at(handle.ids[index]) > OLD_S:
                    handle = self.handle = handle.up_to(index, delete=way == "bot")
                case _:
                    return op

    def _likely_costs(self) -> tuple[Limit, ...]:
        """What the next write of a growing post will cost; `()` when there is no way to write it."""
        home, handle = self.home, self.handle
        if handle.ids and handle.intent is None and not (self._torn and len(handle.ids) < self._pages):
            return self._edit_costs()
        way = home.ways.create()
        return costs(way, "create", home.channel, home.scope.limits) if way is not None else ()

    def _edit_costs(self) -> tuple[Limit, ...]:
        home, handle = self.home, self.handle
        way = home.ways.edit(handle.ids[-1], handle.hooks[-1]) if handle.ids else None
        return costs(way, "edit", handle.channel, home.scope.limits) if way is not None else ()

    def _growth_rank(self) -> Rank:
        if not self.handle.ids:
            return Rank.FIRST
        # What begins in one message and goes on in the next is not left torn.
        return Rank.SECTION if self._torn or self._growth.unseen_section else Rank.PROGRESS

    def _rank(self, op: Op) -> Rank:
        if not self.settled:
            return self._growth_rank()
        if isinstance(op, Remove) or (self.cosmetic and isinstance(op, Update)):
            return Rank.TIDY
        if isinstance(self.shown, QuestionCard | HintCard | Said) and not self.handle.ids:
            return Rank.WAITED
        return Rank.FINAL

    # What became of it

    def again(self, *, after_s: float = 0.0, now: float = 0.0) -> None:
        """Something of the newest snapshot is not shown: look at it anew, not before `after_s` seconds have passed."""
        if after_s:
            self.retry_at = now + after_s
        if self.unseen_since is None:
            self.unseen_since = self.ended_at if self.settled else now
        self._planned, self._growth.shown = None, -1
        self._needs_until = self._wish_until = 0.0
        self.home.scope.governor.touch(self)

    def reconsider(self) -> None:
        """There may be another way to write what is not shown."""
        if self.unseen_since is not None:
            self._planned, self._wish_until = None, 0.0
            self.home.scope.governor.touch(self)

    def finish(self) -> None:
        """All of the newest snapshot is shown."""
        self.unseen_since, self._wish_until = None, 0.0
        if self.settled and self._settled_anew:
            self._settled_anew = False
            self.home.changed(self)

    @property
    def pending(self) -> bool:
        """Something that is final has not been shown yet."""
        return self.settled and (self.unseen_since is not None or self.home.scope.governor.busy(self))

    @property
    def cosmetic(self) -> bool:
        """All that is to be changed is that buttons nobody needs any more are taken away."""
        handle, shown = self.handle, self.shown
        return (
            self.settled and handle.settled and handle.body == self.body and shown is not None and not leads_on(shown)
        )

    @property
    def keeps_place(self) -> bool:
        """A message of it is still to come that must stand above what follows."""
        if not self.pending or self.cosmetic or self.failures >= STUCK:
            return False
        planned = self._planned[0] if self._planned else None
        return self.creating or not self.handle.ids or isinstance(planned, Create)

    @property
    def done(self) -> bool:
        """Nothing of it is under way, or to come that is known of."""
        return self.unseen_since is None and not self.growing and not self.home.scope.governor.busy(self)

    @property
    def growing(self) -> bool:
        return self.shown is not None and not self.settled
