"""What a message, an edit or a press means: which interview it belongs to, and what to say if to none.

In a thread it is the interview of that thread and person. A message at the top level of the direct message is an answer
to the person's newest open interview there, unless it asks for another one. In a channel only the person who began is
heard; whoever else presses a button is told whose interview it is. What the words mean for an interview is the
engine's business.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from adapters.owned import stored
from adapters.slack.names import thread_key
from adapters.slack.render.page import Page
from adapters.slack.replies import Replies
from adapters.slack.seen import Changed, Halted, Place, Pressed, Said
from adapters.slack.sentences import (
    EMOJI_ONLY,
    NO_OPEN,
    NOT_KEPT,
    begun_here,
    elsewhere,
    others_interview,
    sentence,
    still_open,
    type_buttons,
    welcome,
)
from adapters.slack.starts import REFUSED, Order, Starts, Types, refusal
from adapters.slack.words import only_emoji, spoken
from adapters.surface.wishes import Wish, wish
from engine.desk import Desk
from engine.inbound import Edited, Inbound, Wrote
from engine.inbound import Pressed as Press
from engine.keys import ThreadKey
from engine.receive import command
from engine.session import Session

log = logging.getLogger(__name__)

WISH_CHARS = 120
"""Whatever is longer is no request to start, but an answer."""


class Streams(Protocol):
    """The part of the delivery that wants to know of Slack's own Stop button."""

    def stopped_by_person(self, team: str, channel: str, ts: list[str]) -> None: ...


class FilesOf(Protocol):
    async def take(self, said: Said, key: ThreadKey) -> None:
        """Make answers of the files of a message."""
        ...


