"""Carries a post's write out: intent, call, what is known afterwards, and the handle that remembers it.

What a failure means is `failing.py`'s.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from typing import assert_never, cast

from adapters.slack.delivery.calls import CallFailed, Refused
from adapters.slack.delivery.failing import Failing, Place, without_intent
from adapters.slack.delivery.handle import METADATA, Handle
from adapters.slack.delivery.plan import Append, Create, LookUp, Op, Remove, Start, Stop, Update, Upload
from adapters.slack.delivery.post import Post
from adapters.slack.render import Json, Page

log = logging.getLogger(__name__)

FOUND_BEFORE_S = 60.0
"""How far Slack's clock and ours may differ."""


class Writing:
    """`now` is the budgets' clock, `clock` epoch seconds, as they stand in Slack's time stamps."""

    def __init__(self, place: Place, now: Callable[[], float], clock: Callable[[], float]) -> None:
        self._place = place
        self._now = now
        self._clock = clock
        self._failing = Failing(place, now)

    async def carry_out(self, post: Post, op: Op) -> None:
        """Do it, or see to it that it is done later or otherwise. Raises nothing that is foreseen."""
        try:
            await self._do(post, op)
        except CallFailed as failure:
            await self._failing.failed(post, op, failure)
            return
        finally:
            post.creating = False
            if not post.handle.live:
                self._place.scope.streams.discard(post)
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


def content(page: Page) -> Json:
    """What a message holds. An edit without blocks takes away those that were there."""
    return {"text": page.text, "blocks": list(page.blocks)} if page.blocks else {"text": page.text}


def mapping(value: object) -> Mapping[str, object]:
    """A part of an answer, empty when it is not what was expected."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}
