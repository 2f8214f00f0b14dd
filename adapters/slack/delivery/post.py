"""One post of an interview in Slack: its newest snapshot, what of it is shown, and what it would write next.

A post is a `Writer` of its workspace's governor. It decides only what and how urgently; `writing.py` carries a write
out, and `plan.py` knows what the next one is.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Protocol

from adapters.pacer.budget import Budget
from adapters.pacer.forecast import Need
from adapters.pacer.governor import Rank, Wish
from adapters.slack.delivery.handle import Handle, Sink
from adapters.slack.delivery.layout import Said, Shown
from adapters.slack.delivery.plan import Create, Draft, Op, Remove, Start, Stop, Update, next_op
from adapters.slack.delivery.scope import Scope
from adapters.surface.growth import Growth
from adapters.surface.posts import body, has_text, leads_on
from engine.events import FeedbackCard, HintCard, ModelAnswerCard, QuestionCard
from engine.keys import ThreadKey, session_id

ROLL_S = 270.0
"""Slack ends a stream five minutes after its start; it is ended before that, and goes on in a next message."""
STUCK = 3
"""After so many failures in a row, what stands below a post no longer waits for it."""


class Home(Protocol):
    """What a post needs of the thread it stands in."""

    scope: Scope
    key: ThreadKey
    owner: str
    channel: str
    live: bool

    @property
    def ready(self) -> bool:
        """Whether it is known what was shown before, and whether the person wants to see posts grow."""
        ...

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
        self.sent: str | None = None
        self.stream_at = 0.0
        self.retry_at = 0.0
        self.failures = 0
        self.looked_up_at = 0.0
        self.plain = False
        self.splits = 0
        self.roll = False
        self.leave = False
        self.no_stream = False
        self.muted = False
        """The person stopped it: what is still being written is shown when it is whole."""
        self.creating = False
        self.unseen_since: float | None = None
        self.ended_at = 0.0
        self._carry_out = carry_out
        self._growth = Growth()
        self._planned: tuple[Op | None] | None = None
        self._settled_anew = False

    # What the engine tells

    def show(self, shown: Shown, *, settled: bool, now: float) -> None:
        """Take the newest snapshot; nothing is kept of older ones."""
        if settled and self.settled and shown == self.shown:
            return
        if settled:
            self.body = body(shown)
            if not self.settled or self.unseen_since is None:
                self.ended_at = now
            if self._growth.started_at and not self.settled:
                self.home.scope.took(now - self._growth.started_at)
            self._settled_anew = True
        elif self.muted or not has_text(shown):
            return
        urgent = settled or self.unseen_since is None
        if not settled and isinstance(shown, FeedbackCard | ModelAnswerCard):
            urgent |= self._growth.grew(shown, now)
        self.shown, self.settled, self._planned = shown, settled, None
        if self.unseen_since is None:
            self.unseen_since = now
        if urgent:
            self.home.scope.governor.touch(self)

    def abandon(self, sentence: str, *, now: float) -> None:
        """It will never be whole: what there is of it stays, and says so."""
        if self.shown is None or not (self.handle.ts or self.home.scope.governor.busy(self)):
            self.shown, self.unseen_since = None, None
            self.let_go(now=now)
            return
        if isinstance(self.shown, FeedbackCard):
            self.shown = self.shown.model_copy(update={"status": sentence})
        self.settled, self.sent = True, None
        self._settled_anew = True
        self.again(now=now)

    def let_go(self, *, now: float) -> None:
        """End the native stream as it is, if there is one; the message can be edited from then on."""
        self.leave = self.handle.live
        if self.leave:
            self.again(now=now)

    # What the governor asks

    def wish(self, now: float) -> Wish | None:
        home = self.home
        if not home.ready or (self.shown is None and not self.leave):
            return None
        if self.unseen_since is None and not self.leave:
            if self.handle.live and not self.settled:
                return Wish(Rank.SECTION, now, (home.scope.limits.stop,), self.stream_at + ROLL_S)
            return None
        if self.settled or self.leave or (self._planned is not None and self.handle.ts):
            op = self.plan(now)
            if isinstance(op, Stop) and op.text and not home.scope.limits.stop.has(now):
                self._planned = None
                op = self.plan(now)
            if op is None:
                self.finish()
                return None
            if isinstance(op, Create | Start) and not home.may_create(self):
                return None
            return Wish(self._rank(op), self.ended_at or now, home.scope.costs(op, home.channel), self.retry_at)
        if not home.live or (not self.handle.ts and not home.may_create(self)):
            return None
        self._planned = None
        costs = self._likely_costs(now)
        if not costs:
            return None
        rank, not_before = self._growth_rank(), self.retry_at
        if rank == Rank.PROGRESS:
            not_before = max(not_before, self._growth.hold_until(now, home.scope.calls.round_trip_s))
        return Wish(rank, self.unseen_since or now, costs, not_before)

    def needs(self, now: float) -> Iterable[Need]:
        growth = self._growth
        if self.settled or not growth.started_at:
            return
        scope, limits = self.home.scope, self.home.scope.limits
        end = growth.ends_at(now, scope.answer_s)
        sink, begun = self.handle.sink, bool(self.handle.ts)
        section = {"stream": limits.append, "edits": limits.update, "sections": limits.post}.get(sink)
        final = {"stream": limits.stop, "edits": limits.update}.get(sink, limits.post) if begun else limits.post
        yield Need(end, Rank.FINAL, final)
        if final is limits.post:
            yield Need(end, Rank.FINAL, limits.channel(self.home.channel))
        if growth.parts and self.home.live:
            moments = growth.sections_at(now, scope.answer_s)
            if not begun:
                yield Need(next(moments, end), Rank.FIRST, limits.post)
            elif section is not None:
                for moment in moments:
                    yield Need(moment, Rank.SECTION, section)

    def write(self, wish: Wish, now: float) -> Coroutine[object, object, None] | None:
        op = self.plan(now)
        if op is None:
            self.finish()
            return None
        scope = self.home.scope
        if scope.costs(op, self.home.channel) != wish.costs:
            return None
        if isinstance(op, Start):
            scope.streams.add(self)
        elif self.handle.sink == "edits" and not self.settled:
            scope.edits.add(self)
        self.unseen_since = None
        self.creating = isinstance(op, Create | Start)
        self._planned = None
        self._growth.shown = self._growth.whole
        return self._carry_out(self, op)

    # What is to be written

    def plan(self, now: float) -> Op | None:
        """The next write, kept until there is a newer snapshot or something was written."""
        if self.shown is None:
            return Stop("", spoilt=True) if self.handle.live else None
        if self._planned is None:
            if not self.handle.sink or not (self.handle.ts or self.handle.intent):
                self.handle = self.handle.model_copy(update={"sink": self._sink(now)})
            roll = self.roll or (self.handle.live and now >= self.stream_at + ROLL_S)
            scope = self.home.scope
            stoppable = scope.limits.stop.has(now) or not scope.limits.append.has(now)
            session = session_id(self.home.key, self.number)
            draft = Draft(self.shown, self.settled, self.plain, self.splits, roll, self.leave, stoppable, session)
            self._planned = (next_op(draft, self.handle, self.sent, self.home.owner, scope.look),)
        return self._planned[0]

    def _sink(self, now: float) -> Sink:
        if self.settled or self.shown is None or not self.home.live:
            return "whole"
        return self.home.scope.sink_for(self.shown, streamable=self._streamable, now=now)

    @property
    def _streamable(self) -> bool:
        # In a channel's thread only one person would see the stream grow.
        return self.home.channel.startswith("D") and not self.no_stream

    def _likely_costs(self, now: float) -> tuple[Budget, ...]:
        """What the next write of a growing post will cost; `()` when there is nothing to write yet."""
        scope, handle = self.home.scope, self.handle
        limits = scope.limits
        create = (limits.post, limits.channel(self.home.channel))
        if handle.intent:
            return (limits.look_up,)
        if handle.live:
            ends = self.sent is None or self.roll or now > self.stream_at + ROLL_S
            return (limits.stop,) if ends else (limits.append,)
        sink = handle.sink if handle.ts else self._sink(now)
        match sink:
            case "stream":
                return (limits.update,) if handle.ts else (limits.start,)
            case "edits":
                return (limits.update,) if handle.ts else create
            case "sections":
                return create if self._growth.unseen_section else ()
            case _:
                return ()

    def _growth_rank(self) -> Rank:
        if not self.handle.ts:
            return Rank.FIRST
        return Rank.SECTION if self._growth.unseen_section else Rank.PROGRESS

    def _rank(self, op: Op) -> Rank:
        if not self.settled:
            return Rank.FINAL if self.leave else self._growth_rank()
        if self.cosmetic and isinstance(op, Update | Remove):
            return Rank.TIDY
        if isinstance(self.shown, QuestionCard | HintCard | Said) and not self.handle.ts:
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
        self.home.scope.governor.touch(self)

    def finish(self) -> None:
        """All of the newest snapshot is shown."""
        self.unseen_since = None
        self.roll = self.leave = False
        if self.settled:
            self.home.scope.release(self)
            if self._settled_anew:
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
        return handle.settled and handle.body == self.body and shown is not None and not leads_on(shown)

    @property
    def keeps_place(self) -> bool:
        """A message of it is still to come that must stand above what follows in the thread."""
        if not self.pending or self.cosmetic or self.failures >= STUCK:
            return False
        planned = self._planned[0] if self._planned else None
        return self.creating or not self.handle.ts or isinstance(planned, Create)

    @property
    def growing(self) -> bool:
        return self.shown is not None and not self.settled
