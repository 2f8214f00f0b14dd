"""Carries a post's write out: intent, request, what is known afterwards, and the handle that remembers it.

What is to be done when it fails is known in `failing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never, cast

from adapters.discord.delivery.calls import CallFailed
from adapters.discord.delivery.failing import Failing, Place
from adapters.discord.delivery.handle import DISCORD_EPOCH_MS, Intent, letters
from adapters.discord.delivery.hooks import Way, What, kind, path
from adapters.discord.delivery.layout import words_in
from adapters.discord.delivery.plan import Create, LookUp, Op, Remove, Update
from adapters.discord.delivery.post import Post
from adapters.discord.delivery.rest import Answer
from adapters.discord.render import Json, Page

FOUND_BEFORE_S = 60.0
"""How far Discord's clock and ours may differ."""
METHODS: Mapping[What, str] = {"create": "POST", "edit": "PATCH", "delete": "DELETE"}


class Writing:
    """`now` is the limits' clock."""

    def __init__(self, place: Place, now: Callable[[], float]) -> None:
        self._place = place
        self._now = now
        self._failing = Failing(place, now)

    async def carry_out(self, post: Post, op: Op) -> None:
        """Do it, or see to it that it is done later or otherwise. Raises nothing that is foreseen."""
        try:
            await self._do(post, op)
        except CallFailed as failure:
            post.creating = False
            await self._failing.failed(post, op, failure)
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


def mapping(value: object) -> Mapping[str, object]:
    """A part of an answer, empty when it is not what was expected."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
