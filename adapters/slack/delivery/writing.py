"""Carries a post's write out: intent, call, what is known afterwards, and the handle that remembers it.

Every failure ends in a state from which the newest snapshot can be shown some other way: a budget that waits, a post
that is edited instead of streamed, a look with fewer blocks, another place. What may be shown nowhere stays in the
history.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from typing import Protocol, assert_never, cast

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
from adapters.slack.delivery.handle import METADATA, Handle
from adapters.slack.delivery.plan import Append, Create, LookUp, Op, Remove, Start, Stop, Update, Upload
from adapters.slack.delivery.post import Home, Post
from adapters.slack.render import Json, Page

log = logging.getLogger(__name__)

BACKOFF_S, BACKOFF_MOST_S = 0.5, 60.0
PATIENCE = 8
"""So many other ways are tried at once; a post that is refused more often than that waits in between."""
LOOK_UP_MOST_S = 120.0
"""How long it is tried to find out whether a message is there, before it is posted (perhaps again)."""
FOUND_BEFORE_S = 60.0
"""How far Slack's clock and ours may differ."""


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


class Writing:
    """`now` is the budgets' clock, `clock` epoch seconds, as they stand in Slack's time stamps."""

    def __init__(self, place: Place, now: Callable[[], float], clock: Callable[[], float]) -> None:
        self._place = place
        self._now = now
        self._clock = clock

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
        if post.settled or isinstance(op, Stop):
            post.again(now=self._now())
        if post.settled and not isinstance(op, LookUp) and post.plan(self._now()) is None:
            post.handle = post.handle.model_copy(update={"settled": True, "body": post.body})
        if not isinstance(op, Append):
            await self._place.keep(post)

    async def _do(self, post: Post, op: Op) -> None:
        match op:
            case Create():
                await self._create(post, op)
            case Update(index, page, mark):
                await self._write("chat.update", op, {"ts": post.handle.ts[index], **content(page)})
                post.handle = post.handle.showing(index, mark)
            case Remove(index):
                await self._write("chat.delete", op, {"ts": post.handle.ts[index]})
                post.handle = post.handle.without(index)
            case Start():
                await self._start(post, op)
            case Append(text):
                await self._write("chat.appendStream", op, {"ts": post.handle.ts[-1], "markdown_text": text})
                post.sent = (post.sent or "") + text
            case Stop():
                await self._stop(post, op)
            case Upload(page):
                await self._upload(post, op, page)
            case LookUp():
                await self._look_up(post, op)
            case _:
                assert_never(op)

    async def _write(self, method: str, op: Op, args: Json) -> Mapping[str, object]:
        place = self._place
        budgets = place.scope.costs(op, place.channel)
        return await place.scope.calls.write(method, {"channel": place.channel, **args}, *budgets)

    async def _create(self, post: Post, op: Create) -> None:
        intent = await self._intend(post)
        answer = await self._write(
            "chat.postMessage",
            op,
            {
                **content(op.page),
                "thread_ts": self._place.root,
                "metadata": {"event_type": METADATA, "event_payload": {"id": intent}},
                "unfurl_links": False,
                "unfurl_media": False,
            },
        )
        handle = post.handle.with_message(str(answer.get("ts", "")), op.digest)
        post.handle = handle.model_copy(update={"groups": (*handle.groups, op.group)}) if op.group else handle

    async def _start(self, post: Post, op: Start) -> None:
        place = self._place
        await self._intend(post)
        args = {"recipient_user_id": place.owner, "recipient_team_id": place.team, "thread_ts": place.root}
        answer = await self._write("chat.startStream", op, {"markdown_text": op.text, **args})
        handle = post.handle.with_message(str(answer.get("ts", "")), "", live=True)
        post.handle = handle.model_copy(update={"cuts": handle.cuts or (0,)})
        post.sent, post.stream_at = op.text, self._now()

    async def _stop(self, post: Post, op: Stop) -> None:
        args: Json = {"ts": post.handle.ts[-1]}
        if op.text:
            args["markdown_text"] = op.text
        if op.ending:
            args["blocks"] = list(op.ending)
        await self._write("chat.stopStream", op, args)
        post.home.scope.streams.discard(post)
        if op.spoilt:
            post.handle = post.handle.edited()
            return
        post.roll = False
        update: dict[str, object] = {"live": False, "shown": op.digests}
        if op.cut:
            update["cuts"] = (*post.handle.cuts, op.cut)
        post.handle = post.handle.model_copy(update=update)

    async def _upload(self, post: Post, op: Upload, page: Page) -> None:
        post.handle = post.handle.model_copy(update={"files": len(page.files)})
        place = self._place
        try:
            await place.scope.calls.upload(page.files, place.channel, place.root, *place.scope.costs(op, place.channel))
        except Refused as error:
            # The figures stand in the message as well.
            log.warning("a picture was refused", extra={"team": place.team, "error": str(error)})

    async def _intend(self, post: Post) -> str:
        intent = uuid.uuid4().hex
        post.handle = post.handle.model_copy(update={"intent": intent, "intent_at": self._clock()})
        await self._place.keep(post)
        return intent

    # Was it posted?

    async def _look_up(self, post: Post, op: LookUp) -> None:
        place, handle = self._place, post.handle
        post.looked_up_at = post.looked_up_at or self._now()
        params: Json = {
            "channel": place.channel,
            "ts": place.root,
            "oldest": f"{handle.intent_at - FOUND_BEFORE_S:.6f}",
            "limit": 15,
            "include_all_metadata": "true",
        }
        answer = await place.scope.calls.read("conversations.replies", params, *place.scope.costs(op, place.channel))
        listed = answer.get("messages")
        messages = cast("list[Mapping[str, object]]", listed) if isinstance(listed, list) else []
        ts = self._found(messages, handle)
        if not ts:
            post.handle = without_intent(handle)
        elif handle.sink == "stream" and not handle.ts:
            post.handle = handle.with_message(ts, "", live=True).model_copy(update={"cuts": (0,)})
            post.sent = None
        else:
            # What it says is not known, so it is edited to what it should say.
            post.handle = (
                handle.with_message(ts, "").edited() if handle.sink == "sections" else handle.with_message(ts, "")
            )
        post.looked_up_at = 0.0
        post.again(now=self._now())

    def _found(self, messages: list[Mapping[str, object]], handle: Handle) -> str:
        known = self._place.known()
        for message in messages:
            metadata, ts = mapping(message.get("metadata")), str(message.get("ts", ""))
            if metadata:
                if mapping(metadata.get("event_payload")).get("id") == handle.intent:
                    return ts
                continue
            # A stream carries no metadata before it ends: it is the message of ours that nobody knows of.
            ours = (
                message.get("bot_id")
                and ts not in (*known, self._place.root)
                and float(ts or 0) >= handle.intent_at - 2
            )
            if handle.sink == "stream" and ours:
                return ts
        return ""

    # What else to do

    async def _failed(self, post: Post, op: Op, failure: CallFailed) -> None:
        place, now = self._place, self._now()
        certain = not isinstance(failure, Unsure)
        if certain and isinstance(op, Create | Start):
            post.handle = without_intent(post.handle)
            place.scope.streams.discard(post)
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
        elif error in PLACE_GONE:
            if post.cosmetic or not await place.redirect(error):
                place.park(post)
                return
            post.handle = Handle()
        elif error in MESSAGE_GONE and not isinstance(op, Create | Start):
            index = op.index if isinstance(op, Update | Remove) else len(handle.ts) - 1
            if isinstance(op, Remove):
                post.handle = handle.without(index)
            elif post.cosmetic or handle.renewed:
                place.park(post)
                return
            else:
                # Somebody deleted it: it is shown once more, as it is now.
                post.handle = handle.edited().without(index).model_copy(update={"renewed": True})
        elif isinstance(op, Start):
            post.no_stream = True
            if error in NO_STREAMING:
                scope.no_streaming(error)
        elif isinstance(op, Append | Stop) and error in NOT_STREAMING | NO_STREAMING:
            post.handle = handle.edited()
            scope.streams.discard(post)
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


def content(page: Page) -> Json:
    """What a message holds. An edit without blocks takes away those that were there."""
    return {"text": page.text, "blocks": list(page.blocks)} if page.blocks else {"text": page.text}


def mapping(value: object) -> Mapping[str, object]:
    """A part of an answer, empty when it is not what was expected."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def without_intent(handle: Handle) -> Handle:
    return handle.model_copy(update={"intent": "", "intent_at": 0.0})
