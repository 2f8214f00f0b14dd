"""Carries a post's write out: intent, request, what is known afterwards, and the handle that remembers it.

Every failure ends in a state from which the newest snapshot can be shown some other way: a limit that waits, the bot's
token in place of an interaction's, a plainer page, a new message, another place. What may be shown nowhere stays in the
history.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Protocol, assert_never, cast

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
from adapters.discord.delivery.handle import Intent, letters
from adapters.discord.delivery.hooks import Way, What, kind, path
from adapters.discord.delivery.layout import Plainness, words_in
from adapters.discord.delivery.plan import Create, LookUp, Op, Remove, Update
from adapters.discord.delivery.post import DISCORD_EPOCH_MS, Home, Post
from adapters.discord.delivery.rest import Answer
from adapters.discord.render import Json, Page

log = logging.getLogger(__name__)

BACKOFF_S, BACKOFF_MOST_S = 0.5, 60.0
PATIENCE = 8
"""So many other ways are tried at once; a post that is refused more often than that waits in between."""
LOOK_UP_MOST_S = 120.0
"""How long it is tried to find out whether a message is there, before it is posted (perhaps again)."""
FOUND_BEFORE_S = 60.0
"""How far Discord's clock and ours may differ."""
METHODS: Mapping[What, str] = {"create": "POST", "edit": "PATCH", "delete": "DELETE"}
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


class Writing:
    """`now` is the limits' clock."""

    def __init__(self, place: Place, now: Callable[[], float]) -> None:
        self._place = place
        self._now = now

    async def carry_out(self, post: Post, op: Op) -> None:
        """Do it, or see to it that it is done later or otherwise. Raises nothing that is foreseen."""
        try:
            await self._do(post, op)
        except CallFailed as failure:
            post.creating = False
            await self._failed(post, op, failure)
            return
        finally:
            post.creating = False
        post.failures = 0
        if not isinstance(op, LookUp):
            self._place.reached()
        if post.settled:
            post.again()
            if not isinstance(op, LookUp) and post.plan() is None:
                post.handle = post.handle.whole(post.body, post.buttons)
        await self._place.keep(post)

    async def _do(self, post: Post, op: Op) -> None:
        match op:
            case Create():
                await self._create(post, op)
            case Update(index, page, mark, way):
                message = post.handle.ids[index]
                await self._send(way, "edit", post, op, message=message, page=page, body=page.body())
                post.handle = post.handle.showing(index, mark)
            case Remove(message, way, old):
                await self._send(way, "delete", post, op, message=message)
                post.handle = post.handle.without_old() if old else post.handle.up_to(len(post.handle.ids) - 1)
            case LookUp():
                await self._look_up(post, op)
            case _:
                assert_never(op)

    async def _send(
        self, way: Way, what: What, post: Post, op: Op, *, message: str = "", page: Page | None = None,
        body: Json | None = None,
    ) -> Answer:  # fmt: skip
        channel, scope = post.channel, self._place.scope
        return await scope.calls.send(
            kind(way, what),
            METHODS[what],
            path(way, channel, message),
            *scope.costs(op, channel),
            body=body,
            files=page.files if page is not None else (),
        )

    async def _create(self, post: Post, op: Create) -> None:
        place, channel = self._place, post.channel
        hook = "" if op.way == "bot" else op.way.mark
        was = post.handle.intent
        if was is None or not op.anew:
            words = letters(words_in(list(op.page.components)))
            post.handle = post.handle.intending(op.digest, words, hook, place.epoch())
            await place.keep(post)
        intent = cast("Intent", post.handle.intent)
        body = op.page.body(ephemeral=place.forms)
        if op.way == "bot":
            body |= {"nonce": intent.nonce, "enforce_nonce": True}
        answer = await self._send(op.way, "create", post, op, page=op.page, body=body)
        message = str(mapping(answer.parsed()).get("id", ""))
        # With a nonce that was used before, Discord answers with the message as it was posted then.
        shown = op.digest if intent.shown == op.digest else ""
        post.handle = post.handle.with_message(message, shown, hook, channel)

    # Was it posted?

    async def _look_up(self, post: Post, op: LookUp) -> None:
        place, intent, channel = self._place, cast("Intent", post.handle.intent), post.channel
        post.looked_up_at = post.looked_up_at or self._now()
        after = max(0, int((intent.at - FOUND_BEFORE_S) * 1000) - DISCORD_EPOCH_MS) << 22
        answer = await place.scope.calls.send(
            "read",
            "GET",
            f"/channels/{channel}/messages?after={after}&limit=100",
            *place.scope.costs(op, channel),
        )
        listed = answer.parsed()
        messages = [mapping(each) for each in cast("list[object]", listed)] if isinstance(listed, list) else []
        message = self._found(messages, intent)
        # What it says is not known, so it is edited to what it should say.
        post.handle = (
            post.handle.with_message(message, "", intent.hook, channel) if message else post.handle.without_intent()
        )
        post.looked_up_at = 0.0
        post.again(now=self._now())

    def _found(self, messages: list[Mapping[str, object]], intent: Intent) -> str:
        """By its nonce; where Discord does not tell it, a message of ours that says the same and nobody knows of."""
        known, alike = self._place.known(), ""
        for message in messages:
            where = str(message.get("id", ""))
            if message.get("nonce") == intent.nonce:
                return where
            ours = mapping(message.get("author")).get("bot") is True and where not in known
            if ours and not message.get("nonce") and letters(words_in(message.get("components"))) == intent.words:
                alike = where
        return alike

    # What else to do

    async def _failed(self, post: Post, op: Op, failure: CallFailed) -> None:
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


def mapping(value: object) -> Mapping[str, object]:
    """A part of an answer, empty when it is not what was expected."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
