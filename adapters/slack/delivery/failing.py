"""What each failure of a write means for its post.

Every failure ends in a state from which the newest snapshot can be shown some other way: a budget that waits, a post
that is edited instead of streamed, a look with fewer blocks, another place. What may be shown nowhere stays in the
history.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from adapters.slack.delivery.calls import (
    BAD_BLOCKS,
    MESSAGE_GONE,
    NO_STREAMING,
    NOT_STREAMING,
    PLACE_GONE,
    STILL_STREAMING,
    TOO_LONG,
    CallFailed,
    Limited,
    NotSent,
    Refused,
    TokenLost,
    Unsure,
)
from adapters.slack.delivery.handle import Handle
from adapters.slack.delivery.plan import Append, Create, LookUp, Op, Remove, Start, Stop, Update, Upload
from adapters.slack.delivery.post import Home, Post

log = logging.getLogger(__name__)

BACKOFF_S, BACKOFF_MOST_S = 0.5, 60.0
PATIENCE = 8
"""So many other ways are tried at once; a post that is refused more often than that waits in between."""
LOOK_UP_MOST_S = 120.0
"""How long it is tried to find out whether a message is there, before it is posted (perhaps again)."""


class Place(Home, Protocol):
    """The thread as whoever writes there needs it."""

    root: str
    team: str

    async def keep(self, post: Post) -> None:
        """Remember the post's handle, durably if that is possible."""
        ...

    async def redirect(self, error: str) -> bool:
        """The thread cannot be written to: go on in the person's direct messages; `False` when that is no use."""
        ...

    def park(self, post: Post) -> None:
        """Show no more of this post."""
        ...

    def token_lost(self, error: str) -> None:
        """The workspace cannot be written to at all."""
        ...

    def known(self) -> frozenset[str]:
        """The messages of every post of the thread."""
        ...


class Failing:
    """`now` is the clock of the budgets."""

    def __init__(self, place: Place, now: Callable[[], float]) -> None:
        self._place = place
        self._now = now

    async def failed(self, post: Post, op: Op, failure: CallFailed) -> None:
        """See to it that the post is shown later, or otherwise."""
        place, now = self._place, self._now()
        certain = not isinstance(failure, Unsure)
        if certain and isinstance(op, Create | Start):
            post.handle = without_intent(post.handle)
        match failure:
            case Limited():
                post.again(now=now)
                self._give_up_looking(post, op)
                return
            case TokenLost():
                place.token_lost(failure.error)
                return
            case NotSent() | Unsure():
                if isinstance(op, Append) and not certain:
                    post.sent = None
                if isinstance(op, Upload):
                    post.handle = post.handle.model_copy(update={"files": 0 if certain else 1})
                log.warning("Slack did not answer", extra={"team": place.team, "error": str(failure)})
                self._back_off(post)
            case Refused():
                log.info("Slack refused a write", extra={"team": place.team, "error": str(failure)})
                await self._refused(post, op, failure.error)
            case _:
                self._back_off(post)
        self._give_up_looking(post, op)
        await place.keep(post)

    def _give_up_looking(self, post: Post, op: Op) -> None:
        if isinstance(op, LookUp) and self._now() - post.looked_up_at > LOOK_UP_MOST_S:
            post.handle, post.looked_up_at = without_intent(post.handle), 0.0

    async def _refused(self, post: Post, op: Op, error: str) -> None:
        place, scope, now = self._place, self._place.scope, self._now()
        handle = post.handle
        if isinstance(op, LookUp):
            # Nobody will ever say; a message that stands there twice is better than one that is missing.
            post.handle = without_intent(handle)
        elif isinstance(op, Start):
            # Whether it can be written there at all, an ordinary message will show.
            post.no_stream = True
            if error in NO_STREAMING:
                scope.no_streaming(error)
        elif error in PLACE_GONE:
            if post.cosmetic or not await place.redirect(error):
                place.park(post)
                return
            post.handle = Handle()
        elif error in MESSAGE_GONE and not isinstance(op, Create):
            index = op.index if isinstance(op, Update | Remove) else len(handle.ts) - 1
            if isinstance(op, Remove):
                post.handle = handle.without(index)
            elif post.cosmetic or handle.renewed:
                place.park(post)
                return
            else:
                # Somebody deleted it: it is shown once more, as it is now.
                post.handle = handle.edited().without(index).model_copy(update={"renewed": True})
        elif isinstance(op, Append | Stop) and error in NOT_STREAMING | NO_STREAMING:
            post.handle = handle.edited()
            if error in NO_STREAMING:
                scope.no_streaming(error)
        elif error in STILL_STREAMING and isinstance(op, Update) and op.index == len(handle.ts) - 1:
            post.handle, post.sent = handle.model_copy(update={"live": True}), None
        elif error in TOO_LONG and isinstance(op, Append | Stop):
            post.roll = True
        elif error in TOO_LONG:
            post.handle = handle.edited() if handle.sink in ("sections", "stream") else handle
            post.splits += 1
        elif error in BAD_BLOCKS and self._shows_less(post, op):
            pass
        else:
            log.warning("Slack refuses a post", extra={"team": place.team, "post": post.name, "error": error})
            if isinstance(op, Append | Stop):
                post.sent = None
            post.plain = post.failures > 0
            if isinstance(op, Stop) and post.plain:
                post.handle = handle.edited()
            self._back_off(post)
            return
        post.failures += 1
        post.again(after_s=0.0 if post.failures < PATIENCE else BACKOFF_MOST_S, now=now)

    def _shows_less(self, post: Post, op: Op) -> bool:
        blocks = op.page.blocks if isinstance(op, Create | Update) else op.ending if isinstance(op, Stop) else ()
        if post.home.scope.show_less(blocks):
            return True
        was, post.plain = post.plain, True
        if post.handle.sink == "sections":
            post.handle = post.handle.edited()
        return not was

    def _back_off(self, post: Post) -> None:
        post.failures += 1
        wait_s = min(BACKOFF_MOST_S, BACKOFF_S * float(1 << min(post.failures - 1, 10)))
        post.again(after_s=wait_s, now=self._now())


def without_intent(handle: Handle) -> Handle:
    return handle.model_copy(update={"intent": "", "intent_at": 0.0})