class Talk:
    def __init__(
        self, *, desk: Desk, replies: Replies, starts: Starts, streams: Streams, files: FilesOf,
        help: Callable[[], Page], now: Callable[[], float],
    ) -> None:  # fmt: skip
        self._desk = desk
        self._replies = replies
        self._starts = starts
        self._streams = streams
        self._files = files
        self._help = help
        self._now = now

    async def said(self, said: Said) -> None:
        if said.place.direct:
            await self._in_direct_message(said)
        else:
            await self._in_channel(said)

    async def changed(self, changed: Changed) -> None:
        """An edit or a deletion, of the message and of what was read out of its files."""
        key = await self._key_of(changed)
        if key is None:
            return
        at = self._now()
        await self._hand_in(Edited(id=changed.id, key=key, at=at, message=changed.message, text=changed.text))
        for file in changed.files:
            part = f"{changed.message}:{file}"
            await self._hand_in(Edited(id=f"{changed.id}:{file}", key=key, at=at, message=part, text=None))

    async def pressed(self, pressed: Pressed) -> None:
        place = pressed.place
        if pressed.owner != place.user:
            await self._replies.whisper(place, others_interview(pressed.owner), pressed.respond)
            return
        key = thread_key(place.team, place.channel, pressed.root, pressed.owner)
        if await self._session(key) is None:
            await self._replies.whisper(place, sentence(NOT_KEPT), pressed.respond)
            return
        await self._hand_in(Press(id=pressed.id, key=key, at=self._now(), action=pressed.action, turn=pressed.turn))

    async def halted(self, halted: Halted) -> None:
        """Slack's own Stop: nothing more is written there, and the interview waits until its person goes on."""
        place = halted.place
        self._streams.stopped_by_person(place.team, place.channel, list(halted.streams))
        key = thread_key(place.team, place.channel, place.thread, place.user)
        if await self._session(key) is not None:
            await self._hand_in(Press(id=halted.id, key=key, at=self._now(), action="pause"))

    async def _in_direct_message(self, said: Said) -> None:
        place = said.place
        here = thread_key(place.team, place.channel, place.thread or said.ts, place.user)
        types = await self._starts.offered(place)
        wished = _wish(said, types)
        session = await self._session(here)
        if session is not None and not place.thread:
            return  # told of twice: this message is the root of an interview that it began
        if session is not None and not (session.over and wished.whole):
            await self._answer(said, session.key)
            return
        going_on = await self._starts.open_interview(place, place.channel)
        if going_on is None:
            await self._without_interview(said, here, wished, types)
        elif wished.whole and wished.asks:
            await self._ask_which(said, going_on, await self._starts.order(place, wished, types))
        elif place.thread and session is None:
            link = await self._replies.link(place.team, place.channel, going_on.key.thread)
            await self._replies.whisper(place, elsewhere(link))
        else:
            await self._answer(said, going_on.key)

    async def _without_interview(self, said: Said, here: ThreadKey, wished: Wish, types: Types) -> None:
        place = said.place
        if wished.whole:
            try:
                await self._starts.begin(here, await self._starts.order(place, wished, types), said.id)
            except REFUSED as error:
                await self._replies.post(place.team, place.channel, refusal(error, types), thread=here.thread)
            return
        action = command(spoken(said.text))
        if action == "help":
            await self._replies.post(place.team, place.channel, self._help(), thread=here.thread)
            return
        last = next((s for s in await self._starts.interviews(place) if s.key.channel == place.channel), None)
        if action and last is not None:  # "next" or a thumb belongs to what was last seen, over or not
            await self._answer(said, last.key)
            return
        await self._replies.post(place.team, place.channel, welcome(types), thread=here.thread)

    async def _ask_which(self, said: Said, going_on: Session, order: Order) -> None:
        place = said.place
        link = await self._replies.link(place.team, place.channel, going_on.key.thread)
        page = still_open(going_on.setup.type.title, str(going_on.key), str(order), link)
        await self._replies.post(place.team, place.channel, page, thread=place.thread or said.ts)

    async def _in_channel(self, said: Said) -> None:
        place = said.place
        if not said.mention and not place.thread:
            return
        key = thread_key(place.team, place.channel, place.thread or said.ts, place.user)
        session = await self._session(key)
        if session is not None and not session.over:
            await self._answer(said, key)
        elif said.mention:
            await self._called(said, key)
        elif session is not None and command(spoken(said.text)):
            await self._answer(said, key)

    async def _called(self, said: Said, key: ThreadKey) -> None:
        """`@Rehearse …` where this person has no open interview: it starts one in that thread."""
        place = said.place
        types = await self._starts.offered(place)
        if action := command(spoken(said.text)):
            page = self._help() if action == "help" else sentence(NO_OPEN, *type_buttons(types))
            await self._replies.whisper(place, page)
            return
        wished = wish(said.text, types)
        order = await self._starts.order(place, wished, types)
        kind = types[order.type_id]
        others = [other.title for id, other in types.items() if id != order.type_id]
        page = begun_here(kind.title, order.role, order.questions or kind.questions, place.user,
                          guessed=not wished.type_id, types=others)  # fmt: skip
        await self._starts.in_thread(key, order, said.id, page)

    async def _answer(self, said: Said, key: ThreadKey) -> None:
        text = spoken(said.text)
        if not command(text) and only_emoji(text):
            await self._replies.whisper(_in_thread(said.place, key), sentence(EMOJI_ONLY))
        elif text.strip() or not said.files:
            await self._hand_in(Wrote(id=said.id, key=key, at=self._now(), message=said.message, text=text))
        if said.files:
            await self._files.take(said, key)

    async def _key_of(self, changed: Changed) -> ThreadKey | None:
        """The interview that a changed message belongs to: that of its thread, or the one that has it in an answer."""
        place = changed.place
        key = thread_key(place.team, place.channel, place.thread or changed.ts, place.user)
        if place.thread and await self._session(key) is not None:
            return key
        if not place.direct:
            return None
        mine = [s for s in await self._starts.interviews(place) if s.key.channel == place.channel]
        holds = next((session for session in mine if _holds(session, changed.message)), None)
        # What was said a moment ago may still be unread mail; it went to the open interview.
        found = holds or next((session for session in mine if not session.over), None)
        return found.key if found else None

    async def _session(self, key: ThreadKey) -> Session | None:
        return await stored(lambda: self._desk.session(key))

    async def _hand_in(self, inbound: Inbound) -> None:
        await stored(lambda: self._desk.deliver(inbound))


def _wish(said: Said, types: Types) -> Wish:
    return wish(said.text, types) if len(said.text) <= WISH_CHARS and not said.files else Wish()


def _in_thread(place: Place, key: ThreadKey) -> Place:
    return Place(place.team, place.channel, place.user, key.thread)


def _holds(session: Session, message: str) -> bool:
    parts = (part for turn in session.turns for attempt in turn.attempts for part in attempt.parts)
    return any(part.message == message or part.message.startswith(f"{message}:") for part in parts)
