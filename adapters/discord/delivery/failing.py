"""What each failure of a write means for its post.

Every failure ends in a state from which the newest snapshot can be shown some other way: a limit that waits, the bot's
token in place of an interaction's, a plainer page, a new message, another place. What may be shown nowhere stays in the
history.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from adapters.discord.delivery.calls import (
    DM_REFUSED,
    INVALID_FORM,
    MESSAGE_GONE,
    PLACE_GONE,
    TOO_LARGE,
    TOO_MANY_FOLLOW_UPS,
    TOO_OLD,
    CallFailed,
    HookLost,
    Limited,
    NotSent,
    Refused,
    TokenLost,
    Unsure,
)
from adapters.discord.delivery.layout import Plainness
from adapters.discord.delivery.plan import Create, LookUp, Op, Remove, Update
from adapters.discord.delivery.post import Home, Post

log = logging.getLogger(__name__)

BACKOFF_S, BACKOFF_MOST_S = 0.5, 60.0
PATIENCE = 8
"""So many other ways are tried at once; a post that is refused more often than that waits in between."""
LOOK_UP_MOST_S = 120.0
"""How long it is tried to find out whether a message is there, before it is posted (perhaps again)."""
TOO_HEAVY = 4
"""A page that is too heavy gets a bare 500, however often: after so many in a row it is made plainer."""


class Place(Home, Protocol):
    """The conversation as whoever writes there needs it."""

    forms: bool

    async def keep(self, post: Post) -> None:
        """Remember the post's handle, durably if that is possible."""
        ...

    async def redirect(self, code: int) -> None:
        """The place cannot be written to: go on in the person's direct messages, or wait if it is those."""
        ...

    def park(self, post: Post) -> None:
        """Show no more of this post."""
        ...

    def token_lost(self, error: str) -> None:
        """Nothing can be written at all."""
        ...

    def known(self) -> frozenset[str]:
        """The messages of every post of the conversation."""
        ...

    def reached(self) -> None:
        """A message came through."""
        ...


class Failing:
    """`now` is the limits' clock."""

    def __init__(self, place: Place, now: Callable[[], float]) -> None:
        self._place = place
        self._now = now

    async def failed(self, post: Post, op: Op, failure: CallFailed) -> None:
        """See to it that what was not written is written later, or otherwise."""
        place, now = self._place, self._now()
        certain = not isinstance(failure, Unsure)
        if certain and isinstance(op, Create):
            post.handle = post.handle.without_intent()
        match failure:
            case Limited():
                post.again(now=now)
                self._give_up_looking(post, op)
                return
            case TokenLost():
                place.token_lost(str(failure))
                return
            case HookLost():
                if not isinstance(op, LookUp) and op.way != "bot":
                    op.way.lost = True
                post.again(now=now)
            case NotSent() | Unsure():
                log.warning("Discord did not answer", extra={"session": post.name, "error": str(failure)})
                self._back_off(post)
                if isinstance(failure, Unsure) and failure.status == 500 and post.failures % TOO_HEAVY == 0:
                    self._plainer(post, Plainness.TEXT)
            case Refused():
                log.info("Discord refused a write", extra={"post": post.name, "error": str(failure)})
                await self._refused(post, op, failure)
            case _:
                self._back_off(post)
        self._give_up_looking(post, op)
        await place.keep(post)

    def _give_up_looking(self, post: Post, op: Op) -> None:
        if isinstance(op, LookUp) and post.looked_up_at and self._now() - post.looked_up_at > LOOK_UP_MOST_S:
            post.handle, post.looked_up_at = post.handle.without_intent(), 0.0

    async def _refused(self, post: Post, op: Op, failure: Refused) -> None:
        place, handle, code = self._place, post.handle, failure.code
        if isinstance(op, LookUp):
            # Nobody will ever say; a message that stands there twice is better than one that is missing.
            post.handle = handle.without_intent()
        elif isinstance(op, Remove):
            if op.old:
                post.handle = handle.without_old()
            else:
                post.handle = handle.up_to(len(handle.ids) - 1)
        elif isinstance(op, Create) and op.way != "bot" and code in self._hook_is_full(place):
            op.way.full = True
        elif isinstance(op, Update) and op.way != "bot" and code not in (INVALID_FORM, *TOO_LARGE, *MESSAGE_GONE):
            # The bot's token may reach what the interaction's does not.
            op.way.lost = True
        elif isinstance(op, Update) and code in MESSAGE_GONE:
            if post.cosmetic or handle.renewed:
                place.park(post)
                return
            # Somebody deleted it: it is shown once more, as it is now.
            post.handle = handle.deleted(op.index)
        elif isinstance(op, Update) and code == TOO_OLD:
            if post.cosmetic:
                place.park(post)
                return
            post.handle = handle.up_to(op.index, delete=True)
        elif code in PLACE_GONE | DM_REFUSED:
            if post.cosmetic or place.forms:
                place.park(post)
                return
            await place.redirect(code)
        elif code == INVALID_FORM or code in TOO_LARGE or failure.status in (400, 413):
            log.warning("Discord refuses a page", extra={"post": post.name, "error": str(failure)})
            if not self._plainer(post, Plainness.NO_PICTURES):
                self._back_off(post)
                return
        else:
            log.warning("Discord refuses a post", extra={"post": post.name, "error": str(failure)})
            self._back_off(post)
            return
        post.failures += 1
        post.again(after_s=0.0 if post.failures < PATIENCE else BACKOFF_MOST_S, now=self._now())

    def _hook_is_full(self, place: Place) -> frozenset[int]:
        """What the bot's token may be spared, where it reaches at all."""
        return frozenset({TOO_MANY_FOLLOW_UPS}) if place.forms else DM_REFUSED | PLACE_GONE | {TOO_MANY_FOLLOW_UPS}

    def _plainer(self, post: Post, least: Plainness) -> bool:
        """Show less of it; `False` when it is as plain as can be."""
        if post.plain == Plainness.BARE:
            return False
        post.plain = max(least, Plainness(post.plain + 1))
        return True

    def _back_off(self, post: Post) -> None:
        post.failures += 1
        wait_s = min(BACKOFF_MOST_S, BACKOFF_S * float(1 << min(post.failures - 1, 10)))
        post.again(after_s=wait_s, now=self._now())
